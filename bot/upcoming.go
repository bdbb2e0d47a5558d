package bot

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"tanyanetral/knowledge"
	"tanyanetral/store"
)

// Upcoming is a reminder that goes out if nobody decides otherwise, or a
// broadcast that is scheduled.
type Upcoming struct {
	ID    string // of the delivery that it becomes
	Rule  string // as the delivery has it
	Title string // what it is about, in a few words
	Text  string // as it is read at At
	Topic string // whose card goes along, "" for none
	To    store.Audience

	At    time.Time // when it goes out, where it was moved to if it was
	Until time.Time // not after
	Zone  string    // IANA name of the timezone in which its day is counted, "" for the bot's

	State string // of the delivery if there is one by now, see store.DeliveryState; "" for none
}

// delivery is what becomes of a reminder.
func (u Upcoming) delivery(now time.Time) store.Delivery {
	return store.Delivery{
		ID: u.ID, Kind: store.Reminder, Rule: u.Rule, State: store.Scheduled,
		Text: u.Text, Topic: u.Topic, To: u.To, Created: now, Start: u.At, Until: u.Until,
	}
}

// ahead is for how many days it is shown what goes out.
const ahead = 30

// planned is what the next days bring, according to whoever plans it.
func (b *Bot) planned() []Upcoming { return b.plannedIn(b.Now(), b.Now().AddDate(0, 0, ahead)) }

// plannedIn is what goes out after from and not after to.
func (b *Bot) plannedIn(from, to time.Time) []Upcoming {
	if b.Upcoming == nil {
		return nil
	}
	planned := b.Upcoming(from, to)
	for i, u := range planned {
		zone, err := time.LoadLocation(u.Zone)
		if err != nil || u.Zone == "" {
			zone = b.Zone
		}
		planned[i].At = u.At.In(zone)
	}
	return planned
}

// occurrence returns a reminder, whenever it goes out.
func (b *Bot) occurrence(id string) (Upcoming, bool) {
	day, err := time.Parse(time.DateOnly, id[:min(len(id), len(time.DateOnly))])
	if err != nil { // a broadcast, or somebody made it up
		return Upcoming{}, false
	}
	from, to := day, day
	if d, err := b.delivery(id); err == nil { // it may have been moved; an error is met again by whoever decides
		if from.After(d.Start) {
			from = d.Start
		}
		if to.Before(d.Start) {
			to = d.Start
		}
	}
	planned := b.plannedIn(from.AddDate(0, 0, -1), to.AddDate(0, 0, 2)) // the day in whatever timezone
	i := slices.IndexFunc(planned, func(u Upcoming) bool { return u.ID == id })
	if i < 0 {
		return Upcoming{}, false
	}
	return planned[i], true
}

// reminder returns a reminder about which something can still be decided.
func (b *Bot) reminder(id string) (Upcoming, bool) {
	u, ok := b.occurrence(id)
	switch u.State {
	case string(store.Scheduled):
		return u, ok
	case "", string(store.Skipped):
		return u, ok && (u.Until.IsZero() || b.Now().Before(u.Until)) // else it is not sent anyway
	}
	return u, false
}

// Skip has a reminder not sent. Move takes that back. Where it has begun or is over
// the error is a Mistake.
func (b *Bot) Skip(id, by string) (Upcoming, error) {
	return b.decide(id, by, "skip", func(u *Upcoming, d *store.Delivery) error {
		d.State, d.Ended, d.Note = store.Skipped, b.Now(), "Dilewati oleh administrator."
		return nil
	})
}

// Move has a reminder sent at another time, on its day or later as long as what it
// says is true: else the error is a Mistake.
func (b *Bot) Move(id, by string, at time.Time) (Upcoming, error) {
	return b.decide(id, by, "move", func(u *Upcoming, d *store.Delivery) error {
		day := knowledge.DateOf(u.At)
		if own, err := time.Parse(time.DateOnly, id[:min(len(id), len(time.DateOnly))]); err == nil { // whereto it was moved before does not matter
			day = knowledge.DateOf(own)
		}
		at = at.In(u.At.Location())
		switch {
		case knowledge.DateOf(at).Before(day):
			return mistakef("Isinya belum benar sebelum %s. Untuk hari itu: buat /siaran.", day.Indonesian())
		case AtNight(at):
			return mistakef("Pukul %s sampai %s tidak ada yang dikirim. Pilih jam lain.", knowledge.QuietFrom, knowledge.QuietTo)
		case !u.Until.IsZero() && !at.Before(u.Until):
			return mistakef("Isinya hanya benar sampai %s. Pilih waktu sebelumnya, atau lewati pengingat ini dan buat /siaran.", b.moment(u.Until.In(u.At.Location())))
		}
		u.At, d.Start = at, at
		return checkStart(at, b.Now())
	})
}

// decide keeps what an administrator decided about a reminder, with the audit, in
// one transaction. It returns the reminder as it is then.
func (b *Bot) decide(id, by, action string, change func(*Upcoming, *store.Delivery) error) (Upcoming, error) {
	u, ok := b.reminder(id)
	if !ok {
		d, err := b.delivery(id)
		switch {
		case err == nil:
			err = notNow(d)
		case u.ID != "" && errors.Is(err, ErrNoDelivery):
			err = mistakef("Pengingat ini sudah lewat dan tidak dikirim lagi.")
		}
		return u, err
	}
	d := u.delivery(b.Now())
	if err := change(&u, &d); err != nil {
		return u, err
	}
	u.State = string(d.State)
	err := b.Store.Update(func(tx store.Tx) error {
		kept, err := tx.Delivery(id)
		switch {
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return err
		case err == nil && kept.State != store.Scheduled && kept.State != store.Skipped:
			return notNow(kept)
		case err == nil && kept.State == d.State && kept.Start.Equal(d.Start):
			return nil // the same event once more
		}
		if err := tx.PutDelivery(d); err != nil {
			return err
		}
		return tx.WriteAudit(store.AuditEntry{At: b.Now(), By: by, Action: action, Detail: id + " " + d.Start.Format(time.RFC3339)})
	})
	if _, ok := errors.AsType[Mistake](err); err != nil && !ok {
		err = fmt.Errorf("%s reminder %s: %w", action, id, err)
	}
	return u, err
}
