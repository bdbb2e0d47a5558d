package indonesian

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed data
var data embed.FS

// Lexicon holds the embedded word lists. It is read-only after NewLexicon and
// safe for concurrent use.
type Lexicon struct {
	slang     map[string][]string // informal word -> formal words, none for a mere particle
	emoji     map[rune]string
	protected map[string]bool
	frequency map[string]int
}

// NewLexicon reads the embedded word lists. The project's own list wins over
// the general one, and protected words win over the general one too.
func NewLexicon() *Lexicon {
	l := &Lexicon{slang: map[string][]string{}, emoji: map[rune]string{}, protected: map[string]bool{}, frequency: make(map[string]int, 20000)}
	for _, line := range lines("protected.txt") {
		l.protected[line] = true
	}
	for _, line := range lines("slang-indocollex.tsv") {
		if informal, formal := pair(line); !l.protected[informal] {
			l.slang[informal] = strings.Fields(formal)
		}
	}
	for _, line := range lines("slang-chat.tsv") {
		informal, formal := pair(line)
		l.slang[informal] = strings.Fields(formal)
	}
	for _, line := range lines("emoji.tsv") {
		sign, words := pair(line)
		l.emoji[[]rune(sign)[0]] = words
	}
	for _, line := range lines("frequency.txt") {
		word, count, _ := strings.Cut(line, " ")
		n, err := strconv.Atoi(count)
		if err != nil {
			panic(fmt.Sprintf("frequency.txt: %v", err)) // unreachable: embedded, and a test loads it
		}
		l.frequency[word] = n
	}
	return l
}

// lines returns the lines of an embedded list without comments and blank ones.
func lines(name string) []string {
	b, err := data.ReadFile("data/" + name)
	if err != nil {
		panic(err) // unreachable: embedded
	}
	var kept []string
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		if line != "" && line[0] != '#' {
			kept = append(kept, line)
		}
	}
	return kept
}

func pair(line string) (string, string) {
	first, second, _ := strings.Cut(line, "\t")
	return first, second
}

// Frequency returns how often word occurs in colloquial Indonesian (a corpus
// of film subtitles of some 30 million words), 0 for a word outside the 20,000 most frequent.
func (l *Lexicon) Frequency(word string) int { return l.frequency[word] }

// Words splits text and undoes what chats do to words: letters held down
// ("bangeeet"), slang, doubled words ("teman-teman", "foto2"). Particles
// without meaning ("sih", "dong") are dropped.
func (l *Lexicon) Words(text string) []Word {
	var words []Word
	for _, w := range l.Split(text) {
		for _, formal := range l.formal(w.Text) {
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
func (l *Lexicon) formal(word string) []string {
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
		return []string{once}
	}
	if once := squeeze(word, 1); once != word { // a letter doubled
		if words, ok := l.known(once); ok {
			return words
		}
	}
	return []string{word}
}

// known returns the words that a form stands for, if anything is known of it.
func (l *Lexicon) known(form string) ([]string, bool) {
	if words, ok := l.slang[form]; ok {
		return words, true
	}
	if l.frequency[form] > 0 || l.protected[form] {
		return []string{form}, true
	}
	return nil, false
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
