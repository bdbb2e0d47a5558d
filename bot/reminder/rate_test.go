package reminder_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"tanyanetral/bot"
	"tanyanetral/bot/reminder"
	"tanyanetral/bot/telegram"
	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/store"
	"tanyanetral/store/bolt"
)

// BenchmarkDelivery sends a broadcast to b.N people over HTTP, at 1,000 messages
// a second, while somebody asks five times a second. It reports the share of the
// allowed rate that is used, how often Telegram had to say that it is too much,
// how long answers took meanwhile, and the memory.
//
//	go test -run '^$' -bench Delivery -benchtime 100000x ./bot/reminder
func BenchmarkDelivery(b *testing.B) {
	const perSecond = 1000
	var mu sync.Mutex
	asked := map[int64]time.Time{}
	var took []time.Duration
	server, err := telegramtest.New(telegramtest.Options{
		Forget: true,
		Limits: telegramtest.Limits{Overall: telegramtest.Limit{Messages: perSecond, Within: time.Second}},
		OnMessage: func(m telegramtest.Message) {
			mu.Lock()
			defer mu.Unlock()
			if at, ok := asked[m.Chat]; ok {
				took = append(took, time.Since(at))
				delete(asked, m.Chat)
			}
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	state, err := bolt.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	subscribe(b, state, b.N)
	zone := time.FixedZone("siang", 0)
	noon := func() time.Time { return time.Now().In(zone) }
	// It is day wherever the benchmark runs.
	zone = time.FixedZone("siang", (12-time.Now().UTC().Hour())*60*60)
	answering := bot.New(bot.Options{Store: state, Zone: zone, Now: noon, Random: rand.Reader})
	answering.Learn(embedded(), matcher())
	ready := make(chan struct{})
	close(ready)
	log := slog.New(slog.DiscardHandler)
	channel, err := telegram.New(telegram.Options{
		API: server.URL(), Token: server.Token(), Limits: telegram.TelegramLimits(perSecond), Bot: answering, Ready: ready, Store: state, Log: log, Now: noon,
	})
	if err != nil {
		b.Fatal(err)
	}
	d, err := answering.NewBroadcast("terminal", "Masa tenang mulai besok.", "", "", store.Audience{}, time.Time{})
	if err == nil {
		err = state.Update(func(tx store.Tx) error { return tx.PutDelivery(d) })
	}
	if err == nil {
		_, err = answering.Confirm(d.ID, "terminal", false)
	}
	if err != nil {
		b.Fatal(err)
	}

	stop := serve(b, channel, reminder.Options{Store: state, Bot: answering, Sender: channel, Zone: zone, Now: noon, Log: log})
	b.ResetTimer()
	most, first := 0, time.Time{}
	for i := int64(0); ; i++ {
		counts := server.Counts()
		if first.IsZero() && counts.Messages > 0 {
			first = time.Now()
		}
		if counts.Messages-len(took) >= b.N {
			break
		}
		mu.Lock()
		asked[10_000_000+i] = time.Now()
		mu.Unlock()
		server.Person(10_000_000 + i).Say("boleh like postingan caleg?")
		most = max(most, resident(b))
		time.Sleep(200 * time.Millisecond)
	}
	sending := time.Since(first).Seconds()
	b.StopTimer()
	stop()
	mu.Lock()
	defer mu.Unlock()
	slices.Sort(took)
	counts := server.Counts()
	b.ReportMetric(float64(counts.Messages)/(sending*perSecond)*100, "%-of-rate")
	b.ReportMetric(float64(counts.TooMany), "429s")
	b.ReportMetric(float64(most)/1024, "resident-MB")
	if len(took) > 0 {
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "answer-p99-ms")
	}
	if err := state.Close(); err != nil {
		b.Fatal(err)
	}
}

// subscribe makes people who want all reminders.
func subscribe(b *testing.B, state store.Store, people int) {
	b.Helper()
	for from := 0; from < people; from += 1000 {
		err := state.Update(func(tx store.Tx) error {
			for i := from; i < min(people, from+1000); i++ {
				p := store.Person{Status: "PNS", Unit: fmt.Sprintf("Kecamatan %d", i%300), Subscription: store.AllReminders, FirstSeen: "2026-11-01", LastSeen: "2026-11-22"}
				if err := tx.PutPerson(store.Key{Channel: "telegram", ID: fmt.Sprint(1_000_000 + i)}, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

var residentLine = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// resident is the memory of this process in kB, the fake Telegram's included.
func resident(b *testing.B) int {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0 // not on this system
	}
	n, err := strconv.Atoi(string(residentLine.FindSubmatch(status)[1]))
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// serve runs a channel and an engine, as the program does, until stop is called.
func serve(tb testing.TB, channel *telegram.Channel, o reminder.Options) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var owned sync.WaitGroup
	owned.Go(func() {
		if err := channel.Run(ctx); err != nil {
			tb.Error(err)
		}
	})
	owned.Go(func() { reminder.New(o).Run(ctx) })
	return func() {
		cancel()
		owned.Wait()
	}
}
