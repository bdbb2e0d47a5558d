package reminder

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"tanyanetral/bot"
	"tanyanetral/knowledge"
	"tanyanetral/store"
)

// Options are what an Engine needs of its surroundings.
type Options struct {
	Store  store.Store
	Bot    *bot.Bot
	Sender bot.Sender
	Zone   *time.Location // of recipients who named none
	Now    func() time.Time
	Log    *slog.Logger

	// Tick is how often the engine looks whether something is due, 0 for each second.
	Tick time.Duration
}

// Engine plans what is due and carries deliveries out. All that it must know
// after a crash stands in the store; what it may repeat is what it was sending.
type Engine struct {
	Options
	carried sync.WaitGroup

	// By delivery; touched by Run alone.
	running map[string]*run
	left    map[string]store.DeliveryState // in which the last run left what is not over
}

// New returns an engine.
func New(o Options) *Engine {
	if o.Tick == 0 {
		o.Tick = time.Second
	}
	return &Engine{Options: o, running: map[string]*run{}, left: map[string]store.DeliveryState{}}
}

const (
	workers = 40 // messages of one delivery that are under way at once

	// grace is how long what is under way may take once the engine shall stop: it
	// is not known whether a message was accepted that is given up.
	grace = 6 * time.Second
)

// Run carries deliveries out until the context ends, and then lets what is under way end.
func (e *Engine) Run(ctx context.Context) {
	ticker := time.NewTicker(e.Tick)
	defer ticker.Stop()
	defer e.carried.Wait()
	planning := trouble{what: "plan reminders", log: e.Log}
	looking := trouble{what: "look for what is to be delivered", log: e.Log}
	for {
		now := e.Now()
		planning.say(safely(func() error { return e.plan(now) }))
		looking.say(safely(func() error { return e.step(ctx, now) }))
		select {
		case <-ticker.C:
		case <-ctx.Done():
			for _, r := range e.running {
				r.stop()
			}
			return
		}
	}
}

// step begins and stops runs of deliveries as the store says.
func (e *Engine) step(ctx context.Context, now time.Time) (failed error) {
	var active []store.Delivery
	err := e.Store.View(func(tx store.Tx) (err error) {
		active, err = tx.ActiveDeliveries()
		return err
	})
	if err != nil {
		return fmt.Errorf("read the deliveries: %w", err)
	}
	states := map[string]store.DeliveryState{}
	for _, d := range active {
		if d.State == store.Scheduled && !now.Before(d.Start) {
			if begun, err := e.begin(d.ID, now); err != nil {
				failed = errors.Join(failed, err)
			} else {
				d = begun
			}
		}
		if d.State != store.Draft {
			states[d.ID] = d.State
		}
	}
	for id, r := range e.running {
		if states[id] != store.Running {
			r.stop()
		}
		if !r.over.Load() {
			continue
		}
		delete(e.running, id)
		if e.left[id] = r.state; r.state.Over() {
			delete(e.left, id)
			delete(states, id) // as it was before the run ended
		}
	}
	for id := range e.left {
		if _, active := states[id]; !active {
			states[id] = store.Done // or cancelled, without a run that has shown it
		}
	}
	for id, state := range states {
		// What does not run gets a run that only shows what has become of it.
		if e.running[id] == nil && (state == store.Running || state != e.left[id]) {
			e.running[id] = e.run(ctx, id)
		}
	}
	return failed
}

// run carries a delivery out, in a goroutine of its own.
func (e *Engine) run(ctx context.Context, id string) *run {
	r := &run{
		Engine: e, id: id, stopped: make(chan struct{}), shown: map[store.Key]string{},
		settling: trouble{what: "settle the recipients of a delivery", log: e.Log.With("delivery", id)},
	}
	e.carried.Go(func() { r.carry(ctx) })
	return r
}

