package indonesian

import (
	"embed"
	"iter"
	"strings"
)

var (
	//go:embed data/*.tsv data/protected.txt data/LICENSE-indocollex.txt
	lists embed.FS
	//go:embed data/frequency.txt
	frequencyList string
)

// Lexicon holds the embedded word lists. It is read-only after NewLexicon and
// safe for concurrent use.
type Lexicon struct {
	slang     map[string]string // informal word -> formal words, "" for a mere particle
	emoji     map[rune]string
	protected map[string]bool
	frequent  wordSet
}

// NewLexicon reads the embedded word lists. The project's own list wins over
// the general one, and protected words win over the general one too.
func NewLexicon() *Lexicon {
	l := &Lexicon{slang: map[string]string{}, emoji: map[rune]string{}, protected: map[string]bool{}, frequent: newWordSet(frequencyList)}
	for line := range lines("protected.txt") {
		l.protected[line] = true
	}
	for informal, formal := range pairs("slang-indocollex.tsv") {
		if !l.protected[informal] {
			l.slang[informal] = formal
		}
	}
	for informal, formal := range pairs("slang-chat.tsv") {
		l.slang[informal] = formal
	}
	for sign, words := range pairs("emoji.tsv") {
		l.emoji[[]rune(sign)[0]] = words
	}
	return l
}

// lines yields the lines of an embedded list without comments and blank ones.
func lines(name string) iter.Seq[string] {
	b, err := lists.ReadFile("data/" + name)
	if err != nil {
		panic(err) // unreachable: embedded
	}
	return func(yield func(string) bool) {
		for line := range strings.Lines(string(b)) {
			line = strings.TrimRight(line, "\n")
			if line != "" && line[0] != '#' && !yield(line) {
				return
			}
		}
	}
}

// pairs yields the two columns of an embedded list.
func pairs(name string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for line := range lines(name) {
			if first, second, _ := strings.Cut(line, "\t"); !yield(first, second) {
				return
			}
		}
	}
}

// Frequent tells whether word is among the 20,000 most frequent of colloquial
// Indonesian (in a corpus of film subtitles of some 30 million words).
func (l *Lexicon) Frequent(word string) bool {
	_, ok := l.frequent.find(word)
	return ok
}

// Words splits text and undoes what chats do to words: letters held down
// ("bangeeet"), slang, doubled words ("teman-teman", "foto2"). Particles
// without meaning ("sih", "dong") are dropped.
func (l *Lexicon) Words(text string) []Word {
	split := l.Split(text)
	words := make([]Word, 0, len(split)+len(split)/4)
	for _, w := range split {
		for formal := range strings.FieldsSeq(l.formal(w.Text)) {
			n := len(words)
			if n > 0 && sameDoubled(words[n-1].Text, formal) {
				words[n-1] = Word{longer(words[n-1].Text, formal), words[n-1].Start, w.End}
				continue
			}
			words = append(words, Word{formal, w.Start, w.End})
		}
	}
	return words
}

// formal returns the words that an informal word stands for, itself if nothing is known of it.
func (l *Lexicon) formal(word string) string {
	if words, ok := l.known(word); ok {
		return words
	}
	if twice := squeeze(word, 2); twice != word { // a letter held down
		if words, ok := l.known(twice); ok {
			return words
		}
		once := squeeze(word, 1)
		if words, ok := l.known(once); ok {
			return words
		}
		return once
	}
	if once := squeeze(word, 1); once != word { // a letter doubled
		if words, ok := l.known(once); ok {
			return words
		}
	}
	return word
}

// known returns the words that a form stands for, if anything is known of it:
// those of the lists, so that nothing is kept of the text that they are found in.
func (l *Lexicon) known(form string) (string, bool) {
	if words, ok := l.slang[form]; ok {
		return words, true
	}
	if word, ok := l.frequent.find(form); ok {
		return word, true
	}
	return form, l.protected[form]
}

// squeeze shortens runs of one letter to at most n, figures untouched.
func squeeze(word string, n int) string {
	run, last := 0, rune(0)
	longest := 0
	for _, r := range word {
		if r != last || isDigit(r) {
			run, last = 0, r
		}
		run++
		longest = max(longest, run)
	}
	if longest <= n {
		return word
	}
	var b strings.Builder
	run, last = 0, 0
	for _, r := range word {
		if r != last || isDigit(r) {
			run, last = 0, r
		}
		if run++; run <= n {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// sameDoubled tells whether b repeats a, affixes aside: "teman" "temannya".
func sameDoubled(a, b string) bool {
	return a == b && !isDigit(rune(a[0])) || len(a) >= 4 && len(b) >= 4 && a[0] == b[0] && Stem(a) == Stem(b)
}

func longer(a, b string) string {
	if len(b) > len(a) {
		return b
	}
	return a
}
