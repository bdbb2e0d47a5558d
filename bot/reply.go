package bot

import (
	"fmt"
	"strings"

	"tanyanetral/knowledge/match"
)

// Reply is one message to a person.
type Reply struct {
	Blocks  []Block
	Offer   string   // what stands above the actions, "" for nothing
	Actions []Action // what the person can pick next, by number or by button

	// Result is what the reply answers: as the matcher found it, or as the person
	// picked it. Its Outcome is "" for other replies.
	Result match.Result
}

// Block is a part of a reply, without any markup.
type Block struct {
	Kind  BlockKind
	Text  string
	Items []string // of Bullets
}

// BlockKind tells how a block is meant.
type BlockKind int

const (
	Heading BlockKind = iota
	Text
	Bullets  // Text stands above the items, "" for nothing
	Citation // small print: law, dates
)

// Action is something to pick. ID names it for Handle and stays valid across restarts.
type Action struct {
	ID, Label string
}

// Plain is the reply as plain text, as a person would read it: blocks apart by
// an empty line, actions numbered from 1.
func (r Reply) Plain() string {
	var parts []string
	for _, b := range r.Blocks {
		parts = append(parts, b.Plain())
	}
	if len(r.Actions) > 0 {
		var lines []string
		if r.Offer != "" {
			lines = append(lines, r.Offer)
		}
		for i, a := range r.Actions {
			lines = append(lines, fmt.Sprintf("%d. %s", i+1, a.Label))
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	return strings.Join(parts, "\n\n")
}

// Plain is the block as plain text.
func (b Block) Plain() string {
	if b.Kind != Bullets {
		return b.Text
	}
	var lines []string
	if b.Text != "" {
		lines = append(lines, b.Text)
	}
	for _, item := range b.Items {
		lines = append(lines, "• "+item)
	}
	return strings.Join(lines, "\n")
}

func text(format string, args ...any) Block {
	return Block{Kind: Text, Text: fmt.Sprintf(format, args...)}
}

func heading(s string) Block { return Block{Kind: Heading, Text: s} }
