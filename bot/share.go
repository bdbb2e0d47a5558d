package bot

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tanyanetral/knowledge"
)

const (
	maxShared = 700 // characters of what people share: it goes into a link
	maxCopied = 256 // characters of what a button copies
)

// shareButton is short, as it stands under every answer; share has what is shared.
func shareButton(topic knowledge.Topic) Action {
	return Action{ID: "f:" + topic.ID, Label: "↗️ Bagikan"}
}

// share shows a topic as people pass it on, with the ways to do so.
func (t *turn) share(topic knowledge.Topic) Reply {
	text, link := shared(t.base, topic), startTopic+topic.ID
	return Reply{
		Blocks: []Block{{Kind: Text, Text: text}},
		Controls: [][]Action{
			{{ID: link, Label: "Ke chat Telegram", Kind: Share, Text: text}, {ID: link, Label: "Ke WhatsApp", Kind: ShareWhatsApp, Text: text}},
			{{ID: link, Label: "Salin ringkasnya", Kind: Copy, Text: copied(topic)}, {ID: "g:" + topic.ID, Label: "Gambar"}},
			{{ID: link, Label: "Tautan", Kind: Private}},
		},
	}
}

// picture is a topic as a picture card.
func (t *turn) picture(topic knowledge.Topic) (Reply, error) {
	if t.bot.Draw == nil {
		reply := t.show(topic)
		reply.Blocks = append([]Block{text("Kartu gambar tidak tersedia di sini; ini jawabannya.")}, reply.Blocks...)
		return reply, nil
	}
	png, err := t.bot.Draw(t.base, topic)
	if err != nil {
		return Reply{}, fmt.Errorf("draw a card: %w", err)
	}
	return Reply{
		Blocks:   []Block{text("%s · %s", VerdictLine(topic.Verdict), topic.Title)},
		File:     &File{Name: topic.ID + ".png", Picture: true, Content: png},
		Controls: [][]Action{{shareButton(topic)}},
	}, nil
}

// card draws the topic that somebody names by its id or a few words.
func (t *turn) card(name string) (Reply, error) {
	if name == "" {
		return say("Tulis topiknya, misalnya: /kartu stiker. Semua topik ada di /topik."), nil
	}
	if topic, ok := t.base.Topic(strings.ToLower(name)); ok {
		return t.picture(topic)
	}
	found, _ := t.search.find(name, maxFound)
	switch len(found) {
	case 0:
		return say("Tidak ada topik dengan kata itu. Coba kata lain, atau lihat /topik."), nil
	case 1:
		return t.picture(found[0])
	}
	r := Reply{Blocks: []Block{heading("Kartu yang mana?")}, Offer: "Ketik nomornya:"}
	for _, topic := range found {
		r.Actions = append(r.Actions, Action{ID: "g:" + topic.ID, Label: topic.Title})
	}
	return t.offer(r), nil
}

// shared is a topic as people pass it on. The answer stands there whole, for a
// part of one may say the opposite; what else there is must fit.
func shared(base *knowledge.Base, topic knowledge.Topic) string {
	titled := VerdictLine(topic.Verdict) + " · " + topic.Title + "\n\n" + topic.Answer
	return firstOf(maxShared,
		titled+"\n\nDasar: "+basis(base, topic),
		titled+"\n\nDasar: "+strings.Join(base.BriefCitations(topic), "; ")+".",
		titled,
		VerdictLine(topic.Verdict)+"\n\n"+topic.Answer)
}

// copied is what still says of a topic what it says where there is little room;
// the link to the whole is added by the channel.
func copied(topic knowledge.Topic) string {
	titled := VerdictLine(topic.Verdict) + " · " + topic.Title
	return firstOf(maxCopied-maxLink, titled+"\n"+topic.Answer, titled, VerdictLine(topic.Verdict))
}

// maxLink is the number of characters that a link to a topic may take.
const maxLink = 110

// firstOf returns the first text that is no longer than so many characters, or the last.
func firstOf(limit int, texts ...string) string {
	for _, text := range texts[:len(texts)-1] {
		if utf8.RuneCountInString(text) <= limit {
			return text
		}
	}
	return texts[len(texts)-1]
}
