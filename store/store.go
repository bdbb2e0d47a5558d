package store

import (
	"errors"
	"time"
)

// ErrNotFound is returned where nothing is kept under a key. Any other error
// means that the store could not tell.
var ErrNotFound = errors.New("nothing is kept under this key")

// ErrReadOnly is returned by a change within View.
var ErrReadOnly = errors.New("the transaction may only read")

// Key names a conversation: the channel and the channel's opaque id of the
// person, or of a group. The zero Key is nobody.
type Key struct {
	Channel, ID string
}

// Compare orders keys, as the methods that read them page by page do.
func (k Key) Compare(other Key) int { return compareKeys(k, other) }

// Store keeps the state. Methods are safe for concurrent use. What transactions
// return belongs to the caller; a Tx is of no use once its function has returned.
// Times come back as the same moment, not always in the same time zone; texts
// must be UTF-8, but for keys.
type Store interface {
	// View calls f with one consistent state, and returns what f returns.
	View(f func(Tx) error) error

	// Update calls f and then writes all of its changes, or none where f returns
	// an error, which it passes on. When Update returns nil the changes outlive a
	// crash. f must do no I/O, and may be called more than once and on another
	// goroutine.
	Update(f func(Tx) error) error

	// Prune removes what has passed its time, in several short transactions, and
	// returns the number of records removed. Ages stand with the records.
	Prune(now time.Time) (int, error)
}

// Tx is a transaction: all records, read and changed together.
type Tx interface {
	People
	Conversations
	Questions
	Feedback
	Updates
	Audit
	Deliveries
}
