package match

import "math"

// linear is a multinomial logistic regression with sparse weights: a feature
// has a weight only for the classes that it was evidence for or against.
// Read-only once trained.
type linear struct {
	weights *sparse // by feature and class
	bias    []float32
}

// scores sets into to the class scores of a text.
func (m *linear) scores(features []indexed, into []float32) {
	copy(into, m.bias)
	for _, f := range features {
		m.weights.addRow(f.index, f.value, into)
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
