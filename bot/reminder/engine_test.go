package reminder_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"tanyanetral/bot"
	"tanyanetral/bot/reminder"
	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
	"tanyanetral/store/memory"
)

// matcher is made once, for those who ask a question. Inside of a bubble it must
// be there already.
var matcher = sync.OnceValue(func() *match.Matcher { return match.New(embedded()) })

// elections are three that overlap, in three timezones, with the stages that the
// default reminders are about.
const elections = `
- {id: pemilihan-barat, name: Pemilihan Barat, timezone: Asia/Jakarta, source: pkpu-2-2024, stages: [
    {id: pendaftaran, name: Pendaftaran, from: 2000-02-20, to: 2000-02-29},
    {id: penetapan, name: Penetapan, from: 2000-03-20, to: 2000-03-20},
    {id: kampanye, name: Masa kampanye, from: 2000-03-25, to: 2000-06-20},
    {id: masa-tenang, name: Masa tenang, from: 2000-06-21, to: 2000-06-23},
    {id: pemungutan-suara, name: Pemungutan suara, from: 2000-06-24, to: 2000-06-24}]}
- {id: pemilihan-tengah, name: Pemilihan Tengah, region: Kota Tengah, timezone: Asia/Makassar, source: pkpu-2-2024, stages: [
    {id: penetapan, name: Penetapan, from: 2000-04-01, to: 2000-04-01},
    {id: kampanye, name: Masa kampanye, from: 2000-04-04, to: 2000-06-20},
    {id: masa-tenang, name: Masa tenang, from: 2000-06-21, to: 2000-06-23},
    {id: pemungutan-suara, name: Pemungutan suara, from: 2000-06-24, to: 2000-06-24}]}
- {id: psu-timur, name: PSU Timur, region: Kabupaten Timur, timezone: Asia/Jayapura, source: pkpu-2-2024, stages: [
    {id: kampanye, name: Masa kampanye, from: 2000-10-01, to: 2000-12-28},
    {id: masa-tenang, name: Masa tenang, from: 2000-12-29, to: 2000-12-31},
    {id: pemungutan-suara, name: Pemungutan suara, from: 2001-01-01, to: 2001-01-01}]}
`

// outbox is a sender that remembers. The clock of bubbles begins in 2000.
type outbox struct {
	mu    sync.Mutex
	sent  map[store.Key][]string
	fail  func(store.Key) error // nil for no failures
	pause time.Duration         // that each message waits for its turn

	before func(bot.Message) // is called first, nil for nothing
}

func (o *outbox) Send(ctx context.Context, m bot.Message) (string, error) {
	if o.before != nil {
		o.before(m)
	}
	if o.pause > 0 {
		timer := time.NewTimer(o.pause)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if m.Check != nil {
		if err := m.Check(); err != nil {
			return "", err
		}
	}
	if o.fail != nil {
		if err := o.fail(m.To); err != nil {
			return "", err
		}
	}
	if o.sent == nil {
		o.sent = map[store.Key][]string{}
	}
	said := m.Reply.Plain()
	if m.Reply.File != nil {
		said += "(" + m.Reply.File.Name + ")"
	}
	o.sent[m.To] = append(o.sent[m.To], said)
	return fmt.Sprint(len(o.sent[m.To])), nil
}

func (o *outbox) to(id string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.sent[store.Key{Channel: "uji", ID: id}])
}

// world is an engine with what it works on.
type world struct {
	t      *testing.T
	store  store.Store
	bot    *bot.Bot
	outbox *outbox
	offset time.Duration // by which the clock is wrong
	tick   time.Duration
	log    io.Writer
}

func inWorld(t *testing.T, test func(t *testing.T, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		base, problems := knowledge.Load(knowledge.Embedded(), knowledge.Folder{Name: "uji", Files: fstest.MapFS{"elections/uji.yaml": {Data: []byte(elections)}}})
		if len(problems) > 0 {
			t.Fatal(problems[0])
		}
		w := &world{t: t, store: &memory.Store{}, outbox: &outbox{}, log: io.Discard}
		w.bot = bot.New(bot.Options{Store: w.store, Zone: jakarta(t), Now: w.now, Random: rand.Reader})
		w.bot.Learn(base, nil) // nobody asks a question
		test(t, w)
	})
}

