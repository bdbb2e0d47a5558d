package bot

import (
	"fmt"
	"strings"
	"time"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
)

// staleAfter is the age from which on an answer says that it wants checking again.
const staleAfter = 365 // days

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
	reply := Reply{Blocks: cardBlocks(base, topic, now), Offer: "Topik terkait (ketik nomornya):"}
	for _, id := range topic.Related {
		if related, ok := base.Topic(id); ok {
			reply.Actions = append(reply.Actions, topicAction(related))
		}
	}
	return reply
}

// show answers with a topic's card and makes it the last topic.
func (t *turn) show(topic knowledge.Topic) Reply {
	t.person.Topic, t.person.TopicUntil = topic.ID, t.now.Add(remembered)
	reply := Card(t.bot.base, topic, t.now)
	reply.Result = match.Result{Outcome: match.Answer, Topic: topic.ID, Confidence: 1}
	return t.offer(reply)
}

// showBoth answers two questions of one message in one reply; the second is the last topic.
func (t *turn) showBoth(first, second knowledge.Topic) Reply {
	reply := t.show(second)
	blocks := append([]Block{text("Anda menanyakan dua hal.")}, cardBlocks(t.bot.base, first, t.now)...)
	reply.Blocks = append(blocks, reply.Blocks...)
	return reply
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
	return append(blocks, Block{Kind: Citation, Text: "Dasar: " + basis(base, topic) + "\n" + verified(topic, now)})
}

// basis lists the citations, a regulation once with all its articles, with the status of revoked ones.
func basis(base *knowledge.Base, topic knowledge.Topic) string {
	var order []string
	articles := map[string][]string{}
	for _, c := range topic.Basis {
		if _, ok := articles[c.Regulation]; !ok {
			order = append(order, c.Regulation)
			articles[c.Regulation] = nil
		}
		if c.Article != "" {
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

func topicAction(topic knowledge.Topic) Action { return Action{"t:" + topic.ID, topic.Title} }