// plan makes deliveries of the reminders that have come due since it was called
// last. One whose time has passed is recorded as skipped.
func (e *Engine) plan(now time.Time) error {
	base := e.Bot.Knowledge()
	var due []Occurrence
	var until time.Time
	err := e.Store.View(func(tx store.Tx) (err error) {
		until, err = tx.PlannedUntil()
		return err
	})
	if err != nil {
		return fmt.Errorf("read what was planned: %w", err)
	}
	if until.IsZero() {
		until = now // what was due before the bot was there is none of its business
	}
	if due = Plan(base, until, now); len(due) == 0 && now.Sub(until) < planEvery && now.After(until) {
		return nil
	}
	err = e.Store.Update(func(tx store.Tx) error {
		for _, o := range due {
			if _, err := tx.Delivery(o.ID()); err == nil {
				continue // moved, skipped or sent already
			} else if !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if err := tx.PutDelivery(o.delivery(now)); err != nil {
				return err
			}
		}
		if now.Before(until) { // the clock was set back
			return nil
		}
		return tx.SetPlannedUntil(now)
	})
	if err != nil {
		return fmt.Errorf("plan reminders: %w", err)
	}
	for _, o := range due {
		e.Log.Info("a reminder is due", "reminder", o.Reminder.ID, "election", o.Election.ID)
	}
	return nil
}

// planEvery is how often it is written down up to when reminders were planned,
// where none is due: a crash costs no more than to look at that time again.
const planEvery = 10 * time.Minute

// delivery is the occurrence as it goes out at a moment, or as it is skipped.
func (o Occurrence) delivery(now time.Time) store.Delivery {
	d := store.Delivery{
		ID: o.ID(), Kind: store.Reminder, Rule: o.Rule(), State: store.Running,
		Topic: o.Topic, To: o.Audience(), Created: now, Start: o.At, Until: o.Until,
	}
	text, ok := o.Text(now)
	if !ok {
		d.State, d.Ended, d.Note = store.Skipped, now, "Bot tidak berjalan pada waktunya, dan isinya sudah tidak berlaku lagi."
		text, _ = o.Text(o.At)
	}
	d.Text = text
	return d
}

// Rule names what the occurrence comes from: election and reminder.
func (o Occurrence) Rule() string { return o.Election.ID + "/" + o.Reminder.ID }

// Audience is who gets the occurrence.
func (o Occurrence) Audience() store.Audience {
	to := o.Reminder.To
	return store.Audience{Status: to.Status, Unit: to.Unit, Timezone: to.Timezone, Stages: o.Reminder.Change}
}

// begin starts a delivery whose time has come. A reminder that was moved says
// what is true now; where its stage is not in the calendar any more, it is cancelled.
func (e *Engine) begin(id string, now time.Time) (d store.Delivery, err error) {
	base := e.Bot.Knowledge()
	err = e.Store.Update(func(tx store.Tx) error {
		if d, err = tx.Delivery(id); err != nil || d.State != store.Scheduled {
			return err
		}
		d.State = store.Running
		if d.Kind == store.Reminder {
			d = moved(base, d, now)
		}
		return tx.PutDelivery(d)
	})
	if err != nil {
		return d, fmt.Errorf("begin delivery %s: %w", id, err)
	}
	return d, nil
}

// moved is a reminder that somebody moved to another time, at that time.
func moved(base *knowledge.Base, d store.Delivery, now time.Time) store.Delivery {
	o, ok := Find(base, d.ID)
	if !ok {
		d.State, d.Ended, d.Note = store.Cancelled, now, "Tahapannya sudah tidak ada dalam kalender."
		return d
	}
	fresh := o.delivery(now)
	fresh.Start, fresh.Created, fresh.By = d.Start, d.Created, d.By
	if fresh.State == store.Skipped {
		fresh.Note = "Pada waktu yang baru isinya sudah tidak berlaku lagi."
	}
	return fresh
}

// Find returns the occurrence with an ID.
func Find(base *knowledge.Base, id string) (Occurrence, bool) {
	day, err := time.Parse(time.DateOnly, id[:min(len(id), len(time.DateOnly))])
	if err != nil {
		return Occurrence{}, false
	}
	const anyZone = 15 * time.Hour // further no timezone is from UTC
	for _, o := range Plan(base, day.Add(-anyZone), day.Add(24*time.Hour+anyZone)) {
		if o.ID() == id {
			return o, true
		}
	}
	return Occurrence{}, false
}
