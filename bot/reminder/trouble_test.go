package reminder_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tanyanetral/bot"
	"tanyanetral/store"
)

var errFull = errors.New("no space left on device")

// disk is a store on a disk that is full at times, or of which another part is broken.
type disk struct {
	store.Store
	full    atomic.Bool
	planned atomic.Pointer[error] // over keeping what is planned
	bug     atomic.Bool           // over reading what is active
	slow    time.Duration         // until it is known what is active
}

func (d *disk) View(f func(store.Tx) error) error {
	active := false
	err := d.Store.View(func(tx store.Tx) error { return f(diskTx{tx, d, &active}) })
	if active {
		time.Sleep(d.slow)
	}
	return err
}

func (d *disk) Update(f func(store.Tx) error) error {
	if d.full.Load() {
		return errFull
	}
	return d.Store.Update(func(tx store.Tx) error { return f(diskTx{tx, d, new(bool)}) })
}

type diskTx struct {
	store.Tx
	disk   *disk
	active *bool // whether it was asked for
}

func (t diskTx) SetPlannedUntil(until time.Time) error {
	if err := t.disk.planned.Load(); err != nil {
		return *err
	}
	return t.Tx.SetPlannedUntil(until)
}

func (t diskTx) ActiveDeliveries() ([]store.Delivery, error) {
	if t.disk.bug.Load() {
		panic("a bug")
	}
	*t.active = true
	return t.Tx.ActiveDeliveries()
}

// onDisk is a world in the morning with one subscriber, and its log.
func onDisk(t *testing.T, test func(t *testing.T, w *world, disk *disk, log *strings.Builder)) {
	inWorld(t, func(t *testing.T, w *world) {
		morning(t)
		var log strings.Builder
		disk := &disk{Store: w.store}
		w.log, w.store, w.tick = &log, disk, 30*time.Second
		w.person("1", store.Person{Subscription: store.AllReminders})
		test(t, w, disk, &log)
	})
}

// TestFullDiskRepeatsNoMessage: what was accepted cannot be noted for an hour.
func TestFullDiskRepeatsNoMessage(t *testing.T) {
	onDisk(t, func(t *testing.T, w *world, disk *disk, log *strings.Builder) {
		d := w.broadcast("Apel dimulai.", time.Time{})
		w.outbox.fail = func(store.Key) error { disk.full.Store(true); return nil }
		w.meanwhile(2*time.Hour, time.Hour, func() { disk.full.Store(false) })
		if got := w.delivery(d.ID); got.State != store.Done || len(w.outbox.to("1")) != 1 {
			t.Errorf("%s, %d messages", got.State, len(w.outbox.to("1")))
		}
		if n := strings.Count(log.String(), errFull.Error()); n == 0 || n > 2 { // over the recipient, and over the plan
			t.Errorf("the log says it %d times", n)
		}
	})
}

// TestPlanThatCannotBeKept holds no delivery up, and does not fill the log: it says
// when that begins, is for another reason, and is over.
func TestPlanThatCannotBeKept(t *testing.T) {
	onDisk(t, func(t *testing.T, w *world, disk *disk, log *strings.Builder) {
		errTorn := errors.New("input/output error")
		disk.planned.Store(&errFull)
		d := w.broadcast("Apel dimulai.", time.Time{})
		w.meanwhile(3*time.Hour, time.Hour, func() {
			if got := w.delivery(d.ID); got.State != store.Done {
				t.Errorf("the delivery is %s", got.State)
			}
			disk.planned.Store(&errTorn)
			time.Sleep(time.Hour)
			disk.planned.Store(nil)
		})
		for _, want := range []string{errFull.Error(), errTorn.Error(), "can plan reminders again"} {
			if n := strings.Count(log.String(), want); n != 1 {
				t.Errorf("the log says %q %d times:\n%.2000s", want, n, log)
			}
		}
	})
}

// TestBugBetweenDeliveries: it ends nothing, and is told once, with where it is.
func TestBugBetweenDeliveries(t *testing.T) {
	onDisk(t, func(t *testing.T, w *world, disk *disk, log *strings.Builder) {
		disk.bug.Store(true)
		d := w.broadcast("Apel dimulai.", time.Time{})
		w.meanwhile(2*time.Hour, time.Hour, func() { disk.bug.Store(false) })
		if got := w.delivery(d.ID); got.State != store.Done {
			t.Errorf("the delivery is %s", got.State)
		}
		if n := strings.Count(log.String(), "a bug"); n != 1 || !strings.Contains(log.String(), "trouble_test.go") {
			t.Errorf("the log says it %d times:\n%.2000s", n, log)
		}
	})
}

// TestReportComesOnceFromASlowDisk: a delivery ends just after it was read that it runs.
func TestReportComesOnceFromASlowDisk(t *testing.T) {
	onDisk(t, func(t *testing.T, w *world, disk *disk, _ *strings.Builder) {
		disk.slow = 20 * time.Second
		w.outbox.before = func(m bot.Message) {
			if m.To != chief.Chat {
				time.Sleep(15 * time.Second)
			}
		}
		d := w.broadcast("Apel dimulai.", time.Time{}, chief)
		w.run(10 * time.Minute)
		said := strings.Join(w.outbox.to("kepala"), "")
		if n := strings.Count(said, "(laporan-"); n != 1 || w.delivery(d.ID).State != store.Done {
			t.Errorf("%d reports: %s", n, said)
		}
	})
}
