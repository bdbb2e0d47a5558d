package reminder_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// at waits until a moment in Jakarta.
func at(t *testing.T, month time.Month, day, hour, minute int) {
	t.Helper()
	time.Sleep(time.Until(time.Date(2000, month, day, hour, minute, 0, 0, jakarta(t))))
}

// meanwhile runs an engine for a while, and has something done after a part of it.
func (w *world) meanwhile(d, after time.Duration, do func()) {
	w.t.Helper()
	var doing sync.WaitGroup
	doing.Go(func() {
		time.Sleep(after)
		do()
	})
	w.run(d)
	doing.Wait()
}

func (w *world) forget(id string) {
	w.t.Helper()
	err := w.store.Update(func(tx store.Tx) error { _, err := tx.Forget(store.Key{Channel: "uji", ID: id}); return err })
	if err != nil {
		w.t.Error(err)
	}
}

// must is for what administrators do.
func (w *world) must(_ store.Delivery, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Error(err)
	}
}

// TestDaysAreCountedWhenItIsSent: a reminder that was made on one day, and is sent on
// another, says what is true then. So does what is kept of it.
func TestDaysAreCountedWhenItIsSent(t *testing.T) {
	const three, two, tomorrow = "mulai 3 hari lagi", "mulai 2 hari lagi", "mulai besok"
	tests := map[string]struct {
		live func(t *testing.T, w *world, d func() store.Delivery)
		want string
	}{
		"made at night, sent in the morning": {func(t *testing.T, w *world, _ func() store.Delivery) {
			at(t, time.June, 18, 22, 0)
			w.run(10 * time.Hour)
		}, two},
		"paused for a day and a half": {func(t *testing.T, w *world, d func() store.Delivery) {
			at(t, time.June, 18, 22, 0)
			w.meanwhile(2*time.Hour, time.Hour, func() { w.must(w.bot.Pause(d().ID, "7")) })
			at(t, time.June, 20, 9, 0)
			w.must(w.bot.Resume(d().ID, "7"))
			w.run(time.Minute)
		}, tomorrow},
		"waits for its turn past midnight": {func(t *testing.T, w *world, _ func() store.Delivery) {
			var once sync.Once
			w.outbox.before = func(bot.Message) { once.Do(func() { time.Sleep(23 * time.Hour) }) }
			at(t, time.June, 18, 8, 0)
			w.run(24 * time.Hour)
		}, two},
		"at once": {func(t *testing.T, w *world, _ func() store.Delivery) {
			at(t, time.June, 18, 8, 0)
			w.run(time.Minute)
		}, three},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.tick = time.Minute
				at(t, time.June, 18, 7, 0)
				w.run(time.Minute) // plans up to here
				w.person("1", store.Person{Subscription: store.AllReminders})
				counting := func() (d store.Delivery) {
					for _, d = range w.deliveries() {
						if d.Rule == "pemilihan-barat/masa-tenang-h-3" {
							return d
						}
					}
					return store.Delivery{}
				}
				test.live(t, w, counting)
				got := w.outbox.to("1")
				if !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, test.want+", 21 Juni 2000") }) {
					t.Errorf("got %q, want %q", got, test.want)
				}
				for _, other := range []string{three, two, tomorrow} {
					if other != test.want && strings.Contains(strings.Join(got, ""), other) {
						t.Errorf("got %q too", other)
					}
				}
				if d := counting(); d.State != store.Done || !strings.Contains(d.Text, test.want) {
					t.Errorf("kept is %s: %q", d.State, d.Text)
				}
			})
		})
	}
}

