package bot_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// draft keeps a draft to all, and subscribed people with it.
func (w *world) draft(text string, to store.Audience, start time.Time) store.Delivery {
	w.Helper()
	w.crowd(map[string]int{"PNS": 7}, func(kind string) store.Person {
		return store.Person{Status: kind, Unit: "Dinas Kesehatan", Subscription: store.AllReminders}
	})
	d, err := w.bot.NewBroadcast("9", text, "", "", to, start)
	if err != nil {
		w.Fatal(err)
	}
	w.put(d)
	return d
}

func (w *world) put(d store.Delivery) {
	w.Helper()
	if err := w.state.Update(func(tx store.Tx) error { return tx.PutDelivery(d) }); err != nil {
		w.Fatal(err)
	}
}

// delivery is what is kept of one.
func (w *world) delivery(id string) (d store.Delivery) {
	w.Helper()
	err := w.state.View(func(tx store.Tx) (err error) {
		d, err = tx.Delivery(id)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return d
}

// audit is what administrators did, the last first: "9 broadcast b-...".
func (w *world) audit() (lines []string) {
	w.Helper()
	err := w.state.View(func(tx store.Tx) error {
		entries, err := tx.LastAudit(100)
		for _, e := range entries {
			lines = append(lines, fmt.Sprintf("%s %s %s", e.By, e.Action, e.Detail))
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return lines
}

// TestOneOfTwoConfirms: many confirm the same draft at once.
func TestOneOfTwoConfirms(t *testing.T) {
	w := newWorld(t)
	d := w.draft("Satu", store.Audience{}, time.Time{})
	var all sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		all.Go(func() { _, errs[i] = w.bot.Confirm(d.ID, fmt.Sprint(i), false) })
	}
	all.Wait()
	confirmed := 0
	for _, err := range errs {
		switch {
		case err == nil:
			confirmed++
		case !errors.Is(err, bot.ErrNotDraft) || !strings.Contains(err.Error(), "dijadwalkan"):
			t.Errorf("got %v", err)
		}
	}
	if got := w.delivery(d.ID); confirmed != 1 || len(w.audit()) != 1 || got.State != store.Scheduled || !got.Start.Equal(w.now) {
		t.Errorf("%d confirmed, audit %q, %+v", confirmed, w.audit(), got)
	}
}

// TestConfirmShowsProgressWhereItWasConfirmed: the message with the button becomes the progress.
func TestConfirmShowsProgressWhereItWasConfirmed(t *testing.T) {
	w := newWorld(t)
	d := w.draft("Satu", store.Audience{}, time.Time{})
	press := bot.Event{Chat: admin, Person: admin, Action: "b:send:" + d.ID, Message: "4711"}
	for range 2 { // the second time is the same event again, after a crash before it was answered
		turn, err := w.bot.Handle(press)
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(turn.Reply); !strings.Contains(got, "Siaran dijadwalkan") || !turn.Reply.Replace {
			t.Errorf("got %s", got)
		}
	}
	want := []store.Place{{Chat: admin, Reference: "4711"}}
	if diff := cmp.Diff(want, w.delivery(d.ID).Progress); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"9 broadcast " + d.ID}, w.audit()); diff != "" {
		t.Error(diff)
	}
}

// TestConfirmUnderAPicture: it cannot become the progress, which is shown as a
// message of its own. Only what is received stays to be pressed under the picture.
func TestConfirmUnderAPicture(t *testing.T) {
	w := newWorld(t)
	d := w.draft("Satu", store.Audience{}, time.Time{})
	d.Photo, d.Topic = "AgAD", "medsos-like"
	w.put(d)
	press := bot.Event{Chat: admin, Person: admin, Action: "b:send:" + d.ID, Message: "4711"}
	for _, notice := range []string{"✅ Dikonfirmasi.", "Siaran ini tidak menunggu konfirmasi lagi: dijadwalkan."} {
		if got, want := shown(w.do(press)), "« "+notice+" »\n\n[Selengkapnya|t:medsos-like]\n[Berhenti|b:demo]"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	want := []store.Place{{Chat: admin}}
	if diff := cmp.Diff(want, w.delivery(d.ID).Progress); diff != "" {
		t.Error(diff)
	}
}

// TestConfirmAgainUnderAPicture: what is pressed then is the question, and becomes the progress.
func TestConfirmAgainUnderAPicture(t *testing.T) {
	w := newWorld(t)
	var id string
	for range 2 {
		d := w.draft("Satu", store.Audience{}, time.Time{})
		d.Photo = "AgAD"
		w.put(d)
		id = d.ID
		w.do(bot.Event{Chat: admin, Person: admin, Action: "b:send:" + id, Message: "4711"})
		w.now = w.now.Add(time.Second)
	}
	reply := w.do(bot.Event{Chat: admin, Person: admin, Action: "b:again:" + id, Message: "4712"})
	if got := shown(reply); !strings.Contains(got, "Siaran dijadwalkan") || !reply.Replace {
		t.Errorf("got %s", got)
	}
	if diff := cmp.Diff([]store.Place{{Chat: admin, Reference: "4712"}}, w.delivery(id).Progress); diff != "" {
		t.Error(diff)
	}
}

func TestWhatCannotBeConfirmed(t *testing.T) {
	in := func(d time.Duration) func(*world) time.Time {
		return func(w *world) time.Time { return w.now.Add(d) }
	}
	now := func(*world) time.Time { return time.Time{} }
	tests := map[string]struct {
		to    store.Audience
		start func(*world) time.Time
		later time.Duration
		want  error
	}{
		"at once":                {start: now},
		"at once, an hour later": {start: now, later: time.Hour},
		"tomorrow":               {start: in(24 * time.Hour)},
		"just over":              {start: in(time.Hour), later: time.Hour + time.Minute},
		"over":                   {start: in(time.Hour), later: time.Hour + time.Minute + 1, want: bot.ErrPast},
		"to nobody":              {to: store.Audience{Unit: "Desa Kosong"}, start: now, want: bot.ErrEmpty},
	}
	for name, test := range tests {
		w := newWorld(t)
		d := w.draft("Satu", test.to, test.start(w))
		w.now = w.now.Add(test.later)
		got, err := w.bot.Confirm(d.ID, "9", false)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: got error %v, want %v", name, err, test.want)
		}
		kept := w.delivery(d.ID)
		switch {
		case err != nil && (kept.State != store.Draft || got.ID != d.ID || len(w.audit()) > 0):
			t.Errorf("%s: kept %+v, audit %q", name, kept, w.audit())
		case err == nil && (kept.State != store.Scheduled || kept.Start.Before(w.now)):
			t.Errorf("%s: kept %+v", name, kept)
		}
	}
	w := newWorld(t)
	for _, id := range []string{"", "b-20261122020000-00000000", "../b", strings.Repeat("b", 100)} {
		if _, err := w.bot.Confirm(id, "9", false); !errors.Is(err, bot.ErrNoDelivery) {
			t.Errorf("%q: got error %v", id, err)
		}
	}
	d := w.draft("Satu", store.Audience{}, time.Time{})
	d.Text, d.Topic = "", "medsos-lik" // the knowledge has changed
	w.put(d)
	if _, err := w.bot.Confirm(d.ID, "9", false); err == nil || !strings.Contains(err.Error(), "tidak ada") {
		t.Errorf("a topic that is gone: got error %v", err)
	}
}

// TestTheSameTwice: the same to the same people within twelve hours wants to be
// known by whoever confirms it.
func TestTheSameTwice(t *testing.T) {
	to := store.Audience{Unit: "Dinas Kesehatan"}
	tests := map[string]struct {
		first  func(*store.Delivery) // what became of it
		after  time.Duration         // that the second one is confirmed
		second func(*store.Delivery)
		want   error
	}{
		"at once":              {want: bot.ErrRepeated},
		"eleven hours later":   {after: 11 * time.Hour, want: bot.ErrRepeated},
		"twelve hours later":   {after: 12 * time.Hour},
		"for another day":      {second: func(d *store.Delivery) { d.Start = d.Created.Add(12 * time.Hour) }},
		"for the evening":      {second: func(d *store.Delivery) { d.Start = d.Created.Add(11 * time.Hour) }, want: bot.ErrRepeated},
		"another text":         {second: func(d *store.Delivery) { d.Text = "Dua" }},
		"with a card":          {second: func(d *store.Delivery) { d.Topic = "medsos-like" }},
		"with a photo":         {second: func(d *store.Delivery) { d.Photo = "AgAD" }},
		"to others":            {second: func(d *store.Delivery) { d.To.Status = "PNS" }},
		"to the same in words": {second: func(d *store.Delivery) { d.To.Unit = "DINAS kesehatan" }, want: bot.ErrRepeated},
		"was cancelled":        {first: func(d *store.Delivery) { d.State, d.Ended = store.Cancelled, d.Start }},
		"was not confirmed":    {first: func(d *store.Delivery) { d.State = store.Draft }},
		"is over":              {first: func(d *store.Delivery) { d.State, d.Ended = store.Done, d.Start }},
		"is paused":            {first: func(d *store.Delivery) { d.State = store.Paused }, want: bot.ErrRepeated},
	}
	for name, test := range tests {
		w := newWorld(t)
		first := w.draft("Satu", to, time.Time{})
		first, err := w.bot.Confirm(first.ID, "9", false)
		if err != nil {
			t.Fatal(err)
		}
		if test.first != nil {
			test.first(&first)
			w.put(first)
		}
		w.now = w.now.Add(test.after + time.Second)
		second := w.draft("Satu", to, time.Time{})
		if test.second != nil {
			test.second(&second)
			w.put(second)
		}
		if _, err = w.bot.Confirm(second.ID, "8", false); !errors.Is(err, test.want) {
			t.Errorf("%s: got error %v, want %v", name, err, test.want)
		}
		if test.want != nil {
			if d, err := w.bot.Confirm(second.ID, "8", true); err != nil || d.State != store.Scheduled {
				t.Errorf("%s, and known: got %+v, error %v", name, d, err)
			}
		}
	}
}

// TestWhatReachedSomebodyIsRepeated: it was cancelled, but not in time.
func TestWhatReachedSomebodyIsRepeated(t *testing.T) {
	w := newWorld(t)
	first := w.draft("Satu", store.Audience{}, time.Time{})
	if _, err := w.bot.Confirm(first.ID, "9", false); err != nil {
		t.Fatal(err)
	}
	w.carry(first.ID, map[store.Outcome]int{store.Delivered: 1}, 2)
	if _, err := w.bot.Cancel(first.ID, "9"); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Second)
	if _, err := w.bot.Confirm(w.draft("Satu", store.Audience{}, time.Time{}).ID, "9", false); !errors.Is(err, bot.ErrRepeated) {
		t.Errorf("got error %v", err)
	}
}

// carry adds recipients to a delivery and settles some, as whoever sends it does.
func (w *world) carry(id string, counts map[store.Outcome]int, total int) {
	w.Helper()
	err := w.state.Update(func(tx store.Tx) error {
		var keys []store.Key
		for i := range total {
			keys = append(keys, store.Key{Channel: "uji", ID: fmt.Sprint("penerima", i)})
		}
		if err := tx.AddRecipients(id, keys); err != nil {
			return err
		}
		for outcome, n := range counts {
			for range n {
				if _, err := tx.Settle(id, keys[0], outcome); err != nil {
					return err
				}
				keys = keys[1:]
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

// TestSteering goes through all that can be done in all states.
func TestSteering(t *testing.T) {
	const no = store.DeliveryState("")
	states := []store.DeliveryState{store.Draft, store.Scheduled, store.Running, store.Paused, store.Done, store.Cancelled, store.Skipped}
	want := map[string][]store.DeliveryState{
		"pause":  {no, store.Paused, store.Paused, store.Paused, no, no, no},
		"resume": {no, store.Scheduled, store.Running, store.Scheduled, no, no, no},
		"cancel": {no, store.Cancelled, store.Cancelled, store.Cancelled, no, store.Cancelled, no},
	}
	for action, wants := range want {
		for i, state := range states {
			w := newWorld(t)
			d := w.draft("Satu", store.Audience{}, time.Time{})
			d.State = state
			w.put(d)
			do := map[string]func(id, by string) (store.Delivery, error){"pause": w.bot.Pause, "resume": w.bot.Resume, "cancel": w.bot.Cancel}[action]
			got, err := do(d.ID, "8")
			if _, ok := errors.AsType[bot.Mistake](err); (wants[i] == no) != ok {
				t.Errorf("%s what is %s: got error %v", action, state, err)
			}
			kept := w.delivery(d.ID)
			if wants[i] == no {
				wants[i] = state
			}
			if kept.State != wants[i] || got.State != wants[i] {
				t.Errorf("%s what is %s: got %s, kept %s", action, state, got.State, kept.State)
			}
			if changed := kept.State != state; changed != (len(w.audit()) == 1) {
				t.Errorf("%s what is %s: audit %q", action, state, w.audit())
			}
			if kept.State == store.Cancelled && state != store.Cancelled && !kept.Ended.Equal(w.now) {
				t.Errorf("cancelled, but ended %v", kept.Ended)
			}
		}
	}
}

// TestResumeGoesOn: what had begun does not begin again.
func TestResumeGoesOn(t *testing.T) {
	w := newWorld(t)
	d := w.draft("Satu", store.Audience{}, time.Time{})
	if _, err := w.bot.Confirm(d.ID, "9", false); err != nil {
		t.Fatal(err)
	}
	w.carry(d.ID, nil, 7)
	for i, do := range []func(id, by string) (store.Delivery, error){w.bot.Pause, w.bot.Resume} {
		want := []store.DeliveryState{store.Paused, store.Running}[i]
		if d, err := do(d.ID, "9"); err != nil || d.State != want {
			t.Errorf("got %s, error %v, want %s", d.State, err, want)
		}
	}
}

// TestErrorsOfTheStoreAreNoMistakes: they are for the log.
func TestErrorsOfTheStoreAreNoMistakes(t *testing.T) {
	now := time.Date(2026, time.November, 22, 9, 0, 0, 0, jakarta)
	with := func(state store.Store) *bot.Bot {
		o := options(state, &now)
		o.Upcoming = func(time.Time, time.Time) []bot.Upcoming { return []bot.Upcoming{{ID: reminderID, At: now}} }
		b := bot.New(o)
		b.Learn(embedded())
		return b
	}
	_, pause := with(&brokenStore{}).Pause("b-1", "9")
	_, skip := with(&brokenStore{}).Skip(reminderID, "9")
	_, confirm := with(&unreadableStore{}).Confirm("b-1", "9", false)
	_, count := with(&unreadableStore{}).CountAudience(store.Audience{})
	for action, err := range map[string]error{"pause": pause, "skip": skip, "confirm": confirm, "count": count} {
		if _, ok := errors.AsType[bot.Mistake](err); ok || !errors.Is(err, errFull) {
			t.Errorf("%s: got error %v", action, err)
		}
	}
}
