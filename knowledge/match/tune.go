package match

import (
	"fmt"
	"slices"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/indonesian"
)

// backgroundShare is the share of questions about other subjects that thresholds are chosen for.
const backgroundShare = 0.2

// CrossValidate calls evaluate once for each hand, with a matcher that has seen
// none of that hand's phrasings and none of its share of the background
// questions: figures gained so hold for people whose questions are not in the knowledge.
func CrossValidate(base *knowledge.Base, evaluate func(m *Matcher, hand string, unseen []knowledge.Phrasing)) {
	lexicon := indonesian.NewLexicon()
	for _, hand := range Hands(base) {
		evaluate(newMatcher(base, lexicon, DefaultParams(), hand), hand, Unseen(base, hand))
	}
}

// Unseen lists what a matcher without a hand has not seen, background questions with the topic "-".
func Unseen(base *knowledge.Base, hand string) []knowledge.Phrasing {
	out := slices.DeleteFunc(AllPhrasings(base), func(p knowledge.Phrasing) bool { return p.Hand != hand })
	hands := Hands(base)
	for i, b := range base.Background {
		if hands[i%len(hands)] == hand {
			out = append(out, knowledge.Phrasing{Topic: "-", Question: b.Question, Hand: b.Kind})
		}
	}
	return out
}

// AllPhrasings lists the phrasings of a base, those that stand with their topics first.
func AllPhrasings(base *knowledge.Base) []knowledge.Phrasing {
	var out []knowledge.Phrasing
	for _, t := range base.Topics {
		for _, question := range t.Questions {
			out = append(out, knowledge.Phrasing{Topic: t.ID, Question: question, Hand: authorHand})
		}
	}
	return append(out, base.Phrasings...)
}

// Tune chooses Params by cross-validation over the hands of a base, under the
// costs of decide. report is told the figures on the way.
func Tune(base *knowledge.Base, report func(string)) Params {
	lexicon := indonesian.NewLexicon()
	params := DefaultParams()
	var texts []judged
	var turns []judgedFollowUp
	verdicts := &Matcher{}
	for _, hand := range Hands(base) {
		m := newMatcher(base, lexicon, params, hand)
		verdicts = m
		questions := Unseen(base, hand)
		out := make([]judged, len(questions))
		each(len(questions), func(i int) {
			q := questions[i]
			j := judged{class: m.numbers[q.Topic], second: m.second(q.Alternative), weight: 1}
			j.candidates = m.model.candidates(m.model.analyser.analyse(q.Question))
			out[i] = j
		})
		texts = append(texts, out...)
		turns = append(turns, m.changesOfSubject(questions)...)
		report(fmt.Sprintf("hand %s: %d questions", hand, len(questions)))
	}
	backgrounds := 0
	for _, t := range texts {
		if t.class == background {
			backgrounds++
		}
	}
	for i := range texts {
		if texts[i].class == background {
			texts[i].weight = backgroundShare / (1 - backgroundShare) * float64(len(texts)-backgrounds) / float64(backgrounds)
		}
	}
	params.Fusion = fitFusion(texts)
	report(fmt.Sprintf("fusion %.3f", params.Fusion))

	params.Caution = chooseCaution(verdicts, params, texts, report)

	m := newMatcher(base, lexicon, params, "")
	for _, conversation := range base.Conversations {
		for i, turn := range conversation[1:] {
			if t, ok := m.judgeFollowUp(turn.Question, m.numbers[conversation[i].Topics[0]], turn.Topics); ok {
				turns = append(turns, t)
			}
		}
	}
	if len(turns) > 0 {
		params.FollowUp = fitFollowUp(turns)
		report(fmt.Sprintf("follow-up %.3f, from %d turns", params.FollowUp, len(turns)))
	}
	return params
}

// judgeFollowUp scores a turn whose topics are known, none for another subject,
// and reports whether it leans on the last topic at all.
func (m *Matcher) judgeFollowUp(question string, last int32, topics []string) (judgedFollowUp, bool) {
	an := m.model.analyser.analyse(question)
	if !leans(an) {
		return judgedFollowUp{}, false
	}
	evidence, classes := m.followUpEvidence(an, m.rank(an), last)
	t := judgedFollowUp{evidence: evidence}
	for _, class := range classes {
		if class == background {
			t.right = append(t.right, len(topics) == 0)
		} else {
			t.right = append(t.right, slices.Contains(topics, m.classes[class]))
		}
	}
	return t, true
}

// oneIn is one in how many unseen questions, with a topic and without, that is
// taken as a change of subject in a conversation.
const oneIn, oneInBackground = 25, 2

// changesOfSubject puts unseen questions behind topics that have nothing to do
// with them: a short question need not lean on what came before.
func (m *Matcher) changesOfSubject(questions []knowledge.Phrasing) []judgedFollowUp {
	var turns []judgedFollowUp
	for i, q := range questions {
		last := int32(1 + i*37%len(m.base.Topics))
		var topics []string
		switch {
		case q.Topic == "-" && i%oneInBackground == 0:
		case q.Topic != "-" && i%oneIn == 0:
			topics = []string{q.Topic}
		default:
			continue
		}
		if t, ok := m.judgeFollowUp(q.Question, last, topics); ok {
			turns = append(turns, t)
		}
	}
	return turns
}

// mostWrong is the share of wrong answers, of all questions with a topic, that
// is accepted in cross-validation. The shipped matcher has learned from every
// hand, not from all but one, and is wrong less often.
const mostWrong = 0.0125

// chooseCaution takes the least caution whose wrong answers stay below mostWrong.
func chooseCaution(m *Matcher, params Params, texts []judged, report func(string)) float64 {
	chosen := 0.0
	for _, caution := range [...]float64{1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 7, 10} {
		var cost, wrong, atOnce, inScope, total float64
		for _, t := range texts {
			r := m.decide(params.Fusion.fuse(slices.Clone(t.candidates)), caution)
			right := func(topic string) bool { return t.right(m.numbers[topic]) }
			cost += t.weight * r.Cost(right, m.verdict, m.verdicts[t.class])
			total += t.weight
			if t.class == background {
				continue
			}
			inScope += t.weight
			if r.Outcome == Answer {
				if right(r.Topic) {
					atOnce += t.weight
				} else {
					wrong += t.weight
				}
			}
		}
		report(fmt.Sprintf("caution %.2f: mean cost %.3f, right at once %.1f%%, wrong answers %.2f%%", caution, cost/total, 100*atOnce/inScope, 100*wrong/inScope))
		if chosen == 0 && wrong/inScope <= mostWrong {
			chosen = caution
		}
	}
	if chosen == 0 {
		chosen = 10
	}
	return chosen
}

func (m *Matcher) verdict(topic string) knowledge.Verdict { return m.verdicts[m.numbers[topic]] }
