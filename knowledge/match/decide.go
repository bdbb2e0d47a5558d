package match

import (
	"slices"

	"tanyanetral/knowledge"
)

// The costs of what can happen, from the design of the project: a wrong answer
// is worse than a question back, and a question back is worse than a right answer.
const (
	CostChoices      = 0.5 // choices with the right one among them
	CostUnknown      = 1.0 // unknown, though a topic exists
	CostWrongChoices = 1.5 // choices without the right one, or for another subject
	CostWrong        = 3.0 // wrong topic with a verdict as strict or stricter; an answer to another subject
	CostPermissive   = 10. // wrong topic with a more permissive verdict
)

const (
	maxChoices = 4
	minChoice  = 0.02 // probability below which a topic is not worth a line
)

// CostOfAnswer is the cost of answering with a topic of one verdict where
// another topic, with another verdict, was meant.
func CostOfAnswer(given, meant knowledge.Verdict) float64 {
	if given.MorePermissive(meant) {
		return CostPermissive
	}
	return CostWrong
}

// Cost is what a result costs. right tells whether a topic is a right answer,
// verdict gives the verdict of a topic; meant is that of the right one, "" where
// the question is about another subject.
func (r Result) Cost(right func(topic string) bool, verdict func(topic string) knowledge.Verdict, meant knowledge.Verdict) float64 {
	switch {
	case r.Outcome == Answer && right(r.Topic):
		return 0
	case r.Outcome == Answer && meant == "":
		return CostWrong
	case r.Outcome == Answer:
		return CostOfAnswer(verdict(r.Topic), meant)
	case r.Outcome == Choices && slices.ContainsFunc(r.Choices, right):
		return CostChoices
	case r.Outcome == Choices:
		return CostWrongChoices
	case meant == "":
		return 0
	}
	return CostUnknown
}

// decide takes the outcome with the least expected cost. caution multiplies
// the cost of a wrong answer.
func (m *Matcher) decide(candidates []candidate, caution float64) Result {
	none := 0.0
	var topics []candidate
	for _, c := range candidates {
		if c.class == background {
			none = c.p
		} else {
			topics = append(topics, c)
		}
	}
	unknown := Result{Outcome: Unknown, Confidence: none, ranked: m.ids(topics)}
	if len(topics) == 0 {
		return unknown
	}
	best := topics[0]
	answerCost := none * CostWrong
	for _, c := range topics[1:] {
		answerCost += c.p * CostOfAnswer(m.verdicts[best.class], m.verdicts[c.class])
	}
	answerCost *= caution

	offered := topics[:1]
	for len(offered) < min(maxChoices, len(topics)) && (len(offered) < 2 || topics[len(offered)].p >= minChoice) {
		offered = topics[:len(offered)+1]
	}
	inside := 0.0
	for _, c := range offered {
		inside += c.p
	}
	choicesCost := CostChoices*inside + CostWrongChoices*(1-inside)
	unknownCost := CostUnknown * (1 - none)

	switch {
	case answerCost <= choicesCost && answerCost <= unknownCost:
		return Result{Outcome: Answer, Topic: m.classes[best.class], Confidence: best.p, ranked: m.ids(topics)}
	case choicesCost < unknownCost && len(offered) >= 2:
		return Result{Outcome: Choices, Choices: m.ids(offered), Confidence: inside, ranked: m.ids(topics)}
	}
	return unknown
}

func (m *Matcher) ids(candidates []candidate) []string {
	ids := make([]string, len(candidates))
	for i, c := range candidates {
		ids[i] = m.classes[c.class]
	}
	return ids
}
