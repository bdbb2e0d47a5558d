package match

import (
	"math"
	"slices"

	"tanyanetral/knowledge"
)

// A follow-up question leaves out what the one before has said: "kalau istri
// saya?", "sanksinya apa?". It is scored as it stands, and again behind the
// title of the last topic. A question that stands on its own feet is left alone.

// followUpEvidence is what speaks for a class after a last topic; its order is that of the weights.
type followUpEvidence [followUpCount]float64

const (
	fuAlone    = iota // log probability of the question by itself
	fuMerged          // log probability behind the last topic's title
	fuReplaced        // the same, less what the question puts something else in place of
	fuAsked           // share of the question's concepts that the title has
	fuSaid            // share of the question's words, by weight, that the topic's answer says
	fuSame            // 1 for the last topic itself
	fuSameSaid        // fuSaid, for the last topic itself
	fuRelated         // 1 for the topics that the last topic names as related
	fuCategory        // 1 for the last topic's category
	fuNone            // 1 for background
	followUpCount
)

// leaning are the words with which a question begins that carries on.
var leaning = map[string]bool{
	"kalau": true, "terus": true, "lalu": true, "tapi": true, "dan": true, "bagaimana": true, "sekalian": true, "bukannya": true, "berarti": true,
	"kecuali": true, "walau": true, "walaupun": true, "meski": true, "misal": true, "misalnya": true, "untuk": true, "buat": true, "jika": true, "bila": true,
	"apalagi": true, "termasuk": true, "atau": true, "setelah": true, "jadi": true, "sama": true,
}

const shortQuestion = 5 // words up to which a question is taken to lean on the last topic

// leans tells whether a question may lean on the one before.
func leans(an analysis) bool {
	return len(an.words) > 0 && (len(an.words) <= shortQuestion || leaning[an.words[0]] && len(an.words) <= 3*shortQuestion)
}

// standsAlone is the probability from which on a question needs nothing that came
// before, short as it may be. Of the values that were tried, the project's own
// conversations cost least with it.
const standsAlone = 0.996

// inContext ranks the candidates anew where a question may lean on the last topic.
func (m *Matcher) inContext(an analysis, alone []candidate, last string) []candidate {
	class, ok := m.numbers[last]
	if !ok || !leans(an) || alone[0].class != background && alone[0].p >= standsAlone {
		return alone
	}
	evidence, classes := m.followUpEvidence(an, alone, class)
	weights := m.params.FollowUp
	out := make([]candidate, len(classes))
	best := math.Inf(-1)
	for i, e := range evidence {
		out[i] = candidate{class: classes[i], p: weights.score(e)}
		best = max(best, out[i].p)
	}
	return normalise(out, best)
}

func (w followUpEvidence) score(e followUpEvidence) float64 {
	sum := 0.0
	for j := range e {
		sum += w[j] * e[j]
	}
	return sum
}

func (m *Matcher) followUpEvidence(an analysis, alone []candidate, last int32) ([]followUpEvidence, []int32) {
	title := m.about[last].title
	merged := m.rank(m.model.analyser.join(title, an))
	replaced := merged
	if left := m.model.analyser.without(title, an); len(left.words) < len(title.words) {
		replaced = m.rank(m.model.analyser.join(left, an))
	}
	lastTopic := m.base.Topics[last-1]
	classes := []int32{background, last}
	for _, c := range alone {
		classes = append(classes, c.class)
	}
	for _, c := range slices.Concat(merged, replaced) {
		classes = append(classes, c.class)
	}
	for _, id := range lastTopic.Related {
		classes = append(classes, m.numbers[id])
	}
	slices.Sort(classes)
	classes = slices.Compact(classes)
	out := make([]followUpEvidence, len(classes))
	for i, class := range classes {
		out[i][fuAlone] = logOf(alone, class)
		out[i][fuMerged] = logOf(merged, class)
		out[i][fuReplaced] = logOf(replaced, class)
		if class != background {
			out[i][fuAsked] = shared(an.concepts, m.about[class].title.concepts)
			out[i][fuSaid] = m.about[class].says(an)
		}
		switch {
		case class == background:
			out[i][fuNone] = 1
		case class == last:
			out[i][fuSame] = 1
			out[i][fuSameSaid] = out[i][fuSaid]
		default:
			if slices.Contains(lastTopic.Related, m.classes[class]) {
				out[i][fuRelated] = 1
			}
			if m.base.Topics[class-1].Category == lastTopic.Category {
				out[i][fuCategory] = 1
			}
		}
	}
	return out, classes
}

// about is what a topic is about, for follow-up questions.
type about struct {
	title analysis
	said  []uint64 // hashes of the stems of its answer, sorted
}

func (m *Matcher) aboutTopic(t knowledge.Topic) about {
	a := about{title: m.model.analyser.analyse(t.Title)}
	for _, text := range slices.Concat(t.Points, t.Keywords, []string{t.Title, t.Answer, t.Sanction}) {
		for _, stem := range m.model.analyser.analyse(text).stems {
			a.said = append(a.said, hash(blockStem, stem))
		}
	}
	slices.Sort(a.said)
	a.said = slices.Clone(slices.Compact(a.said))
	return a
}

// says is the share of a question's words, by weight, that the topic's answer says.
func (a about) says(question analysis) float64 {
	said, total := 0.0, 0.0
	for i, stem := range question.stems {
		weight := float64(question.weights[i])
		total += weight
		if _, ok := slices.BinarySearch(a.said, hash(blockStem, stem)); ok {
			said += weight
		}
	}
	return said / max(total, 1e-9)
}

// shared is the share of concepts that are among others, 0 where there are none.
func shared(concepts, others []int32) float64 {
	n := 0
	for _, c := range concepts {
		if slices.Contains(others, c) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(concepts)))
}

// logOf returns the log probability of a class among candidates, a low floor for one that is not there.
func logOf(candidates []candidate, class int32) float64 {
	for _, c := range candidates {
		if c.class == class {
			return max(-7, math.Log(c.p+1e-9))
		}
	}
	return -7
}

// judgedFollowUp is a turn of a conversation whose topic is known.
type judgedFollowUp struct {
	evidence []followUpEvidence
	right    []bool
}

// fitFollowUp finds the weights under which the right topics are likeliest, by gradient descent.
func fitFollowUp(turns []judgedFollowUp) followUpEvidence {
	start := followUpEvidence{fuAlone: 0.7, fuMerged: 0.3}
	w := start
	var squares followUpEvidence
	for range 500 {
		var gradient followUpEvidence
		for _, t := range turns {
			p := make([]candidate, len(t.evidence))
			best := math.Inf(-1)
			for i, e := range t.evidence {
				p[i] = candidate{class: int32(i), p: w.score(e)}
				best = max(best, p[i].p)
			}
			p = normalise(p, best)
			mass := 0.0
			for _, c := range p {
				if t.right[c.class] {
					mass += c.p
				}
			}
			if mass == 0 {
				continue
			}
			for _, c := range p {
				target := 0.0
				if t.right[c.class] {
					target = c.p / mass
				}
				for j, e := range t.evidence[c.class] {
					gradient[j] += (c.p - target) * e / float64(len(turns))
				}
			}
		}
		for j := range w {
			g := gradient[j] + 0.002*(w[j]-start[j])
			squares[j] += g * g
			w[j] -= 0.1 * g / math.Sqrt(squares[j]+1e-12)
		}
	}
	return w
}
