package store

import (
	"errors"
	"time"
)

// ErrNotFound is returned where nothing is kept about a person. Any other
// error means that the store could not tell.
var ErrNotFound = errors.New("nothing is kept under this key")

// Key names a person: the channel and the channel's opaque id for the person.
type Key struct {
	Channel, ID string
}

// Person is all that is kept about a person, apart from what the person asked
// to be told about. Every field but the days is optional.
type Person struct {
	Status   string // PNS, PPPK or non-ASN
	Unit     string // place of work, as the person typed it
	Timezone string // IANA name

	// Topic is the last topic that was answered, for follow-up questions. It
	// means nothing once TopicUntil has passed, and is erased with the next change.
	Topic      string
	TopicUntil time.Time

	// Offered are the actions that the last reply offered by number, until OfferedUntil.
	Offered      []string
	OfferedUntil time.Time

	FirstSeen, LastSeen string // days, 2006-01-02
}

// Forgetful returns the person without what has passed its time.
func (p Person) Forgetful(now time.Time) Person {
	if !now.Before(p.TopicUntil) {
		p.Topic, p.TopicUntil = "", time.Time{}
	}
	if !now.Before(p.OfferedUntil) {
		p.Offered, p.OfferedUntil = nil, time.Time{}
	}
	return p
}

// People keeps persons. Methods are safe for concurrent use; what they return
// belongs to the caller.
type People interface {
	// Person returns what is kept under a key, ErrNotFound where that is nothing.
	Person(key Key) (Person, error)

	// UpdatePerson changes a person, or makes one from the zero Person, in one
	// transaction: where change returns an error, nothing is written and that
	// error is returned. change must do no I/O, and may be called more than once.
	UpdatePerson(key Key, change func(*Person) error) error

	// Forget removes everything that is kept under a key, in one transaction,
	// and reports whether there was anything.
	Forget(key Key) (bool, error)
}
