package bolt_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tanyanetral/store"
	"tanyanetral/store/bolt"
)

const region = 100_000 // people

// personNumber returns a person as somebody is who uses the bot.
func personNumber(i int) (store.Key, store.Person) {
	p := store.Person{
		Status: "PNS", Unit: fmt.Sprintf("Kecamatan Sukamaju %d", i%300), Timezone: "Asia/Jakarta", Subscription: store.AllReminders, Offered: true,
		FirstSeen: "2026-09-01", LastSeen: "2026-11-22",
	}
	if i%4 == 0 {
		p.Votes = map[string]int{"medsos-like": 1, "keluarga-caleg": -1}
	}
	if i%10 == 0 {
		p.Watches = []store.Watch{{Topic: "cuti-kampanye", Seen: "bersyarat 3f2a9c1e"}, {Question: "bolehkah saya memandu acara jalan sehat partai?", ID: "2026-11-20-a1b2c3d4e5f60718"}}
	}
	return personKey(i), p
}

func personKey(i int) store.Key {
	return store.Key{Channel: "telegram", ID: fmt.Sprint(uint64(i) * 2654435761 % 10_000_000_000)} // as ids are spread
}

// fill writes people as they come, in no order.
func fill(b testing.TB, dir string) {
	b.Helper()
	s := open(b, dir)
	for first := 0; first < region; first += 1000 {
		err := s.Update(func(tx store.Tx) error {
			for i := first; i < first+1000; i++ {
				if err := tx.PutPerson(personNumber(i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	closeStore(b, s)
}

// BenchmarkOpen100k opens the file of a region, and tells how much more memory
// the process has resident then.
func BenchmarkOpen100k(b *testing.B) {
	dir := b.TempDir()
	fill(b, dir)
	info, err := os.Stat(filepath.Join(dir, bolt.FileName))
	if err != nil {
		b.Fatal(err)
	}
	var resident float64
	for b.Loop() {
		before := residentFile(b)
		s := open(b, dir)
		resident = residentFile(b) - before
		b.StopTimer()
		closeStore(b, s)
		b.StartTimer()
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB-file")
	b.ReportMetric(resident, "MB-mapped")
}

// BenchmarkAnswered writes what one answered question writes, from 100 chats at
// once, among the 100,000 people of a region of whom 1,000 ask.
func BenchmarkAnswered(b *testing.B) {
	dir := b.TempDir()
	fill(b, dir)
	s := open(b, dir)
	defer closeStore(b, s)
	var count atomic.Int64
	start := time.Now()
	b.ResetTimer()
	var chats sync.WaitGroup
	for range 100 {
		chats.Go(func() {
			for n := count.Add(1); n <= int64(b.N); n = count.Add(1) {
				if err := s.Update(answered(int(n), start)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	chats.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
	b.ReportMetric(residentFile(b), "MB-mapped")
	stats, err := s.Stats()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(stats.Size)/1e6, "MB-file")
}

// answered is what the bot writes for one question.
func answered(n int, now time.Time) func(store.Tx) error {
	key := personKey(n % 1000)
	return func(tx store.Tx) error {
		if _, err := tx.Person(key); err != nil {
			return err
		}
		return errors.Join(
			tx.PutConversation(key, store.Conversation{Topic: "medsos-like", Offered: []string{"t:medsos-bagikan", "t:medsos-komentar", "k:medsos"}, Until: now.Add(30 * time.Minute)}),
			tx.LogQuestion(store.Question{
				ID: fmt.Sprintf("%s-%016x", now.Format(time.DateOnly), rand.Uint64()), Text: "kak boleh ga sih aku like postingan calon bupati di facebook?",
				Outcome: "answer", Topics: []string{"medsos-like"}, Confidence: 0.9731,
			}),
			tx.MarkHandled("telegram", fmt.Sprint(718_000_000+n), now),
		)
	}
}
