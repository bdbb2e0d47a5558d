package reminder

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// run is a delivery being carried out.
type run struct {
	*Engine
	id       string
	stopped  chan struct{} // closed once no more messages are to be begun
	once     sync.Once
	settled  atomic.Int64
	settling trouble
	shown    map[store.Key]string // what the progress said last, by chat; touched by showNow alone
	state    store.DeliveryState  // in which the run left the delivery; read once it is over
	over     atomic.Bool
}

func (r *run) stop() { r.once.Do(func() { close(r.stopped) }) }

// carry collects the recipients and then sends, until all are settled or the
// run is stopped, and shows how the delivery stands then. What goes wrong with the
// store is logged and tried again by the next run.
func (r *run) carry(ctx context.Context) {
	defer r.over.Store(true)
	// What is under way ends by itself: only whoever knows what became of a message may settle it.
	sending, cancel := underWay(ctx)
	defer cancel()
	for _, part := range []func() error{
		func() error { return r.deliver(ctx, sending) },
		func() error { return r.conclude(sending) },
	} {
		if err := r.guard(part); err != nil && !errors.Is(err, errStopped) && ctx.Err() == nil {
			r.Log.Error("a delivery stopped for now", "delivery", r.id, "error", err)
			_ = sleep(ctx, retryAfter) // the context is looked at by whoever begins the next run
		}
	}
}

// guard runs a part of the delivery. A bug in it costs this delivery: it is paused.
func (r *run) guard(part func() error) error {
	err := safely(part)
	if !errors.Is(err, errPanic) {
		return err
	}
	r.Log.Error("panic over a delivery; it is paused", "delivery", r.id, "error", err)
	if _, err := r.Bot.Pause(r.id, "panic"); err != nil {
		return fmt.Errorf("pause a delivery: %w", err)
	}
	return errStopped
}

// deliver does all that is left of the delivery; sending is the context of messages.
func (r *run) deliver(ctx, sending context.Context) error {
	if err := r.collect(ctx); err != nil {
		return err
	}
	if err := r.sendAndShow(sending); err != nil {
		return err
	}
	return r.finish()
}

func (r *run) sendAndShow(ctx context.Context) error {
	defer r.show(ctx)()
	return r.send(ctx)
}

// underWay is a context for what may end once ctx has, within grace.
func underWay(ctx context.Context) (context.Context, context.CancelFunc) {
	sending, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return sending, func() { stop(); cancel() }
}

const (
	collectedAtOnce = 1000 // persons that are looked at in one transaction
	sentAtOnce      = 2000 // recipients that are held in memory; between two such the sender pauses
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
			if d.State != store.Running {
				return errStopped
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
		b, err := r.next(last)
		if err != nil {
			return err
		}
		if len(b.keys) == 0 && last == (store.Key{}) {
			return nil
		}
		if len(b.keys) == 0 { // those who are left sleep
			if settled == 0 && !r.pause(lookAgain) {
				return errStopped
			}
			last, settled = store.Key{}, 0
			continue
		}
		last = b.keys[len(b.keys)-1]
		before := r.settled.Load()
		if err := r.sendTo(ctx, b); err != nil {
			return err
		}
		settled += int(r.settled.Load() - before)
	}
}

// batch is some recipients, with what they get.
type batch struct {
	keys  []store.Key
	d     store.Delivery
	text  func(now time.Time) (text string, ok bool) // that d should have
	reply bot.Reply
}

// next returns the recipients that come after a key, and the delivery with the
// text that is true now. It is kept: what is kept is what went out last.
func (r *run) next(last store.Key) (b batch, err error) {
	err = r.Store.View(func(tx store.Tx) (err error) {
		if b.d, err = tx.Delivery(r.id); err != nil {
			return err
		}
		b.keys, err = tx.RecipientsAfter(r.id, last, sentAtOnce)
		return err
	})
	if err != nil {
		return b, fmt.Errorf("read recipients: %w", err)
	}
	now := r.Now()
	b.text = textOf(r.Bot.Knowledge(), b.d)
	if text, ok := b.text(now); ok && text != b.d.Text && len(b.keys) > 0 {
		err = r.Store.Update(func(tx store.Tx) (err error) {
			if b.d, err = tx.Delivery(r.id); err != nil {
				return err
			}
			b.d.Text = text
			return tx.PutDelivery(b.d)
		})
		if err != nil {
			return b, fmt.Errorf("keep the text of a delivery: %w", err)
		}
	}
	b.reply = r.Bot.DeliveryReply(b.d, now)
	return b, nil
}

// Why a message is kept back; so is an unsent.
var (
	errStopped = errors.New("the delivery was paused, cancelled or the program stops")
	errLater   = errors.New("it is night there, or the text is not true any more")
)

// unsent is the outcome of a recipient to whom nothing is to be sent.
type unsent store.Outcome