// TestWhatWaitsIsCheckedWhenItHasItsTurn: much may happen between the moment at
// which a message is given to the sender and the one at which it goes out.
func TestWhatWaitsIsCheckedWhenItHasItsTurn(t *testing.T) {
	const people = 3
	tests := map[string]struct {
		wait      time.Duration
		meanwhile func(w *world, id string)
		state     store.DeliveryState
		got       int // messages
		counts    map[store.Outcome]int
	}{
		"nothing happens": {time.Hour, func(*world, string) {}, store.Done, people, map[store.Outcome]int{store.Delivered: people}},
		"it is cancelled": {time.Hour, func(w *world, id string) { w.must(w.bot.Cancel(id, "7")) }, store.Cancelled, 0, nil},
		"it is paused":    {time.Hour, func(w *world, id string) { w.must(w.bot.Pause(id, "7")) }, store.Paused, 0, nil},
		"one stops reminders, one is forgotten": {time.Hour, func(w *world, _ string) {
			w.person("0", store.Person{})
			w.forget("1")
		}, store.Done, 1, map[store.Outcome]int{store.Delivered: 1, store.Unsubscribed: 2}},
		"night falls": {12 * time.Hour, func(*world, string) {}, store.Running, 0, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.tick = time.Minute
				morning(t)
				for i := range people {
					w.person(fmt.Sprint(i), store.Person{Subscription: store.AllReminders})
				}
				w.outbox.pause = test.wait
				d := w.broadcast("Apel dimulai.", time.Time{})
				w.meanwhile(test.wait+10*time.Minute, test.wait/2, func() { test.meanwhile(w, d.ID) })
				n := 0
				for i := range people {
					n += len(w.outbox.to(fmt.Sprint(i)))
				}
				got := w.delivery(d.ID)
				if n != test.got || got.State != test.state || fmt.Sprint(got.Counts) != fmt.Sprint(test.counts) {
					t.Errorf("%d messages, %s, %v", n, got.State, got.Counts)
				}
			})
		})
	}
}

// TestWhatWaitsTooLongIsTooLate: a reminder is not sent once it is not true any more.
func TestWhatWaitsTooLongIsTooLate(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.tick = time.Minute
		at(t, time.June, 21, 6, 30)
		w.person("1", store.Person{Subscription: store.AllReminders})
		w.outbox.pause = 14*time.Hour + 30*time.Minute
		w.run(16 * time.Hour)
		for _, d := range w.deliveries() {
			if d.State != store.Done || d.Counts[store.TooLate] != 1 {
				t.Errorf("%s: %s, %v", d.Rule, d.State, d.Counts)
			}
		}
		if n := len(w.deliveries()); n == 0 || len(w.outbox.to("1")) > 0 {
			t.Errorf("%d deliveries, got %q", n, w.outbox.to("1"))
		}
	})
}

// chief is where progress is shown.
var chief = store.Place{Chat: store.Key{Channel: "uji", ID: "kepala"}, Reference: "1"}

// TestProgressEndsWithWhatIsTrue: whoever ends a delivery, and wherever, the message
// that shows it says so in the end, and the report comes once.
func TestProgressEndsWithWhatIsTrue(t *testing.T) {
	const people = 200
	tests := map[string]struct {
		start  time.Duration // from now
		steer  func(w *world, id string)
		report bool
	}{
		"nobody":    {0, func(*world, string) {}, true},
		"cancelled": {0, func(w *world, id string) { w.must(w.bot.Cancel(id, "8")) }, true},
		"paused":    {0, func(w *world, id string) { w.must(w.bot.Pause(id, "8")) }, false},
		"paused and cancelled": {0, func(w *world, id string) {
			w.must(w.bot.Pause(id, "8"))
			time.Sleep(30 * time.Second)
			w.must(w.bot.Cancel(id, "8"))
		}, true},
		"paused and resumed": {0, func(w *world, id string) {
			w.must(w.bot.Pause(id, "8"))
			time.Sleep(30 * time.Second)
			w.must(w.bot.Resume(id, "8"))
		}, true},
		"paused before it begins":    {time.Hour, func(w *world, id string) { w.must(w.bot.Pause(id, "8")) }, false},
		"cancelled before it begins": {time.Hour, func(w *world, id string) { w.must(w.bot.Cancel(id, "8")) }, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				morning(t)
				for i := range people {
					w.person(fmt.Sprint(i), store.Person{Subscription: store.AllReminders})
				}
				w.outbox.pause = 4 * time.Second
				d := w.broadcast("Apel dimulai.", w.now().Add(test.start), chief)
				w.meanwhile(5*time.Minute, 11*time.Second, func() { test.steer(w, d.ID) })
				report := "(laporan-" + d.ID + ".csv)"
				said := w.outbox.to("kepala")
				n := len(said)
				said = slices.DeleteFunc(said, func(s string) bool { return s == report })
				if reports := n - len(said); (reports == 1) != test.report || reports > 1 {
					t.Errorf("%d reports", reports)
				}
				if len(said) == 0 || said[len(said)-1] != w.bot.Progress(w.delivery(d.ID)).Plain() {
					t.Errorf("the last of %d is\n%s", len(said), said[max(0, len(said)-1):])
				}
			})
		})
	}
}

