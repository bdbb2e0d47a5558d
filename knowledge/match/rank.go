package match

import (
	"cmp"
	"math"
	"slices"
)

// background is the class of questions about another subject.
const background int32 = 0

// evidence is what the scorers say for a class; its order is that of the fusion's weights.
type evidence [evidenceCount]float64

const (
	evLinear  = iota // log probability by the linear model
	evNearest        // cosine to the nearest phrasing
	evidenceCount
)

// candidate is a class that a text may ask for.
type candidate struct {
	class    int32
	evidence evidence
	p        float64 // calibrated probability, after fuse
}

const (
	linearCandidates    = 12
	neighbourCandidates = 4
	worstLog            = -9.0
)

// candidates gathers the classes that any scorer finds likely, background always among them.
func (m *model) candidates(an analysis) []candidate {
	features := m.analyser.features(an)
	known := m.known.vector(features)
	p := make([]float32, len(m.linear.bias))
	m.linear.scores(known, p)
	softmax(p)
	near := m.neighbours.nearest(known, length(features))

	chosen := top(len(p), linearCandidates, func(class int32) float64 { return float64(p[class]) })
	chosen = append(chosen, top(len(p), neighbourCandidates, func(class int32) float64 { return float64(near[class]) })...)
	chosen = append(chosen, background)
	slices.Sort(chosen)
	chosen = slices.Compact(chosen)

	out := make([]candidate, len(chosen))
	for i, class := range chosen {
		c := candidate{class: class}
		c.evidence[evLinear] = max(worstLog, math.Log(float64(p[class])+1e-9))
		c.evidence[evNearest] = float64(near[class])
		out[i] = c
	}
	return out
}

// length is the Euclidean length of a vector of features.
func length(features []feature) float32 {
	sum := float32(0)
	for _, f := range features {
		sum += f.value * f.value
	}
	return sqrt(sum)
}

// top returns the n classes with the highest scores, ties to the lower class.
func top(classes, n int, score func(int32) float64) []int32 {
	best := make([]int32, 0, n+1)
	for class := range int32(classes) {
		s := score(class)
		if len(best) == n && s <= score(best[n-1]) {
			continue
		}
		i, _ := slices.BinarySearchFunc(best, s, func(c int32, s float64) int { return -cmp.Compare(score(c), s) })
		for i < len(best) && score(best[i]) == s {
			i++
		}
		best = slices.Insert(best, i, class)
		if len(best) > n {
			best = best[:n]
		}
	}
	return best
}

// fuse turns evidence into calibrated probabilities and sorts by them, ties to the lower class.
func (w evidence) fuse(candidates []candidate) []candidate {
	best := math.Inf(-1)
	for i := range candidates {
		c := &candidates[i]
		c.p = 0
		for j, e := range c.evidence {
			c.p += w[j] * e
		}
		best = max(best, c.p)
	}
	return normalise(candidates, best)
}

// normalise turns scores, of which best is the greatest, into probabilities and sorts by them, ties to the lower class.
func normalise(candidates []candidate, best float64) []candidate {
	sum := 0.0
	for i := range candidates {
		candidates[i].p = math.Exp(candidates[i].p - best)
		sum += candidates[i].p
	}
	for i := range candidates {
		candidates[i].p /= sum
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Or(-cmp.Compare(a.p, b.p), cmp.Compare(a.class, b.class)) })
	return candidates
}

// judged are the candidates of a text whose class is known.
type judged struct {
	candidates    []candidate
	class, second int32
	weight        float64
}

func (j judged) right(class int32) bool {
	return class == j.class || j.second >= 0 && class == j.second
}

// fitFusion finds the weights under which the right candidates are likeliest,
// by gradient descent. A text none of whose candidates is right counts as background.
func fitFusion(texts []judged) evidence {
	w := evidence{evLinear: 1, evNearest: 1}
	var squares evidence
	total := 0.0
	for _, t := range texts {
		total += t.weight
	}
	for range 400 {
		var gradient evidence
		for _, t := range texts {
			candidates := w.fuse(slices.Clone(t.candidates))
			mass := 0.0
			for _, c := range candidates {
				if t.right(c.class) {
					mass += c.p
				}
			}
			for _, c := range candidates {
				target := 0.0
				switch {
				case mass == 0 && c.class == background:
					target = 1
				case t.right(c.class):
					target = c.p / mass
				}
				for j, e := range c.evidence {
					gradient[j] += t.weight * (c.p - target) * e / total
				}
			}
		}
		for j := range w {
			squares[j] += gradient[j] * gradient[j]
			w[j] -= 0.15 * gradient[j] / math.Sqrt(squares[j]+1e-12)
		}
	}
	return w
}
