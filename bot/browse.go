package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tanyanetral/knowledge"
)

// pageSize is the number of topics of a category that stand in one message.
const pageSize = 8

// browse shows all categories, or a page of the topics of one: "medsos 2" as it
// is typed, "medsos:2" as an action has it.
func (t *turn) browse(where string) Reply {
	parts := strings.FieldsFunc(where, func(r rune) bool { return r == ':' || unicode.IsSpace(r) })
	if len(parts) == 0 {
		return t.categories()
	}
	all := t.categoriesWithTopics()
	i := slices.IndexFunc(all, func(c knowledge.Category) bool { return c.ID == strings.ToLower(parts[0]) })
	if number, err := strconv.Atoi(parts[0]); err == nil && number >= 1 && number <= len(all) {
		i = number - 1
	}
	switch {
	case i < 0 && t.event.Action != "":
		return gone()
	case i < 0:
		r := t.categories()
		r.Blocks = append([]Block{text("Kategori itu tidak ada; ini semuanya.")}, r.Blocks...)
		return r
	}
	page := 1
	if len(parts) > 1 {
		page, _ = strconv.Atoi(parts[1]) // what is no number becomes the first page
	}
	return t.category(all[i], page)
}

func (t *turn) categories() Reply {
	r := Reply{Blocks: []Block{heading("Topik")}, Offer: "Ketik nomor kategorinya:", Replace: true}
	for _, c := range t.categoriesWithTopics() {
		r.Actions = append(r.Actions, Action{ID: "k:" + c.ID, Label: fmt.Sprintf("%s (%d)", c.Title, len(t.topicsOf(c)))})
	}
	return t.offer(r)
}

func (t *turn) categoriesWithTopics() []knowledge.Category {
	return slices.DeleteFunc(slices.Clone(t.base.Categories), func(c knowledge.Category) bool { return len(t.topicsOf(c)) == 0 })
}

func (t *turn) category(c knowledge.Category, page int) Reply {
	topics := t.topicsOf(c)
	pages := (len(topics) + pageSize - 1) / pageSize
	page = max(1, min(page, pages))
	r := Reply{Blocks: []Block{heading(c.Title)}, Offer: "Ketik nomor topiknya:", Replace: true}
	if pages > 1 {
		r.Blocks = []Block{heading(fmt.Sprintf("%s (%d dari %d)", c.Title, page, pages))}
	}
	for _, topic := range topics[(page-1)*pageSize : min(page*pageSize, len(topics))] {
		r.Actions = append(r.Actions, topicAction(topic))
	}
	var turn []Action
	if page > 1 {
		turn = append(turn, Action{ID: fmt.Sprintf("k:%s:%d", c.ID, page-1), Label: "‹ Sebelumnya"})
	}
	if page < pages {
		turn = append(turn, Action{ID: fmt.Sprintf("k:%s:%d", c.ID, page+1), Label: "Berikutnya ›"})
		r.Offer = fmt.Sprintf("Ketik nomor topiknya, atau /topik %s %d untuk yang berikutnya:", c.ID, page+1)
	}
	if len(turn) > 0 {
		r.Controls = append(r.Controls, turn)
	}
	r.Controls = append(r.Controls, []Action{{ID: "k:", Label: "Semua kategori"}})
	return t.offer(r)
}

func (t *turn) topicsOf(c knowledge.Category) []knowledge.Topic {
	var topics []knowledge.Topic
	for _, topic := range t.base.Topics {
		if topic.Category == c.ID {
			topics = append(topics, topic)
		}
	}
	return topics
}

func (t *turn) find(words string) Reply {
	if words == "" {
		return say("Tulis kata yang dicari, misalnya: /cari stiker. Semua topik ada di /topik.")
	}
	found, exact := t.search.find(words, maxFound)
	if len(found) == 0 {
		return say("Tidak ada topik dengan kata itu. Coba kata lain, atau tulis pertanyaan Anda seperti biasa.")
	}
	r := Reply{Blocks: []Block{heading("Hasil pencarian")}, Offer: "Ketik nomor topiknya:"}
	if !exact {
		r.Blocks = []Block{heading("Tidak ada yang persis; mungkin ini")}
	}
	for _, topic := range found {
		r.Actions = append(r.Actions, topicAction(topic))
	}
	return t.offer(r)
}

// reportTopic and nextElectionTopic are topics that commands show; without them the commands say less.
const (
	reportTopic       = "lapor-ke-mana"
	nextElectionTopic = "jadwal-pemilu-berikut"
	crisisContact     = "krisis"
)

func (t *turn) report() Reply {
	if topic, ok := t.base.Topic(reportTopic); ok {
		return t.show(topic)
	}
	return t.contacts()
}

func (t *turn) contacts() Reply {
	r := Reply{Blocks: []Block{heading("Kontak")}}
	for _, c := range t.base.Contacts {
		if c.ID != crisisContact {
			r.Blocks = append(r.Blocks, contactBlock(c))
		}
	}
	return r
}

func contactBlock(c knowledge.Contact) Block {
	return Block{Kind: Bullets, Text: c.Name + ": " + c.For, Items: c.Reach}
}
