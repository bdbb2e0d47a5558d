package match

import "sync"

// neighbours finds the phrasings that are most like a text. Read-only once made.
type neighbours struct {
	postings [][]posting // by feature
	lengths  []float32   // of the phrasings' vectors
	classes  []int32
	seconds  []int32
	scratch  sync.Pool // *[]float32: dot products, all zero between uses
}

type posting struct {
	phrasing int32
	value    float32
}

// maxPostings is the number of phrasings from which on a feature is passed
// over: it says little, and the cost of a question stays bounded.
const maxPostings = 1500

func newNeighbours(examples []example, featureCount int) *neighbours {
	n := &neighbours{postings: make([][]posting, featureCount), lengths: make([]float32, len(examples))}
	n.scratch.New = func() any { dots := make([]float32, len(examples)); return &dots }
	counts := make([]int, featureCount)
	total := 0
	for _, ex := range examples {
		for _, f := range ex.features {
			counts[f.index]++
		}
		total += len(ex.features)
	}
	all := make([]posting, total)
	for feature, count := range counts {
		if count <= maxPostings {
			n.postings[feature], all = all[:0:count], all[count:]
		}
	}
	for i, ex := range examples {
		n.classes, n.seconds = append(n.classes, ex.class), append(n.seconds, ex.second)
		length := float32(0)
		for _, f := range ex.features {
			if counts[f.index] <= maxPostings {
				n.postings[f.index] = append(n.postings[f.index], posting{int32(i), f.value})
			}
			length += f.value * f.value
		}
		n.lengths[i] = sqrt(max(length, 1e-9))
	}
	return n
}

// nearest returns, for every class, the greatest cosine between a text and a
// phrasing of the class. length is that of the text's whole vector, features
// that no phrasing has included.
func (n *neighbours) nearest(features []indexed, length float32, classCount int) []float32 {
	borrowed := n.scratch.Get().(*[]float32)
	defer n.scratch.Put(borrowed)
	dots := *borrowed
	var touched []int32
	for _, f := range features {
		for _, p := range n.postings[f.index] {
			if dots[p.phrasing] == 0 {
				touched = append(touched, p.phrasing)
			}
			dots[p.phrasing] += p.value * f.value
		}
	}
	scale := 1 / max(length, 1e-9)
	best := make([]float32, classCount)
	for _, i := range touched {
		cosine := dots[i] * scale / n.lengths[i]
		dots[i] = 0
		best[n.classes[i]] = max(best[n.classes[i]], cosine)
		if second := n.seconds[i]; second >= 0 {
			best[second] = max(best[second], cosine)
		}
	}
	return best
}
