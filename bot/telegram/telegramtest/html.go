package telegramtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// htmlTags is what Telegram understands; all else is an error.
var htmlTags = strings.Fields("a b strong i em u ins s strike del code pre blockquote span tg-spoiler tg-emoji")

// htmlParser reads a text with Telegram's HTML, and fails as Telegram does.
type htmlParser struct {
	src  string
	pos  int
	text strings.Builder // as a person reads it
	open []string        // tags, the outermost first
	lost []string        // formatting that Telegram drops without an error
}

func parseHTML(src string) (*htmlParser, *apiError) {
	p := &htmlParser{src: src}
	for p.pos < len(p.src) {
		var err *apiError
		switch rest := p.src[p.pos:]; {
		case strings.HasPrefix(rest, "</"):
			err = p.end()
		case rest[0] == '<':
			err = p.start()
		default:
			r, size := character(rest)
			p.text.WriteRune(r)
			p.pos += size
		}
		if err != nil {
			return nil, err
		}
	}
	if n := len(p.open); n > 0 {
		return nil, unparsable("Can't find end tag corresponding to start tag %q", p.open[n-1])
	}
	return p, nil
}

func unparsable(format string, args ...any) *apiError {
	return badRequest("can't parse entities: %s", fmt.Sprintf(format, args...))
}

const space = " \t\r\n"

// until reads up to one of the bytes in stop, or to the end.
func (p *htmlParser) until(stop string) string {
	rest := p.src[p.pos:]
	end := strings.IndexAny(rest, stop)
	if end < 0 {
		end = len(rest)
	}
	p.pos += end
	return rest[:end]
}

// next reads the byte c, after white space, if it comes next.
func (p *htmlParser) next(c byte) bool {
	p.pos = len(p.src) - len(strings.TrimLeft(p.src[p.pos:], space))
	if p.pos == len(p.src) || p.src[p.pos] != c {
		return false
	}
	p.pos++
	return true
}

// start reads a start tag.
func (p *htmlParser) start() *apiError {
	at := p.pos
	p.pos++
	name := strings.ToLower(p.until(space + ">/"))
	if !slices.Contains(htmlTags, name) {
		return unparsable("Unsupported start tag %q at byte offset %d", name, at)
	}
	attributes := map[string]string{}
	for !p.next('>') {
		attribute := strings.ToLower(p.until(space + "=>"))
		if attribute == "" && p.pos < len(p.src) {
			return unparsable("Empty attribute name in the tag %q at byte offset %d", name, at)
		}
		if p.next('=') {
			attributes[attribute] = p.value()
		}
		if p.pos >= len(p.src) {
			return unparsable("Unclosed start tag %q at byte offset %d", name, at)
		}
	}
	if name == "span" && attributes["class"] != "tg-spoiler" {
		return unparsable(`Tag "span" must have class "tg-spoiler" at byte offset %d`, at)
	}
	if _, err := strconv.ParseUint(attributes["emoji-id"], 10, 64); name == "tg-emoji" && err != nil {
		return unparsable("Invalid custom emoji identifier specified")
	}
	p.noteLost(name, at)
	p.open = append(p.open, name)
	return nil
}

// value reads an attribute's value, in quotes or not.
func (p *htmlParser) value() string {
	for _, quote := range []byte{'"', '\''} {
		if p.next(quote) {
			value := p.until(string(quote))
			p.pos++ // beyond the end if the quote is never closed
			return value
		}
	}
	return p.until(space + ">")
}

// noteLost notes nesting that Telegram resolves by dropping one of the two.
func (p *htmlParser) noteLost(name string, at int) {
	for _, outer := range p.open {
		code := outer == "code" || outer == "pre" && name != "code"
		if code || outer == "blockquote" && name == "blockquote" {
			p.lost = append(p.lost, fmt.Sprintf("<%s> inside of <%s> at byte offset %d", name, outer, at))
		}
	}
}

// end reads an end tag.
func (p *htmlParser) end() *apiError {
	at := p.pos
	p.pos += len("</")
	name := strings.ToLower(strings.TrimRight(p.until(">"), space))
	if p.pos == len(p.src) {
		return unparsable("Unclosed end tag at byte offset %d", at)
	}
	p.pos++
	last := len(p.open) - 1
	switch {
	case last < 0:
		return unparsable("Unexpected end tag at byte offset %d", at)
	case name != "" && name != p.open[last]:
		return unparsable("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", at, p.open[last], name)
	}
	p.open = p.open[:last]
	return nil
}

// character reads one character of text, which may be written as an entity: of a number, or of four names.
// Any other "&" is itself.
func character(s string) (rune, int) {
	named := []struct {
		name string
		r    rune
	}{{"&lt", '<'}, {"&gt", '>'}, {"&amp", '&'}, {"&quot", '"'}}
	for _, e := range named {
		if rest, ok := strings.CutPrefix(s, e.name); ok {
			return e.r, len(s) - len(strings.TrimPrefix(rest, ";"))
		}
	}
	if digits, ok := strings.CutPrefix(s, "&#"); ok {
		base, set := 10, "0123456789"
		if hex, ok := strings.CutPrefix(digits, "x"); ok {
			digits, base, set = hex, 16, "0123456789abcdefABCDEF"
		}
		rest := strings.TrimLeft(digits, set)
		n, err := strconv.ParseInt(digits[:len(digits)-len(rest)], base, 32)
		if err == nil && n > 0 && utf8.ValidRune(rune(n)) {
			return rune(n), len(s) - len(strings.TrimPrefix(rest, ";"))
		}
	}
	return utf8.DecodeRuneInString(s)
}

// units is the length of a text as Telegram counts it, in UTF-16 code units.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}
