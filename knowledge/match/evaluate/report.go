package evaluate

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
)

// Matcher answers questions; last is the topic answered before, or "".
type Matcher interface {
	Match(question, last string) match.Result
}

// Share is a proportion with its 95 % confidence interval (Wilson's).
type Share struct {
	Count int     `json:"count"`
	Of    int     `json:"of"`
	Share float64 `json:"share"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

func (s *Share) add(hit bool) {
	s.Of++
	if hit {
		s.Count++
	}
	const z = 1.96
	n, p := float64(s.Of), float64(s.Count)/float64(s.Of)
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	s.Share, s.Low, s.High = p, max(0, middle-half), min(1, middle+half)
}

func (s Share) String() string {
	if s.Of == 0 {
		return "-"
	}
	return fmt.Sprintf("%5.1f%%  (%d/%d, 95%%: %.1f-%.1f)", 100*s.Share, s.Count, s.Of, 100*s.Low, 100*s.High)
}

// Figures are what is measured on a set of questions.
type Figures struct {
	Best            Share   `json:"best_right"`          // the answer, or the first of the choices
	TopThree        Share   `json:"top_3_right"`         // among the three likeliest, whatever the outcome
	RightOrOffered  Share   `json:"right_or_offered"`    // answered, or among the choices
	RightAtOnce     Share   `json:"right_at_once"`       // answered
	Answered        Share   `json:"answered"`            // questions with a topic that got an answer
	RightIfAnswered Share   `json:"right_when_answered"` // of the answers
	Confidence      float64 `json:"mean_confidence"`     // of the answers; calibrated where it equals RightIfAnswered
	Wrong           Share   `json:"wrong_answer"`        // of questions with a topic
	WrongPermissive Share   `json:"wrong_permissive"`    // the same, with a more permissive verdict
	OtherRefused    Share   `json:"other_refused"`       // questions about other subjects
	OtherAnswered   Share   `json:"other_answered"`      // the same
	Cost            float64 `json:"mean_cost"`           // of all questions, as in package match
	total           float64
	n               int
}

// Mistake is a question whose outcome cost something.
type Mistake struct {
	Question string   `json:"question"`
	Style    string   `json:"style"`
	Meant    []string `json:"meant"`
	Outcome  string   `json:"outcome"`
	Given    []string `json:"given"`
	Cost     float64  `json:"cost"`
}

// Report is the result of an evaluation.
type Report struct {
	Figures
	Styles   map[string]*Figures                             `json:"styles"`
	Harm     map[knowledge.Verdict]map[knowledge.Verdict]int `json:"harm"` // wrong answers: verdict given -> verdict meant
	Mistakes []Mistake                                       `json:"mistakes"`

	base *knowledge.Base
}

// NewReport returns an empty report about topics of a base.
func NewReport(base *knowledge.Base) *Report {
	return &Report{Styles: map[string]*Figures{}, Harm: map[knowledge.Verdict]map[knowledge.Verdict]int{}, base: base}
}

// Evaluate asks a matcher all questions.
func (r *Report) Evaluate(m Matcher, questions []Question) {
	for _, q := range questions {
		r.Add(q, m.Match(q.Text, ""))
	}
}

// Conversations asks a matcher the turns of conversations, as one person does,
// and counts the turns after the first.
func (r *Report) Conversations(m Matcher, conversations [][]knowledge.Turn) {
	for _, turns := range conversations {
		last := ""
		for i, turn := range turns {
			result := m.Match(turn.Question, last)
			if i > 0 {
				r.Add(Question{Topics: turn.Topics, Style: "lanjutan", Text: turns[i-1].Question + " -> " + turn.Question}, result)
			}
			switch result.Outcome {
			case match.Answer:
				last = result.Topic
			case match.Choices:
				// The person picks the right one where it is offered.
				for _, id := range result.Choices {
					if slices.Contains(turn.Topics, id) {
						last = id
						break
					}
				}
			}
		}
	}
}

// Add counts the result of one question.
func (r *Report) Add(q Question, result match.Result) {
	cost, meant := r.cost(q, result)
	style := r.Styles[q.Style]
	if style == nil {
		style = &Figures{}
		r.Styles[q.Style] = style
	}
	for _, f := range [...]*Figures{&r.Figures, style} {
		f.add(q, result, cost)
		if len(q.Topics) > 0 {
			f.WrongPermissive.add(cost == match.CostPermissive)
		}
	}
	given := result.Choices
	if result.Outcome == match.Answer {
		given = []string{result.Topic}
		if cost > 0 {
			verdict := r.verdict(result.Topic)
			if r.Harm[verdict] == nil {
				r.Harm[verdict] = map[knowledge.Verdict]int{}
			}
			r.Harm[verdict][meant]++
		}
	}
	if cost > 0 {
		r.Mistakes = append(r.Mistakes, Mistake{q.Text, q.Style, q.Topics, string(result.Outcome), given, cost})
	}
}

func (f *Figures) add(q Question, result match.Result, cost float64) {
	f.total += cost
	f.n++
	f.Cost = f.total / float64(f.n)
	answered := result.Outcome == match.Answer
	if len(q.Topics) == 0 {
		f.OtherRefused.add(result.Outcome == match.Unknown)
		f.OtherAnswered.add(answered)
		return
	}
	right := func(id string) bool { return slices.Contains(q.Topics, id) }
	rightAnswer := answered && right(result.Topic)
	offered := slices.ContainsFunc(result.Choices, right)
	f.Best.add(rightAnswer || result.Outcome == match.Choices && right(result.Choices[0]))
	ranked := result.Ranked()
	f.TopThree.add(slices.ContainsFunc(ranked[:min(3, len(ranked))], right))
	f.RightOrOffered.add(rightAnswer || offered)
	f.RightAtOnce.add(rightAnswer)
	f.Answered.add(answered)
	if answered {
		f.RightIfAnswered.add(rightAnswer)
		f.Confidence += (result.Confidence - f.Confidence) / float64(f.RightIfAnswered.Of)
	}
	f.Wrong.add(answered && !rightAnswer)
}

// cost returns what a result costs, and the verdict that was meant ("" for another subject).
func (r *Report) cost(q Question, result match.Result) (float64, knowledge.Verdict) {
	var meant knowledge.Verdict
	if len(q.Topics) > 0 {
		meant = r.verdict(q.Topics[0])
	}
	right := func(topic string) bool { return slices.Contains(q.Topics, topic) }
	return result.Cost(right, r.verdict, meant), meant
}

func (r *Report) verdict(topic string) knowledge.Verdict {
	t, _ := r.base.Topic(topic)
	return t.Verdict
}

// WriteText writes the report for people: figures, styles, the harm matrix and
// the mistakes, the costliest first.
func (r *Report) WriteText(w io.Writer, mistakes bool) {
	fmt.Fprintf(w, "best topic right          %v\n", r.Best)
	fmt.Fprintf(w, "among the likeliest three %v\n", r.TopThree)
	fmt.Fprintf(w, "right or offered          %v\n", r.RightOrOffered)
	fmt.Fprintf(w, "right answer at once      %v\n", r.RightAtOnce)
	fmt.Fprintf(w, "answered                  %v\n", r.Answered)
	fmt.Fprintf(w, "right when answered       %v\n", r.RightIfAnswered)
	fmt.Fprintf(w, "confidence when answered  %5.1f%%\n", 100*r.Confidence)
	fmt.Fprintf(w, "wrong answer              %v\n", r.Wrong)
	fmt.Fprintf(w, "wrong, more permissive    %v\n", r.WrongPermissive)
	fmt.Fprintf(w, "other subject, refused    %v\n", r.OtherRefused)
	fmt.Fprintf(w, "other subject, answered   %v\n", r.OtherAnswered)
	fmt.Fprintf(w, "mean cost                  %.3f  (%d questions)\n", r.Cost, r.n)

	fmt.Fprintf(w, "\n%-14s %28s %28s %10s %10s\n", "style", "best right, 95%", "right or offered, 95%", "wrong", "cost")
	styles := make([]string, 0, len(r.Styles))
	for style := range r.Styles {
		styles = append(styles, style)
	}
	slices.Sort(styles)
	interval := func(s Share) string {
		if s.Of == 0 {
			return "-"
		}
		return fmt.Sprintf("%.1f (%.1f-%.1f) of %d", 100*s.Share, 100*s.Low, 100*s.High, s.Of)
	}
	for _, style := range styles {
		f := r.Styles[style]
		wrong := f.Wrong.Count + f.OtherAnswered.Count
		fmt.Fprintf(w, "%-14s %28s %28s %10d %10.3f\n", style, interval(f.Best), interval(f.RightOrOffered), wrong, f.Cost)
	}

	fmt.Fprintf(w, "\nwrong answers, verdict given (rows) against verdict meant (columns)\n%-10s", "")
	verdicts := []knowledge.Verdict{knowledge.Boleh, knowledge.Bersyarat, knowledge.Dilarang, knowledge.Info}
	for _, meant := range append(verdicts, "") {
		fmt.Fprintf(w, "%11s", cmp.Or(string(meant), "(other)"))
	}
	fmt.Fprintln(w)
	for _, given := range verdicts {
		fmt.Fprintf(w, "%-10s", given)
		for _, meant := range append(verdicts, "") {
			fmt.Fprintf(w, "%11d", r.Harm[given][meant])
		}
		fmt.Fprintln(w)
	}
	if !mistakes {
		return
	}
	fmt.Fprintf(w, "\nmistakes\n")
	sorted := slices.Clone(r.Mistakes)
	slices.SortStableFunc(sorted, func(a, b Mistake) int { return -cmp.Compare(a.Cost, b.Cost) })
	for _, m := range sorted {
		meant := "-"
		if len(m.Meant) > 0 {
			meant = fmt.Sprint(m.Meant)
		}
		fmt.Fprintf(w, "%4.1f  %-7s %s: %s\n      meant %s, got %v\n", m.Cost, m.Outcome, m.Style, m.Question, meant, m.Given)
	}
}
