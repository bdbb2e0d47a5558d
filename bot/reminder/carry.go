package reminder

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"tanyanetral/bot"
	"tanyanetral/knowledge"
	"tanyanetral/store"
)

// run is a delivery being carried out.
type run struct {
	*Engine
	id      string
	stopped chan struct{} // closed once no more messages are to be begun
	once    sync.Once
	settled atomic.Int64
	shown   map[store.Key]string // what the progress said last, by chat; touched by showNow alone
	over    atomic.Bool
}

func (r *run) stop() { r.once.Do(func() { close(r.stopped) }) }

// carry collects the recipients and then sends, until all are settled or the
// run is stopped. What goes wrong with the store is logged and tried again by
// the next run.
func (r *run) carry(ctx context.Context) {
	defer r.over.Store(true)
	defer func() {
		if p := recover(); p != nil { // a bug costs this delivery, not the conversation
			r.Log.Error("panic over a delivery; it is paused", "delivery", r.id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			if _, err := r.Bot.Pause(r.id, "panic"); err != nil {
				r.Log.Error("could not pause a delivery", "delivery", r.id, "error", err)
			}
		}
	}()
	// What is under way ends by itself: only whoever knows what became of a message may settle it.
	sending, cancel := underWay(ctx)
	defer cancel()

	err := r.collect(ctx)
	if err == nil {
		showing := r.show(ctx)
		err = r.send(sending)
		showing()
	}
	if err == nil {
		err = r.finish(sending)
	}
	if err != nil && !errors.Is(err, errStopped) && ctx.Err() == nil {
		r.Log.Error("a delivery stopped for now", "delivery", r.id, "error", err)
		_ = sleep(ctx, retryAfter) // the context is looked at by whoever begins the next run
	}
}

// underWay is a context for what may end once ctx has, within grace.
func underWay(ctx context.Context) (context.Context, context.CancelFunc) {
	sending, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return sending, func() { stop(); cancel() }
}

const (
	collectedAtOnce = 1000 // persons that are looked at in one transaction
	sentAtOnce      = 500  // recipients that are held in memory
	retryAfter      = 10 * time.Second
	lookAgain       = 5 * time.Minute // whether it is still night for those who are left
	showEvery       = 5 * time.Second
)

// collect fixes the set of recipients. After a crash it goes on where it was.
func (r *run) collect(ctx context.Context) error {
	for {
		done := false
		err := r.Store.Update(func(tx store.Tx) error {
			d, err := tx.Delivery(r.id)
			if err != nil {
				return err
			}
			if done = d.Complete; done {
				return nil
			}
			people, err := tx.PeopleAfter(d.Collected, collectedAtOnce)
			if err != nil {
				return err
			}
			var keys []store.Key
			for _, p := range people {
				if r.Bot.Members(d.To, p.Person) {
					keys = append(keys, p.Key)
				}
			}
			if err := tx.AddRecipients(r.id, keys); err != nil {
				return err
			}
			d.Complete, d.Collected = len(people) == 0, store.Key{}
			if !d.Complete {
				d.Collected = people[len(people)-1].Key
			}
			return tx.PutDelivery(d)
		})
		if err != nil {
			return fmt.Errorf("collect recipients: %w", err)
		}
		if done {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// send goes through the recipients until none is left. Those for whom it is
// night are passed over and come again.
func (r *run) send(ctx context.Context) error {
	settled := 0 // in this pass over the recipients
	for last := (store.Key{}); ; {
		var d store.Delivery
		var keys []store.Key
		err := r.Store.View(func(tx store.Tx) (err error) {
			if d, err = tx.Delivery(r.id); err != nil {
				return err
			}
			keys, err = tx.RecipientsAfter(r.id, last, sentAtOnce)
			return err
		})
		if err != nil {
			return fmt.Errorf("read recipients: %w", err)
		}
		if len(keys) == 0 && last == (store.Key{}) {
			return nil
		}
		if len(keys) == 0 { // those who are left sleep
			if settled == 0 && !r.pause(lookAgain) {
				return errStopped
			}
			last, settled = store.Key{}, 0
			continue
		}
		last = keys[len(keys)-1]
		before := r.settled.Load()
		if err := r.sendTo(ctx, d, keys); err != nil {
			return err
		}
		settled += int(r.settled.Load() - before)
	}
}

var errStopped = errors.New("the delivery was paused, cancelled or the program stops")

// pause waits, and reports false once the run is stopped.
func (r *run) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.stopped:
		return false
	}
}

// sendTo sends to some recipients, several at once.
func (r *run) sendTo(ctx context.Context, d store.Delivery, keys []store.Key) error {
	reply := r.Bot.DeliveryReply(d, r.Now())
	next := make(chan store.Key)
	failed := make(chan error, workers)
	var sending sync.WaitGroup
	for range min(workers, len(keys)) {
		sending.Go(func() {
			for key := range next {
				if err := r.sendOne(ctx, d, reply, key); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	err := r.hand(keys, next, failed)
	close(next)
	sending.Wait()
	if err != nil {
		return err
	}
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// hand gives the keys to whoever takes them.
func (r *run) hand(keys []store.Key, next chan<- store.Key, failed <-chan error) error {
	for _, key := range keys {
		select {
		case next <- key:
		case err := <-failed:
			return err
		case <-r.stopped:
			return errStopped
		}
	}
	return nil
}

// sendOne settles one recipient, unless it is night there.
func (r *run) sendOne(ctx context.Context, d store.Delivery, reply bot.Reply, key store.Key) error {
	var person store.Person
	err := r.Store.View(func(tx store.Tx) (err error) {
		person, err = tx.Person(key)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("read a recipient: %w", err)
	}
	now := r.Now()
	var outcome store.Outcome
	switch {
	case !r.Bot.Members(store.Audience{Stages: d.To.Stages}, person): // who was forgotten has no subscription
		outcome = store.Unsubscribed
	case !d.Until.IsZero() && !now.Before(d.Until):
		outcome = store.TooLate
	case night(person, r.Zone, now):
		return nil
	default:
		_, err := r.Sender.Send(ctx, bot.Message{To: key, Reply: reply, Priority: bot.ToRemind})
		if outcome, err = outcomeOf(err); err != nil {
			return err
		}
	}
	err = r.Store.Update(func(tx store.Tx) error {
		_, err := tx.Settle(r.id, key, outcome)
		return err
	})
	if err != nil {
		return fmt.Errorf("settle a recipient: %w", err)
	}
	r.settled.Add(1)
	return nil
}

// outcomeOf tells what became of a message; an error means that it is not known.
func outcomeOf(err error) (store.Outcome, error) {
	switch {
	case err == nil:
		return store.Delivered, nil
	case errors.Is(err, bot.ErrUnreachable):
		return store.Unreachable, nil
	case errors.Is(err, bot.ErrRefused):
		return store.Refused, nil
	}
	return "", err
}

// night tells whether nobody is to be woken where a person is; zone is that of who named none.
func night(p store.Person, zone *time.Location, now time.Time) bool {
	if own, err := time.LoadLocation(p.Timezone); err == nil && p.Timezone != "" {
		zone = own
	}
	local := now.In(zone)
	clock := knowledge.Clock(local.Hour()*60 + local.Minute())
	return clock >= knowledge.QuietFrom || clock < knowledge.QuietTo
}

// finish marks the delivery as done and shows its report.
func (r *run) finish(ctx context.Context) error {
	var d store.Delivery
	err := r.Store.Update(func(tx store.Tx) (err error) {
		if d, err = tx.Delivery(r.id); err != nil || d.State != store.Running {
			return err
		}
		d.State, d.Ended = store.Done, r.Now()
		return tx.PutDelivery(d)
	})
	if err != nil {
		return fmt.Errorf("end a delivery: %w", err)
	}
	r.Log.Info("a delivery ended", "delivery", r.id, "recipients", d.Total)
	r.showNow(ctx)
	for _, place := range d.Progress {
		report := bot.Reply{File: &bot.File{Name: "laporan-" + d.ID + ".csv", Content: r.Bot.Report(d)}}
		if _, err := r.Sender.Send(ctx, bot.Message{To: place.Chat, Reply: report, Priority: bot.ToAnswer}); err != nil {
			r.Log.Warn("could not send the report of a delivery", "delivery", r.id, "error", err)
		}
	}
	return nil
}

// show shows the progress again and again until the function that it returns is called.
func (r *run) show(ctx context.Context) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	var showing sync.WaitGroup
	showing.Go(func() {
		for {
			r.showNow(ctx)
			if sleep(ctx, showEvery) != nil {
				return
			}
		}
	})
	return func() {
		cancel()
		showing.Wait()
	}
}

// showNow edits the messages that show the progress, or sends them where there are none yet.
func (r *run) showNow(ctx context.Context) {
	var d store.Delivery
	err := r.Store.View(func(tx store.Tx) (err error) {
		d, err = tx.Delivery(r.id)
		return err
	})
	for i := 0; err == nil && i < len(d.Progress); i++ {
		place, progress := d.Progress[i], r.Bot.Progress(d)
		if r.shown[place.Chat] == progress.Plain() {
			continue
		}
		place.Reference, err = r.Sender.Send(ctx, bot.Message{To: place.Chat, Reply: progress, Replaces: place.Reference, Priority: bot.ToAnswer})
		if err == nil {
			r.shown[place.Chat] = progress.Plain()
		}
		if err == nil && place != d.Progress[i] {
			err = r.Store.Update(func(tx store.Tx) error {
				now, err := tx.Delivery(r.id)
				if err != nil {
					return err
				}
				now.Progress[i] = place
				return tx.PutDelivery(now)
			})
		}
	}
	if err != nil && ctx.Err() == nil {
		r.Log.Warn("could not show the progress of a delivery", "delivery", r.id, "error", err)
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
