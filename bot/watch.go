package bot

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"tanyanetral/knowledge"
	"tanyanetral/store"
)

// maxWatches is the number of things that one person can ask to be told about.
const maxWatches = 20

const nobodyNotice = "Di sini saya tidak dapat mengenali Anda. Silakan tekan tombol ini di chat pribadi dengan saya."

func watchButton(topic knowledge.Topic, watched bool) Action {
	if watched {
		return Action{ID: "w-:" + topic.ID, Label: "🔕 Jangan kabari lagi"}
	}
	return Action{ID: "w+:" + topic.ID, Label: "🔔 Kabari bila berubah"}
}

func questionButton(id string, watched bool) Action {
	if watched {
		return Action{ID: "q-:" + id, Label: "🔕 Jangan kabari lagi"}
	}
	return Action{ID: "q+:" + id, Label: "🔔 Kabari bila sudah ada"}
}

func ofTopic(id string) func(store.Watch) bool {
	return func(w store.Watch) bool { return w.Topic == id && w.ID == "" }
}

func ofQuestion(id string) func(store.Watch) bool {
	return func(w store.Watch) bool { return w.Topic == "" && w.ID == id }
}

// fingerprint is a topic's verdict and basis in short: what an answer turns on.
// Where it changes, those who watch the topic are told.
func fingerprint(base *knowledge.Base, topic knowledge.Topic) string {
	var basis []string
	for _, c := range topic.Basis {
		r, _ := base.Regulation(c.Regulation)
		basis = append(basis, fmt.Sprintf("%q %q %q", c.Regulation, c.Article, r.Status))
	}
	slices.Sort(basis)
	hash := fnv.New64a()
	hash.Write([]byte(strings.Join(basis, "\n")))
	return fmt.Sprintf("%s:%016x", topic.Verdict, hash.Sum64())
}

// verdictOf is the verdict in a fingerprint.
func verdictOf(fingerprint string) knowledge.Verdict {
	verdict, _, _ := strings.Cut(fingerprint, ":")
	return knowledge.Verdict(verdict)
}

// watch notes that a person wants to be told when an answer changes.
func (t *turn) watch(topic knowledge.Topic) Reply {
	return t.redraw(topic, t.addWatch(store.Watch{Topic: topic.ID, Seen: fingerprint(t.base, topic)}))
}

func (t *turn) unwatch(topic string) Reply {
	notice := t.dropWatch(ofTopic(topic))
	if topic, ok := t.base.Topic(topic); ok {
		return t.redraw(topic, notice)
	}
	return Reply{Notice: notice}
}

// watchQuestion notes that a person wants to be told when a question has an answer.
func (t *turn) watchQuestion(id string) (Reply, error) {
	var question store.Question
	err := t.bot.Store.View(func(tx store.Tx) (err error) {
		question, err = tx.Question(id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return Reply{Notice: "Catatan pertanyaan itu sudah tidak ada. Silakan tulis pertanyaannya sekali lagi."}, nil
	}
	if err != nil {
		return Reply{}, err
	}
	// What was offered, or is found without the question before it, is no news later.
	seen := append(question.Topics, topicsOf(t.matcher.Match(question.Text, ""))...)
	slices.Sort(seen)
	notice := t.addWatch(store.Watch{Question: question.Text, ID: id, Seen: strings.Join(slices.Compact(seen), " ")})
	return t.redrawQuestion(id, notice), nil
}

func (t *turn) unwatchQuestion(id string) Reply {
	return t.redrawQuestion(id, t.dropWatch(ofQuestion(id)))
}

func (t *turn) redrawQuestion(id, notice string) Reply {
	reply := Reply{Notice: notice}
	if t.personal() && questionID.MatchString(id) {
		reply.Controls = [][]Action{{questionButton(id, slices.ContainsFunc(t.person.Watches, ofQuestion(id)))}}
	}
	return reply
}

// ended removes a watch.
func ended(isIt func(store.Watch) bool) func(*store.Person) {
	return func(p *store.Person) { p.Watches = slices.DeleteFunc(p.Watches, isIt) }
}

// addWatch adds a watch and says so in a few words, or why not.
func (t *turn) addWatch(w store.Watch) (notice string) {
	same := ofTopic(w.Topic)
	if w.Topic == "" {
		same = ofQuestion(w.ID)
	}
	full := func(p store.Person) bool { return len(p.Watches) >= maxWatches }
	switch {
	case !t.known():
		return nobodyNotice
	case slices.ContainsFunc(t.person.Watches, same):
		return "Anda sudah akan dikabari. Mengaturnya: /data_saya di chat pribadi."
	case full(t.person):
		return fmt.Sprintf("Maaf, paling banyak %d kabar untuk setiap orang. Hentikan salah satunya dahulu di /data_saya.", maxWatches)
	}
	t.change(func(p *store.Person) {
		if !full(*p) && !slices.ContainsFunc(p.Watches, same) {
			p.Watches = append(p.Watches, w)
		}
	})
	if t.event.Group {
		return "🔔 Baik, Anda akan saya kabari di chat pribadi. Bila belum pernah, mulailah dahulu chat pribadi dengan saya."
	}
	return "🔔 Baik, Anda akan saya kabari."
}

// dropWatch ends a watch and says so in a few words.
func (t *turn) dropWatch(isIt func(store.Watch) bool) (notice string) {
	if !t.known() {
		return nobodyNotice
	}
	if slices.ContainsFunc(t.person.Watches, isIt) {
		t.change(ended(isIt))
	}
	return "🔕 Baik, Anda tidak akan dikabari lagi tentang hal itu."
}
