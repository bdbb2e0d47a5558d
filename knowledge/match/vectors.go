package match

import "slices"

// indexed is a value with the number of what it belongs to: a feature of a text, a class of a feature.
type indexed struct {
	index int32
	value float32
}

// featureIndex holds the hashes of the known features, sorted: where a hash
// stands is the number of its feature.
type featureIndex []uint64

// vector drops the features that are not known.
func (known featureIndex) vector(features []feature) []indexed {
	out := make([]indexed, 0, len(features))
	for _, f := range features {
		if number, ok := slices.BinarySearch(known, f.hash); ok {
			out = append(out, indexed{int32(number), f.value})
		}
	}
	return out
}

// vectorised is the number of texts whose features are held at a time.
const vectorised = 256

// vectorise numbers the features that occur in at least so many of n texts, and
// returns the texts as rows of these features.
func vectorise(n, least int, features func(text int) []feature) (featureIndex, *sparse) {
	numbers := make(map[uint64]int32, 4*n) // of features, as they occur
	var counts []int32
	vectors := make([][]indexed, n)
	for start := 0; start < n; start += vectorised {
		batch := make([][]feature, min(vectorised, n-start))
		each(len(batch), func(i int) { batch[i] = features(start + i) })
		for i, features := range batch {
			vector := make([]indexed, len(features))
			for j, f := range features {
				number, ok := numbers[f.hash]
				if !ok {
					number = int32(len(counts))
					numbers[f.hash] = number
					counts = append(counts, 0)
				}
				counts[number]++
				vector[j] = indexed{number, f.value}
			}
			vectors[start+i] = vector
		}
	}
	var known featureIndex
	for hash, number := range numbers {
		if counts[number] >= int32(least) {
			known = append(known, hash)
		}
	}
	known = slices.Clone(known) // without the room to grow
	slices.Sort(known)
	final := make([]int32, len(counts)) // 1 more than the number of a known feature, else 0
	for number, hash := range known {
		final[numbers[hash]] = int32(number) + 1
	}
	return known, newSparse(n, func(add func(row, column int32, value float32)) {
		for text, vector := range vectors {
			for _, f := range vector {
				if number := final[f.index]; number > 0 {
					add(int32(text), number-1, f.value)
				}
			}
		}
	})
}
