package evaluate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/sahilm/fuzzy"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
)

// Methods are the plain alternatives that can be measured against the matcher.
var Methods = []string{"fuzzy", "tfidf", "bm25"}

// scored is a topic with its score.
type scored struct {
	topic string
	score float64
}

// baseline is a plain method with the thresholds that cross-validation chose.
type baseline struct {
	rank            func(question string) []scored
	answer, choices float64 // least scores
}

// Match implements Matcher. It knows no follow-up questions.
func (b baseline) Match(question, _ string) match.Result {
	ranked := b.rank(question)
	ids := make([]string, 0, 4)
	for _, s := range ranked[:min(4, len(ranked))] {
		ids = append(ids, s.topic)
	}
	switch {
	case len(ranked) == 0 || ranked[0].score < b.choices:
		return match.Result{Outcome: match.Unknown}.WithRanking(ids)
	case ranked[0].score >= b.answer:
		return match.Result{Outcome: match.Answer, Topic: ids[0]}.WithRanking(ids)
	}
	return match.Result{Outcome: match.Choices, Choices: ids}.WithRanking(ids)
}

// sampled is one in how many questions the two thresholds are chosen on.
const sampled = 60

// NewBaseline returns a plain method, trained on the same phrasings, its
// thresholds chosen by the same cross-validation and under the same costs.
func NewBaseline(base *knowledge.Base, method string) (Matcher, error) {
	var build func([]knowledge.Phrasing) func(string) []scored
	switch method {
	case "fuzzy":
		build = newFuzzy
	case "tfidf":
		build = newTFIDF
	case "bm25":
		build = newBM25
	default:
		return nil, fmt.Errorf("unknown method %q (known: %s)", method, strings.Join(Methods, ", "))
	}
	type example struct {
		q      Question
		ranked []scored
	}
	var examples []example
	all := match.AllPhrasings(base)
	for _, hand := range match.Hands(base) {
		rank := build(slices.DeleteFunc(slices.Clone(all), func(p knowledge.Phrasing) bool { return p.Hand == hand }))
		for i, p := range match.Unseen(base, hand) {
			if i%sampled == 0 {
				q := Question{Text: p.Question}
				if p.Topic != "-" {
					q.Topics = []string{p.Topic}
				}
				examples = append(examples, example{q, rank(p.Question)})
			}
		}
	}
	var scores []float64
	for _, e := range examples {
		if len(e.ranked) > 0 {
			scores = append(scores, e.ranked[0].score)
		}
	}
	slices.Sort(scores)
	at := func(share float64) float64 { return scores[int(share*float64(len(scores)-1))] }
	best, bestCost := baseline{}, math.Inf(1)
	for choices := 0.0; choices <= 1; choices += 0.05 {
		for answer := choices; answer <= 1; answer += 0.05 {
			b := baseline{answer: at(answer), choices: at(choices)}
			r := NewReport(base)
			for _, e := range examples {
				b.rank = func(string) []scored { return e.ranked }
				r.Add(e.q, b.Match("", ""))
			}
			if r.Cost < bestCost {
				best, bestCost = b, r.Cost
			}
		}
	}
	best.rank = build(all)
	return best, nil
}

func plainWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// best keeps the best score of each topic and sorts, ties by id.
func best(scores map[string]float64) []scored {
	out := make([]scored, 0, len(scores))
	for topic, score := range scores {
		out = append(out, scored{topic, score})
	}
	slices.SortFunc(out, func(a, b scored) int { return cmp.Or(-cmp.Compare(a.score, b.score), cmp.Compare(a.topic, b.topic)) })
	return out
}

// fuzzyPattern is the number of runes from which on the library's score overflows.
const fuzzyPattern = 32

func newFuzzy(phrasings []knowledge.Phrasing) func(string) []scored {
	texts := make([]string, len(phrasings))
	for i, p := range phrasings {
		texts[i] = strings.ToLower(p.Question)
	}
	return func(question string) []scored {
		pattern := []rune(strings.ToLower(question))
		scores := map[string]float64{}
		for _, found := range fuzzy.Find(string(pattern[:min(fuzzyPattern, len(pattern))]), texts) {
			topic := phrasings[found.Index].Topic
			if s, ok := scores[topic]; !ok || float64(found.Score) > s {
				scores[topic] = float64(found.Score)
			}
		}
		return best(scores)
	}
}

func newTFIDF(phrasings []knowledge.Phrasing) func(string) []scored {
	df := map[string]float64{}
	texts := make([][]string, len(phrasings))
	for i, p := range phrasings {
		texts[i] = plainWords(p.Question)
		slices.Sort(texts[i])
		texts[i] = slices.Compact(texts[i])
		for _, w := range texts[i] {
			df[w]++
		}
	}
	idf := func(w string) float64 { return math.Log(float64(len(texts)+1) / (df[w] + 1)) }
	norm := func(words []string) float64 {
		sum := 0.0
		for _, w := range words {
			sum += idf(w) * idf(w)
		}
		return math.Sqrt(sum) + 1e-9
	}
	postings := map[string][]int{}
	norms := make([]float64, len(texts))
	for i, words := range texts {
		norms[i] = norm(words)
		for _, w := range words {
			postings[w] = append(postings[w], i)
		}
	}
	return func(question string) []scored {
		words := plainWords(question)
		slices.Sort(words)
		words = slices.Compact(words)
		dots := make([]float64, len(texts))
		for _, w := range words {
			for _, i := range postings[w] {
				dots[i] += idf(w) * idf(w)
			}
		}
		length := norm(words)
		scores := map[string]float64{}
		for i, dot := range dots {
			if s := dot / norms[i] / length; s > scores[phrasings[i].Topic] {
				scores[phrasings[i].Topic] = s
			}
		}
		return best(scores)
	}
}

func newBM25(phrasings []knowledge.Phrasing) func(string) []scored {
	const k1, b = 1.2, 0.75
	documents := map[string]map[string]float64{}
	lengths := map[string]float64{}
	df := map[string]float64{}
	total := 0.0
	for _, p := range phrasings {
		if documents[p.Topic] == nil {
			documents[p.Topic] = map[string]float64{}
		}
		for _, w := range plainWords(p.Question) {
			if documents[p.Topic][w] == 0 {
				df[w]++
			}
			documents[p.Topic][w]++
			lengths[p.Topic]++
			total++
		}
	}
	average := total / float64(len(documents))
	return func(question string) []scored {
		scores := map[string]float64{}
		for topic, counts := range documents {
			for _, w := range plainWords(question) {
				if tf := counts[w]; tf > 0 {
					idf := math.Log(1 + (float64(len(documents))-df[w]+0.5)/(df[w]+0.5))
					scores[topic] += idf * tf * (k1 + 1) / (tf + k1*(1-b+b*lengths[topic]/average))
				}
			}
		}
		return best(scores)
	}
}
