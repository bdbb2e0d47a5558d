package match

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/indonesian"
)

// analyser turns a text into what the scorers compare. It is read-only once made.
type analyser struct {
	lexicon  *indonesian.Lexicon
	speller  *indonesian.Speller
	fillers  map[string][][]string    // phrases to leave out, by their first word
	concepts map[string][]conceptTerm // by the first stem of the term
	names    []string                 // of the concepts, by id
	weights  map[string]float32       // of stems: how much a word tells about the topic
}

// conceptTerm is a word or phrase of a concept.
type conceptTerm struct {
	stems   []string
	concept int32
}

// analysis is a text as the scorers see it.
type analysis struct {
	words     []string // normalised and corrected
	stems     []string // of words, position by position
	weights   []float32
	concepts  []int32     // all that occur, each once, in order of id
	symbols   []string    // words with their concept in place of the stem, where they have one
	positions []conceptAt // where concepts stand
}

// conceptAt is a concept at the word that it begins with, and the number of words that name it.
type conceptAt struct {
	position, length int
	concept          int32
}

const maxAnalysed = 400 // words: a story's question stands at its end, so the beginning is cut

func newAnalyser(lexicon *indonesian.Lexicon, concepts []knowledge.Concept, fillers [][]string) *analyser {
	a := &analyser{lexicon: lexicon, fillers: map[string][][]string{}, concepts: map[string][]conceptTerm{}}
	for _, filler := range fillers {
		a.fillers[filler[0]] = append(a.fillers[filler[0]], filler)
	}
	for _, concept := range concepts {
		id := int32(slices.Index(a.names, concept.Name))
		if id < 0 {
			id = int32(len(a.names))
			a.names = append(a.names, concept.Name)
		}
		for _, term := range concept.Terms {
			var stems []string
			for _, w := range lexicon.Words(term) {
				stems = append(stems, indonesian.Stem(w.Text))
			}
			if len(stems) > 0 {
				a.concepts[stems[0]] = append(a.concepts[stems[0]], conceptTerm{stems, id})
			}
		}
	}
	return a
}

// learnVocabulary makes the words of texts known to the speller: those that
// occur twice or that colloquial Indonesian knows.
func (a *analyser) learnVocabulary(texts [][]string) {
	counts := map[string]int{}
	for _, words := range texts {
		for _, word := range words {
			counts[word]++
		}
	}
	vocabulary := map[string]int{} // a map from which much is deleted would stay as large as it was
	for word, n := range counts {
		if n >= 2 || a.lexicon.Frequent(word) {
			vocabulary[word] = n
		}
	}
	a.speller = indonesian.NewSpeller(a.lexicon, vocabulary)
}

func (a *analyser) analyse(text string) analysis {
	return a.analyseWords(a.lexicon.Words(text))
}

func (a *analyser) analyseWords(words []indonesian.Word) analysis {
	return a.analyseNormalised(a.normalised(wordTexts(words)))
}

// normalised corrects words and leaves out fillers.
func (a *analyser) normalised(words []string) []string {
	if len(words) > maxAnalysed {
		words = words[len(words)-maxAnalysed:]
	}
	corrected := make([]string, 0, len(words))
	for _, word := range words {
		corrected = append(corrected, a.speller.Words(word)...)
	}
	return a.withoutFillers(corrected)
}

func (a *analyser) withoutFillers(words []string) []string {
	kept := make([]string, 0, len(words))
	for i := 0; i < len(words); {
		longest := 0
		for _, filler := range a.fillers[words[i]] {
			if n := len(filler); n > longest && n <= len(words)-i && slices.Equal(filler, words[i:i+n]) {
				longest = n
			}
		}
		if longest == 0 {
			kept = append(kept, words[i])
			longest = 1
		}
		i += longest
	}
	return kept
}

// analyseNormalised analyses words that are normalised and corrected already.
func (a *analyser) analyseNormalised(words []string) analysis {
	an := analysis{words: words, stems: make([]string, len(words))}
	for i, word := range words {
		an.stems[i] = indonesian.Stem(word)
	}
	an.symbols = slices.Clone(an.stems)
	for i := range an.stems {
		longest := 0
		for _, term := range a.concepts[an.stems[i]] {
			n := len(term.stems)
			if n > len(an.stems)-i || !slices.Equal(term.stems, an.stems[i:i+n]) {
				continue
			}
			an.positions = append(an.positions, conceptAt{i, n, term.concept})
			if !slices.Contains(an.concepts, term.concept) {
				an.concepts = append(an.concepts, term.concept)
			}
			if n > longest {
				longest = n
				an.symbols[i] = a.names[term.concept]
			}
		}
	}
	slices.Sort(an.concepts)
	an.weights = make([]float32, len(an.stems))
	for i, stem := range an.stems {
		weight, ok := a.weights[stem]
		if !ok {
			weight = unknownWeight
		}
		an.weights[i] = weight
	}
	return an
}

const unknownWeight = 0.7

