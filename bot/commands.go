package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"tanyanetral/knowledge"
)

// Commands lists the commands that people can type.
func Commands() []string {
	return []string{"/start", "/bantuan", "/topik", "/cari", "/tahapan", "/lapor", "/kontak", "/profil", "/data_saya", "/hapus_data"}
}

// command answers a message that begins with "/". A group's "/topik@bot" works too.
func (t *turn) command(text string) (Reply, error) {
	name, rest := text, ""
	if space := strings.IndexFunc(text, unicode.IsSpace); space >= 0 {
		name, rest = text[:space], text[space:]
	}
	name, _, _ = strings.Cut(strings.ToLower(name), "@")
	rest = strings.TrimSpace(rest)
	switch name {
	case "/start":
		return start(), nil
	case "/bantuan", "/help":
		return help(), nil
	case "/topik":
		return t.categories(), nil
	case "/cari":
		return t.find(rest), nil
	case "/tahapan":
		return t.stages(), nil
	case "/lapor":
		return t.lapor(), nil
	case "/kontak":
		return t.contacts(), nil
	case "/profil", "/settings":
		return t.profile(rest), nil
	case "/data_saya":
		return t.kept(), nil
	case "/hapus_data":
		return t.forget()
	}
	return unknownCommand(), nil
}

func unknownCommand() Reply {
	return Reply{Blocks: []Block{text("Perintah itu tidak saya kenal. Daftar perintah ada di /bantuan; pertanyaan dapat langsung Anda tulis.")}}
}

func start() Reply {
	return Reply{Blocks: []Block{
		heading("Selamat datang di TanyaNetral"),
		text("Tanyakan apa yang boleh dan tidak boleh bagi ASN dalam Pemilu dan Pilkada, dengan kata-kata Anda sendiri. Setiap jawaban menyebut dasar hukumnya."),
		text("Contoh: \"kakak saya nyaleg, boleh bantu ga?\""),
		text("Nama dan isi pertanyaan Anda tidak disimpan; lihat /data_saya. Perintah lain: /bantuan."),
	}}
}

func help() Reply {
	return Reply{Blocks: []Block{
		heading("Bantuan"),
		text("Tulis saja pertanyaan Anda; tidak perlu bahasa resmi. Pertanyaan lanjutan (\"kalau istri saya?\", \"sanksinya apa?\") dipahami selama 30 menit."),
		{Kind: Bullets, Text: "Perintah:", Items: []string{
			"/topik: semua topik menurut kategori",
			"/cari KATA: mencari topik, misalnya /cari stiker",
			"/tahapan: tahapan pemilihan yang berjalan dan sisa harinya",
			"/lapor: cara melaporkan dugaan pelanggaran",
			"/kontak: lembaga yang dapat dihubungi",
			"/profil: status, unit kerja, dan zona waktu Anda (semua boleh dikosongkan)",
			"/data_saya: semua yang disimpan tentang Anda",
			"/hapus_data: menghapusnya, seketika",
		}},
	}}
}

func (t *turn) categories() Reply {
	r := Reply{Blocks: []Block{heading("Topik")}, Offer: "Ketik nomor kategorinya:"}
	for _, c := range t.bot.base.Categories {
		n := 0
		for _, topic := range t.bot.base.Topics {
			if topic.Category == c.ID {
				n++
			}
		}
		if n > 0 {
			r.Actions = append(r.Actions, Action{"k:" + c.ID, fmt.Sprintf("%s (%d)", c.Title, n)})
		}
	}
	return t.offer(r)
}

func (t *turn) category(id string) (Reply, bool) {
	i := slices.IndexFunc(t.bot.base.Categories, func(c knowledge.Category) bool { return c.ID == id })
	if i < 0 {
		return Reply{}, false
	}
	r := Reply{Blocks: []Block{heading(t.bot.base.Categories[i].Title)}, Offer: "Ketik nomor topiknya:"}
	for _, topic := range t.bot.base.Topics {
		if topic.Category == id {
			r.Actions = append(r.Actions, topicAction(topic))
		}
	}
	return t.offer(r), true
}

