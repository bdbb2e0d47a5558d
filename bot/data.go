package bot

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tanyanetral/knowledge"
	"tanyanetral/store"
)

// maxLabel is the number of letters of a question that stand on a button.
const maxLabel = 60

// kept shows all that is kept about the person. Every field of the records
// appears here, and a test makes sure of it.
func (t *turn) kept() Reply {
	reply := Reply{
		Blocks: []Block{{Kind: Bullets, Text: "Semua yang disimpan tentang Anda:", Items: t.keptLines()}},
		Offer:  "Berhenti dikabari (ketik nomornya):",
	}
	var watched []string
	for _, w := range t.person.Watches {
		line, action := t.keptWatch(w)
		watched = append(watched, line)
		reply.Actions = append(reply.Actions, action)
	}
	if len(watched) > 0 {
		reply.Blocks = append(reply.Blocks, Block{Kind: Bullets, Text: "Kabar yang Anda minta:", Items: watched})
	}
	var votes []string
	for _, topic := range slices.Sorted(maps.Keys(t.person.Votes)) {
		sign := "👍 "
		if t.person.Votes[topic] < 0 {
			sign = "👎 "
		}
		votes = append(votes, sign+t.title(topic))
	}
	if len(votes) > 0 {
		reply.Blocks = append(reply.Blocks, Block{Kind: Bullets, Text: "Penilaian Anda atas jawaban:", Items: votes})
	}
	reply.Blocks = append(reply.Blocks, t.notKept()...)
	return t.offer(reply)
}

func (t *turn) keptLines() []string {
	today := knowledge.DateOf(t.now).String()
	offered := "belum pernah"
	if t.person.Offered {
		offered = "sudah"
	}
	lines := append(t.profileLines(),
		"Pengingat: "+reminderName(t.person.Subscription),
		"Tawaran pengingat disampaikan: "+offered,
		"Pertama memakai bot: "+indonesianDay(cmp.Or(t.person.FirstSeen, today)),
		"Terakhir memakai bot: "+indonesianDay(cmp.Or(t.person.LastSeen, today)),
	)
	return append(lines, t.conversationLines()...)
}

// conversationLines shows the conversation as it was kept when the person asked.
func (t *turn) conversationLines() []string {
	c := t.found
	if !t.now.Before(c.Until) {
		return []string{"Percakapan terakhir: tidak ada"}
	}
	lines := []string{fmt.Sprintf("Percakapan terakhir: diingat sampai pukul %s, lalu dihapus", c.Until.In(t.zone()).Format("15.04"))}
	if c.Topic != "" {
		line := fmt.Sprintf("Topik terakhir: %s (sampai pukul %s)", t.title(c.Topic), c.TopicTo.In(t.zone()).Format("15.04"))
		if c.Told {
			line += ", dan pesan terakhir adalah jawabannya"
		}
		lines = append(lines, line)
	}
	if len(c.Offered) > 0 {
		lines = append(lines, fmt.Sprintf("Pilihan bernomor yang terakhir ditawarkan: %d", len(c.Offered)))
	}
	if c.Awaiting != "" {
		lines = append(lines, "Yang sedang ditunggu dari Anda: "+c.Awaiting)
	}
	if c.Edited != "" {
		lines = append(lines, "Nomor pesan suntingan yang terakhir dijawab: "+c.Edited)
	}
	return lines
}

// keptWatch is a line about a watch, and the action that ends it.
func (t *turn) keptWatch(w store.Watch) (line string, end Action) {
	if w.Topic != "" {
		title := t.title(w.Topic)
		return fmt.Sprintf("%s (yang Anda ketahui: %s)", title, VerdictLine(verdictOf(w.Seen))), Action{ID: "dw:" + w.Topic, Label: "🔕 " + title}
	}
	question := clean(w.Question, maxLogged)
	line = fmt.Sprintf("\"%s\" (ditanyakan %s)", question, indonesianDay(store.Question{ID: w.ID}.Day()))
	if n := len(strings.Fields(w.Seen)); n > 0 {
		line = fmt.Sprintf("%s, selain %d topik yang sudah ada", line, n)
	}
	return line, Action{ID: "dq:" + w.ID, Label: "🔕 " + clean(question, maxLabel)}
}

// keptWithout ends a watch and shows what is kept then.
func (t *turn) keptWithout(isIt func(store.Watch) bool) Reply {
	notice := t.dropWatch(isIt)
	reply := t.kept()
	reply.Notice, reply.Replace = notice, true
	return reply
}

func (t *turn) notKept() []Block {
	blocks := []Block{text("Tidak disimpan: nama, nama pengguna, nomor telepon, NIP, dan riwayat pertanyaan Anda.")}
	if t.bot.LogQuestions {
		blocks = append(blocks, text("Isi pertanyaan dicatat %d hari agar jawaban dapat diperbaiki, tanpa catatan siapa yang bertanya; nomor, surel, nama akun, dan tautan disamarkan dahulu.", int(store.QuestionsKept.Hours()/24)))
	}
	if t.admin() {
		blocks = append(blocks, text("Tindakan Anda sebagai administrator dicatat terpisah selama %d tahun, siaran Anda %d hari sejak berakhir; keduanya tidak ikut terhapus.", int(store.AuditKept.Hours()/24/365), int(store.DeliveriesKept.Hours()/24)))
	}
	return append(blocks, text("Menghapus semuanya, seketika: /hapus_data. %s", backupsRemain))
}

const backupsRemain = "Cadangan dari 7 hari terakhir masih memuat data yang dihapus, lalu ikut terhapus."

// title is the title of a topic, its id where there is none any more.
func (t *turn) title(id string) string {
	if topic, ok := t.base.Topic(id); ok {
		return topic.Title
	}
	return id
}

func indonesianDay(day string) string {
	date, err := knowledge.ParseDate(day)
	if err != nil {
		return day
	}
	return date.Indonesian()
}

// forget removes all that is kept about the person, at once: whoever asks for
// that must not depend on whether the reply arrives. Nothing of this turn is
// saved afterwards.
func (t *turn) forget() (Reply, error) {
	had := false
	err := t.bot.Store.Update(func(tx store.Tx) (err error) {
		had, err = tx.Forget(t.event.Person)
		return err
	})
	if err != nil {
		return Reply{}, err
	}
	t.forgotten = true
	if !had {
		return say("Tidak ada data Anda yang tersimpan."), nil
	}
	return say("Semua data Anda sudah dihapus. %s Bila Anda menulis lagi, saya mulai dari awal.", backupsRemain), nil
}
