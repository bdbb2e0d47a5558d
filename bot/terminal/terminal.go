// Package terminal is the conversation in a terminal or through a pipe.
package terminal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// Person is the key of whoever sits at the terminal.
var Person = store.Key{Channel: "terminal", ID: "lokal"}

// Prompt stands before what the person types.
const Prompt = "> "

// Lines reads what the person types, a line at a time, io.EOF at the end.
type Lines interface {
	Next() (string, error)
}

// longestLine is the number of bytes of a line that are read; the rest of a longer one is left out.
const longestLine = 1 << 20

// NewPipe reads lines that no person types, without prompt or editing.
func NewPipe(r io.Reader) Lines { return pipe{bufio.NewReaderSize(r, 64<<10)} }

type pipe struct{ r *bufio.Reader }

func (p pipe) Next() (string, error) {
	var b strings.Builder
	for {
		part, more, err := p.r.ReadLine()
		if err != nil {
			return "", err
		}
		if b.Len() < longestLine {
			b.Write(part)
		}
		if !more {
			return b.String(), nil
		}
	}
}

// Style renders replies.
type Style struct {
	Color bool
	Width int // columns to wrap at, 0 for none
}

// Chat answers lines until they end. A message that cannot be answered gets an
// apology, and its error goes to report.
func Chat(b *bot.Bot, lines Lines, out io.Writer, style Style, report func(error)) error {
	for {
		line, err := lines.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read what was typed: %w", err)
		}
		if s := strings.TrimSpace(line); s == "/keluar" || s == "/exit" || s == "/quit" {
			return nil
		}
		reply, err := b.Answer(bot.Event{Chat: Person, Person: Person, Text: line})
		if err != nil {
			report(err)
		}
		if _, err := fmt.Fprintf(out, "%s\n\n", style.Render(reply)); err != nil {
			return fmt.Errorf("write the reply: %w", err)
		}
	}
}

// ANSI escapes.
const (
	bold  = "\x1b[1m"
	faint = "\x1b[2m"
	reset = "\x1b[0m"
)

// Render is a reply as text: lines wrapped between words, headings bold and
// citations faint, as far as the style has it.
func (s Style) Render(r bot.Reply) string {
	styled := r
	styled.Blocks = make([]bot.Block, len(r.Blocks))
	for i, block := range r.Blocks {
		block.Text = wrap(block.Text, s.Width)
		if s.Color && block.Kind == bot.Heading {
			block.Text = bold + block.Text + reset
		}
		if s.Color && block.Kind == bot.Citation {
			block.Text = faint + block.Text + reset
		}
		block.Items = slices.Clone(block.Items)
		for j, item := range block.Items {
			block.Items[j] = strings.ReplaceAll(wrap(item, s.Width-2), "\n", "\n  ")
		}
		styled.Blocks[i] = block
	}
	styled.Actions = slices.Clone(r.Actions)
	for i, a := range styled.Actions {
		styled.Actions[i].Label = strings.ReplaceAll(wrap(a.Label, s.Width-3), "\n", "\n   ")
	}
	return styled.Plain()
}

const narrowest = 20 // columns below which wrapping makes nothing easier to read

// wrap breaks the lines of a text between words, so that none is longer than width.
func wrap(text string, width int) string {
	if width < narrowest {
		return text
	}
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		current, used := "", 0
		for word := range strings.FieldsSeq(line) {
			n := utf8.RuneCountInString(word)
			if used > 0 && used+1+n > width {
				lines = append(lines, current)
				current, used = "", 0
			}
			if used > 0 {
				current, used = current+" ", used+1
			}
			current, used = current+word, used+n
		}
		lines = append(lines, current)
	}
	return strings.Join(lines, "\n")
}
