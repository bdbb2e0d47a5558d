package knowledge

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Earlier is what a topic said until a day.
type Earlier struct {
	Date    Date       `yaml:"date"`    // the first day on which that was so no longer
	Verdict Verdict    `yaml:"verdict"` // "" for the one that followed
	Basis   []Citation `yaml:"basis"`   // none for the one that followed
	Note    string     `yaml:"note"`    // why it changed, one sentence; at most MaxNote characters
}

// Change is how an answer changed on a day.
type Change struct {
	Date   Date
	Before Said
	Since  Said // until the next change
	Note   string
}

// Said is what an answer turns on.
type Said struct {
	Verdict Verdict
	Basis   []string // as Base.Citations lists them: each with the state that it has now
}

// History returns all changes of a topic that are known, the latest first.
func (b *Base) History(t Topic) []Change {
	var changes []Change
	since := Said{t.Verdict, b.Citations(t)}
	for _, e := range t.History {
		before := since
		if e.Verdict != "" {
			before.Verdict = e.Verdict
		}
		if len(e.Basis) > 0 {
			before.Basis = texts(b.Cited(e.Basis), Cited.String)
		}
		changes = append(changes, Change{e.Date, before, since, e.Note})
		since = before
	}
	return changes
}

// Changes returns the changes of a topic in the year until today, the latest
// first. On the zero Date there is none.
func (b *Base) Changes(t Topic, today Date) []Change {
	return slices.DeleteFunc(b.History(t), func(c Change) bool {
		age := c.Date.DaysUntil(today)
		return age < 0 || age > year
	})
}

// Sentence says what changed, and when: the verdict in the words that verdict gives
// (those of Verdict.Word, or others), or else the basis. Why is in Note.
func (c Change) Sentence(verdict func(Verdict) string) string {
	var what string
	gone, added := c.basis()
	switch {
	case c.Before.Verdict != c.Since.Verdict:
		what = "dari " + verdict(c.Before.Verdict) + " menjadi " + verdict(c.Since.Verdict)
	case gone == "":
		what = "dasar hukumnya bertambah " + added
	case added == "":
		what = "dasar hukumnya tidak lagi memuat " + gone
	default:
		what = "dasar hukumnya dari " + gone + " menjadi " + added
	}
	return fmt.Sprintf("Berubah %s: %s.", c.Date.Indonesian(), what)
}

// basis lists what the answer rests on no longer, and what it rests on since.
func (c Change) basis() (gone, added string) {
	return without(c.Before.Basis, c.Since.Basis), without(c.Since.Basis, c.Before.Basis)
}

// without lists the citations that are not among others.
func without(citations, others []string) string {
	left := slices.DeleteFunc(slices.Clone(citations), func(c string) bool { return slices.Contains(others, c) })
	return strings.Join(left, "; ")
}

// history makes sure that a topic's history is told in order, and that each entry
// says what was otherwise and why.
func (c *checker) history(t Topic) {
	var later Date // of the entry before this one
	for i, change := range c.base.History(t) {
		e := t.History[i]
		problem := func(format string, args ...any) {
			file, line := t.place.item("history", i)
			c.problem(file, line, "riwayat: "+format, args...)
		}
		switch {
		case e.Date.IsZero():
			problem("\"date\" tidak diisi")
		case !t.Verified.IsZero() && t.Verified.Before(e.Date):
			problem("%s sesudah \"verified\" (%s)", e.Date, t.Verified)
		case !later.IsZero() && !e.Date.Before(later):
			problem("%s tidak sebelum %s: urutkan dari yang terbaru", e.Date, later)
		}
		later = e.Date
		if e.Verdict != "" && e.Verdict.Word() == "" {
			problem("%s", unknownVerdict(e.Verdict))
		}
		for _, citation := range e.Basis {
			if _, ok := c.base.Regulation(citation.Regulation); !ok {
				problem("peraturan %q tidak ada di regulations.yaml", citation.Regulation)
			}
		}
		if strings.TrimSpace(e.Note) == "" {
			problem("\"note\" tidak diisi")
		}
		if n := utf8.RuneCountInString(e.Note); n > MaxNote {
			problem("\"note\" %d huruf, paling banyak %d", n, MaxNote)
		}
		if gone, added := change.basis(); change.Before.Verdict == change.Since.Verdict && gone+added == "" {
			problem("\"verdict\" dan \"basis\" sama dengan yang sesudahnya")
		}
	}
}
