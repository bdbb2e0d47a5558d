package store

import (
	"cmp"
	"strings"
)

// Person is what is kept about a person, or about a group that the bot is in,
// until it asks to be forgotten. Every field but the days is optional.
type Person struct {
	Status       string         `json:"status,omitempty"`   // PNS, PPPK or non-ASN
	Unit         string         `json:"unit,omitempty"`     // place of work, as the person typed it
	Timezone     string         `json:"timezone,omitempty"` // IANA name
	Subscription Subscription   `json:"subscription,omitempty"`
	Offered      bool           `json:"offered,omitempty"` // reminders were offered once
	Watches      []Watch        `json:"watches,omitempty"`
	Votes        map[string]int `json:"votes,omitempty"` // by topic: 1 helpful, -1 not

	// Days, 2006-01-02.
	FirstSeen string `json:"first,omitempty"`
	LastSeen  string `json:"last,omitempty"`
}

// Subscription tells which reminders a person wants.
type Subscription string

const (
	NoReminders  Subscription = ""
	AllReminders Subscription = "all"
	StagesOnly   Subscription = "stages" // only when a stage of an election changes
)

// Watch is something that a person asked to be told about: that the answer of a
// topic changed, or that a question has an answer.
type Watch struct {
	Topic    string `json:"topic,omitempty"`    // "" for a question
	Seen     string `json:"seen,omitempty"`     // of a topic its verdict and basis, of a question the topics, that the person knows
	Question string `json:"question,omitempty"` // without Topic: the question, masked
	ID       string `json:"id,omitempty"`       // without Topic: of the question in the log
}

// KeyedPerson is a person with its key.
type KeyedPerson struct {
	Key    Key
	Person Person
}

// People keeps persons.
type People interface {
	// Person returns what is kept under a key, ErrNotFound where that is nothing.
	Person(key Key) (Person, error)

	// PutPerson keeps a person in place of what was kept under the key.
	PutPerson(key Key, p Person) error

	// PeopleAfter returns up to n persons whose keys come after a key, in the order
	// of Key.Compare; the zero Key comes before all.
	PeopleAfter(after Key, n int) ([]KeyedPerson, error)

	// Forget removes everything that is kept under a key: the person, the
	// conversation, the votes from the counts, the place in the set of each delivery,
	// where it counts as Unsubscribed. It reports whether there was anything.
	Forget(key Key) (bool, error)

	// Move puts everything that is kept under one key under another, and forgets
	// what was there: a group has got a new id. It does nothing where nothing is kept.
	Move(from, to Key) error
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(len(a.Channel), len(b.Channel)), strings.Compare(a.Channel, b.Channel), strings.Compare(a.ID, b.ID))
}