// learnWeights gives each stem a weight in (0, 1] by how unevenly it is spread
// over the topics: one minus its entropy over topics, relative to the greatest possible.
func (a *analyser) learnWeights(texts [][]string, labels []labelled, classCount int) {
	var stems []string
	numberOf := map[string]uint64{} // of stems
	stemOf := map[string]uint64{}   // numbers of stems, by word
	most := 0
	for _, words := range texts {
		most += len(words)
	}
	occurrences := make([]uint64, 0, most) // a stem's number in the upper half, the class of a text that has it in the lower
	for i, words := range texts {
		first := len(occurrences)
		for _, word := range words {
			number, ok := stemOf[word]
			if !ok {
				stem := indonesian.Stem(word)
				if number, ok = numberOf[stem]; !ok {
					number = uint64(len(stems))
					numberOf[stem] = number
					stems = append(stems, stem)
				}
				stemOf[word] = number
			}
			if occurrence := number<<32 | uint64(labels[i].class); !slices.Contains(occurrences[first:], occurrence) {
				occurrences = append(occurrences, occurrence)
			}
		}
	}
	slices.Sort(occurrences)
	a.weights = make(map[string]float32, len(stems))
	for len(occurrences) > 0 {
		stem := occurrences[0] >> 32
		end, _ := slices.BinarySearch(occurrences, (stem+1)<<32)
		a.weights[stems[stem]] = float32(max(0.08, 1-entropy(occurrences[:end])/math.Log(float64(classCount))))
		occurrences = occurrences[end:]
	}
}

// entropy is that of the distribution of sorted values.
func entropy(sorted []uint64) float64 {
	entropy := 0.0
	for i := 0; i < len(sorted); {
		n := 1
		for i+n < len(sorted) && sorted[i+n] == sorted[i] {
			n++
		}
		p := float64(n) / float64(len(sorted))
		entropy -= p * math.Log(p)
		i += n
	}
	return entropy
}

// feature is a hashed property of a text with its value.
type feature struct {
	hash  uint64
	value float32
}

// Blocks of features; each is scaled to its own length before it is weighted,
// so that a long question does not drown its concepts in words.
const (
	blockWord = iota
	blockStem
	blockPair
	blockConcept
	blockGram
	blockCount
)

var blockWeights = [blockCount]float32{1.5, 1.8, 1.5, 1.2, 1.2}

// hash orders features by their blocks, whatever their parts are.
func hash(block int, parts ...string) uint64 {
	h := uint64(14695981039346656037) ^ uint64(block)*0x9E3779B97F4A7C15
	for _, part := range parts {
		for i := range len(part) {
			h = (h ^ uint64(part[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	return uint64(block)<<61 | h>>3
}

// features lists the properties of a text, in order of their hashes.
func (a *analyser) features(an analysis) []feature {
	most := 3*len(an.words) + len(an.concepts)
	for _, stem := range an.stems {
		most += len(stem)
	}
	all := make([]feature, 0, most)
	for block := range blockCount {
		before := len(all)
		all = a.appendBlock(all, block, an)
		all = all[:before+scaled(all[before:], blockWeights[block])]
	}
	return all
}

func (a *analyser) appendBlock(features []feature, block int, an analysis) []feature {
	add := func(value float32, parts ...string) {
		features = append(features, feature{hash(block, parts...), value})
	}
	if block == blockConcept {
		for _, c := range an.concepts {
			add(1, a.names[c])
		}
		return features
	}
	for i, stem := range an.stems {
		switch block {
		case blockWord:
			if an.words[i] != stem {
				add(an.weights[i], an.words[i])
			}
		case blockStem:
			add(an.weights[i], stem)
		case blockPair:
			if i > 0 {
				add(an.weights[i]+an.weights[i-1], an.symbols[i-1], an.symbols[i])
			}
		case blockGram:
			for gram := range grams(stem) {
				add(an.weights[i], gram)
			}
		}
	}
	return features
}

// scaled sorts the features of a block, drops what occurs again and scales
// values to the length of the weight. It returns the number of features that are left.
func scaled(features []feature, weight float32) int {
	slices.SortFunc(features, func(x, y feature) int { return cmp.Compare(x.hash, y.hash) })
	norm := 0.0
	n := 0
	for _, f := range features {
		if n > 0 && features[n-1].hash == f.hash {
			continue
		}
		features[n] = f
		n++
		norm += float64(f.value) * float64(f.value)
	}
	scale := weight / float32(math.Sqrt(max(norm, 1e-9)))
	for i := range features[:n] {
		features[i].value *= scale
	}
	return n
}

// grams yields the runs of four letters of a word, its borders marked, for words of five letters or more.
func grams(word string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if len(word) < 5 {
			return
		}
		padded := "^" + word + "$"
		for i := 0; i+4 <= len(padded); i++ {
			if !yield(padded[i : i+4]) {
				return
			}
		}
	}
}

// readFillers reads phrases with commas between them.
func readFillers(s string) [][]string {
	var fillers [][]string
	for line := range strings.Lines(s) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for phrase := range strings.SplitSeq(line, ",") {
			if words := strings.Fields(phrase); len(words) > 0 {
				fillers = append(fillers, words)
			}
		}
	}
	return fillers
}

// join returns the analysis of two texts, one behind the other.
func (a *analyser) join(first, second analysis) analysis {
	return a.analyseNormalised(slices.Concat(first.words, second.words))
}

// group is what a concept is about: "actor" of "actor.guru".
func (a *analyser) group(concept int32) string {
	group, _, _ := strings.Cut(a.names[concept], ".")
	return group
}

// without returns the analysis less the words that name a concept of a group
// that other names one of: what is left of "bolehkah TNI memilih" when somebody asks on, "kalau PNS?".
func (a *analyser) without(an, other analysis) analysis {
	replaced := map[string]bool{}
	for _, c := range other.concepts {
		replaced[a.group(c)] = true
	}
	dropped := make([]bool, len(an.stems))
	for _, at := range an.positions {
		if replaced[a.group(at.concept)] {
			for i := range at.length {
				dropped[at.position+i] = true
			}
		}
	}
	var rest []string
	for i, word := range an.words {
		if !dropped[i] {
			rest = append(rest, word)
		}
	}
	return a.analyseNormalised(rest)
}
