package match

import (
	"fmt"
	"strings"

	"tanyanetral/knowledge"
)

// Check finds what only matching can tell about the base: a phrasing that two
// topics share once it is normalised, and a topic that its own title does not find.
func (m *Matcher) Check() []knowledge.Problem {
	var problems []knowledge.Problem
	type origin struct {
		topic, file string
		line        int
	}
	first := map[string]origin{}
	for _, p := range m.base.PlacedQuestions() {
		key := strings.Join(wordTexts(m.model.analyser.lexicon.Words(p.Question)), " ")
		if key == "" {
			problems = append(problems, knowledge.Problem{File: p.File, Line: p.Line, What: "pertanyaan tanpa kata"})
			continue
		}
		before, ok := first[key]
		if !ok {
			first[key] = origin{p.Topic, p.File, p.Line}
		} else if before.topic != p.Topic {
			problems = append(problems, knowledge.Problem{File: p.File, Line: p.Line, What: fmt.Sprintf(
				"pertanyaan %q dari topik %q sama dengan pertanyaan topik %q di %s:%d", p.Question, p.Topic, before.topic, before.file, before.line)})
		}
	}
	for _, t := range m.base.Topics {
		if r := m.Match(t.Title, ""); len(r.ranked) == 0 || r.ranked[0] != t.ID || r.Outcome == Unknown {
			file, line := t.Place("title")
			problems = append(problems, knowledge.Problem{File: file, Line: line, What: fmt.Sprintf("judul topik %q tidak menemukan topiknya sendiri", t.ID)})
		}
	}
	return problems
}
