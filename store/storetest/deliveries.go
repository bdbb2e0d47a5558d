package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tanyanetral/store"
)

// wholeDelivery is one under way of which everything is known but what is counted.
func wholeDelivery(id string) store.Delivery {
	return store.Delivery{
		ID: id, Kind: store.Broadcast, Rule: "masa-tenang/pilkada-2024", By: "42", State: store.Running, Note: "atas \"permintaan\"",
		Text: "Masa tenang <besok> & seterusnya\n", Topic: "medsos-like", Photo: "AgACAgUAAx0",
		To:      store.Audience{Status: "PNS", Unit: "Kecamatan Sukamaju", Timezone: "Asia/Makassar", Stages: true},
		Created: noon, Start: noon.Add(time.Hour + 1), Until: noon.Add(24 * time.Hour), Ended: noon.Add(48 * time.Hour),
		Collected: other, Complete: true,
		Progress: []store.Place{{Chat: someone, Reference: "17"}, {Chat: other, Reference: "18"}},
	}
}

func putDeliveries(t *testing.T, s store.Store, deliveries ...store.Delivery) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for _, d := range deliveries {
			if err := tx.PutDelivery(d); err != nil {
				return fmt.Errorf("%s: %w", d.ID, err)
			}
		}
		return nil
	})
}

