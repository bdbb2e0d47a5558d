package bot

import (
	"context"
	"errors"

	"tanyanetral/store"
)

// Priority orders what waits to be sent: answers go ahead of reminders.
type Priority int

const (
	ToAnswer Priority = iota // somebody waits for it
	ToRemind
)

// Message is a reply on its way to a conversation.
type Message struct {
	To       store.Key
	Reply    Reply
	Priority Priority
	Replaces string // reference of a message sent earlier that this one takes the place of, "" for none

	// Check is asked when the message has its turn, which may be long after Send was
	// called; nil where there is nothing to ask. Its error keeps the message back,
	// and is what Send returns.
	Check func() error
}

// What can be final about a message. Any other error of a Sender is that of
// Message.Check, or means that its context ended before the message was accepted.
var (
	ErrUnreachable = errors.New("the recipient cannot be reached any more")
	ErrRefused     = errors.New("the message was refused")
)

// Sender delivers messages within the limits of its channel. It tries again
// until the message is accepted, refused for good (ErrUnreachable, ErrRefused),
// kept back by its Check or the context ends, and returns a reference to what was sent.
type Sender interface {
	Send(ctx context.Context, m Message) (reference string, err error)
}
