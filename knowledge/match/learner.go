package match

import (
	"cmp"
	"math"
	"slices"
)

// training settings, chosen by cross-validation.
type training struct {
	epochs    int
	rate      float32
	decay     float32 // L2
	batch     int
	least     int     // texts that a feature must occur in
	threshold float32 // of an error that is learned from: keeps the weights sparse
	settled   float32 // probability of the right class from which on a text is learned from no more
}

// gradient is what a text teaches about a class.
type gradient struct {
	class int32
	value float32
}

// trainLinear fits the model by AdaGrad in small batches. Each batch is scored
// in parallel over its texts and then learned in parallel over the features, so
// that the result does not depend on the number of processors.
func trainLinear(vectors *sparse, texts []labelled, featureCount, classCount int, t training) *linear {
	m := newLearner(vectors.columnCounts(featureCount), classCount)
	order := shuffled(len(texts))
	settled := make([]bool, len(texts))
	features := make([][]indexed, t.batch)
	scores := make([][]float32, t.batch)
	learned := make([][]gradient, t.batch)
	for i := range scores {
		scores[i] = make([]float32, classCount)
	}
	for epoch := range t.epochs {
		rate := t.rate / (1 + 0.3*float32(epoch))
		order = slices.DeleteFunc(order, func(i int) bool { return settled[i] })
		for start := 0; start < len(order); start += t.batch {
			batch := order[start:min(start+t.batch, len(order))]
			parallel(workers, func(worker int) {
				for i := worker; i < len(batch); i += workers {
					text := &texts[batch[i]]
					features[i] = vectors.appendRow(features[i][:0], batch[i])
					m.scores(features[i], scores[i])
					p := softmax(scores[i])
					settled[batch[i]] = text.right(p) > t.settled
					learned[i] = text.gradients(p, t.threshold, learned[i][:0])
				}
			})
			parallel(workers, func(worker int) {
				for i := range batch {
					for _, f := range features[i] {
						if int(f.index)%workers == worker {
							m.learn(f, learned[i], rate, t.decay)
						}
					}
				}
			})
			for i := range batch {
				for _, g := range learned[i] {
					m.bias[g.class] -= 0.5 * rate * g.value
				}
			}
		}
	}
	return m.model()
}

// right is the probability of the right classes.
func (l *labelled) right(p []float32) float32 {
	if l.second >= 0 {
		return p[l.class] + p[l.second]
	}
	return p[l.class]
}

// gradients lists the classes whose probability is off by more than the
// threshold. It uses p up.
func (l *labelled) gradients(p []float32, threshold float32, into []gradient) []gradient {
	if l.second >= 0 {
		p[l.class] -= 0.5
		p[l.second] -= 0.5
	} else {
		p[l.class]--
	}
	for class, value := range p {
		if value > threshold || value < -threshold {
			into = append(into, gradient{int32(class), value})
		}
	}
	return into
}

// learner is a linear model in training. Its inner loops are left out of race
// detection, which would make them most of the time of all tests: trainLinear
// sees to it that a feature is learned by one goroutine at a time, and by none
// while texts are scored.
type learner struct {
	rows []row // by feature
	bias []float32
}

// row holds the weights of a feature.
type row struct {
	cells []cell    // by class, in no order, while the feature bears on few
	dense []float32 // then the weights for all classes, and behind them all squares
}

// cell is the weight for a class, with the sum of its squared gradients, which step sizes follow from.
type cell struct {
	class           int32
	weight, squares float32
}

// denseFrom is the share of all classes from which on a row holds every class.
const denseFrom = 1. / 4

const firstSquares = 1e-2

// newLearner makes rows of the size that they come to have, as far as the
// number of texts that a feature occurs in tells: rows that grow leave as much
// memory behind as they use.
func newLearner(counts []int32, classCount int) *learner {
	m := &learner{rows: make([]row, len(counts)), bias: make([]float32, classCount)}
	most := int(math.Ceil(denseFrom * float64(classCount)))
	for feature, count := range counts {
		if r := &m.rows[feature]; 2*int(count) < most {
			r.cells = make([]cell, 0, min(2*int(count)+8, most))
		} else {
			r.makeDense(classCount)
		}
	}
	return m
}

// scores sets into to the class scores of a text.
//
//go:norace
func (m *learner) scores(features []indexed, into []float32) {
	copy(into, m.bias)
	for _, f := range features {
		r := &m.rows[f.index]
		if r.dense != nil {
			addScaled(into, r.dense[:len(into)], f.value)
			continue
		}
		for _, c := range r.cells {
			into[c.class] += c.weight * f.value
		}
	}
}

//go:norace
func (m *learner) learn(f indexed, gradients []gradient, rate, decay float32) {
	r := &m.rows[f.index]
	for _, g := range gradients {
		weight, squares := r.at(g.class, len(m.bias))
		step := g.value*f.value + decay**weight
		*squares += step * step
		*weight -= rate * step / sqrt(*squares)
	}
}

// at returns the weight of a class and the sum of its squares, and makes a place for them.
//
//go:norace
func (r *row) at(class int32, classCount int) (weight, squares *float32) {
	if r.dense != nil {
		return &r.dense[class], &r.dense[classCount+int(class)]
	}
	for i := range r.cells {
		if c := &r.cells[i]; c.class == class {
			return &c.weight, &c.squares
		}
	}
	if float64(len(r.cells)) < denseFrom*float64(classCount) {
		r.cells = append(r.cells, cell{class, 0, firstSquares})
		c := &r.cells[len(r.cells)-1]
		return &c.weight, &c.squares
	}
	r.makeDense(classCount)
	return r.at(class, classCount)
}

func (r *row) makeDense(classCount int) {
	r.dense = make([]float32, 2*classCount)
	weights, squares := r.dense[:classCount], r.dense[classCount:]
	for i := range squares {
		squares[i] = firstSquares
	}
	for _, c := range r.cells {
		weights[c.class], squares[c.class] = c.weight, c.squares
	}
	r.cells = nil
}

// model returns what was learned. It sorts the rows.
func (m *learner) model() *linear {
	each(len(m.rows), func(i int) {
		slices.SortFunc(m.rows[i].cells, func(a, b cell) int { return cmp.Compare(a.class, b.class) })
	})
	weights := newSparse(len(m.rows), func(add func(row, column int32, value float32)) {
		for feature, r := range m.rows {
			for _, c := range r.cells {
				add(int32(feature), c.class, c.weight)
			}
			for class := range min(len(r.dense), len(m.bias)) {
				if weight := r.dense[class]; weight != 0 {
					add(int32(feature), int32(class), weight)
				}
			}
		}
	})
	return &linear{weights, m.bias}
}

// addScaled adds weights times value. Most of training's time is spent here.
//
//go:norace
func addScaled(into, weights []float32, value float32) {
	for len(weights) >= 8 && len(into) >= 8 {
		into[0] += weights[0] * value
		into[1] += weights[1] * value
		into[2] += weights[2] * value
		into[3] += weights[3] * value
		into[4] += weights[4] * value
		into[5] += weights[5] * value
		into[6] += weights[6] * value
		into[7] += weights[7] * value
		into, weights = into[8:], weights[8:]
	}
	for i, w := range weights {
		into[i] += w * value
	}
}

// shuffled returns a fixed permutation: the same build and knowledge give the same model.
func shuffled(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	state := uint64(88172645463325252)
	for i := n - 1; i > 0; i-- {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		j := int(state % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
	return order
}
