package bot

import (
	"fmt"

	"tanyanetral/knowledge"
)

// stages tells which stages of elections are running, coming and past.
func (t *turn) stages() Reply {
	var running, coming, past []string
	for _, s := range t.base.StagesOn(t.now) {
		switch s.Phase {
		case knowledge.Running:
			running = append(running, runningStage(s))
		case knowledge.Coming:
			coming = append(coming, fmt.Sprintf("%s, %s: %s, %d hari lagi", s.Stage.Name, s.Election.Title(), days(s.Stage), s.Days))
		case knowledge.Past:
			past = append(past, fmt.Sprintf("%s, %s: %s", s.Stage.Name, s.Election.Title(), days(s.Stage)))
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
		if topic, ok := t.base.Topic(nextElectionTopic); ok {
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
	line := fmt.Sprintf("%s, %s (%s, %s)", s.Stage.Name, s.Election.Title(), days(s.Stage), left)
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