func (u unsent) Error() string { return "not to be sent: " + string(u) }

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
func (r *run) sendTo(ctx context.Context, b batch) error {
	next := make(chan store.Key)
	failed := make(chan error, workers)
	var sending sync.WaitGroup
	for range min(workers, len(b.keys)) {
		sending.Go(func() {
			for key := range next {
				if err := r.guard(func() error { return r.sendOne(ctx, b, key) }); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	err := r.hand(b.keys, next, failed)
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

// sendOne settles one recipient, unless that is for later.
func (r *run) sendOne(ctx context.Context, b batch, key store.Key) error {
	check := func() error { return r.check(b, key) }
	err := check() // those who sleep must not take up the time of others
	if err == nil {
		_, err = r.Sender.Send(ctx, bot.Message{To: key, Reply: b.reply, Priority: bot.ToRemind, Check: check})
	}
	if errors.Is(err, errLater) {
		return nil
	}
	outcome, err := outcomeOf(err)
	if err != nil {
		return err
	}
	return r.settle(ctx, key, outcome)
}

// check tells whether a recipient is to get just now what the batch gets. The
// error says why not, or is the store's.
func (r *run) check(b batch, key store.Key) error {
	var state store.DeliveryState
	var person store.Person
	err := r.Store.View(func(tx store.Tx) error {
		kept, err := tx.Delivery(r.id)
		if err != nil {
			return err
		}
		state = kept.State
		person, err = tx.Person(key)
		if errors.Is(err, store.ErrNotFound) { // who was forgotten has no subscription
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read a recipient: %w", err)
	}
	now := r.Now()
	text, ok := b.text(now)
	switch {
	case state != store.Running:
		return errStopped
	case !r.Bot.Members(store.Audience{Stages: b.d.To.Stages}, person):
		return unsent(store.Unsubscribed)
	case !ok:
		return unsent(store.TooLate)
	case text != b.d.Text, night(person, r.Zone, now):
		return errLater
	}
	return nil
}

// settle keeps what became of a recipient.
func (r *run) settle(ctx context.Context, key store.Key, outcome store.Outcome) error {
	err := insist(ctx, func() error {
		err := r.Store.Update(func(tx store.Tx) error {
			_, err := tx.Settle(r.id, key, outcome)
			return err
		})
		r.settling.say(err)
		return err
	})
	if err != nil {
		return fmt.Errorf("settle a recipient: %w", err)
	}
	r.settled.Add(1)
	return nil
}

// insist keeps what became of a message, however often that fails, until the
// context ends: what is not kept would be sent once more.
func insist(ctx context.Context, keep func() error) error {
	for {
		err := keep()
		if err == nil || sleep(ctx, retryAfter) != nil {
			return err
		}
	}
}

// outcomeOf tells what became of a message; an error means that it is not known.
func outcomeOf(err error) (store.Outcome, error) {
	if u, ok := errors.AsType[unsent](err); ok {
		return store.Outcome(u), nil
	}
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
	return bot.AtNight(now.In(zone))
}

// finish marks the delivery as done, unless it was paused or cancelled just now.
func (r *run) finish() error {
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
	if d.State == store.Done {
		r.Log.Info("a delivery ended", "delivery", r.id, "recipients", d.Total)
	}
	return nil
}

// conclude shows how the delivery stands once nothing more of it goes out for
// now, whoever decided that. One that is over ends with its report.
func (r *run) conclude(ctx context.Context) error {
	d, err := r.delivery()
	if err != nil {
		return err
	}
	r.state = d.State
	if d.State == store.Running { // the next run goes on
		return nil
	}
	r.showNow(ctx)
	if !d.State.Over() || d.Total == 0 {
		return nil
	}
	report := bot.Reply{File: &bot.File{Name: "laporan-" + d.ID + ".csv", Content: r.Bot.Report(d)}}
	for _, place := range d.Progress {
		if _, err := r.Sender.Send(ctx, bot.Message{To: place.Chat, Reply: report, Priority: bot.ToAnswer}); err != nil {
			r.Log.Warn("could not send the report of a delivery", "delivery", r.id, "error", err)
		}
	}
	return nil
}

// delivery is what is kept of the delivery.
func (r *run) delivery() (d store.Delivery, err error) {
	err = r.Store.View(func(tx store.Tx) (err error) {
		d, err = tx.Delivery(r.id)
		return err
	})
	if err != nil {
		return d, fmt.Errorf("read a delivery: %w", err)
	}
	return d, nil
}

// show shows the progress again and again until the function that it returns is
// called, which lets what is being shown end: else the message might come twice.
func (r *run) show(ctx context.Context) (end func()) {
	ended := make(chan struct{})
	var showing sync.WaitGroup
	showing.Go(func() {
		for r.guard(func() error { r.showNow(ctx); return nil }) == nil {
			select {
			case <-time.After(showEvery):
			case <-ended:
				return
			}
		}
	})
	return func() {
		close(ended)
		showing.Wait()
	}
}

// showNow edits the messages that show the progress, or sends them where there are none yet.
func (r *run) showNow(ctx context.Context) {
	d, err := r.delivery()
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
