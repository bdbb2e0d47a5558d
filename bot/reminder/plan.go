package reminder

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"tanyanetral/knowledge"
)

// Occurrence is one time that a reminder goes out.
type Occurrence struct {
	Reminder knowledge.Reminder
	Election knowledge.Election
	Stage    knowledge.Stage
	Topic    string // whose card goes along, "" for none

	At    time.Time // when it goes out, in the timezone of the election
	Until time.Time // the first moment at which it is not to be sent any more
}

// Plan returns what goes out after from and not after to, ordered by moment and
// then by key: calls of which each begins where the last one ended return each
// occurrence once. What a change of the knowledge has moved to before from is
// found by asking from further back, without the keys that were dealt with.
//
// An occurrence may be sent late until 21.00 of its day. One whose text counts
// the days may be sent until 21.00 of the eve of the day that it counts to, but
// not on the day of the next repetition; the nights until then are quiet all the same.
func Plan(base *knowledge.Base, from, to time.Time) []Occurrence {
	var plan []Occurrence
	for _, r := range base.Reminders {
		if r.Off {
			continue
		}
		for _, e := range base.Elections {
			s, ok := r.StageOf(e)
			if !ok {
				continue
			}
			for _, o := range occurrences(r, e, s) {
				if o.At.After(from) && !o.At.After(to) {
					plan = append(plan, o)
				}
			}
		}
	}
	slices.SortFunc(plan, func(a, b Occurrence) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Key(), b.Key()))
	})
	return plan
}

// occurrences lists all occurrences of a reminder in a stage of an election.
func occurrences(r knowledge.Reminder, e knowledge.Election, s knowledge.Stage) []Occurrence {
	day := r.First(s)
	if r.Every == 0 {
		return []Occurrence{occurrence(r, e, s, day, 0)}
	}
	var all []Occurrence
	for ; !s.To.Before(day); day = day.AddDays(r.Every) {
		all = append(all, occurrence(r, e, s, day, len(all)))
	}
	return all
}

// occurrence is the one of a day; n were before it.
func occurrence(r knowledge.Reminder, e knowledge.Election, s knowledge.Stage, day knowledge.Date, n int) Occurrence {
	o := Occurrence{Reminder: r, Election: e, Stage: s, At: e.Moment(day, r.At)}
	if len(r.Topics) > 0 {
		o.Topic = r.Topics[n%len(r.Topics)]
	}
	late := 0 // days
	if r.Counts() {
		late = max(0, day.DaysUntil(r.Day(s))-1)
		if r.Every > 0 {
			late = min(late, r.Every-1)
		}
	}
	o.Until = e.Moment(day.AddDays(late), knowledge.QuietFrom)
	return o
}

// Key names the occurrence by election, reminder and day, whatever else is
// changed about them: what was sent under a key is not sent again. Where a stage
// is moved, the reminder has another key on its new day. So whoever was reminded
// of the old day is reminded of the new one too, and what was planned for the old
// day alone is never due.
func (o Occurrence) Key() string {
	return o.Election.ID + "/" + o.Reminder.ID + "/" + o.day()
}

// ID is the Key in 27 letters of a-z, 0-9 and the hyphen: the day and a hash.
func (o Occurrence) ID() string {
	sum := sha256.Sum256([]byte(o.Key()))
	return o.day() + "-" + hex.EncodeToString(sum[:8])
}

func (o Occurrence) day() string { return o.At.Format(time.DateOnly) }
