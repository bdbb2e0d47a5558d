package store

import "time"

// UpdatesKept is how long it is remembered that an update was handled. A channel
// repeats one for a day at most; after a week of silence Telegram may use
// the same ids again. Prune may remove what is older up to a day later.
const UpdatesKept = 48 * time.Hour

// Updates remembers which updates of a channel were handled.
type Updates interface {
	// Handled tells whether an update was handled within UpdatesKept before now, or
	// later than now: a clock was set back.
	Handled(channel, id string, now time.Time) (bool, error)

	// MarkHandled remembers that an update was handled.
	MarkHandled(channel, id string, now time.Time) error
}
