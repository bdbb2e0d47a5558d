package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
)

// staleAfter is the age from which on an answer says that it wants checking again.
const staleAfter = 365 // days

// maxShared is the number of characters of what people share: it goes into a link.
const maxShared = 700

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

// show answers with a topic's card and makes it the last topic.
func (t *turn) show(topic knowledge.Topic) Reply {
	t.conversation.Topic = topic.ID
	reply := Card(t.base, topic, t.now)
	reply.Controls = append(t.controls(topic), t.reminderOffer()...)
	return t.offer(reply)
}

// showBoth answers two questions of one message in one reply; the second is the last topic.
func (t *turn) showBoth(first, second knowledge.Topic) Reply {
	reply := t.show(second)
	intro := text("Anda menanyakan dua hal; pilihan di bagian akhir berlaku untuk jawaban kedua.")
	reply.Blocks = append(append([]Block{intro}, cardBlocks(t.base, first, t.now)...), reply.Blocks...)
	return reply
}

// controls are the buttons under a topic's card. In a group everybody sees the
// same ones, whoever asked.
func (t *turn) controls(topic knowledge.Topic) [][]Action {
	share := []Action{shareButton(t.base, topic)}
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
	switch topic.Confidence {
	case knowledge.Inferensi:
		blocks = append(blocks, text("Catatan: belum ditemukan aturan tertulis khusus tentang hal ini; jawaban disimpulkan dari aturan lain. Bila ragu, tanyakan dahulu ke BKPSDMD."))
	case knowledge.Cukup:
		blocks = append(blocks, text("Catatan: sumber tentang hal ini terbatas atau tidak seragam. Pastikan ke BKPSDMD sebelum bertindak."))
	}
	for _, s := range base.StagesOn(now) {
		if s.Phase == knowledge.Running {
			blocks = append(blocks, text("Sekarang: %s", runningStage(s)))
		}
	}
	return append(blocks, Block{Kind: Citation, Text: "Dasar: " + basis(base, topic, true) + "\n" + verified(topic, now)})
}

// basis lists the citations, a regulation once with all its articles if these
// are wanted, with the status of revoked ones.
func basis(base *knowledge.Base, topic knowledge.Topic, withArticles bool) string {
	var order []string
	articles := map[string][]string{}
	for _, c := range topic.Basis {
		if _, ok := articles[c.Regulation]; !ok {
			order = append(order, c.Regulation)
			articles[c.Regulation] = nil
		}
		if c.Article != "" && withArticles {
			articles[c.Regulation] = append(articles[c.Regulation], c.Article)
		}
	}
	var parts []string
	for _, id := range order {
		r, _ := base.Regulation(id)
		part := r.Short
		if len(articles[id]) > 0 {
			part += " " + strings.Join(articles[id], ", ")
		}
		switch {
		case r.Status == knowledge.Dicabut:
			successor, _ := base.Regulation(r.RevokedBy)
			part += fmt.Sprintf(" (sudah dicabut oleh %s)", successor.Short)
		case r.Uncertain:
			part += " (pastikan masih berlaku)"
		default:
			part += " (berlaku)"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ") + "."
}

func verified(topic knowledge.Topic, now time.Time) string {
	line := "Diperiksa " + topic.Verified.Indonesian() + "."
	if topic.Verified.DaysUntil(knowledge.DateOf(now)) > staleAfter {
		line += " Sudah lebih dari setahun: pastikan tidak ada aturan baru."
	}
	return line
}

func shareButton(base *knowledge.Base, topic knowledge.Topic) Action {
	return Action{ID: startTopic + topic.ID, Label: "↗️ Bagikan", Kind: Share, Text: shared(base, topic)}
}

// shared is a topic as people pass it on. The answer stands there whole, for a
// part of one may say the opposite; what else there is must fit.
func shared(base *knowledge.Base, topic knowledge.Topic) string {
	verdict := VerdictLine(topic.Verdict)
	titled := verdict + " · " + topic.Title + "\n\n" + topic.Answer
	for _, attempt := range []string{
		titled + "\n\nDasar: " + basis(base, topic, true),
		titled + "\n\nDasar: " + basis(base, topic, false),
		titled,
	} {
		if utf8.RuneCountInString(attempt) <= maxShared {
			return attempt
		}
	}
	return verdict + "\n\n" + topic.Answer
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
