package bot

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tanyanetral/store"
)

var kindNames = map[store.DeliveryKind]string{
	store.Broadcast: "Siaran",
	store.Reminder:  "Pengingat",
	store.News:      "Kabar",
}

var stateNames = map[store.DeliveryState]string{
	store.Draft:     "belum dikonfirmasi",
	store.Scheduled: "dijadwalkan",
	store.Running:   "sedang dikirim",
	store.Paused:    "dijeda",
	store.Done:      "sudah selesai",
	store.Cancelled: "dibatalkan",
	store.Skipped:   "dilewati",
}

// StateName is what a state is called in a sentence, "" where there is no such state.
func StateName(s store.DeliveryState) string { return stateNames[s] }

// outcomes are what can become of a recipient, in the order of reports: in a
// sentence, and as the head of a column.
var outcomes = []struct {
	outcome      store.Outcome
	name, column string
}{
	{store.Delivered, "Terkirim", "terkirim"},
	{store.Unreachable, "Tidak terjangkau (memblokir bot, atau akunnya tidak ada lagi)", "tidak_terjangkau"},
	{store.Refused, "Ditolak oleh kanalnya", "ditolak"},
	{store.Unsubscribed, "Berhenti berlangganan sebelum gilirannya", "berhenti_berlangganan"},
	{store.TooLate, "Terlambat: tidak berlaku lagi saat gilirannya", "terlambat"},
}

// Progress shows how far a delivery has come, with buttons to steer it; of one
// that is over it is the report.
func (b *Bot) Progress(d store.Delivery) Reply {
	reply := Reply{Blocks: []Block{heading(kindNames[d.Kind] + " " + stateNames[d.State])}, Replace: true}
	switch settled, total := rounded(settledOf(d)), rounded(d.Total); {
	case few(d):
		reply.Blocks = append(reply.Blocks, text("%s", recipients(d.Total)))
	case d.Total > 0:
		line := fmt.Sprintf("%s %s/%s", bar(settled, total), thousands(settled), thousands(total))
		if !d.Complete && !d.State.Over() {
			line += " (daftar penerima masih disusun)"
		}
		reply.Blocks = append(reply.Blocks, text("%s", line))
	}
	if items := outcomeLines(d); len(items) > 0 {
		reply.Blocks = append(reply.Blocks, Block{Kind: Bullets, Text: "Hasil (dibulatkan):", Items: items})
	}
	reply.Blocks = append(reply.Blocks,
		Block{Kind: Bullets, Items: b.deliveryLines(d)},
		Block{Kind: Citation, Text: "Melihatnya lagi: /pengingat " + d.ID},
	)
	reply.Controls = steering(d)
	return reply
}

// steering is the buttons that fit the state of a delivery.
func steering(d store.Delivery) [][]Action {
	pause := Action{ID: "b:pause:" + d.ID, Label: "⏸ Jeda"}
	resume := Action{ID: "b:resume:" + d.ID, Label: "▶️ Lanjutkan"}
	cancel := Action{ID: "b:cancel:" + d.ID, Label: "⏹ Batalkan"}
	switch {
	case d.State == store.Scheduled || d.State == store.Running:
		return [][]Action{{pause, cancel}}
	case d.State == store.Paused:
		return [][]Action{{resume, cancel}}
	case d.State.Over() && d.Total > 0:
		return [][]Action{{{ID: "b:csv:" + d.ID, Label: "📄 Laporan (CSV)"}}}
	}
	return nil
}

// deliveryLines tells what a delivery is.
func (b *Bot) deliveryLines(d store.Delivery) []string {
	lines := []string{"Isi: " + b.excerpt(d), "Penerima: " + AudienceName(d.To)}
	if !d.Start.IsZero() {
		lines = append(lines, "Mulai: "+b.moment(d.Start))
	}
	if d.State.Over() && !d.Ended.IsZero() {
		lines = append(lines, "Berakhir: "+b.moment(d.Ended))
		if d.Total > 0 && d.Ended.After(d.Start) {
			lines = append(lines, "Lamanya: "+lasted(d.Ended.Sub(d.Start)))
		}
	}
	if d.Note != "" {
		lines = append(lines, "Catatan: "+d.Note)
	}
	return lines
}

