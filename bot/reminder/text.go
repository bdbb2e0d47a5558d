package reminder

import (
	"time"

	"tanyanetral/knowledge"
	"tanyanetral/store"
)

// Text is what the occurrence says when it is sent at a moment: one that is late
// counts fewer days. A moment before At counts as At, so that a preview shows
// what will be sent. ok is false from Until on: it is not true any more.
func (o Occurrence) Text(now time.Time) (text string, ok bool) {
	if !now.Before(o.Until) {
		return "", false
	}
	if now.Before(o.At) {
		now = o.At
	}
	today := knowledge.DateOf(now.In(o.At.Location()))
	return o.Reminder.Fill(o.Election, o.Stage, today), true
}

// textOf returns what tells the text of a delivery at a moment. A reminder may wait
// for the morning, or paused for days, and counts fewer days then; where it is not
// in the calendar any more it says what it said. ok is false where it is not true any more.
func textOf(base *knowledge.Base, d store.Delivery) func(now time.Time) (text string, ok bool) {
	if o, found := Find(base, d.ID); found {
		return o.Text
	}
	return func(now time.Time) (string, bool) { return d.Text, d.Until.IsZero() || now.Before(d.Until) }
}
