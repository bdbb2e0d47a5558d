package control

import (
	"context"
	"time"

	"tanyanetral/store"
)

// Desk is where it is seen and decided what goes out. Why something cannot be
// done is an error in Indonesian.
type Desk interface {
	// Reminders returns what goes out after from and not after to, in order of time.
	Reminders(ctx context.Context, from, to time.Time) ([]Reminder, error)

	// History returns what went out, and what administrators did, after from and not
	// after to, the last first. Its deliveries come without Report.
	History(ctx context.Context, from, to time.Time) (History, error)

	// Draft keeps a broadcast that does not go out unless Confirm is called.
	Draft(ctx context.Context, b Broadcast) (Draft, error)

	// Confirm sends a draft on its way. again allows what was sent lately already.
	Confirm(ctx context.Context, id string, again bool) (Delivery, error)

	// Delivery returns how far a broadcast or reminder has come.
	Delivery(ctx context.Context, id string) (Delivery, error)

	// Steer decides about a broadcast or reminder; at is for Move alone.
	Steer(ctx context.Context, id string, a Action, at time.Time) (Delivery, error)
}

// Action is what can be decided about a broadcast or a reminder.
type Action string

const (
	Pause  Action = "pause"
	Resume Action = "resume"
	Cancel Action = "cancel"

	// Of reminders that have not begun.
	Skip Action = "skip"
	Move Action = "move" // to another time
)

// Reminder is a reminder or a broadcast that goes out.
type Reminder struct {
	ID         string              `json:"id"`
	Rule       string              `json:"rule"` // election/reminder, "" for a broadcast
	At         time.Time           `json:"at"`
	Text       string              `json:"text"`  // as it is read then
	Topic      string              `json:"topic"` // whose card goes along, "" for none
	To         store.Audience      `json:"to"`
	Recipients int                 `json:"recipients"` // as things stand
	State      store.DeliveryState `json:"state"`      // Planned as long as nobody decided about it
}

// Planned is the state of a reminder whose time has not come.
const Planned store.DeliveryState = "planned"

// Broadcast is what somebody wants to send.
type Broadcast struct {
	Text  string
	Topic string // whose card goes along, "" for none
	To    store.Audience
	Start time.Time // zero for at once
}

// Draft is a broadcast that waits to be confirmed.
type Draft struct {
	ID         string `json:"id"`
	Received   string `json:"received"` // exactly what everybody gets, buttons below
	Recipients int    `json:"recipients"`
}

// Delivery is how far a broadcast or reminder has come.
type Delivery struct {
	ID     string                `json:"id"`
	Kind   store.DeliveryKind    `json:"kind"`
	State  store.DeliveryState   `json:"state"`
	Start  time.Time             `json:"start,omitzero"`
	Ended  time.Time             `json:"ended,omitzero"`
	Total  int                   `json:"total"` // recipients, as far as they are collected
	Counts map[store.Outcome]int `json:"counts,omitempty"`
	Text   string                `json:"text"` // all of it, as people read it

	Report []byte `json:"report,omitempty"` // a table for spreadsheets, once it is over
}

// Settled counts the recipients of whom it is known what became.
func (d Delivery) Settled() (n int) {
	for _, count := range d.Counts {
		n += count
	}
	return n
}

// History is what was.
type History struct {
	Deliveries []Delivery         `json:"deliveries"`
	Audit      []store.AuditEntry `json:"audit"`
}