// TestPausedOverTheLastMessage: the delivery has not ended until it is resumed.
func TestPausedOverTheLastMessage(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		morning(t)
		w.person("1", store.Person{Subscription: store.AllReminders})
		d := w.broadcast("Apel dimulai.", time.Time{}, chief)
		w.outbox.fail = func(key store.Key) error {
			if key.ID == "1" { // it is accepted while somebody pauses
				w.must(w.bot.Pause(d.ID, "8"))
			}
			return nil
		}
		report := func() int { return strings.Count(strings.Join(w.outbox.to("kepala"), ""), "(laporan-") }
		w.run(time.Minute)
		if got := w.delivery(d.ID); got.State != store.Paused || report() != 0 {
			t.Errorf("paused: %s, %d reports", got.State, report())
		}
		w.must(w.bot.Resume(d.ID, "8"))
		w.run(time.Minute)
		if got := w.delivery(d.ID); got.State != store.Done || report() != 1 || len(w.outbox.to("1")) != 1 {
			t.Errorf("resumed: %s, %d reports, %d messages", got.State, report(), len(w.outbox.to("1")))
		}
	})
}

// TestProgressComesOnce: where there is no message for it yet, one is sent, even if
// the delivery is over before that message is.
func TestProgressComesOnce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		morning(t)
		w.person("1", store.Person{Subscription: store.AllReminders})
		var first int // messages that take the place of none
		w.outbox.pause = 3 * time.Second
		w.outbox.before = func(m bot.Message) {
			if m.To == chief.Chat && m.Reply.File == nil && m.Replaces == "" {
				first++
				time.Sleep(time.Second) // longer than the recipient waits
			}
		}
		d := w.broadcast("Apel dimulai.", time.Time{}, store.Place{Chat: chief.Chat})
		w.run(time.Minute)
		if got := w.delivery(d.ID); first != 1 || got.State != store.Done || got.Progress[0].Reference == "" {
			t.Errorf("%d messages, %s, %+v", first, got.State, got.Progress)
		}
	})
}

// TestBugCostsTheDeliveryAlone: it is paused, and the log says where the bug is.
func TestBugCostsTheDeliveryAlone(t *testing.T) {
	for who, bug := range map[string]store.Key{"a recipient": {Channel: "uji", ID: "3"}, "the progress": chief.Chat} {
		t.Run(who, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				morning(t)
				var log strings.Builder
				w.log = &log
				for i := range 5 {
					w.person(fmt.Sprint(i), store.Person{Subscription: store.AllReminders})
				}
				w.outbox.pause = time.Second
				w.outbox.before = func(m bot.Message) {
					if m.To == bug && strings.Contains(m.Reply.Plain(), "Salah") {
						panic("a bug")
					}
				}
				bad := w.broadcast("Salah.", time.Time{}, chief)
				good := w.broadcast("Benar.", time.Time{}, chief)
				w.run(time.Minute)
				if got := w.delivery(bad.ID); got.State != store.Paused {
					t.Errorf("the bad one is %s", got.State)
				}
				if got := w.delivery(good.ID); got.State != store.Done || got.Counts[store.Delivered] != 5 {
					t.Errorf("the good one is %s, %v", got.State, got.Counts)
				}
				if !strings.Contains(log.String(), "a bug") || !strings.Contains(log.String(), "carry_test.go") {
					t.Errorf("the log does not say where: %s", log.String())
				}
			})
		})
	}
}
