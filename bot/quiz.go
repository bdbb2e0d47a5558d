package bot

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"

	"tanyanetral/knowledge"
)

// quizVerdicts are what can be said of a case, in the order of the buttons.
var quizVerdicts = []knowledge.Verdict{knowledge.Boleh, knowledge.Bersyarat, knowledge.Dilarang}

// quiz goes on with a case: "VERDICT:TOPIC" is what somebody thinks of one, ""
// asks for another. No score is kept.
func (t *turn) quiz(choice string) (Reply, error) {
	if choice == "" {
		return t.newCase()
	}
	guess, id, _ := strings.Cut(choice, ":")
	topic, ok := t.base.Topic(id)
	if !ok || !isCase(topic) || !slices.Contains(quizVerdicts, knowledge.Verdict(guess)) {
		return gone(), nil
	}
	return t.solution(topic, knowledge.Verdict(guess)), nil
}

// isCase tells whether a topic judges an act, and its title asks for that.
func isCase(topic knowledge.Topic) bool {
	return slices.Contains(quizVerdicts, topic.Verdict) && strings.Contains(strings.ToLower(topic.Title), "boleh")
}

func (t *turn) newCase() (Reply, error) {
	var cases []knowledge.Topic
	for _, topic := range t.base.Topics {
		if isCase(topic) {
			cases = append(cases, topic)
		}
	}
	if len(cases) == 0 {
		return say("Belum ada kasus untuk kuis."), nil
	}
	var random [8]byte
	if _, err := io.ReadFull(t.bot.Random, random[:]); err != nil {
		return Reply{}, fmt.Errorf("choose a case: %w", err)
	}
	topic := cases[binary.BigEndian.Uint64(random[:])%uint64(len(cases))]
	reply := Reply{
		Blocks: []Block{heading("Kuis"), text("%s", topic.Title)},
		Offer:  "Menurut Anda? Ketik nomornya:",
	}
	for _, v := range quizVerdicts {
		reply.Actions = append(reply.Actions, Action{ID: fmt.Sprintf("z:%s:%s", v, topic.ID), Label: VerdictLine(v)})
	}
	return t.offer(reply), nil
}

// solution says whether a guess was right, and shows the card.
func (t *turn) solution(topic knowledge.Topic, guess knowledge.Verdict) Reply {
	verdict := text("✔️ Benar.")
	if guess != topic.Verdict {
		verdict = text("Belum tepat. Jawabannya: %s.", VerdictLine(topic.Verdict))
	}
	t.about(topic)
	reply := Card(t.base, topic, t.now)
	reply.Blocks = append([]Block{verdict}, reply.Blocks...)
	reply.Offer = "Selanjutnya (ketik nomornya):"
	reply.Actions = append([]Action{{ID: "z:", Label: "Kasus lain"}}, reply.Actions...)
	reply.Controls = [][]Action{{shareButton(topic)}}
	return t.offer(reply)
}