// excerpt is the beginning of what a delivery says, in one line.
func (b *Bot) excerpt(d store.Delivery) string {
	line := clean(d.Text, maxLabel+1)
	if topic, ok := b.Knowledge().Topic(d.Topic); ok && line == "" {
		line = topic.Title
	}
	if letters := []rune(line); len(letters) > maxLabel {
		line = string(letters[:maxLabel]) + "…"
	}
	if d.Photo != "" {
		line = strings.TrimSpace("🖼 " + line)
	}
	return line
}

// title is what a delivery is called in a list.
func (b *Bot) title(d store.Delivery) string {
	return fmt.Sprintf("%s \"%s\"", kindNames[d.Kind], b.excerpt(d))
}

// outcomeLines counts what became of the recipients, with the reasons. No number
// here is exact: what is left of a total would tell of the few.
func outcomeLines(d store.Delivery) (lines []string) {
	if d.Total == 0 || few(d) {
		return nil
	}
	for _, o := range outcomes {
		if n := d.Counts[o.outcome]; n > 0 || o.outcome == store.Delivered {
			lines = append(lines, o.name+": "+people(n))
		}
	}
	if n := d.Total - settledOf(d); n > 0 && d.State.Over() {
		lines = append(lines, "Tidak dikirim: "+people(n))
	}
	return lines
}

// Report is a delivery as a table for spreadsheets: a head and one line, in the
// form that an Indonesian Excel opens with a double click. No person is in it,
// and its numbers are rounded as those of Progress.
func (b *Bot) Report(d store.Delivery) []byte {
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(b.Zone).Format(time.DateTime)
	}
	number := func(n int) string {
		if n == 0 && !few(d) {
			return "0"
		}
		return about(n)
	}
	head := []string{"id", "jenis", "keadaan", "catatan", "penerima", "dibuat", "mulai", "berakhir", "jumlah_penerima"}
	line := []string{d.ID, kindNames[d.Kind], stateNames[d.State], d.Note, AudienceName(d.To), at(d.Created), at(d.Start), at(d.Ended), number(d.Total)}
	for _, o := range outcomes {
		head, line = append(head, o.column), append(line, number(d.Counts[o.outcome]))
	}
	head, line = append(head, "tidak_dikirim"), append(line, number(d.Total-settledOf(d)))
	var file bytes.Buffer
	file.WriteString("\ufeff")
	table := csv.NewWriter(&file)
	table.Comma, table.UseCRLF = ';', true
	_ = table.WriteAll([][]string{head, line}) // a buffer takes everything
	return file.Bytes()
}

func settledOf(d store.Delivery) (n int) {
	for _, o := range outcomes {
		n += d.Counts[o.outcome]
	}
	return n
}

// few tells whether so few get a delivery that numbers would tell of single persons.
func few(d store.Delivery) bool { return d.Total > 0 && d.Total < smallest }

// recipients is the number of people to whom something goes. It is rounded, for
// two audiences may differ by a few.
func recipients(n int) string {
	switch {
	case n == 0:
		return "tidak ada penerima"
	case n < smallest:
		return people(n) + " orang"
	}
	return "sekitar " + people(n) + " orang"
}

// people is about, with thousands apart and with none told from few.
func people(n int) string {
	if n == 0 || n >= smallest {
		return thousands(rounded(n))
	}
	return about(n)
}

// barLength is the number of cells of a bar.
const barLength = 10

func bar(done, total int) string {
	filled := min(done*barLength/total, barLength)
	return strings.Repeat("▓", filled) + strings.Repeat("░", barLength-filled)
}

// thousands is a number with its thousands apart: 10.000.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "." + digits[i:]
	}
	return digits
}
