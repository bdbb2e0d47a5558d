package bot

import (
	"slices"
	"strings"
	"sync"
	"time"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
)

var verdictLines = map[knowledge.Verdict]string{
	knowledge.Boleh:     "✅ Boleh",
	knowledge.Bersyarat: "⚠️ Boleh dengan syarat",
	knowledge.Dilarang:  "⛔ Dilarang",
	knowledge.Info:      "ℹ️ Informasi",
}

// VerdictLine is the sign and the words of a verdict.
func VerdictLine(v knowledge.Verdict) string { return verdictLines[v] }

// Card is a topic as an answer: verdict, short answer, points, sanction, basis,
// date, and the related topics to pick from.
func Card(base *knowledge.Base, topic knowledge.Topic, now time.Time) Reply {
	return Reply{
		Blocks:  cardBlocks(base, topic, now),
		Offer:   "Topik terkait (ketik nomornya):",
		Actions: related(base, topic),
		Result:  match.Result{Outcome: match.Answer, Topic: topic.ID, Confidence: 1},
	}
}

// cards are the cards of topics that were shown lately.
type cards struct {
	mu    sync.Mutex
	since time.Time
	shown map[string]Reply // by topic
}

// of is Card, composed anew only where the day may be another. Its blocks must not be changed.
func (c *cards) of(base *knowledge.Base, topic knowledge.Topic, now time.Time) Reply {
	since := now.Truncate(15 * time.Minute) // in every zone a day begins with one of these
	c.mu.Lock()
	defer c.mu.Unlock()
	if !since.Equal(c.since) {
		c.since, c.shown = since, map[string]Reply{}
	}
	card, ok := c.shown[topic.ID]
	if !ok {
		card = Card(base, topic, now)
		c.shown[topic.ID] = card
	}
	return card
}

// show answers with a topic's card and makes it the last topic.
func (t *turn) show(topic knowledge.Topic) Reply {
	t.about(topic)
	reply := t.cards.of(t.base, topic, t.now)
	reply.Controls = append(t.controls(topic), t.reminderOffer()...)
	return t.offer(reply)
}

// about makes a topic the last one, of which the reply is the answer.
func (t *turn) about(topic knowledge.Topic) {
	t.conversation.Topic, t.conversation.TopicTo, t.told = topic.ID, t.now.Add(remembered), true
}

// showBoth answers two questions of one message in one reply; the second is the last topic.
func (t *turn) showBoth(first, second knowledge.Topic) Reply {
	reply := t.show(second)
	t.told = false // whose sanction somebody asks for next is not clear
	intro := text("Anda menanyakan dua hal; pilihan di bagian akhir berlaku untuk jawaban kedua.")
	reply.Blocks = append(append([]Block{intro}, t.cards.of(t.base, first, t.now).Blocks...), reply.Blocks...)
	return reply
}

// controls are the buttons under a topic's card. In a group everybody sees the
// same ones, whoever asked.
func (t *turn) controls(topic knowledge.Topic) [][]Action {
	share := []Action{shareButton(topic)}
	switch {
	case t.event.Group:
		return [][]Action{
			voteButtons(topic, 0), share, {watchButton(topic, false)},
			{{ID: startTopic + topic.ID, Label: "Tanya di chat pribadi", Kind: Private}},
		}
	case t.known():
		return [][]Action{voteButtons(topic, t.person.Votes[topic.ID]), share, {watchButton(topic, slices.ContainsFunc(t.person.Watches, ofTopic(topic.ID)))}}
	}
	return [][]Action{share}
}

// redraw says a few words over the button that was pressed under a topic's card,
// and draws the buttons anew where they show what the person chose.
func (t *turn) redraw(topic knowledge.Topic, notice string) Reply {
	reply := Reply{Notice: notice}
	if t.personal() {
		reply.Actions, reply.Controls = related(t.base, topic), t.controls(topic)
	}
	return reply
}

// reminderOffer is a button that offers reminders, once to each person.
func (t *turn) reminderOffer() [][]Action {
	if !t.personal() || t.person.Offered || t.person.Subscription != store.NoReminders {
		return nil
	}
	t.change(func(p *store.Person) { p.Offered = true })
	return [][]Action{{{ID: "s:", Label: "⏰ Ingatkan saya tentang tahapan pemilihan"}}}
}

func cardBlocks(base *knowledge.Base, topic knowledge.Topic, now time.Time) []Block {
	blocks := []Block{
		heading(VerdictLine(topic.Verdict) + " · " + topic.Title),
		text("%s", topic.Answer),
		{Kind: Bullets, Items: topic.Points},
	}
	if topic.Sanction != "" {
		blocks = append(blocks, text("Sanksi: %s", topic.Sanction))
	}
	today := knowledge.DateOf(now)
	blocks = append(blocks, cautions(base, topic, today)...)
	for _, s := range base.StagesOn(now) {
		if s.Phase == knowledge.Running {
			blocks = append(blocks, text("Sekarang: %s", runningStage(s)))
		}
	}
	return append(blocks, Block{Kind: Citation, Text: "Dasar: " + basis(base, topic) + "\n" + topic.Checked(today)})
}

// cautions say how sure an answer is, and what of it changed lately.
func cautions(base *knowledge.Base, topic knowledge.Topic, today knowledge.Date) (blocks []Block) {
	if caution := topic.Confidence.Caution(); caution != "" {
		blocks = append(blocks, text("%s", caution))
	}
	for _, change := range base.Changes(topic, today) {
		blocks = append(blocks, text("%s %s", change.Sentence(VerdictLine), change.Note))
	}
	return blocks
}

// basis is what a topic rests on, with the state of each regulation.
func basis(base *knowledge.Base, topic knowledge.Topic) string {
	return strings.Join(base.Citations(topic), "; ") + "."
}

func related(base *knowledge.Base, topic knowledge.Topic) []Action {
	var actions []Action
	for _, id := range topic.Related {
		if topic, ok := base.Topic(id); ok {
			actions = append(actions, topicAction(topic))
		}
	}
	return actions
}

func topicAction(topic knowledge.Topic) Action {
	return Action{ID: "t:" + topic.ID, Label: topic.Title}
}
