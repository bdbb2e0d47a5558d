package indonesian

import (
	"iter"
	"slices"
	"strings"
)

// Speller corrects typing errors towards the words of a vocabulary. It is
// read-only after NewSpeller and safe for concurrent use.
type Speller struct {
	lexicon   *Lexicon
	counts    map[string]int // of the words of the vocabulary
	proposed  []string       // words that may have been meant, sorted
	deletions spellings      // of proposed words, whole and with one letter left out
	skeletons spellings      // of proposed words, without vowels
}

// spellings find words by how they may be typed: the hash of a spelling in the
// upper half, the number of the word in the lower, sorted. Words whose
// spellings have the same hash by chance do no harm: they are compared with
// what was typed.
type spellings []uint64

func (s *spellings) add(hash uint32, word int) { *s = append(*s, uint64(hash)<<32|uint64(word)) }

// words yields the numbers of the words that are spelled so, in order.
func (s spellings) words(hash uint32) iter.Seq[int] {
	return func(yield func(int) bool) {
		first, _ := slices.BinarySearch(s, uint64(hash)<<32)
		for _, found := range s[first:] {
			if uint32(found>>32) != hash || !yield(int(uint32(found))) {
				return
			}
		}
	}
}

// minCorrected is the least number of letters of a word that is corrected:
// shorter ones have too many neighbours.
const minCorrected = 4

// NewSpeller returns a speller for a vocabulary with counts, which it keeps.
// Words of fewer than four letters are known but never proposed; slang is
// proposed too, and comes out as what it stands for.
func NewSpeller(lexicon *Lexicon, vocabulary map[string]int) *Speller {
	s := &Speller{lexicon: lexicon, counts: vocabulary}
	for word := range vocabulary {
		if len(word) >= minCorrected {
			s.proposed = append(s.proposed, word)
		}
	}
	for word := range lexicon.slang {
		if len(word) > minCorrected && vocabulary[word] == 0 {
			s.proposed = append(s.proposed, word)
		}
	}
	slices.Sort(s.proposed)
	letters := 0
	for _, word := range s.proposed {
		letters += len(word)
	}
	s.deletions = make(spellings, 0, letters+len(s.proposed))
	s.skeletons = make(spellings, 0, len(s.proposed))
	for number, word := range s.proposed {
		s.deletions.add(hash(word), number)
		for i := range len(word) {
			if i > 0 && word[i] == word[i-1] {
				continue
			}
			s.deletions.add(hash(word[:i], word[i+1:]), number)
		}
		if k := skeleton(word); len(k) >= 3 {
			s.skeletons.add(hash(k), number)
		}
	}
	slices.Sort(s.deletions)
	slices.Sort(s.skeletons)
	return s
}

// Words returns what was most likely meant by a word that Lexicon.Words left
// as it is: the word itself, the corrected one, or what the corrected one
// stands for.
func (s *Speller) Words(word string) []string {
	corrected := s.correct(word)
	if corrected != word && s.counts[corrected] == 0 {
		return strings.Fields(s.lexicon.slang[corrected])
	}
	return []string{corrected}
}

// Known tells whether word needs no correction.
func (s *Speller) Known(word string) bool {
	return s.counts[word] > 0 || s.lexicon.Frequent(word)
}

// correct returns the word of the vocabulary that was most likely meant by
// word, and word itself where it is known, too short, or like nothing.
func (s *Speller) correct(word string) string {
	if len(word) < minCorrected-1 || len(word) > 24 || s.Known(word) || !isASCII(word) {
		return word
	}
	best, bestDistance := "", 3
	consider := func(spelled uint32) {
		for number := range s.deletions.words(spelled) {
			candidate := s.proposed[number]
			d := distance(word, candidate)
			limit := 1
			if len(word) >= 7 && len(candidate) >= 7 {
				limit = 2
			}
			if d > limit || candidate[0] != word[0] && !(d == 1 && candidate[1] == word[0]) {
				continue
			}
			if d < bestDistance || d == bestDistance && s.counts[candidate] > s.counts[best] {
				best, bestDistance = candidate, d
			}
		}
	}
	if len(word) >= minCorrected {
		consider(hash(word))
		for i := range len(word) {
			consider(hash(word[:i], word[i+1:]))
		}
	}
	if best != "" {
		return best
	}
	return s.expand(word)
}

// expand undoes the leaving out of vowels ("tmpt" for "tempat").
func (s *Speller) expand(word string) string {
	k := skeleton(word)
	if len(k) < 3 || 2*(len(word)-len(k)) > len(k) {
		return word
	}
	best := word
	for number := range s.skeletons.words(hash(k)) {
		candidate := s.proposed[number]
		if len(candidate) > len(word) && isSubsequence(word, candidate) && (best == word || s.counts[candidate] > s.counts[best]) {
			best = candidate
		}
	}
	return best
}

func skeleton(word string) string {
	return strings.Map(func(r rune) rune {
		if r < 128 && isVowel(byte(r)) {
			return -1
		}
		return r
	}, word)
}

func isSubsequence(short, long string) bool {
	i := 0
	for j := 0; i < len(short) && j < len(long); j++ {
		if short[i] == long[j] {
			i++
		}
	}
	return i == len(short)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 128 {
			return false
		}
	}
	return true
}

// distance is the number of letters left out, added, replaced, or swapped
// with their neighbour (optimal string alignment), for short ASCII words.
func distance(a, b string) int {
	var rows [3][26]int
	before, previous, current := &rows[0], &rows[1], &rows[2]
	if len(b) > 25 {
		return len(b)
	}
	for j := range len(b) + 1 {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(previous[j]+1, current[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			current[j] = d
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}
