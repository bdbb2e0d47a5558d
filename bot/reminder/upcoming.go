package reminder

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tanyanetral/bot"
	"tanyanetral/knowledge"
	"tanyanetral/store"
)

// Upcoming returns what goes out after from and not after to, ordered by time:
// reminders as planned, or as it was decided about them or became of them, and
// broadcasts that are confirmed and not over. What was moved stands at its new
// time. A reminder that will never be due, since its time passed before the bot was
// there, or without it and none will send it late, counts as skipped.
func Upcoming(base *knowledge.Base, s store.Store, now, from, to time.Time) ([]bot.Upcoming, error) {
	var all []bot.Upcoming
	planned := Plan(base, from, to)
	err := s.View(func(tx store.Tx) error {
		all = nil
		until, err := tx.PlannedUntil()
		if err != nil {
			return err
		}
		active, err := tx.ActiveDeliveries()
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, o := range planned {
			seen[o.ID()] = true
			d, err := tx.Delivery(o.ID())
			switch {
			case err == nil:
				all = append(all, o.upcoming(d))
			case !errors.Is(err, store.ErrNotFound):
				return err
			case o.At.After(until) && (o.At.After(now) || !until.IsZero() && now.Before(o.Until)):
				all = append(all, o.upcoming(store.Delivery{Start: o.At}))
			default:
				d = o.delivery(o.At)
				d.State = store.Skipped
				all = append(all, o.upcoming(d))
			}
		}
		for _, d := range active {
			if seen[d.ID] || d.State == store.Draft {
				continue
			}
			if o, ok := Find(base, d.ID); ok { // moved from another day
				all = append(all, o.upcoming(d))
			} else {
				all = append(all, ofDelivery(base, d))
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read what is to be delivered: %w", err)
	}
	all = slices.DeleteFunc(all, func(u bot.Upcoming) bool { return !u.At.After(from) || u.At.After(to) })
	slices.SortStableFunc(all, func(a, b bot.Upcoming) int { return a.At.Compare(b.At) })
	return all, nil
}

// upcoming is the occurrence with the delivery that it has become, or the moment
// at which it becomes one. Until its turn has come, it says what will be true then.
func (o Occurrence) upcoming(d store.Delivery) bot.Upcoming {
	u := bot.Upcoming{
		ID: o.ID(), Rule: o.Rule(), Title: o.Stage.Name + ", " + o.Election.Title(), Text: d.Text, Topic: o.Topic, To: o.Audience(),
		At: d.Start.In(o.At.Location()), Until: o.Until, Zone: o.Election.Timezone, State: string(d.State),
	}
	if text, ok := o.Text(d.Start); ok && (d.State == "" || d.State == store.Scheduled) {
		u.Text = text
	}
	return u
}

var kindNames = map[store.DeliveryKind]string{store.Broadcast: "Siaran", store.Reminder: "Pengingat", store.News: "Kabar"}

// ofDelivery is a broadcast, or a reminder whose stage is gone from the calendar.
func ofDelivery(base *knowledge.Base, d store.Delivery) bot.Upcoming {
	says := strings.Join(strings.Fields(d.Text), " ")
	if topic, ok := base.Topic(d.Topic); ok && says == "" {
		says = topic.Title
	}
	if letters := []rune(says); len(letters) > excerpt {
		says = string(letters[:excerpt]) + "…"
	}
	return bot.Upcoming{
		ID: d.ID, Rule: d.Rule, Title: fmt.Sprintf("%s \"%s\"", kindNames[d.Kind], says), Text: d.Text, Topic: d.Topic, To: d.To,
		At: d.Start, Until: d.Until, State: string(d.State),
	}
}

// excerpt is the number of letters that tell what a broadcast says.
const excerpt = 60
