package bolt_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tanyanetral/store"
	"tanyanetral/store/bolt"
)

func TestNothingIsLeftOfARecipientWhoWasForgotten(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	key := store.Key{Channel: "telegram", ID: "4815162342"}
	err := s.Update(func(tx store.Tx) error {
		return errors.Join(
			tx.PutDelivery(store.Delivery{ID: "b-1", State: store.Running}),
			tx.PutDelivery(store.Delivery{ID: "b-2", State: store.Cancelled}),
			tx.AddRecipients("b-1", []store.Key{someone, key}), tx.AddRecipients("b-2", []store.Key{key}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Update(func(tx store.Tx) error { _, err := tx.Forget(key); return err }); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	if b := string(contentOf(t, filepath.Join(dir, bolt.FileName))); strings.Contains(b, key.ID) {
		t.Error("the file still holds who was forgotten")
	}
}

// BenchmarkDelivery carries deliveries out to many: adds the recipients page by
// page, and settles them from as many goroutines as messages are on their way.
func BenchmarkDelivery(b *testing.B) {
	const page, senders = 1000, 30
	for _, recipients := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(recipients), func(b *testing.B) {
			s := open(b, b.TempDir())
			defer closeStore(b, s)
			var adding, settling time.Duration
			for n := 0; b.Loop(); n++ {
				d := store.Delivery{ID: fmt.Sprintf("b-%05d", n), State: store.Running, Text: strings.Repeat("Masa tenang mulai besok. ", 20)}
				start := time.Now()
				for first := 0; first < recipients; first += page {
					if err := s.Update(addPage(d, first, page)); err != nil {
						b.Fatal(err)
					}
				}
				adding += time.Since(start)
				start = time.Now()
				settleAll(b, s, d.ID, page, senders)
				settling += time.Since(start)
				if d = deliveryOf(b, s, d.ID); d.Counts[store.Delivered] != recipients || d.Total != recipients {
					b.Fatalf("got %v of %d", d.Counts, d.Total)
				}
			}
			all := float64(b.N * recipients)
			b.ReportMetric(all/adding.Seconds(), "added/s")
			b.ReportMetric(all/settling.Seconds(), "settled/s")
			b.ReportMetric(residentFile(b), "MB-mapped")
			stats, err := s.Stats()
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(stats.Size)/1e6, "MB-file")
		})
	}
}

// addPage adds a page of recipients as the people are read, in the order of their keys.
func addPage(d store.Delivery, first, n int) func(store.Tx) error {
	var keys []store.Key
	for i := range n {
		keys = append(keys, store.Key{Channel: "telegram", ID: fmt.Sprintf("%010d", 7*(first+i))})
	}
	d.Collected = keys[n-1]
	return func(tx store.Tx) error { return errors.Join(tx.PutDelivery(d), tx.AddRecipients(d.ID, keys)) }
}

func settleAll(b *testing.B, s store.Store, id string, page, senders int) {
	b.Helper()
	keys := make(chan store.Key)
	var group sync.WaitGroup
	for range senders {
		group.Go(func() {
			for key := range keys {
				err := s.Update(func(tx store.Tx) error { _, err := tx.Settle(id, key, store.Delivered); return err })
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	for next := recipientsAfter(b, s, id, store.Key{}, page); len(next) > 0; next = recipientsAfter(b, s, id, next[len(next)-1], page) {
		for _, key := range next {
			keys <- key
		}
	}
	close(keys)
	group.Wait()
}

func recipientsAfter(b *testing.B, s store.Store, id string, after store.Key, n int) (keys []store.Key) {
	b.Helper()
	err := s.View(func(tx store.Tx) (err error) {
		keys, err = tx.RecipientsAfter(id, after, n)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return keys
}

func deliveryOf(b *testing.B, s store.Store, id string) (d store.Delivery) {
	b.Helper()
	err := s.View(func(tx store.Tx) (err error) {
		d, err = tx.Delivery(id)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return d
}