func (t *turn) find(words string) Reply {
	if words == "" {
		return Reply{Blocks: []Block{text("Tulis kata yang dicari, misalnya: /cari stiker. Semua topik ada di /topik.")}}
	}
	found, exact := t.bot.search.find(words)
	if len(found) == 0 {
		return Reply{Blocks: []Block{text("Tidak ada topik dengan kata itu. Coba kata lain, atau tulis pertanyaan Anda seperti biasa.")}}
	}
	r := Reply{Blocks: []Block{heading("Hasil pencarian")}, Offer: "Ketik nomor topiknya:"}
	if !exact {
		r.Blocks = []Block{heading("Tidak ada yang persis; mungkin ini")}
	}
	for _, topic := range found {
		r.Actions = append(r.Actions, topicAction(topic))
	}
	return t.offer(r)
}

// reportTopic and nextElectionTopic are topics that commands show; without them the commands say less.
const (
	reportTopic       = "lapor-ke-mana"
	nextElectionTopic = "jadwal-pemilu-berikut"
	crisisContact     = "krisis"
)

func (t *turn) lapor() Reply {
	if topic, ok := t.bot.base.Topic(reportTopic); ok {
		return t.show(topic)
	}
	return t.contacts()
}

func (t *turn) contacts() Reply {
	r := Reply{Blocks: []Block{heading("Kontak")}}
	for _, c := range t.bot.base.Contacts {
		if c.ID != crisisContact {
			r.Blocks = append(r.Blocks, contactBlock(c))
		}
	}
	return r
}

func contactBlock(c knowledge.Contact) Block {
	return Block{Kind: Bullets, Text: c.Name + ": " + c.For, Items: c.Reach}
}

func (t *turn) stages() Reply {
	var running, coming, past []string
	for _, s := range t.bot.base.StagesOn(t.now) {
		switch s.Phase {
		case knowledge.Running:
			running = append(running, runningStage(s))
		case knowledge.Coming:
			coming = append(coming, fmt.Sprintf("%s, %s: %s, %d hari lagi", s.Stage.Name, s.Election.Name, days(s.Stage), s.Days))
		case knowledge.Past:
			past = append(past, fmt.Sprintf("%s, %s: %s", s.Stage.Name, s.Election.Name, days(s.Stage)))
		}
	}
	r := Reply{Blocks: []Block{heading("Tahapan pemilihan")}}
	if len(running) > 0 {
		r.Blocks = append(r.Blocks, Block{Kind: Bullets, Text: "Sedang berjalan:", Items: running})
	}
	if len(coming) > 0 {
		r.Blocks = append(r.Blocks, Block{Kind: Bullets, Text: "Akan datang:", Items: coming})
	}
	if len(running) == 0 && len(coming) == 0 {
		r.Blocks = append(r.Blocks, text("Saat ini tidak ada tahapan pemilihan yang berjalan atau terjadwal dalam catatan saya. Kewajiban netral tetap berlaku di luar masa pemilihan."))
		if topic, ok := t.bot.base.Topic(nextElectionTopic); ok {
			r.Blocks = append(r.Blocks, text("%s", topic.Answer))
			r.Actions = []Action{topicAction(topic)}
			r.Offer = "Selengkapnya (ketik nomornya):"
		}
	}
	if len(past) > 0 {
		const shown = 5
		r.Blocks = append(r.Blocks, Block{Kind: Bullets, Text: "Terakhir selesai:", Items: past[max(0, len(past)-shown):]})
	}
	return t.offer(r)
}

func runningStage(s knowledge.StageOn) string {
	left := fmt.Sprintf("tinggal %d hari", s.Days)
	if s.Days == 0 {
		left = "hari terakhir"
	}
	line := fmt.Sprintf("%s, %s (%s, %s)", s.Stage.Name, s.Election.Name, days(s.Stage), left)
	if s.Stage.Note != "" {
		line += ". " + s.Stage.Note
	}
	return line
}

func days(s knowledge.Stage) string {
	if s.From == s.To {
		return s.From.Indonesian()
	}
	return s.From.Indonesian() + " sampai " + s.To.Indonesian()
}

