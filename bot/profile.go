package bot

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
)

var zones = knowledge.Zones()

// statuses are what people are, by the words that they use.
var statuses = map[string]string{"pns": "PNS", "pppk": "PPPK", "p3k": "PPPK", "non-asn": "non-ASN", "honorer": "non-ASN"}

const (
	maxUnit = 80 // letters of a place of work that are kept
	noValue = "-"
)

// profile shows the profile, or changes a field of it: "status PNS", "unit -".
func (t *turn) profile(change string) Reply {
	field, value, _ := strings.Cut(change, " ")
	value = clean(value, maxUnit)
	clearing := value == noValue
	switch strings.ToLower(field) {
	case "":
		return t.profilePage("Profil Anda:")
	case "status":
		status, ok := statuses[strings.ToLower(value)]
		if !ok && !clearing {
			return say("Status yang dikenal: PNS, PPPK, atau non-ASN. Contoh: /profil status PNS")
		}
		t.change(func(p *store.Person) { p.Status = status })
	case "unit":
		if value == "" {
			return t.askUnit()
		}
		t.setUnit(value)
	case "zona":
		zone, ok := zones[strings.ToLower(value)]
		if !ok && !clearing {
			return say("Zona waktu yang dikenal: WIB, WITA, atau WIT. Contoh: /profil zona WITA")
		}
		t.change(func(p *store.Person) { p.Timezone = zone })
	default:
		return say("Yang dapat diubah: status, unit, zona. Contoh: /profil status PNS")
	}
	return t.profileSaved()
}

func (t *turn) profilePage(title string) Reply {
	row := func(field, current string, values ...string) (buttons []Action) {
		for _, value := range values {
			label := value
			if value == current {
				label += " ✓"
			}
			buttons = append(buttons, Action{ID: "p:" + field + ":" + strings.ToLower(value), Label: label})
		}
		if current != "" {
			buttons = append(buttons, Action{ID: "p:" + field + ":" + noValue, Label: "Kosongkan"})
		}
		return buttons
	}
	return Reply{
		Blocks: []Block{
			{Kind: Bullets, Text: title, Items: t.profileLines()},
			{Kind: Bullets, Text: "Semuanya boleh kosong. Mengubah:", Items: []string{
				"/profil status PNS (atau PPPK, non-ASN)", "/profil unit Kecamatan Sukamaju", "/profil zona WITA (atau WIB, WIT)", "/profil unit - (mengosongkan)",
			}},
		},
		Controls: [][]Action{
			row("status", t.person.Status, "PNS", "PPPK", "non-ASN"),
			row("zona", zoneName(t.person.Timezone), "WIB", "WITA", "WIT"),
			append([]Action{{ID: "p:unit", Label: "Ubah unit kerja"}}, row("unit", t.person.Unit)...),
		},
		Replace: true,
	}
}

func (t *turn) profileSaved() Reply {
	reply := t.profilePage("Tersimpan. Profil Anda:")
	reply.Blocks, reply.Notice = reply.Blocks[:1], "Tersimpan."
	return reply
}

func (t *turn) profileLines() []string {
	return []string{"Status: " + orNone(t.person.Status), "Unit kerja: " + orNone(t.person.Unit), "Zona waktu: " + orNone(zoneName(t.person.Timezone))}
}

func orNone(s string) string {
	if s == "" {
		return "belum diisi"
	}
	return s
}

// zoneName is what people call a timezone, "" for none.
func zoneName(id string) string {
	if id == "Asia/Pontianak" { // keeps the time of Jakarta under a name of its own
		return "WIB"
	}
	for name, zone := range zones {
		if zone == id {
			return strings.ToUpper(name)
		}
	}
	return id
}

// askUnit asks to type the place of work as the next message.
func (t *turn) askUnit() Reply {
	t.await(awaitsUnit, "")
	return say("Silakan ketik unit kerja Anda, misalnya: Kecamatan Sukamaju. Jangan menuliskan nama atau NIP. Batal: /profil")
}

func (t *turn) setUnit(unit string) {
	if unit == noValue {
		unit = ""
	}
	t.change(func(p *store.Person) { p.Unit = unit })
}

// typedUnit takes a message for a place of work, unless it is a question. Where it
// may be either, the reply says how to have it taken otherwise.
func (t *turn) typedUnit(said string) (Reply, error) {
	t.conversation.Awaiting = ""
	unit := clean(said, maxUnit)
	result := t.matcher.Match(said, t.conversation.Topic)
	if unit == "" || strings.Contains(said, "?") || utf8.RuneCountInString(said) > maxUnit || result.Social != "" {
		return t.ask(said)
	}
	if result.Outcome == match.Unknown {
		t.setUnit(unit)
		return t.profileSaved(), nil
	}
	reply, err := t.ask(said)
	if err == nil {
		reply.Blocks = append([]Block{text("Saya anggap ini pertanyaan. Bila ini unit kerja Anda, ketik: /profil unit %s", unit)}, reply.Blocks...)
	}
	return reply, err
}

// zone is the person's timezone, or the one of who named none.
func (t *turn) zone() *time.Location {
	if zone, err := time.LoadLocation(t.person.Timezone); err == nil && t.person.Timezone != "" {
		return zone
	}
	return t.bot.Zone
}

// local is the present moment in the person's timezone.
func (t *turn) local() time.Time { return t.now.In(t.zone()) }

// clean makes one line of at most so many letters of what somebody typed,
// without anything that does not show or turns the direction of text.
func clean(s string, letters int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	runes := []rune(s)
	return strings.TrimSpace(string(runes[:min(letters, len(runes))]))
}
