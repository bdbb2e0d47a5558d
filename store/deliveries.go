package store

import (
	"errors"
	"strings"
	"time"
)

const (
	// DeliveriesKept is how long a delivery is kept after it ended, for its report.
	DeliveriesKept = 365 * 24 * time.Hour

	// DraftsKept is how long a draft is kept that nobody confirms.
	DraftsKept = 24 * time.Hour
)

// ErrDeliveryID is returned for a delivery whose id is empty, too long or has other letters.
var ErrDeliveryID = errors.New("the id of a delivery is 1 to 40 letters of a-z, 0-9 and the hyphen")

// Delivery is one message to many: a broadcast or a reminder. Who gets it is
// fixed at its start and then forgotten person by person, as each is settled.
type Delivery struct {
	ID    string        `json:"id,omitempty"` // at most 40 letters of a-z 0-9 -; later deliveries have greater ids
	Kind  DeliveryKind  `json:"kind"`
	Rule  string        `json:"rule,omitempty"` // of a reminder: the rule and the election that it comes from
	By    string        `json:"by,omitempty"`   // of a broadcast: the administrator's id, or "terminal"
	State DeliveryState `json:"state"`
	Note  string        `json:"note,omitempty"` // why it was skipped, cancelled or refused

	Text  string   `json:"text,omitempty"`  // as it goes out
	Topic string   `json:"topic,omitempty"` // id of a topic whose card is attached, "" for none
	Photo string   `json:"photo,omitempty"` // the channel's reference to a picture, "" for none
	To    Audience `json:"to,omitzero"`

	Created time.Time `json:"created,omitzero"`
	Start   time.Time `json:"start,omitzero"` // not before
	Until   time.Time `json:"until,omitzero"` // not after: it would not be true any more; zero for no end
	Ended   time.Time `json:"ended,omitzero"` // set with a State that is over: its age counts from then

	// Recipients up to this key are in the set. It names somebody: once the set is
	// complete, or the delivery over, it is the zero Key again.
	Collected Key  `json:"collected,omitzero"`
	Complete  bool `json:"complete,omitempty"` // the set is complete

	// Both are kept by the methods that change the set; PutDelivery ignores them.
	Counts map[Outcome]int `json:"counts,omitempty"` // of those that are settled
	Total  int             `json:"total,omitempty"`  // of all that were added

	// Progress is where its progress is shown, and edited in place.
	Progress []Place `json:"progress,omitempty"`
}

// CheckID returns ErrDeliveryID where the id is not what it must be.
func (d Delivery) CheckID() error {
	if d.ID == "" || len(d.ID) > 40 || strings.Trim(d.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return ErrDeliveryID
	}
	return nil
}

// Expires returns the moment from which on Prune removes the delivery, the zero
// time where it does not: it has not ended, or nobody said when.
func (d Delivery) Expires() time.Time {
	switch {
	case d.State == Draft && !d.Created.IsZero():
		return d.Created.Add(DraftsKept)
	case d.State.Over() && !d.Ended.IsZero():
		return d.Ended.Add(DeliveriesKept)
	}
	return time.Time{}
}

// Place is a message in a conversation.
type Place struct {
	Chat      Key    `json:"chat"`
	Reference string `json:"reference"`
}

// DeliveryKind tells what asked for a delivery.
type DeliveryKind string

const (
	Broadcast DeliveryKind = "broadcast"
	Reminder  DeliveryKind = "reminder"
	News      DeliveryKind = "news"
)

// DeliveryState is where a delivery stands.
type DeliveryState string

const (
	Draft     DeliveryState = "draft"     // previewed, not confirmed: never goes out by itself
	Scheduled DeliveryState = "scheduled" // confirmed; begins at Start
	Running   DeliveryState = "running"
	Paused    DeliveryState = "paused"
	Done      DeliveryState = "done"
	Cancelled DeliveryState = "cancelled"
	Skipped   DeliveryState = "skipped" // it would have come too late
)

// Over tells whether a delivery has ended.
func (s DeliveryState) Over() bool { return s == Done || s == Cancelled || s == Skipped }

// Outcome is what became of one recipient of a delivery.
type Outcome string

const (
	Delivered    Outcome = "delivered"
	Unreachable  Outcome = "unreachable"  // blocked, deactivated, gone
	Refused      Outcome = "refused"      // the channel refused the message
	Unsubscribed Outcome = "unsubscribed" // before it was their turn
	TooLate      Outcome = "too_late"     // before it was their turn, it was no longer true
)

// Audience tells who gets a delivery; the zero Audience is all subscribers.
type Audience struct {
	Status   string `json:"status,omitempty"`   // "" for any
	Unit     string `json:"unit,omitempty"`     // compared without case and spaces around; "" for any
	Timezone string `json:"timezone,omitempty"` // "" for any
	Stages   bool   `json:"stages,omitempty"`   // it tells of a stage: those who want no other reminders get it too
}

// Deliveries keeps deliveries and who of their recipients is still to be settled.
// Prune removes deliveries when they expire, and who is left in the set of one
// that is over.
type Deliveries interface {
	// Delivery returns a delivery, ErrNotFound where there is none.
	Delivery(id string) (Delivery, error)

	// PutDelivery keeps a delivery in place of what was kept under its id, but leaves
	// Counts and Total as they are: others may have counted since d was read. One
	// with an id of another shape is refused with ErrDeliveryID.
	PutDelivery(d Delivery) error

	// ActiveDeliveries returns those that have not ended, in the order of their ids.
	ActiveDeliveries() ([]Delivery, error)

	// DeliveriesBefore returns up to n deliveries whose ids come before id, the
	// greatest first; "" stands after all.
	DeliveriesBefore(id string, n int) ([]Delivery, error)

	// AddRecipients adds to the set of a delivery, and those who are new to it to
	// its Total; ErrNotFound where there is no delivery. Who is in the set stays in
	// it once, but who was settled comes back: so a page of people is added in
	// the transaction that puts the delivery with the end of the page in Collected.
	AddRecipients(id string, keys []Key) error

	// RecipientsAfter returns up to n recipients that are not settled, after a key,
	// in the order of Key.Compare.
	RecipientsAfter(id string, after Key, n int) ([]Key, error)

	// Settle takes a recipient out of the set and counts the outcome in the
	// delivery. It reports whether the recipient was in the set.
	Settle(id string, key Key, o Outcome) (bool, error)

	// ClearRecipients takes up to n recipients out of the set without an outcome, and
	// returns how many: the delivery was cancelled.
	ClearRecipients(id string, n int) (int, error)

	// PlannedUntil returns the moment up to which reminders were planned, the zero
	// time where none were yet.
	PlannedUntil() (time.Time, error)

	// SetPlannedUntil keeps that moment.
	SetPlannedUntil(t time.Time) error
}
