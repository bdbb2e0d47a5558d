package reminder

import (
	"time"

	"tanyanetral/knowledge"
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
