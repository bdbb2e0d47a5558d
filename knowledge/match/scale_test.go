package match

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/indonesian"
)

// BenchmarkTopics matches questions with 1, 10 and 100 times the topics of the
// embedded knowledge. The added topics are copies in which every other word of
// some length is a word of their own, with nine phrasings each.
func BenchmarkTopics(b *testing.B) {
	base, problems := knowledge.Load(knowledge.Embedded())
	if len(problems) > 0 {
		b.Fatal(problems[0])
	}
	lexicon := indonesian.NewLexicon()
	for _, times := range []int{1, 10, 100} {
		large := multiplied(base, times)
		b.Run(fmt.Sprint(len(large.Topics)), func(b *testing.B) {
			m := newMatcher(large, lexicon, DefaultParams(), "")
			var questions []string
			for _, t := range large.Topics {
				questions = append(questions, t.Questions[8%len(t.Questions)]+" ya min")
			}
			var taken []time.Duration
			i := 0
			for b.Loop() {
				start := time.Now()
				m.Match(questions[i%len(questions)], "")
				taken = append(taken, time.Since(start))
				i += 131
			}
			slices.Sort(taken)
			b.ReportMetric(float64(taken[len(taken)*99/100].Microseconds()), "p99-µs")
		})
	}
}

func multiplied(base *knowledge.Base, times int) *knowledge.Base {
	large := &knowledge.Base{Background: base.Background, Concepts: base.Concepts}
	for copied := range times {
		for _, t := range base.Topics {
			own := func(text string) string {
				words := strings.Fields(text)
				for i, w := range words {
					if copied > 0 && len(w) > 4 && (len(w)+int(w[0])+copied)%2 == 0 {
						words[i] = fmt.Sprintf("%szz%c%c", w, 'a'+copied%26, 'a'+copied/26)
					}
				}
				return strings.Join(words, " ")
			}
			c := t
			c.ID = fmt.Sprintf("%s-%d", t.ID, copied)
			c.Title = own(t.Title)
			c.Related = nil
			c.Questions = nil
			for _, question := range t.Questions[:9] {
				c.Questions = append(c.Questions, own(question))
			}
			large.Topics = append(large.Topics, c)
		}
	}
	return large
}
