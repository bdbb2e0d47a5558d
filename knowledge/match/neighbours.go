package match

import (
	"slices"
	"sync"
)

// neighbours finds the phrasings that are most like a text. Read-only once made.
type neighbours struct {
	postings *sparse   // by feature and phrasing; the phrasings of a class stand together
	lengths  []float32 // of the phrasings' vectors
	ends     []int32   // of the classes among the phrasings
	seconds  []second
	scratch  sync.Pool // *[]float32: dot products, all zero between uses
}

// second is a phrasing that asks for another class than that where it stands as much.
type second struct{ phrasing, class int32 }

// maxPostings is the number of phrasings from which on a feature is passed
// over: it says little, and the cost of a question stays bounded.
const maxPostings = 1500

func newNeighbours(vectors *sparse, texts []labelled, featureCount, classCount int) *neighbours {
	n := &neighbours{lengths: make([]float32, len(texts)), ends: make([]int32, classCount)}
	n.scratch.New = func() any { dots := make([]float32, len(n.lengths)); return &dots }
	byClass := make([][]int, classCount)
	for i, text := range texts {
		byClass[text.class] = append(byClass[text.class], i)
	}
	end := 0
	for class, members := range byClass {
		end += len(members)
		n.ends[class] = int32(end)
	}
	order := slices.Concat(byClass...)
	var vector []indexed
	for i, text := range order {
		length := float32(0)
		vector = vectors.appendRow(vector[:0], text)
		for _, f := range vector {
			length += f.value * f.value
		}
		n.lengths[i] = sqrt(max(length, 1e-9))
		if s := texts[text].second; s >= 0 {
			n.seconds = append(n.seconds, second{int32(i), s})
		}
	}
	counts := vectors.columnCounts(featureCount)
	n.postings = newSparse(featureCount, func(add func(row, column int32, value float32)) {
		for i, text := range order {
			vector = vectors.appendRow(vector[:0], text)
			for _, f := range vector {
				if counts[f.index] <= maxPostings {
					add(f.index, int32(i), f.value)
				}
			}
		}
	})
	return n
}

// nearest returns, for every class, the greatest cosine between a text and a
// phrasing of the class. length is that of the text's whole vector, features
// that no phrasing has included.
func (n *neighbours) nearest(features []indexed, length float32) []float32 {
	borrowed := n.scratch.Get().(*[]float32)
	defer n.scratch.Put(borrowed)
	dots := *borrowed
	for _, f := range features {
		n.postings.addRow(f.index, f.value, dots)
	}
	scale := 1 / max(length, 1e-9)
	best := make([]float32, len(n.ends))
	start := int32(0)
	for class, end := range n.ends {
		best[class] = greatest(dots[start:end], n.lengths[start:end], scale)
		start = end
	}
	for _, s := range n.seconds {
		best[s.class] = max(best[s.class], dots[s.phrasing]*scale/n.lengths[s.phrasing])
	}
	clear(dots)
	return best
}

// greatest returns the greatest of dots times scale divided by lengths, at least 0.
func greatest(dots, lengths []float32, scale float32) float32 {
	const nearly = 1 - 1e-6 // more than rounding can change: what is less needs no division, which takes long
	best := float32(0)
	for i, length := range lengths[:len(dots)] {
		if dot := dots[i] * scale; dot > best*length*nearly {
			best = max(best, dot/length)
		}
	}
	return best
}
