package reminder_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tanyanetral/bot"
	"tanyanetral/bot/reminder"
	"tanyanetral/store"
)

// outdated is a watch of an answer that has changed since.
var outdated = store.Watch{Topic: "medsos-like", Seen: "boleh:0000000000000000"}

// morning waits until nobody sleeps.
func morning(t *testing.T) { time.Sleep(time.Until(time.Date(2000, 1, 5, 9, 0, 0, 0, jakarta(t)))) }

func TestNobodyIsWokenForNews(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		time.Sleep(time.Until(time.Date(2000, 1, 5, 23, 0, 0, 0, jakarta(t))))
		w.person("1", store.Person{Watches: []store.Watch{outdated}})
		if told, asleep, err := reminder.Tell(t.Context(), w.store, w.bot, w.outbox); told != 0 || asleep != 1 || err != nil {
			t.Errorf("told %d, %d asleep, %v", told, asleep, err)
		}
	})
}

func TestWhoAskedIsToldOnce(t *testing.T) {
	matcher := matcher()
	inWorld(t, func(t *testing.T, w *world) {
		w.bot.Learn(w.bot.Knowledge(), matcher)
		morning(t)
		w.person("1", store.Person{Watches: []store.Watch{outdated}})
		w.person("2", store.Person{Watches: []store.Watch{{Question: "boleh ga asn like postingan caleg di instagram", ID: "2000-01-01-0000000000000000"}}})
		w.person("3", store.Person{Subscription: store.AllReminders})
		for i := range 2 {
			told, _, err := reminder.Tell(t.Context(), w.store, w.bot, w.outbox)
			if err != nil || told != 2-2*i {
				t.Errorf("told %d, %v", told, err)
			}
		}
		if got := w.outbox.to("1"); len(got) != 1 || !strings.Contains(got[0], "Dilarang") {
			t.Errorf("who watches an answer got %q", got)
		}
		if got := w.outbox.to("2"); len(got) != 1 || !strings.Contains(got[0], "sudah ada jawabannya") {
			t.Errorf("who watches a question got %q", got)
		}
		if got := w.outbox.to("3"); len(got) != 0 {
			t.Errorf("who asked for nothing got %q", got)
		}
	})
}

// TestNewsThatCannotBeDelivered is noted where that is final, and comes again where it is not.
func TestNewsThatCannotBeDelivered(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		morning(t)
		w.person("1", store.Person{Watches: []store.Watch{outdated}})
		for _, failure := range []error{context.Canceled, bot.ErrUnreachable, nil} {
			w.outbox.fail = func(store.Key) error { return failure }
			told, _, err := reminder.Tell(t.Context(), w.store, w.bot, w.outbox)
			if told != 0 || (failure == context.Canceled) != errors.Is(err, context.Canceled) {
				t.Errorf("with %v: told %d, %v", failure, told, err)
			}
		}
	})
}

// TestWhoWantsNoNewsAnyMoreGetsNone: somebody else is told for a while, and what one
// is told waits for its turn.
func TestWhoWantsNoNewsAnyMoreGetsNone(t *testing.T) {
	for name, stop := range map[string]func(w *world, id string){
		"forgotten":     (*world).forget,
		"without watch": func(w *world, id string) { w.person(id, store.Person{Subscription: store.AllReminders}) },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				morning(t)
				for _, id := range []string{"1", "2", "3"} {
					w.person(id, store.Person{Watches: []store.Watch{outdated}})
				}
				w.outbox.pause = time.Hour
				go func() {
					time.Sleep(30 * time.Minute) // the first one waits
					stop(w, "2")
					time.Sleep(time.Hour) // and the third
					stop(w, "3")
				}()
				told, asleep, err := reminder.Tell(t.Context(), w.store, w.bot, w.outbox)
				if told != 1 || asleep != 0 || err != nil {
					t.Errorf("told %d, %d asleep, %v", told, asleep, err)
				}
				if a, b, c := len(w.outbox.to("1")), len(w.outbox.to("2")), len(w.outbox.to("3")); a != 1 || b != 0 || c != 0 {
					t.Errorf("%d, %d and %d messages", a, b, c)
				}
			})
		})
	}
}

// TestNewsThatWaitTillNight wake nobody.
func TestNewsThatWaitTillNight(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		morning(t)
		w.person("1", store.Person{Watches: []store.Watch{outdated}})
		w.outbox.pause = 12 * time.Hour
		if told, asleep, err := reminder.Tell(t.Context(), w.store, w.bot, w.outbox); told != 0 || asleep != 1 || err != nil {
			t.Errorf("told %d, %d asleep, %v", told, asleep, err)
		}
	})
}

// TestBugOverSomebodyHoldsUpNobodyElse: it is told in the end, with where it is.
func TestBugOverSomebodyHoldsUpNobodyElse(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		morning(t)
		w.person("1", store.Person{Watches: []store.Watch{outdated}})
		w.person("2", store.Person{Watches: []store.Watch{outdated}})
		w.outbox.fail = func(key store.Key) error {
			if key.ID == "1" {
				panic("a bug")
			}
			return nil
		}
		told, _, err := reminder.Tell(t.Context(), w.store, w.bot, w.outbox)
		if told != 1 || len(w.outbox.to("2")) != 1 {
			t.Errorf("told %d", told)
		}
		if err == nil || !strings.Contains(err.Error(), "a bug") || !strings.Contains(err.Error(), "tell_test.go") {
			t.Errorf("got error %v", err)
		}
	})
}

// TestForgottenMeanwhileStaysForgotten: somebody deletes everything while being told.
func TestForgottenMeanwhileStaysForgotten(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		morning(t)
		w.person("1", store.Person{Watches: []store.Watch{outdated}})
		w.outbox.fail = func(key store.Key) error {
			return w.store.Update(func(tx store.Tx) error { _, err := tx.Forget(key); return err })
		}
		if told, _, err := reminder.Tell(t.Context(), w.store, w.bot, w.outbox); told != 1 || err != nil {
			t.Errorf("told %d, %v", told, err)
		}
		err := w.store.View(func(tx store.Tx) error { _, err := tx.Person(store.Key{Channel: "uji", ID: "1"}); return err })
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}
