package indonesian

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Word is one word of a text. Start and End are the byte offsets in the
// original text of what it was typed as; several words share them where one
// typed word stands for several ("dmn" for "di mana").
type Word struct {
	Text       string
	Start, End int
}

// foldedRune is a rune after folding, with the bytes of the original that it came from.
type foldedRune struct {
	r          rune
	start, end int32
}

// lookalikes maps letters of other scripts that are drawn like Latin ones.
var lookalikes = map[rune]rune{
	'а': 'a', 'в': 'b', 'е': 'e', 'к': 'k', 'м': 'm', 'н': 'h', 'о': 'o', 'р': 'p', 'с': 'c', 'т': 't', 'у': 'y', 'х': 'x',
	'і': 'i', 'ј': 'j', 'ѕ': 's', 'ԁ': 'd', 'ɡ': 'g', 'ӏ': 'l', 'α': 'a', 'ο': 'o', 'ρ': 'p', 'ν': 'v', 'ι': 'i', 'κ': 'k', 'τ': 't', 'υ': 'u',
	'ı': 'i', 'ɑ': 'a', 'ℓ': 'l', 'ø': 'o', 'đ': 'd', 'ł': 'l',
}

// Split folds text (compatibility forms, case, accents, look-alike letters,
// invisible characters) and splits it into runs of letters or of digits.
// Web and mail addresses and @names are left out. Invalid UTF-8 separates
// words. Emoji that stand for an act become words.
func (l *Lexicon) Split(text string) []Word {
	var short [256]foldedRune // most messages are: nothing to allocate
	return l.split(fold(short[:0], text))
}

// fold appends the folded text.
func fold(folded []foldedRune, text string) []foldedRune {
	if isASCII(text) { // most messages: nothing to decompose
		for i := range len(text) {
			folded = append(folded, foldedRune{unicode.ToLower(rune(text[i])), int32(i), int32(i + 1)})
		}
		return folded
	}
	var it norm.Iter
	it.InitString(norm.NFKD, text)
	for !it.Done() {
		start := int32(it.Pos())
		segment := it.Next()
		end := int32(it.Pos())
		for len(segment) > 0 {
			r, size := utf8.DecodeRune(segment)
			segment = segment[size:]
			if unicode.In(r, unicode.Mn, unicode.Cf, unicode.Me) {
				continue
			}
			r = unicode.ToLower(r)
			if latin, ok := lookalikes[r]; ok {
				r = latin
			}
			folded = append(folded, foldedRune{r, start, end})
		}
	}
	return folded
}

func (l *Lexicon) split(rs []foldedRune) []Word {
	words := make([]Word, 0, len(rs)/5)
	for i := 0; i < len(rs); {
		switch r := rs[i].r; {
		case unicode.IsSpace(r):
			i++
		case (i == 0 || unicode.IsSpace(rs[i-1].r)) && isAddress(rs[i:]):
			for i < len(rs) && !unicode.IsSpace(rs[i].r) {
				i++
			}
		case unicode.IsLetter(r):
			j := i + 1
			for j < len(rs) && (unicode.IsLetter(rs[j].r) || isDigit(rs[j].r) || isApostrophe(rs, j)) {
				j++
			}
			words = l.appendRun(words, rs[i:j])
			i = j
		case isDigit(r):
			j := i + 1
			for j < len(rs) && isDigit(rs[j].r) {
				j++
			}
			words = append(words, wordOf(rs[i:j]))
			i = j
		default:
			for _, w := range strings.Fields(l.emoji[r]) {
				words = append(words, Word{w, int(rs[i].start), int(rs[i].end)})
			}
			i++
		}
	}
	return words
}

// appendRun appends a run of letters and digits that begins with a letter:
// whole where it is a known abbreviation ("p3k"), or a doubled word ("foto2nya"),
// else split where letters and digits meet ("paslon01").
func (l *Lexicon) appendRun(words []Word, run []foldedRune) []Word {
	w := wordOf(run)
	digit := strings.IndexFunc(w.Text, isDigit)
	if digit < 0 {
		return append(words, w)
	}
	if _, known := l.slang[w.Text]; known {
		return append(words, w)
	}
	rest := w.Text[digit+1:]
	if w.Text[digit] == '2' && digit >= 2 && (rest == "" && !numbered[w.Text[:digit]] || doubledSuffix[rest]) {
		w.Text = w.Text[:digit] + rest
		return append(words, w)
	}
	// Apostrophes are dropped from the text, so runes are counted anew here.
	for i := 0; i < len(run); {
		j := i + 1
		for j < len(run) && isDigit(run[j].r) == isDigit(run[i].r) {
			j++
		}
		words = append(words, wordOf(run[i:j]))
		i = j
	}
	return words
}

// numbered are words that a 2 numbers and does not double.
var numbered = map[string]bool{
	"no": true, "nmr": true, "nomor": true, "nomer": true, "paslon": true, "calon": true, "capres": true, "tps": true, "rt": true, "rw": true,
	"sd": true, "smp": true, "sma": true, "kelas": true, "putaran": true, "pasal": true, "ayat": true, "pp": true, "uu": true, "dapil": true,
}

var doubledSuffix = map[string]bool{"an": true, "in": true, "nya": true, "kan": true, "ku": true, "mu": true, "annya": true}

func wordOf(run []foldedRune) Word {
	var b strings.Builder
	b.Grow(len(run))
	for _, f := range run {
		if unicode.IsLetter(f.r) || isDigit(f.r) {
			b.WriteRune(f.r)
		}
	}
	return Word{b.String(), int(run[0].start), int(run[len(run)-1].end)}
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func isApostrophe(rs []foldedRune, i int) bool {
	return (rs[i].r == '\'' || rs[i].r == '’') && i+1 < len(rs) && unicode.IsLetter(rs[i+1].r)
}

// isAddress tells whether an @name, a mail or a web address begins here.
func isAddress(rs []foldedRune) bool {
	if rs[0].r == '@' {
		return len(rs) > 1 && !unicode.IsSpace(rs[1].r)
	}
	bytes := 0
	for _, f := range rs {
		if unicode.IsSpace(f.r) || bytes > 40 {
			break
		}
		if f.r == '@' && bytes > 0 {
			return true
		}
		bytes += utf8.RuneLen(f.r)
	}
	return hasPrefix(rs, "http://") || hasPrefix(rs, "https://") || hasPrefix(rs, "www.")
}

func hasPrefix(rs []foldedRune, ascii string) bool {
	if len(rs) < len(ascii) {
		return false
	}
	for i := range len(ascii) {
		if rs[i].r != rune(ascii[i]) {
			return false
		}
	}
	return true
}
