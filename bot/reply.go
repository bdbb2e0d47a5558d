package bot

import (
	"fmt"
	"strings"

	"tanyanetral/knowledge/match"
)

// Reply is one message to a conversation. The zero Reply is silence.
type Reply struct {
	Blocks  []Block
	Offer   string   // what stands above the actions where they are numbered, "" for nothing
	Actions []Action // what the person can pick next, by number or by button

	File *File // goes with the blocks, nil for none

	// Controls are rows of further buttons, for channels that have buttons.
	Controls [][]Action

	// Notice is a few words (200 characters at most) that a channel with buttons
	// shows over the button that was pressed. A reply may consist of it alone; where
	// it has no blocks but actions or controls, these are to be the buttons under
	// that message from now on, and its text stays.
	Notice string

	// Replace tells that the reply may take the place of the message whose button
	// was pressed.
	Replace bool

	// Result is what the reply answers: as the matcher found it, or as the person
	// picked it. Its Outcome is "" for other replies.
	Result match.Result
}

// Silent tells whether there is nothing to send.
func (r Reply) Silent() bool { return len(r.Blocks) == 0 && r.Notice == "" && r.File == nil }

// File is a picture or a document.
type File struct {
	Name      string // with the ending that says what it is
	Picture   bool   // it is shown, not offered as a document
	Content   []byte // nil with Reference
	Reference string // the channel's own, of a file that it has already
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

// Action is something to pick.
type Action struct {
	// ID names the action. It is at most 64 bytes, stays valid across restarts and
	// changes of the knowledge, and comes back in Event.Action or is picked by number.
	ID    string
	Label string
	Kind  ActionKind
	Text  string // of the kinds that share: what is shared
}

// ActionKind tells what picking an action does.
type ActionKind int

const (
	Pick    ActionKind = iota // comes back as an Event
	Private                   // goes on in the private conversation; ID is what /start is called with there

	// These share Text with a link to /start ID.
	Share         // within the channel
	ShareWhatsApp // in WhatsApp
	Copy          // to the clipboard
)

// Plain is the reply as plain text, as a person would read it: blocks apart by
// an empty line, actions numbered from 1.
func (r Reply) Plain() string {
	var parts []string
	for _, b := range r.Blocks {
		parts = append(parts, b.Plain())
	}
	if len(r.Blocks) == 0 && r.Notice != "" {
		parts = append(parts, r.Notice)
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

func say(format string, args ...any) Reply { return Reply{Blocks: []Block{text(format, args...)}} }

func text(format string, args ...any) Block {
	return Block{Kind: Text, Text: fmt.Sprintf(format, args...)}
}

func heading(s string) Block { return Block{Kind: Heading, Text: s} }
