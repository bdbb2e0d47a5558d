package indonesian

import "strings"

// wordSet is the set of the words that begin the lines of a text. It keeps
// where the lines begin and copies none of the text: an embedded list takes no
// other memory.
type wordSet struct {
	text  string
	slots []uint32 // where lines begin, each at the hash of its word or behind; 0, where the comment stands, for a free slot
}

// newWordSet reads a text whose first line is a comment, and whose others begin with a word and a space.
func newWordSet(text string) wordSet {
	size := 2
	for size < 3*strings.Count(text, "\n")/2 {
		size *= 2
	}
	s := wordSet{text, make([]uint32, size)}
	start := 0
	for line := range strings.Lines(text) {
		if start > 0 {
			word, _, _ := strings.Cut(line, " ")
			s.slots[s.slot(word)] = uint32(start)
		}
		start += len(line)
	}
	return s
}

// find returns a word as the text has it, if it does.
func (s wordSet) find(word string) (found string, ok bool) {
	start := s.slots[s.slot(word)]
	if start == 0 {
		return "", false
	}
	return s.text[start:][:len(word)], true
}

// slot returns the slot of a word, or the free one where it would be.
func (s wordSet) slot(word string) uint32 {
	last := uint32(len(s.slots) - 1)
	slot := hash(word) & last
	for s.slots[slot] != 0 {
		if rest, ok := strings.CutPrefix(s.text[s.slots[slot]:], word); ok && strings.HasPrefix(rest, " ") {
			break
		}
		slot = (slot + 1) & last
	}
	return slot
}

// hash is the same in every run (FNV-1a), for parts as for the word that they make up.
func hash(parts ...string) uint32 {
	h := uint32(2166136261)
	for _, part := range parts {
		for i := range len(part) {
			h = (h ^ uint32(part[i])) * 16777619
		}
	}
	return h
}
