package card

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// The typeface is Inter, cut down to Latin letters and the signs that texts use;
// fonts/README.md says how, fonts/OFL.txt is its licence.
var (
	//go:embed fonts/Inter-Regular.otf
	interRegular string
	//go:embed fonts/Inter-SemiBold.otf
	interSemiBold string
)

// weight tells which of the two faces a text is set in.
type weight int

const (
	regular weight = iota
	semiBold
)

// faces are the typeface in its weights. They are not safe for concurrent use.
type faces [2]face

func loadFaces() faces { return faces{loadFace(interRegular), loadFace(interSemiBold)} }

// face is one weight, at no particular size.
type face struct {
	font   *sfnt.Font
	buffer sfnt.Buffer
}

func loadFace(file string) face {
	parsed, err := sfnt.Parse([]byte(file))
	if err != nil {
		panic(fmt.Errorf("parse embedded font: %w", err)) // unreachable: the file is part of the program
	}
	return face{font: parsed}
}

// must is for what can fail only in a damaged font.
func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Errorf("read embedded font: %w", err)) // unreachable: the file is part of the program
	}
	return v
}

// capHeight is the height of capital letters, as a part of the size.
const capHeight = 0.727

func (f *face) glyph(r rune) sfnt.GlyphIndex { return must(f.font.GlyphIndex(&f.buffer, r)) }

func (f *face) covers(r rune) bool { return f.glyph(r) != 0 }

// glyphs calls visit with each glyph of a text and where it begins, and returns
// where the text ends, in pixels from its begin.
func (f *face) glyphs(text string, size int, visit func(g sfnt.GlyphIndex, x float32)) float32 {
	em := fixed.Int26_6(f.font.UnitsPerEm()) // at this size metrics come unrounded, in units of the font
	scale := float32(size) / float32(em)
	units := fixed.Int26_6(0)
	last := sfnt.GlyphIndex(0)
	for i, r := range text {
		g := f.glyph(r)
		if i > 0 {
			// The error says that the pair is not kerned.
			kern, _ := f.font.Kern(&f.buffer, last, g, em, font.HintingNone)
			units += kern
		}
		if visit != nil {
			visit(g, float32(units)*scale)
		}
		units += must(f.font.GlyphAdvance(&f.buffer, g, em, font.HintingNone))
		last = g
	}
	return float32(units) * scale
}

func (f *face) width(text string, size int) float32 { return f.glyphs(text, size, nil) }

// wrap breaks a text into lines between words; a word that is wider than a line is
// broken where the line ends.
func (f *face) wrap(text string, size, width int) []string {
	var lines []string
	line, used := "", float32(0)
	for word := range strings.FieldsSeq(text) {
		if more := f.width(" "+word, size); line != "" && used+more <= float32(width) {
			line, used = line+" "+word, used+more
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line, used = word, f.width(word, size)
		for used > float32(width) {
			n := f.fitting(line, size, width)
			lines = append(lines, line[:n])
			line, used = line[n:], f.width(line[n:], size)
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// fitting is the number of bytes of a word that fit into a width: one letter at least.
func (f *face) fitting(word string, size, width int) int {
	n := 0
	for i, r := range word {
		end := i + utf8.RuneLen(r)
		if n > 0 && f.width(word[:end], size) > float32(width) {
			break
		}
		n = end
	}
	return n
}

// lost stands for what the typeface cannot show.
const lost = "…"

// legible is a text as the typeface can show it, on one line: letters with marks
// composed or without the mark, no controls, no marks of direction, no emoji.
// Writing that it cannot show at all is marked as left out.
func (f *face) legible(text string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "")) {
		b.WriteString(f.nearest(r))
	}
	words := strings.Fields(b.String())
	for i, word := range words {
		for strings.Contains(word, lost+lost) {
			word = strings.ReplaceAll(word, lost+lost, lost)
		}
		words[i] = word
	}
	return strings.Join(slices.CompactFunc(words, func(a, b string) bool { return a == lost && b == lost }), " ")
}

func (f *face) nearest(r rune) string {
	switch {
	case unicode.IsSpace(r):
		return " "
	case unicode.In(r, unicode.C, unicode.M): // the soft hyphen has a glyph that would show everywhere
		return ""
	case f.covers(r):
		return string(r)
	}
	plain := ""
	for _, part := range norm.NFKD.String(string(r)) {
		if f.covers(part) {
			plain += string(part)
		}
	}
	if plain == "" && unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.Sm, unicode.Sc) {
		return lost
	}
	return plain
}