// deliveryOf returns a delivery, nil where there is none.
func deliveryOf(t *testing.T, s store.Store, id string) (found *store.Delivery) {
	t.Helper()
	view(t, s, func(tx store.Tx) error {
		d, err := tx.Delivery(id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		found = &d
		return err
	})
	return found
}

// pageBefore returns the ids of a page of deliveries.
func pageBefore(t *testing.T, s store.Store, id string, n int) (ids []string) {
	t.Helper()
	view(t, s, func(tx store.Tx) error {
		page, err := tx.DeliveriesBefore(id, n)
		ids = idsOf(page)
		return err
	})
	return ids
}

// active returns the ids of the active deliveries.
func active(t *testing.T, s store.Store) (ids []string) {
	t.Helper()
	view(t, s, func(tx store.Tx) error {
		deliveries, err := tx.ActiveDeliveries()
		ids = idsOf(deliveries)
		return err
	})
	return ids
}

func idsOf(deliveries []store.Delivery) (ids []string) {
	for _, d := range deliveries {
		ids = append(ids, d.ID)
	}
	return ids
}

func deliveries(c contract) {
	c.sentence("one that nobody put is not found", func(t *testing.T, s store.Store) {
		putDeliveries(t, s, wholeDelivery("b-2"))
		for _, id := range []string{"b-1", "b", "b-20", ""} {
			if d := deliveryOf(t, s, id); d != nil {
				t.Errorf("%q: got %+v, want ErrNotFound", id, d)
			}
		}
	})
	c.sentence("what was put comes back whole", func(t *testing.T, s store.Store) {
		want := wholeDelivery("b-1")
		putDeliveries(t, s, want, store.Delivery{ID: "b-2"})
		same(t, &want, deliveryOf(t, s, "b-1"))
		same(t, &store.Delivery{ID: "b-2"}, deliveryOf(t, s, "b-2"))
	})
	c.sentence("hostile keys come back as they were", func(t *testing.T, s store.Store) {
		for _, key := range hostileKeys() {
			want := store.Delivery{ID: "b-1", Collected: key, Progress: []store.Place{{Chat: key}}}
			putDeliveries(t, s, want)
			same(t, &want, deliveryOf(t, s, "b-1"))
		}
	})
	c.sentence("to put replaces the last one whole, but for what is counted", func(t *testing.T, s store.Store) {
		first := wholeDelivery("b-1")
		first.Counts, first.Total = map[store.Outcome]int{store.Delivered: 99}, 99
		putDeliveries(t, s, first, wholeDelivery("b-2"))
		addRecipients(t, s, "b-1", someone, other)
		settle(t, s, "b-1", someone, store.Refused)
		putDeliveries(t, s, store.Delivery{ID: "b-1", State: store.Paused, Counts: map[store.Outcome]int{store.Delivered: 7}, Total: 7})
		same(t, &store.Delivery{ID: "b-1", State: store.Paused, Counts: map[store.Outcome]int{store.Refused: 1}, Total: 2}, deliveryOf(t, s, "b-1"))
		same(t, []store.Key{other}, recipientsOf(t, s, "b-1"))
		want := wholeDelivery("b-2")
		same(t, &want, deliveryOf(t, s, "b-2"))
	})
	c.sentence("an id that is not up to 40 letters of a-z 0-9 - is refused", func(t *testing.T, s store.Store) {
		for _, id := range []string{"", strings.Repeat("b", 41), "B-1", "b_1", "b 1", "b-1\n", "b\x00", "bé", "b/1"} {
			err := s.Update(func(tx store.Tx) error { return tx.PutDelivery(store.Delivery{ID: id}) })
			if !errors.Is(err, store.ErrDeliveryID) {
				t.Errorf("%q: got error %v, want ErrDeliveryID", id, err)
			}
		}
		allowed := strings.Repeat("b", 40)
		putDeliveries(t, s, store.Delivery{ID: allowed}, store.Delivery{ID: "-"}, store.Delivery{ID: "0"})
		same(t, []string{allowed, "0", "-"}, pageBefore(t, s, "", 9))
	})
	c.sentence("what was put and what is returned belong to the caller", func(t *testing.T, s store.Store) {
		mine := wholeDelivery("b-1")
		putDeliveries(t, s, mine)
		mine.Progress[0].Reference = "spoilt"
		addRecipients(t, s, "b-1", someone, other)
		settle(t, s, "b-1", someone, store.Delivered)
		spoil := func(d store.Delivery) { d.Progress[0].Reference, d.Counts[store.Delivered] = "spoilt", 9 }
		spoil(*deliveryOf(t, s, "b-1"))
		view(t, s, func(tx store.Tx) error {
			running, err := tx.ActiveDeliveries()
			page, err2 := tx.DeliveriesBefore("", 1)
			for _, d := range append(running, page...) {
				spoil(d)
			}
			return errors.Join(err, err2)
		})
		want := wholeDelivery("b-1")
		want.Counts, want.Total = map[store.Outcome]int{store.Delivered: 1}, 2
		same(t, &want, deliveryOf(t, s, "b-1"))
	})
	c.sentence("the active ones are those that have not ended, in the order of their ids", func(t *testing.T, s store.Store) {
		states := []store.DeliveryState{store.Skipped, store.Draft, store.Done, store.Scheduled, store.Cancelled, store.Running, store.Paused}
		for i := range states {
			id := len(states) - i
			putDeliveries(t, s, store.Delivery{ID: fmt.Sprint("b-", id), State: states[id-1]})
		}
		same(t, []string{"b-2", "b-4", "b-6", "b-7"}, active(t, s))
		putDeliveries(t, s, store.Delivery{ID: "b-4", State: store.Running}, store.Delivery{ID: "b-6", State: store.Done}, store.Delivery{ID: "b-5", State: store.Running})
		same(t, []string{"b-2", "b-4", "b-5", "b-7"}, active(t, s))
		addRecipients(t, s, "b-4", someone)
		view(t, s, func(tx store.Tx) error {
			deliveries, err := tx.ActiveDeliveries()
			same(t, store.Delivery{ID: "b-4", State: store.Running, Total: 1}, deliveries[1])
			return err
		})
	})
	c.sentence("are read from the greatest id on, page by page", func(t *testing.T, s store.Store) {
		for _, id := range []string{"b-20", "b-1", "b-3", "b-2"} {
			putDeliveries(t, s, wholeDelivery(id))
		}
		tests := []struct {
			before string
			n      int
			want   []string
		}{
			{"", 9, []string{"b-3", "b-20", "b-2", "b-1"}},
			{"", 2, []string{"b-3", "b-20"}},
			{"b-20", 2, []string{"b-2", "b-1"}},
			{"b-3", 1, []string{"b-20"}},
			{"b-21", 1, []string{"b-20"}},
			{"c", 1, []string{"b-3"}},
			{"b-1", 9, nil},
			{"a", 9, nil},
			{"", 0, nil},
			{"", -1, nil},
		}
		for _, test := range tests {
			same(t, test.want, pageBefore(t, s, test.before, test.n))
		}
		addRecipients(t, s, "b-2", someone)
		view(t, s, func(tx store.Tx) error {
			page, err := tx.DeliveriesBefore("b-20", 1)
			want := wholeDelivery("b-2")
			want.Total = 1
			same(t, []store.Delivery{want}, page)
			return err
		})
	})
	c.sentence("reminders are planned up to the moment that was set last", func(t *testing.T, s store.Store) {
		same(t, time.Time{}, plannedUntil(t, s))
		for _, until := range []time.Time{noon.Add(1), noon.In(time.FixedZone("WIT", 9*3600)), {}} {
			update(t, s, func(tx store.Tx) error { return tx.SetPlannedUntil(until) })
			same(t, until, plannedUntil(t, s))
		}
	})
}

func plannedUntil(t *testing.T, s store.Store) (until time.Time) {
	t.Helper()
	view(t, s, func(tx store.Tx) (err error) {
		until, err = tx.PlannedUntil()
		return err
	})
	return until
}

func pruningDeliveries(c contract) {
	c.sentence("removes a delivery a year after it ended, and a draft after a day", func(t *testing.T, s store.Store) {
		putDeliveries(t, s,
			store.Delivery{ID: "cancelled", State: store.Cancelled, Created: noon, Ended: noon},
			store.Delivery{ID: "done", State: store.Done, Ended: noon.Add(1)},
			store.Delivery{ID: "draft", State: store.Draft, Created: noon, Ended: noon.Add(-time.Hour)},
			store.Delivery{ID: "draft-without-a-time", State: store.Draft},
			store.Delivery{ID: "paused", State: store.Paused, Created: noon, Ended: noon},
			store.Delivery{ID: "running", State: store.Running, Created: noon},
			store.Delivery{ID: "scheduled", State: store.Scheduled, Created: noon},
			store.Delivery{ID: "skipped", State: store.Skipped, Created: noon, Ended: noon.Add(2)},
			store.Delivery{ID: "skipped-without-a-time", State: store.Skipped, Created: noon},
		)
		prune(t, s, noon.Add(store.DraftsKept-1), 0)
		prune(t, s, noon.Add(store.DraftsKept), 1)
		prune(t, s, noon.Add(store.DeliveriesKept-1), 0)
		same(t, []string{"skipped-without-a-time", "skipped", "scheduled", "running", "paused", "draft-without-a-time", "done", "cancelled"}, pageBefore(t, s, "", 99))
		prune(t, s, noon.Add(store.DeliveriesKept), 1)
		prune(t, s, noon.Add(store.DeliveriesKept+2), 2)
		prune(t, s, noon.AddDate(20, 0, 0), 0)
		same(t, []string{"skipped-without-a-time", "scheduled", "running", "paused", "draft-without-a-time"}, pageBefore(t, s, "", 99))
		same(t, []string{"draft-without-a-time", "paused", "running", "scheduled"}, active(t, s))
	})
	c.sentence("goes by what was put last", func(t *testing.T, s store.Store) {
		putDeliveries(t, s, store.Delivery{ID: "b-1", State: store.Draft, Created: noon}, store.Delivery{ID: "b-2", State: store.Done, Ended: noon})
		putDeliveries(t, s, store.Delivery{ID: "b-1", State: store.Scheduled, Created: noon}, store.Delivery{ID: "b-2", State: store.Done, Ended: noon.Add(time.Hour)})
		prune(t, s, noon.Add(store.DeliveriesKept), 0)
		putDeliveries(t, s, store.Delivery{ID: "b-1", State: store.Done, Created: noon, Ended: noon})
		prune(t, s, noon.Add(store.DeliveriesKept), 1)
		same(t, []string{"b-2"}, pageBefore(t, s, "", 9))
	})
	c.sentence("removes what belongs to a delivery with it", func(t *testing.T, s store.Store) {
		putDeliveries(t, s, store.Delivery{ID: "b-1", State: store.Draft, Created: noon}, store.Delivery{ID: "b-2", State: store.Running})
		addRecipients(t, s, "b-1", someone, other)
		addRecipients(t, s, "b-2", someone)
		settle(t, s, "b-1", someone, store.Delivered)
		prune(t, s, noon.Add(store.DraftsKept), 2)
		same(t, []store.Key(nil), recipientsOf(t, s, "b-1"))
		putDeliveries(t, s, store.Delivery{ID: "b-1", State: store.Running})
		same(t, &store.Delivery{ID: "b-1", State: store.Running}, deliveryOf(t, s, "b-1"))
		same(t, []store.Key{someone}, recipientsOf(t, s, "b-2"))
	})
	c.sentence("removes thousands of recipients of a delivery that is over, and leaves what it counted", func(t *testing.T, s store.Store) {
		const many = 1234
		want := store.Delivery{ID: "b-1", State: store.Cancelled, Ended: noon, Counts: map[store.Outcome]int{store.Delivered: 1}, Total: many + 1}
		putDeliveries(t, s, want, store.Delivery{ID: "b-2", State: store.Paused}, store.Delivery{ID: "b-3", State: store.Done})
		addRecipients(t, s, "b-1", append(numbered(many), other)...)
		addRecipients(t, s, "b-2", numbered(many)...)
		addRecipients(t, s, "b-3", someone)
		settle(t, s, "b-1", other, store.Delivered)
		settle(t, s, "b-3", someone, store.Delivered)
		prune(t, s, noon, many)
		prune(t, s, noon, 0)
		same(t, []store.Key(nil), recipientsOf(t, s, "b-1"))
		same(t, &want, deliveryOf(t, s, "b-1"))
		same(t, numbered(many), recipientsOf(t, s, "b-2"))
	})
}

// numbered returns keys in their order.
func numbered(n int) (keys []store.Key) {
	for i := range n {
		keys = append(keys, store.Key{Channel: "telegram", ID: fmt.Sprintf("%09d", i)})
	}
	return keys
}
