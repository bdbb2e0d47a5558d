package telegram_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tanyanetral/bot"
	"tanyanetral/bot/telegram"
	"tanyanetral/bot/telegram/telegramtest"
)

// metric checks a counter or gauge.
func (w *world) metric(name string, want float64) {
	w.t.Helper()
	families, err := w.metrics.Gather()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		got := 0.0
		for _, m := range f.GetMetric() {
			got += m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
		if got != want {
			w.t.Errorf("%s is %v, want %v", name, got, want)
		}
		return
	}
	w.t.Errorf("there is no metric %s", name)
}

// TestLimitsAreKeptAndAnswersGoFirst sends reminders to many while people ask.
func TestLimitsAreKeptAndAnswersGoFirst(t *testing.T) {
	const recipients = 1500
	inWorld(t, telegramtest.Options{Limits: telegramtest.RealLimits()}, func(w *world) {
		w.options = func(o *telegram.Options) { o.Limits = telegram.TelegramLimits(30) }
		w.start()
		w.settle()
		before := time.Now()
		var reminders sync.WaitGroup
		next := make(chan int)
		for range 20 {
			reminders.Go(func() {
				for i := range next {
					_, err := w.channel.Send(w.t.Context(), bot.Message{
						To: key(fmt.Sprint(1000 + i)), Priority: bot.ToRemind,
						Reply: bot.Reply{Blocks: []bot.Block{{Kind: bot.Text, Text: "Masa tenang mulai besok."}}},
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		slowest := time.Duration(0)
		for i := range recipients {
			if i%100 == 50 {
				asked := time.Now()
				w.Person(int64(i + 1)).Say("halo")
				if _, err := w.Chat(int64(i+1)).WaitSent(w.t.Context(), 1); err != nil {
					t.Fatal(err)
				}
				slowest = max(slowest, time.Since(asked))
			}
			next <- i
		}
		close(next)
		reminders.Wait()
		took := time.Since(before).Seconds()
		if n := w.Counts().TooMany; n > 0 {
			t.Errorf("Telegram had to say %d times that it is too much", n)
		}
		if used := (recipients + recipients/100) / (took * 30); used < 0.98 {
			t.Errorf("%.1f %% of the allowed rate is used", 100*used)
		}
		if slowest > time.Second {
			t.Errorf("an answer took %s", slowest)
		}
	})
}

// TestCheckKeepsBackWhatWaited: what was wanted when it was queued may not be
// when it has its turn.
func TestCheckKeepsBackWhatWaited(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.settle()
		w.Trouble(telegramtest.TooManyRequests(3600), telegramtest.When{Method: "sendMessage", Times: 1})
		unwanted := errors.New("not any more")
		var asked atomic.Int32
		var stopped atomic.Bool
		sent := make(chan error, 1)
		go func() {
			_, err := w.channel.Send(w.t.Context(), bot.Message{
				To: key("42"), Priority: bot.ToRemind, Reply: bot.Reply{Blocks: []bot.Block{{Kind: bot.Text, Text: "Masa tenang mulai besok."}}},
				Check: func() error {
					asked.Add(1)
					if stopped.Load() {
						return unwanted
					}
					return nil
				},
			})
			sent <- err
		}()
		w.settle()
		stopped.Store(true)
		if err := <-sent; !errors.Is(err, unwanted) || asked.Load() != 2 || len(w.sent(42)) != 0 {
			t.Errorf("asked %d times, error %v, sent %q", asked.Load(), err, w.sent(42))
		}
	})
}

// maxInGroup is the number of answers that a group gets in a minute, before it is told to wait.
const maxInGroup = 15

// TestBusyGroupHoldsNobodyUp: what waits for its turn in one group must not keep
// the others from being answered.
func TestBusyGroupHoldsNobodyUp(t *testing.T) {
	inWorld(t, telegramtest.Options{Limits: telegramtest.RealLimits()}, func(w *world) {
		w.options = func(o *telegram.Options) { o.Limits = telegram.TelegramLimits(30) }
		w.start()
		for i := range 40 {
			w.Person(int64(1 + i%2)).In(supergroup).Say("/kontak")
		}
		for i := range 300 {
			w.Person(int64(1000 + i)).Say("halo")
		}
		w.pass(30 * time.Second) // 300 answers take ten seconds
		for i := range 300 {
			if len(w.sent(int64(1000+i))) != 1 {
				t.Fatalf("chat %d waits", 1000+i)
			}
		}
	})
}

// TestFloodHoldsNobodyUpAtPeak: answers to one person wait for their turn, a second
// each; the others, many by then, must not wait for all that somebody gets who writes too much.
func TestFloodHoldsNobodyUpAtPeak(t *testing.T) {
	const aSecond, longest = 20, 7
	for _, burst := range []int{25, 250} {
		inWorld(t, telegramtest.Options{Limits: telegramtest.RealLimits()}, func(w *world) {
			w.options = func(o *telegram.Options) { o.Limits = telegram.TelegramLimits(30) }
			w.start()
			w.settle()
			for range burst {
				w.Person(42).Say("/kontak")
			}
			for i := range 20 * aSecond {
				w.Person(int64(1000 + i)).Say("halo")
				w.pass(time.Second / aSecond)
				if before := int64(1000 + i - longest*aSecond); before >= 1000 && len(w.sent(before)) != 1 {
					w.t.Fatalf("with %d messages at once, chat %d waits longer than %d seconds", burst, before, longest)
				}
			}
			w.pass(time.Minute)
			got := w.sent(42)
			if len(got) < 4 || !strings.Contains(got[len(got)-1], "terlalu banyak") {
				t.Errorf("%d messages at once got %d replies, the last %q", burst, len(got), got[len(got)-1])
			}
			w.Person(42).Say("/kontak")
			w.settle()
			if n := len(w.sent(42)) - len(got); n != 1 {
				t.Errorf("after a minute: %d replies", n)
			}
		})
	}
}

func TestBurstsToOneChatAndToAGroup(t *testing.T) {
	inWorld(t, telegramtest.Options{Limits: telegramtest.RealLimits()}, func(w *world) {
		w.options = func(o *telegram.Options) { o.Limits = telegram.TelegramLimits(30) }
		w.start()
		for range 15 {
			w.Person(42).Say("halo")
		}
		for i := range 40 {
			w.Person(int64(100 + i)).In(supergroup).Say("@fake_bot halo")
		}
		w.pass(5 * time.Minute)
		if a, b := len(w.sent(42)), len(w.sent(supergroup)); a != 15 || b != maxInGroup+1 {
			t.Errorf("got %d and %d replies", a, b)
		}
		if n := w.Counts().TooMany; n > 0 {
			t.Errorf("Telegram had to say %d times that it is too much", n)
		}
	})
}

// TestPauseHoldsForAll: after a 429 nothing is sent to anybody before its time.
func TestPauseHoldsForAll(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.Trouble(telegramtest.TooManyRequests(60), telegramtest.When{Method: "sendMessage", Times: 1})
		for i := range 50 {
			w.Person(int64(100 + i)).Say("halo")
			w.pass(time.Second)
		}
		if n := w.Counts().Messages; n > 0 {
			t.Errorf("%d messages during the pause", n)
		}
		w.pass(time.Minute)
		if n := w.Counts().Messages; n != 50 {
			t.Errorf("%d messages after it, want 50", n)
		}
		w.metric("tanyanetral_too_many_requests_total", 1)
		w.metric("tanyanetral_updates_in_flight", 0)
	})
}

// TestIdleHourIsQuiet: no busy waiting, and nothing that grows.
func TestIdleHourIsQuiet(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.Person(42).Say("halo")
		w.settle()
		before := w.Counts().Requests
		w.pass(time.Hour)
		if n := w.Counts().Requests - before; n > 80 { // a poll in 50 seconds
			t.Errorf("%d requests in an idle hour", n)
		}
		if err := w.channel.Health(); err != nil {
			t.Error(err)
		}
	})
}
