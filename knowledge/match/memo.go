package match

import "sync"

// Memo is a Matcher that remembers what it found lately: at the height of a
// campaign many people ask the same in the same words. It is safe for concurrent use.
type Memo struct {
	matcher *Matcher

	mu          sync.Mutex
	young, aged map[asked]Result // together they hold what was asked most lately
}

type asked struct{ question, last string }

const (
	memoSize  = 2000 // results in each half of a Memo
	memorable = 200  // bytes of the longest question that somebody else may ask in the same words
)

// NewMemo returns a Memo of what a matcher finds.
func NewMemo(m *Matcher) *Memo { return &Memo{matcher: m, young: map[asked]Result{}} }

// Match returns what Matcher.Match returns. The result must not be changed.
func (m *Memo) Match(question, last string) Result {
	if len(question) > memorable {
		return m.matcher.Match(question, last)
	}
	if last != "" && !leans(m.matcher.model.analyser.analyse(question)) {
		last = "" // what was answered before makes no difference
	}
	key := asked{question, last}
	m.mu.Lock()
	r, ok := m.young[key]
	if !ok {
		r, ok = m.aged[key]
	}
	m.mu.Unlock()
	if !ok {
		r = m.matcher.Match(question, last)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.young) >= memoSize {
		m.young, m.aged = map[asked]Result{}, m.young
	}
	m.young[key] = r
	return r
}
