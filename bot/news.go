package bot

import (
	"slices"
	"strings"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
)

// News is something that a person asked to be told.
type News struct {
	Reply Reply // without Offer: a number that is typed then picks from what was offered in the conversation

	// Told notes in the person that it was told, once the reply was delivered. It
	// may be called on the person as it is kept by then, and more than once.
	Told func(*store.Person)
}

// News returns what has changed, under the present knowledge, of all that a
// person asked to be told about.
func (b *Bot) News(p store.KeyedPerson) []News {
	brain := b.brain.Load()
	var news []News
	for _, w := range p.Person.Watches {
		n, ok := brain.topicNews(w)
		if w.Topic == "" {
			n, ok = brain.questionNews(w)
		}
		if ok {
			news = append(news, n)
		}
	}
	return news
}

// topicNews tells that the verdict or the basis of an answer changed.
func (b *brain) topicNews(w store.Watch) (News, bool) {
	topic, ok := b.base.Topic(w.Topic)
	if !ok {
		reply := say("Jawaban yang Anda ikuti (%q) sudah tidak ada dalam kumpulan jawaban saya. Tulis pertanyaan Anda sekali lagi, atau lihat /topik.", w.Topic)
		return News{reply, ended(ofTopic(w.Topic))}, true
	}
	now := fingerprint(b.base, topic)
	if now == w.Seen {
		return News{}, false
	}
	change := text("Dasar hukumnya berubah; putusannya tetap: %s", VerdictLine(topic.Verdict))
	if before := verdictOf(w.Seen); before != topic.Verdict {
		change = text("Dulu: %s\nSekarang: %s", VerdictLine(before), VerdictLine(topic.Verdict))
	}
	reply := Reply{
		Blocks: []Block{
			heading("Jawaban yang Anda ikuti berubah: " + topic.Title), change,
			{Kind: Citation, Text: "Dasar: " + basis(b.base, topic)},
		},
		Actions:  []Action{{ID: "t:" + topic.ID, Label: "Selengkapnya"}},
		Controls: [][]Action{{watchButton(topic, true)}},
	}
	return News{reply, func(p *store.Person) {
		if i := slices.IndexFunc(p.Watches, ofTopic(w.Topic)); i >= 0 {
			p.Watches[i].Seen = now
		}
	}}, true
}

// questionNews tells that a question has an answer now. Topics that were there
// when the person asked to be told, and that were not meant, are none.
func (b *brain) questionNews(w store.Watch) (News, bool) {
	result := b.matcher.Match(w.Question, "")
	known := strings.Fields(w.Seen)
	var found []knowledge.Topic
	for _, id := range topicsOf(result) {
		if topic, ok := b.base.Topic(id); ok && !slices.Contains(known, id) {
			found = append(found, topic)
		}
	}
	if len(found) == 0 {
		return News{}, false
	}
	reply := Reply{
		Blocks: []Block{
			heading("Pertanyaan yang Anda titipkan sudah ada jawabannya"),
			text("Pertanyaan Anda: \"%s\"", clean(w.Question, maxLogged)),
		},
	}
	if result.Outcome == match.Choices {
		reply.Blocks[0] = heading("Pertanyaan yang Anda titipkan mungkin sudah ada jawabannya")
	}
	answers := Block{Kind: Bullets, Text: "Jawabannya:"} // a button may not show the whole title
	for _, topic := range found {
		answers.Items = append(answers.Items, topic.Title)
		reply.Actions = append(reply.Actions, topicAction(topic))
	}
	reply.Blocks = append(reply.Blocks, answers)
	return News{reply, ended(ofQuestion(w.ID))}, true
}
