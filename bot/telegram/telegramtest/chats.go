package telegramtest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Message is one message of a chat, of the bot or of a person.
type Message struct {
	ID       int
	Chat     int64
	From     int64  // the person, 0 if it is the bot's
	Text     string // as a person reads it; of a photo, the caption
	HTML     string // Text as the bot sent it, in HTML or not
	Buttons  [][]Button
	Markup   string // reply_markup as the bot sent it
	ReplyTo  int    // the message that it replies to, 0 if none
	Photo    []byte // what was uploaded, nil if nothing was
	FileID   string // of its photo
	Document []byte // what was uploaded as one
	Params   map[string]string
	Edits    []Edit // how it was before each edit
	Deleted  bool
	Time     time.Time

	inline bool    // Markup is an inline keyboard
	kind   string  // of what a person sent that is no text: "photo", "voice", ...
	update *update // that brought it, or the last press of one of its buttons
}

// Edit is how a message was before an edit.
type Edit struct {
	Text, HTML, Markup string
	Time               time.Time // of the edit
}

func (m *Message) copy() Message {
	c := *m
	c.Edits = slices.Clone(m.Edits)
	c.Params = maps.Clone(m.Params)
	return c
}

// String is the message as it stands in a conversation, each row of buttons in a line of its own.
func (m Message) String() string {
	var b strings.Builder
	who := "bot"
	if m.From != 0 {
		who = fmt.Sprint(m.From)
	}
	fmt.Fprintf(&b, "%d %s", m.ID, who)
	if m.ReplyTo != 0 {
		fmt.Fprintf(&b, " (to %d)", m.ReplyTo)
	}
	if m.FileID != "" {
		b.WriteString(" (photo)")
	}
	if m.kind != "" {
		fmt.Fprintf(&b, " (%s)", m.kind)
	}
	if len(m.Edits) > 0 {
		b.WriteString(" (edited)")
	}
	if m.Deleted {
		b.WriteString(" (deleted)")
	}
	fmt.Fprintf(&b, ": %s\n", strings.ReplaceAll(m.Text, "\n", "\n  "))
	for _, row := range m.Buttons {
		b.WriteString(" ")
		for _, button := range row {
			fmt.Fprintf(&b, " %v", button)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// chat is what is remembered of a chat.
type chat struct {
	id       int64
	kind     string // private, group, supergroup, channel
	known    bool   // somebody wrote in it
	refusal  *apiError
	lastID   int // of a message, where the chat counts its own
	messages []*Message
	byID     map[int]*Message
	members  map[int64]string // status, where it was set
	open     []*update        // delivered, and still in the queue
	answered *update          // of these, the one that was answered last
}

// chat finds or makes a chat.
func (s *Server) chat(id int64) *chat {
	if c := s.chats[id]; c != nil {
		return c
	}
	c := &chat{id: id, kind: "private", byID: map[int]*Message{}, members: map[int64]string{}}
	switch {
	case id < -1_000_000_000_000:
		c.kind = "supergroup"
	case id < 0:
		c.kind = "group"
	}
	if !s.opt.Forget || c.kind != "private" {
		s.keep(c)
	}
	return c
}

// keep remembers a chat even where private ones are forgotten.
func (s *Server) keep(c *chat) *chat {
	s.chats[c.id] = c
	return c
}

// has reports whether a message of the chat is there.
func (c *chat) has(message int) bool {
	m := c.byID[message]
	return m != nil && !m.Deleted
}

// membership is what follows from the bot's status in the chat: where it is no member it cannot send.
func (c *chat) membership(status string) {
	c.refusal = nil
	switch {
	case status != "kicked" && status != "left":
	case c.kind == "private":
		c.refusal = Blocked().err
	case status == "kicked":
		c.refusal = Error(403, "Forbidden: bot was kicked from the "+c.kind+" chat").err
	default:
		c.refusal = Error(403, "Forbidden: bot is not a member of the "+c.kind+" chat").err
	}
}

// add gives a message its id and remembers it.
func (s *Server) add(c *chat, m *Message) {
	last := &s.lastID
	if c.kind == "supergroup" || c.kind == "channel" {
		last = &c.lastID
	}
	*last++
	m.ID, m.Chat, m.Time = *last, c.id, s.opt.Now()
	if !s.opt.Forget {
		c.messages = append(c.messages, m)
		c.byID[m.ID] = m
	}
}

// Chat is a chat as seen from outside.
type Chat struct {
	s  *Server
	ID int64
}

// Chat is the chat with an id: above 0 the private one with that person, below -1000000000000 a supergroup,
// else a group.
func (s *Server) Chat(id int64) Chat { return Chat{s, id} }

// Sent is what the bot sent to the chat, in order, deleted messages included.
func (c Chat) Sent() []Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var sent []Message
	for _, m := range c.s.chat(c.ID).messages {
		if m.From == 0 {
			sent = append(sent, m.copy())
		}
	}
	return sent
}

// WaitSent waits until the bot has sent n messages to the chat, and returns all that it sent.
func (c Chat) WaitSent(ctx context.Context, n int) ([]Message, error) {
	err := c.s.Wait(ctx, func() bool { return len(c.Sent()) >= n })
	return c.Sent(), err
}

// String is the whole conversation, for comparison: who said what, and the buttons.
func (c Chat) String() string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var b strings.Builder
	for _, m := range c.s.chat(c.ID).messages {
		b.WriteString(m.String())
	}
	return b.String()
}
