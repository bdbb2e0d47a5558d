package match

import (
	"math"
	"slices"
	"sync"
)

// example is a text of known class for training.
type example struct {
	features []indexed
	class    int32
	second   int32 // a class as right as class, or -1
}

type indexed struct {
	index int32
	value float32
}

// linear is a multinomial logistic regression with sparse weights: a feature
// has a weight only for the classes that it was evidence for or against.
// Read-only once trained.
type linear struct {
	rows []row // by feature
	bias []float32
}

// row holds the weights of a feature. A feature that bears on many classes has
// a weight for every class, and no list of them.
type row struct {
	classes []int32
	weights []float32
	squares []float32 // sums of squared gradients, which step sizes follow from; nil once trained
}

// denseFrom is the share of all classes from which on a row holds every class.
const denseFrom = 1. / 4

// workers is the number of goroutines that training is spread over. Results do not depend on it.
const workers = 2

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
func trainLinear(examples []example, featureCount, classCount int, t training) *linear {
	m := &linear{rows: make([]row, featureCount), bias: make([]float32, classCount)}
	order := shuffled(len(examples))
	settled := make([]bool, len(examples))
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
					ex := &examples[batch[i]]
					m.scores(ex.features, scores[i])
					p := softmax(scores[i])
					settled[batch[i]] = ex.right(p) > t.settled
					learned[i] = ex.gradients(p, t.threshold, learned[i][:0])
				}
			})
			parallel(workers, func(worker int) {
				for i := range batch {
					for _, f := range examples[batch[i]].features {
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
	for i := range m.rows {
		m.rows[i].squares = nil
	}
	return m
}

// featureIndex numbers the features that occur in at least so many texts, and
// lists the texts by these numbers.
func featureIndex(texts [][]feature, least int) (map[uint64]int32, [][]indexed) {
	total := 0
	for _, features := range texts {
		total += len(features)
	}
	index := make(map[uint64]int32, 1<<17)
	var counts []int32
	all := make([]indexed, 0, total)
	for _, features := range texts {
		for _, f := range features {
			number, ok := index[f.hash]
			if !ok {
				number = int32(len(counts))
				index[f.hash] = number
				counts = append(counts, 0)
			}
			counts[number]++
			all = append(all, indexed{number, f.value})
		}
	}
	renumbered := make([]int32, len(counts)) // the new number of a feature that is kept, else -1
	kept := int32(0)
	for number, count := range counts {
		renumbered[number] = -1
		if count >= int32(least) {
			renumbered[number] = kept
			kept++
		}
	}
	for hash, number := range index {
		if renumbered[number] < 0 {
			delete(index, hash)
		} else {
			index[hash] = renumbered[number]
		}
	}
	out := make([][]indexed, len(texts))
	for i, features := range texts {
		vector := all[:len(features):len(features)]
		all = all[len(features):]
		n := 0
		for _, f := range vector {
			if number := renumbered[f.index]; number >= 0 {
				vector[n] = indexed{number, f.value}
				n++
			}
		}
		out[i] = vector[:n]
	}
	return index, out
}

// numbered drops the features that no index knows.
func numbered(index map[uint64]int32, features []feature) []indexed {
	out := make([]indexed, 0, len(features))
	for _, f := range features {
		if number, ok := index[f.hash]; ok {
			out = append(out, indexed{number, f.value})
		}
	}
	return out
}

// right is the probability of the right classes.
func (ex *example) right(p []float32) float32 {
	if ex.second >= 0 {
		return p[ex.class] + p[ex.second]
	}
	return p[ex.class]
}

// gradients lists the classes whose probability is off by more than the
// threshold. It uses p up.
func (ex *example) gradients(p []float32, threshold float32, into []gradient) []gradient {
	if ex.second >= 0 {
		p[ex.class] -= 0.5
		p[ex.second] -= 0.5
	} else {
		p[ex.class]--
	}
	for class, value := range p {
		if value > threshold || value < -threshold {
			into = append(into, gradient{int32(class), value})
		}
	}
	return into
}

const firstSquares = 1e-2

func (m *linear) learn(f indexed, gradients []gradient, rate, decay float32) {
	r := &m.rows[f.index]
	for _, g := range gradients {
		i := r.at(g.class, len(m.bias))
		step := g.value*f.value + decay*r.weights[i]
		r.squares[i] += step * step
		r.weights[i] -= rate * step / sqrt(r.squares[i])
	}
}

// at returns where the weight of a class is, and makes a place for it.
func (r *row) at(class int32, classCount int) int {
	if r.classes == nil && r.weights != nil {
		return int(class)
	}
	for i, c := range r.classes {
		if c == class {
			return i
		}
	}
	if float64(len(r.classes)) < denseFrom*float64(classCount) {
		r.classes = append(r.classes, class)
		r.weights = append(r.weights, 0)
		r.squares = append(r.squares, firstSquares)
		return len(r.classes) - 1
	}
	weights, squares := make([]float32, classCount), make([]float32, classCount)
	for i := range squares {
		squares[i] = firstSquares
	}
	for i, c := range r.classes {
		weights[c], squares[c] = r.weights[i], r.squares[i]
	}
	*r = row{nil, weights, squares}
	return int(class)
}

// scores sets into to the class scores of a text.
func (m *linear) scores(features []indexed, into []float32) {
	copy(into, m.bias)
	for _, f := range features {
		r := &m.rows[f.index]
		if r.classes == nil {
			addScaled(into, r.weights, f.value)
			continue
		}
		for i, class := range r.classes {
			into[class] += r.weights[i] * f.value
		}
	}
}

// addScaled adds weights times value. Most of training's time is spent here.
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

// softmax turns scores into probabilities, in place.
func softmax(s []float32) []float32 {
	top := s[0]
	for _, x := range s {
		top = max(top, x)
	}
	sum := float32(0)
	for i, x := range s {
		s[i] = float32(math.Exp(float64(x - top)))
		sum += s[i]
	}
	for i := range s {
		s[i] /= sum
	}
	return s
}

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

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

func parallel(workers int, work func(worker int)) {
	var wg sync.WaitGroup
	for worker := range workers {
		wg.Go(func() { work(worker) })
	}
	wg.Wait()
}