func jakarta(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func (w *world) now() time.Time { return time.Now().Add(w.offset) }

// run runs an engine for a while, as a process of its own would.
func (w *world) run(d time.Duration) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), d)
	defer cancel()
	reminder.New(reminder.Options{
		Store: w.store, Bot: w.bot, Sender: w.outbox, Zone: jakarta(w.t), Now: w.now, Log: slog.New(slog.NewTextHandler(w.log, nil)), Tick: w.tick,
	}).Run(ctx)
}

func (w *world) person(id string, p store.Person) {
	w.t.Helper()
	err := w.store.Update(func(tx store.Tx) error { return tx.PutPerson(store.Key{Channel: "uji", ID: id}, p) })
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) deliveries() (all []store.Delivery) {
	w.t.Helper()
	err := w.store.View(func(tx store.Tx) (err error) {
		all, err = tx.DeliveriesBefore("", 10_000)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// broadcast confirms one to all subscribers, which is shown in the places.
func (w *world) broadcast(text string, start time.Time, shown ...store.Place) store.Delivery {
	w.t.Helper()
	d, err := w.bot.NewBroadcast("terminal", text, "", "", store.Audience{}, start)
	if err == nil {
		err = w.store.Update(func(tx store.Tx) error { return tx.PutDelivery(d) })
	}
	if err == nil {
		d, err = w.bot.Confirm(d.ID, "terminal", false, shown...)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func (w *world) delivery(id string) (d store.Delivery) {
	w.t.Helper()
	err := w.store.View(func(tx store.Tx) (err error) {
		d, err = tx.Delivery(id)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// due calculates by itself, day by day, what is due between two moments:
// election/reminder/day.
func due(t *testing.T, base *knowledge.Base, from, to time.Time) []string {
	t.Helper()
	var all []string
	for _, e := range base.Elections {
		zone, err := time.LoadLocation(e.Timezone)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range e.Stages {
			for _, r := range base.Reminders {
				if r.Stage != s.ID || r.Election != "" && r.Election != e.ID {
					continue
				}
				for day := from.AddDate(0, 0, -2); day.Before(to.AddDate(0, 0, 2)); day = day.AddDate(0, 0, 1) {
					date := knowledge.DateOf(day)
					edge := s.From
					if r.Edge == knowledge.Selesai {
						edge = s.To
					}
					since := edge.DaysUntil(date) - r.Days
					if since != 0 && (r.Every == 0 || since < 0 || since%r.Every != 0 || s.To.Before(date)) {
						continue
					}
					year, month, number := day.Date()
					at := time.Date(year, month, number, int(r.At)/60, int(r.At)%60, 0, 0, zone)
					if at.After(from) && !at.After(to) {
						all = append(all, e.ID+"/"+r.ID+"/"+date.String())
					}
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

// TestYearOfReminders lives through a year of three elections with restarts,
// times when the bot is down and clocks that are set wrong and right again. Each
// reminder goes out once, or is recorded as skipped with the reason.
func TestYearOfReminders(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.tick = 30 * time.Minute
		zones := []string{"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}
		for i, zone := range zones {
			w.person(fmt.Sprint(i), store.Person{Subscription: store.AllReminders, Timezone: zone})
		}
		random := mathrand.New(mathrand.NewPCG(7, 2000))
		begun := time.Now()
		w.run(time.Hour)
		for time.Since(begun) < 370*24*time.Hour {
			switch random.IntN(8) {
			case 0, 1: // down for up to four days
				time.Sleep(time.Duration(random.IntN(4*24*60)) * time.Minute)
			case 2: // the clock is set wrong by up to three hours
				w.offset = time.Duration(random.IntN(360)-180) * time.Minute
				w.run(time.Duration(random.IntN(24*60)) * time.Minute)
				w.offset = 0
			default:
				w.run(time.Duration(random.IntN(3*24*60)) * time.Minute)
			}
		}
		w.run(26 * time.Hour) // nothing is left of the night

		recorded := map[string]store.Delivery{}
		for _, d := range w.deliveries() {
			key := d.Rule + "/" + d.ID[:len(time.DateOnly)]
			if _, twice := recorded[key]; twice {
				t.Errorf("%s is recorded twice", key)
			}
			recorded[key] = d
		}
		expected := due(t, w.bot.Knowledge(), begun, w.now())
		if len(expected) < 50 {
			t.Fatalf("only %d reminders are due in a year", len(expected))
		}
		texts := map[string]int{}
		for i := range zones {
			for _, text := range w.outbox.to(fmt.Sprint(i)) {
				texts[fmt.Sprint(i, text)]++
			}
		}
		sent, skipped := 0, 0
		for _, key := range expected {
			d, ok := recorded[key]
			delete(recorded, key)
			switch {
			case !ok:
				t.Errorf("%s was forgotten", key)
			case d.State == store.Skipped && d.Note != "":
				skipped++
			case d.State == store.Done && d.Total == len(zones):
				sent++
				if d.Counts[store.Delivered]+d.Counts[store.TooLate] != d.Total {
					t.Errorf("%s: %v", key, d.Counts)
				}
			default:
				t.Errorf("%s is %s (%q), %v", key, d.State, d.Note, d.Counts)
			}
		}
		for key := range recorded {
			t.Errorf("%s was not due", key)
		}
		for text, n := range texts {
			if n > 1 {
				t.Errorf("sent %d times: %.60s", n, text)
			}
		}
		t.Logf("%d reminders sent, %d skipped", sent, skipped)
		if sent < 30 || skipped < 3 {
			t.Errorf("%d sent and %d skipped: the year was too easy or too hard", sent, skipped)
		}
	})
}

func TestNightIsQuietWhereverOneIs(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.tick = 20 * time.Second
		time.Sleep(time.Until(time.Date(2000, 1, 5, 20, 30, 0, 0, jakarta(t))))
		w.person("barat", store.Person{Subscription: store.AllReminders})
		w.person("timur", store.Person{Subscription: store.AllReminders, Timezone: "Asia/Jayapura"}) // 22.30
		d := w.broadcast("Besok apel pukul 07.30.", time.Time{})
		w.run(10 * time.Minute)
		if a, b := len(w.outbox.to("barat")), len(w.outbox.to("timur")); a != 1 || b != 0 {
			t.Fatalf("in the evening got %d and %d messages", a, b)
		}
		w.run(9 * time.Hour) // till 05.40 in the west, 07.40 in the east
		if n := len(w.outbox.to("timur")); n != 1 {
			t.Errorf("in the morning got %d messages", n)
		}
		if got := w.delivery(d.ID); got.State != store.Done || got.Counts[store.Delivered] != 2 {
			t.Errorf("got %s %v", got.State, got.Counts)
		}
	})
}

func TestDeliverySettlesEverybodyOnce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		time.Sleep(time.Until(time.Date(2000, 1, 5, 9, 0, 0, 0, jakarta(t))))
		const people = 3000
		for i := range people {
			p := store.Person{Subscription: store.AllReminders}
			switch i % 10 {
			case 7:
				p.Subscription = store.NoReminders
			case 8:
				p.Subscription = store.StagesOnly
			}
			w.person(fmt.Sprint(i), p)
		}
		w.outbox.pause = 30 * time.Millisecond
		w.outbox.fail = func(k store.Key) error {
			switch {
			case strings.HasSuffix(k.ID, "1"):
				return bot.ErrUnreachable
			case strings.HasSuffix(k.ID, "22"):
				return bot.ErrRefused
			}
			return nil
		}
		d := w.broadcast("Ikrar netralitas dimulai.", time.Time{})
		for range 2 { // each run is cut short, as by restarts
			w.run(400 * time.Millisecond)
		}
		// Somebody stops reminders meanwhile, and somebody is forgotten.
		w.person("999", store.Person{})
		err := w.store.Update(func(tx store.Tx) error { _, err := tx.Forget(store.Key{Channel: "uji", ID: "996"}); return err })
		if err != nil {
			t.Fatal(err)
		}
		w.run(time.Minute)
		got := w.delivery(d.ID)
		total := 0
		for _, n := range got.Counts {
			total += n
		}
		if got.State != store.Done || got.Total != people*8/10 || total != got.Total {
			t.Errorf("got %s, %d recipients, %v", got.State, got.Total, got.Counts)
		}
		if got.Counts[store.Unreachable] != people/10 || got.Counts[store.Refused] != people/100 || got.Counts[store.Unsubscribed] != 2 {
			t.Errorf("got %v", got.Counts)
		}
		for i := range people {
			if n := len(w.outbox.to(fmt.Sprint(i))); n > 1 {
				t.Fatalf("person %d got %d messages", i, n)
			}
		}
	})
}

func TestPauseResumeCancel(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		time.Sleep(time.Until(time.Date(2000, 1, 5, 9, 0, 0, 0, jakarta(t))))
		for i := range 2000 {
			w.person(fmt.Sprint(i), store.Person{Subscription: store.AllReminders})
		}
		w.outbox.pause = 400 * time.Millisecond // 100 a second
		d := w.broadcast("Ikrar netralitas dimulai.", time.Time{})
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() {
			<-ctx.Done()
		})
		running.Go(func() { w.run(time.Hour) })
		delivered := func() int { return w.delivery(d.ID).Counts[store.Delivered] }

		time.Sleep(5 * time.Second)
		if _, err := w.bot.Pause(d.ID, "7"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		paused := delivered()
		time.Sleep(time.Minute)
		if n := delivered(); n != paused || n < 100 || n > 900 {
			t.Errorf("%d delivered when paused, %d a minute later", paused, n)
		}
		if _, err := w.bot.Resume(d.ID, "7"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		if n := delivered(); n <= paused {
			t.Errorf("%d delivered after it was resumed", n)
		}
		if _, err := w.bot.Cancel(d.ID, "7"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		cancelled := delivered()
		time.Sleep(time.Minute)
		if n := delivered(); n != cancelled || n >= 2000 {
			t.Errorf("%d delivered when cancelled, %d a minute later", cancelled, n)
		}
		stop()
		running.Wait()
	})
}

// TestUnknownFateStopsTheDelivery: where the sender cannot tell what became of a
// message, the recipient stays to be settled.
func TestUnknownFateStopsTheDelivery(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		time.Sleep(time.Until(time.Date(2000, 1, 5, 9, 0, 0, 0, jakarta(t))))
		w.person("1", store.Person{Subscription: store.AllReminders})
		failures := 0
		w.outbox.fail = func(store.Key) error {
			if failures++; failures < 3 {
				return errors.New("the channel is closed")
			}
			return nil
		}
		d := w.broadcast("Ikrar netralitas dimulai.", time.Time{})
		w.run(time.Minute)
		if got := w.delivery(d.ID); got.State != store.Done || len(w.outbox.to("1")) != 1 {
			t.Errorf("got %s, %d messages", got.State, len(w.outbox.to("1")))
		}
	})
}

func TestScheduledBroadcastWaitsForItsTime(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.tick = 20 * time.Second
		time.Sleep(time.Until(time.Date(2000, 1, 5, 9, 0, 0, 0, jakarta(t))))
		w.person("1", store.Person{Subscription: store.AllReminders})
		w.broadcast("Apel dimulai.", w.now().Add(2*time.Hour))
		w.run(119 * time.Minute)
		if n := len(w.outbox.to("1")); n != 0 {
			t.Errorf("got %d messages before the time", n)
		}
		w.run(3 * time.Minute)
		if n := len(w.outbox.to("1")); n != 1 {
			t.Errorf("got %d messages at the time", n)
		}
	})
}