// zones are the timezones of Indonesia by the names that people use.
var zones = map[string]string{"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}

var statuses = map[string]string{"pns": "PNS", "pppk": "PPPK", "p3k": "PPPK", "non-asn": "non-ASN", "honorer": "non-ASN"}

// maxUnit is the number of letters of a place of work that are kept.
const maxUnit = 80

func (t *turn) profile(rest string) Reply {
	field, value, _ := strings.Cut(rest, " ")
	value = strings.TrimSpace(value)
	clear := value == "-"
	switch strings.ToLower(field) {
	case "":
		return Reply{Blocks: []Block{
			{Kind: Bullets, Text: "Profil Anda:", Items: t.profileLines()},
			{Kind: Bullets, Text: "Semuanya boleh kosong. Mengubah:", Items: []string{
				"/profil status PNS (atau PPPK, non-ASN)", "/profil unit Kecamatan Sukamaju", "/profil zona WITA (atau WIB, WIT)", "/profil unit - (mengosongkan)",
			}},
		}}
	case "status":
		status, ok := statuses[strings.ToLower(value)]
		if !ok && !clear {
			return Reply{Blocks: []Block{text("Status yang dikenal: PNS, PPPK, atau non-ASN. Contoh: /profil status PNS")}}
		}
		t.person.Status = status
	case "unit":
		if value == "" {
			return Reply{Blocks: []Block{text("Tulis unit kerjanya. Contoh: /profil unit Kecamatan Sukamaju")}}
		}
		letters := []rune(value)
		t.person.Unit = string(letters[:min(maxUnit, len(letters))])
		if clear {
			t.person.Unit = ""
		}
	case "zona":
		zone, ok := zones[strings.ToLower(value)]
		if !ok && !clear {
			return Reply{Blocks: []Block{text("Zona waktu yang dikenal: WIB, WITA, atau WIT. Contoh: /profil zona WITA")}}
		}
		t.person.Timezone = zone
	default:
		return Reply{Blocks: []Block{text("Yang dapat diubah: status, unit, zona. Contoh: /profil status PNS")}}
	}
	return Reply{Blocks: []Block{{Kind: Bullets, Text: "Tersimpan. Profil Anda:", Items: t.profileLines()}}}
}

func (t *turn) profileLines() []string {
	orNone := func(s string) string {
		if s == "" {
			return "belum diisi"
		}
		return s
	}
	zone := ""
	for name, id := range zones {
		if id == t.person.Timezone {
			zone = strings.ToUpper(name)
		}
	}
	return []string{"Status: " + orNone(t.person.Status), "Unit kerja: " + orNone(t.person.Unit), "Zona waktu: " + orNone(zone)}
}

// kept shows all that is kept about the person.
func (t *turn) kept() Reply {
	items := t.profileLines()
	if topic, ok := t.bot.base.Topic(t.person.Topic); ok {
		items = append(items, fmt.Sprintf("Topik terakhir: %s (dipakai sampai pukul %s)", topic.Title, t.person.TopicUntil.In(t.zone()).Format("15.04")))
	} else {
		items = append(items, "Topik terakhir: tidak ada")
	}
	if len(t.person.Offered) > 0 {
		items = append(items, fmt.Sprintf("Pilihan bernomor yang terakhir ditawarkan: %d", len(t.person.Offered)))
	}
	if t.person.FirstSeen != "" {
		items = append(items, "Pertama dan terakhir memakai bot: "+t.person.FirstSeen+" dan "+t.person.LastSeen)
	}
	return Reply{Blocks: []Block{
		{Kind: Bullets, Text: "Semua yang disimpan tentang Anda:", Items: items},
		text("Nama, nomor telepon, dan riwayat pertanyaan Anda tidak disimpan. Menghapus semuanya: /hapus_data"),
	}}
}

func (t *turn) zone() *time.Location {
	if zone, err := time.LoadLocation(t.person.Timezone); err == nil && t.person.Timezone != "" {
		return zone
	}
	return t.bot.zone
}

func (t *turn) forget() (Reply, error) {
	had, err := t.bot.people.Forget(t.key)
	if err != nil {
		return Reply{}, err
	}
	t.forgotten = true
	if !had {
		return Reply{Blocks: []Block{text("Tidak ada data Anda yang tersimpan.")}}, nil
	}
	return Reply{Blocks: []Block{text("Semua data Anda sudah dihapus. Bila Anda menulis lagi, saya mulai dari awal.")}}, nil
}
