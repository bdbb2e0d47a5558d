package bot

import (
	"maps"

	"tanyanetral/knowledge"
	"tanyanetral/store"
)

var voteNotices = map[int]string{
	1:  "👍 Terima kasih, penilaian Anda dicatat. Tekan sekali lagi untuk membatalkan.",
	-1: "👎 Terima kasih, penilaian Anda dicatat agar jawaban ini diperbaiki. Tekan sekali lagi untuk membatalkan.",
	0:  "Penilaian Anda dibatalkan.",
}

func voteButtons(topic knowledge.Topic, vote int) []Action {
	helpful := Action{ID: "v+:" + topic.ID, Label: "👍 Membantu"}
	not := Action{ID: "v-:" + topic.ID, Label: "👎 Kurang"}
	switch vote {
	case 1:
		helpful.Label += " ✓"
	case -1:
		not.Label += " ✓"
	}
	return []Action{helpful, not}
}

// vote notes what a person thinks of an answer: 1 or -1. The same vote again takes it back.
func (t *turn) vote(topic knowledge.Topic, vote int) Reply {
	if !t.known() {
		return Reply{Notice: nobodyNotice}
	}
	if t.person.Votes[topic.ID] == vote {
		vote = 0
	}
	t.change(func(p *store.Person) { setVote(p, topic.ID, vote) })
	return t.redraw(topic, voteNotices[vote])
}

func setVote(p *store.Person, topic string, vote int) {
	if vote == 0 {
		delete(p.Votes, topic)
		return
	}
	if p.Votes == nil {
		p.Votes = map[string]int{}
	}
	p.Votes[topic] = vote
}

// countVotes adds to the counts what differs between the votes that were kept of
// a person and those that will be, so that a press that comes twice counts once.
func countVotes(tx store.Tx, before, after map[string]int) error {
	topics := map[string]int{}
	maps.Copy(topics, before)
	maps.Copy(topics, after)
	for topic := range topics {
		was, is := store.TallyOf(before[topic]), store.TallyOf(after[topic])
		if was == is {
			continue
		}
		difference := store.Tally{Helpful: is.Helpful - was.Helpful, NotHelpful: is.NotHelpful - was.NotHelpful}
		if err := tx.AddVotes(topic, difference); err != nil {
			return err
		}
	}
	return nil
}
