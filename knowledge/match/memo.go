package match

import "sync"

// Memo is a Matcher that remembers what it found lately: at the height of a
// campaign many people ask the same in the same words. It is safe for concurrent use.
type Memo struct {
	matcher *Matcher

	mu          sync.Mutex
	young, aged found // together they hold what was asked most lately
}

// found is what was found for some questions.
type found struct {
	heard   map[string]*heard
	results map[asked]Result
}

// standsAsHeard is kept of questions that lean on nothing: their result says all.
var standsAsHeard = &heard{}

type asked struct{ question, last string }

const (
	memoSize  = 2000 // results in each half of a Memo
	memorable = 200  // bytes of the longest question that somebody else may ask in the same words
)

// NewMemo returns a Memo of what a matcher finds.
func NewMemo(m *Matcher) *Memo { return &Memo{matcher: m, young: nothingFound(), aged: nothingFound()} }

func nothingFound() found { return found{map[string]*heard{}, map[asked]Result{}} }

// Match returns what Matcher.Match returns. The result must not be changed.
func (m *Memo) Match(question, last string) Result {
	if len(question) > memorable {
		return m.matcher.Match(question, last)
	}
	m.mu.Lock()
	h, ok := recall(m.young.heard, m.aged.heard, question)
	m.mu.Unlock()
	if !ok {
		h = m.matcher.hear(question)
	}
	if !h.leans() {
		last = "" // what was answered before makes no difference
	}
	key := asked{question, last}
	m.mu.Lock()
	r, ok := recall(m.young.results, m.aged.results, key)
	m.mu.Unlock()
	if !ok {
		if h == standsAsHeard { // its result was forgotten
			h = m.matcher.hear(question)
		}
		r = m.matcher.answer(h, last)
	}
	if !h.leans() {
		h = standsAsHeard
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.young.results) >= memoSize {
		m.young, m.aged = nothingFound(), m.young
	}
	m.young.heard[question], m.young.results[key] = h, r
	return r
}

// Aspects returns what Matcher.Aspects returns.
func (m *Memo) Aspects(question string) Aspects { return m.matcher.Aspects(question) }

func recall[K comparable, V any](young, aged map[K]V, key K) (value V, ok bool) {
	if value, ok = young[key]; !ok {
		value, ok = aged[key]
	}
	return value, ok
}
