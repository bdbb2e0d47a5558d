package telegram

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tanyanetral/store"
)

const (
	// maxInFlight is the number of updates that one poll brings, and so of those
	// that are handled at once: a later one cannot be fetched before an earlier is confirmed.
	maxInFlight = 100

	// recheck is how soon more updates are fetched while earlier ones are being handled.
	recheck = 200 * time.Millisecond

	// silence is the time without updates from which on an offset is worth nothing:
	// after a week Telegram goes on with ids at random.
	silence = 6 * 24 * time.Hour

	// maxHold is how long a chat may keep many updates of others from being confirmed.
	maxHold = 3 * time.Second
)

// poll fetches updates and hands them to the queues of their chats until the
// context ends. What is being handled goes on under working.
func (c *Channel) poll(ctx, working context.Context) {
	last := c.now()
	attempt := 0
	for ctx.Err() == nil {
		wait := c.options.Poll
		if before, _ := c.health.look(); before.IsZero() || c.flight.unhandled() > 0 {
			wait = 0 // whether polling works is known at once
		}
		if c.now().Sub(last) > silence {
			c.flight.forgetOffset()
		}
		offset := c.flight.offset()
		updates, err := c.fetch(ctx, offset, maxInFlight, wait)
		if err != nil {
			attempt++
			if kind, _, _ := assess(err); kind == conflict && strings.Contains(err.Error(), "webhook") {
				c.deleteWebhook(ctx)
			}
			if c.tryAgain(ctx, err, attempt) != nil {
				return
			}
			continue
		}
		attempt = 0
		c.flight.confirmed(offset)
		c.health.succeeded(c.log, c.now())
		fresh := c.fresh(updates)
		if len(fresh) > 0 {
			last = c.now()
		}
		for _, u := range fresh {
			c.queues.put(u.key(), func() { c.handle(working, u) })
		}
		if len(updates) > 0 && len(fresh) == 0 && c.flight.unhandled() == 0 {
			// A server that repeats itself must not keep us busy.
			_ = sleep(ctx, recheck) // the loop looks at the context
		}
		c.flight.wait(ctx, recheck)
	}
}

func (c *Channel) fetch(ctx context.Context, offset int64, limit int, wait time.Duration) ([]update, error) {
	params := tgbotapi.Params{
		"limit": strconv.Itoa(limit), "timeout": strconv.Itoa(int(wait.Seconds())), "allowed_updates": allowedUpdates,
	}
	if offset != 0 {
		params["offset"] = strconv.FormatInt(offset, 10)
	}
	result, err := c.client.call(ctx, "getUpdates", params, wait+slowest)
	if err != nil {
		return nil, err
	}
	updates, err := decodeUpdates(result)
	if err != nil {
		return nil, fmt.Errorf("getUpdates: %w", err)
	}
	return updates, nil
}

// fresh takes the updates that are not in flight already into it, and returns
// those that were not handled before a crash.
func (c *Channel) fresh(updates []update) []update {
	var fresh []update
	for _, u := range updates {
		if u.id == 0 { // it cannot even be confirmed by itself, but a later one confirms it too
			c.metrics.updates.WithLabelValues("undecodable").Inc()
			c.log.Error("an update without an id")
			continue
		}
		if c.flight.add(u, c.now()) {
			fresh = append(fresh, u)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	handled := make(map[int64]bool)
	err := c.store.View(func(tx store.Tx) error {
		for _, u := range fresh {
			done, err := tx.Handled(channelName, u.name(), c.now())
			if err != nil {
				return err
			}
			handled[u.id] = done
		}
		return nil
	})
	if err != nil { // rather answered twice than never
		c.log.Error("could not look up which updates were handled", "error", err)
	}
	var news []update
	for _, u := range fresh {
		if handled[u.id] {
			c.metrics.updates.WithLabelValues("repeated").Inc()
			c.flight.done(u.id)
		} else {
			news = append(news, u)
		}
	}
	return news
}

// deleteWebhook makes polling possible. Updates that wait are kept.
func (c *Channel) deleteWebhook(ctx context.Context) {
	if _, err := c.client.call(ctx, "deleteWebhook", tgbotapi.Params{"drop_pending_updates": "false"}, slowest); err != nil {
		c.log.Warn("could not delete the webhook", "error", err)
		return
	}
	c.log.Info("a webhook was set for this bot; it is deleted now, so that polling works")
}

// flight is the updates that were fetched and not confirmed yet.
type flight struct {
	mu      sync.Mutex
	pending []pendingUpdate // in the order in which they came
	next    int64           // the offset that confirms all of them, 0 where none came yet
	enough  int             // how many may be unhandled where wait returns
	room    chan struct{}   // closed then, nil if nobody waits
}

type pendingUpdate struct {
	id    int64
	key   int64     // of its queue
	since time.Time // when it was fetched
	done  bool
}

// add takes an update in and reports whether it was not there.
func (f *flight) add(u update, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.pending {
		if p.id == u.id {
			return false
		}
	}
	f.pending = append(f.pending, pendingUpdate{id: u.id, key: u.key(), since: now})
	f.next = u.id + 1
	return true
}

// done marks an update as handled.
func (f *flight) done(id int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.pending {
		if f.pending[i].id == id {
			f.pending[i].done = true
		}
	}
	if f.room != nil && f.hasRoom() {
		close(f.room)
		f.room = nil
	}
}

// offset is the one to poll with: it confirms all before the first that is not handled.
func (f *flight) offset() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if held := f.held(); len(held) > 0 {
		return held[0].id
	}
	return f.next
}

// confirmed forgets the updates that a successful poll with an offset confirmed.
// Until then they are known, so that none is taken for a new one.
func (f *flight) confirmed(offset int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for n < len(f.pending) && f.pending[n].done && f.pending[n].id != offset {
		n++
	}
	f.pending = append(f.pending[:0], f.pending[n:]...)
}

func (f *flight) forgetOffset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = 0
}

func (f *flight) fetchedAny() bool { return f.offset() != 0 }

// unhandled counts the updates that are being handled or wait for it.
func (f *flight) unhandled() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.undone()
}

// undone is unhandled for callers that hold the lock.
func (f *flight) undone() int {
	n := 0
	for _, p := range f.pending {
		if !p.done {
			n++
		}
	}
	return n
}

// wait returns when a poll may bring more, or after a while, or with the context:
// when half of what was in flight is handled, and what a poll would bring again
// leaves room for as many new ones.
func (f *flight) wait(ctx context.Context, atMost time.Duration) {
	room := make(chan struct{})
	f.mu.Lock()
	f.enough = f.undone() / 2
	if f.hasRoom() {
		close(room)
	} else {
		f.room = room
	}
	f.mu.Unlock()
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-room:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// hasRoom tells whether wait may return. The caller holds the lock.
func (f *flight) hasRoom() bool { return f.undone() <= f.enough && len(f.held()) <= maxInFlight/2 }

// heldUpBy tells whether a chat keeps many updates from being confirmed, and has for long.
func (f *flight) heldUpBy(key int64, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	held := f.held()
	return len(held) >= maxInFlight/2 && held[0].key == key && now.Sub(held[0].since) >= maxHold
}

// held are the updates from the first that is not handled, which a poll brings
// again. The caller holds the lock.
func (f *flight) held() []pendingUpdate {
	first := slices.IndexFunc(f.pending, func(p pendingUpdate) bool { return !p.done })
	if first < 0 {
		return nil
	}
	return f.pending[first:]
}
