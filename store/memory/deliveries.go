package memory

import (
	"errors"
	"maps"
	"slices"
	"time"

	"tanyanetral/store"
)

// set is the recipients of a delivery that are not settled.
type set map[store.Key]struct{}

// Delivery implements store.Deliveries.
func (t *tx) Delivery(id string) (store.Delivery, error) {
	d, ok := t.deliveries[id]
	if !ok {
		return store.Delivery{}, store.ErrNotFound
	}
	return cloneDelivery(d), nil
}

// PutDelivery implements store.Deliveries.
func (t *tx) PutDelivery(d store.Delivery) error {
	if err := d.CheckID(); err != nil {
		return err
	}
	d.Counts, d.Total = t.deliveries[d.ID].Counts, t.deliveries[d.ID].Total
	return put(t, t.deliveries, d.ID, cloneDelivery(d))
}

// ActiveDeliveries implements store.Deliveries.
func (t *tx) ActiveDeliveries() ([]store.Delivery, error) {
	var active []store.Delivery
	for _, id := range slices.Sorted(maps.Keys(t.deliveries)) {
		if d := t.deliveries[id]; !d.State.Over() {
			active = append(active, cloneDelivery(d))
		}
	}
	return active, nil
}

// DeliveriesBefore implements store.Deliveries.
func (t *tx) DeliveriesBefore(id string, n int) ([]store.Delivery, error) {
	var deliveries []store.Delivery
	for _, k := range slices.Backward(slices.Sorted(maps.Keys(t.deliveries))) {
		if len(deliveries) < n && (id == "" || k < id) {
			deliveries = append(deliveries, cloneDelivery(t.deliveries[k]))
		}
	}
	return deliveries, nil
}

// AddRecipients implements store.Deliveries.
func (t *tx) AddRecipients(id string, keys []store.Key) error {
	if !t.writable {
		return store.ErrReadOnly
	}
	d, ok := t.deliveries[id]
	if !ok {
		return store.ErrNotFound
	}
	if t.recipients[id] == nil {
		if err := put(t, t.recipients, id, set{}); err != nil {
			return err
		}
	}
	for _, key := range keys {
		if t.isRecipient(id, key) {
			continue
		}
		if err := put(t, t.recipients[id], key, struct{}{}); err != nil {
			return err
		}
		d.Total++
	}
	return put(t, t.deliveries, id, d)
}

func (t *tx) isRecipient(id string, key store.Key) bool {
	_, is := t.recipients[id][key]
	return is
}

// RecipientsAfter implements store.Deliveries.
func (t *tx) RecipientsAfter(id string, after store.Key, n int) ([]store.Key, error) {
	return firstAfter(t.recipients[id], after, n, store.Key.Compare), nil
}

// Settle implements store.Deliveries.
func (t *tx) Settle(id string, key store.Key, o store.Outcome) (bool, error) {
	if !t.writable {
		return false, store.ErrReadOnly
	}
	if !t.isRecipient(id, key) {
		return false, nil
	}
	d := cloneDelivery(t.deliveries[id]) // what takes the change back holds the old counts
	if d.Counts == nil {
		d.Counts = map[store.Outcome]int{}
	}
	d.Counts[o]++
	return true, errors.Join(remove(t, t.recipients[id], key), put(t, t.deliveries, id, d))
}

// ClearRecipients implements store.Deliveries.
func (t *tx) ClearRecipients(id string, n int) (int, error) {
	if !t.writable {
		return 0, store.ErrReadOnly
	}
	keys := slices.SortedFunc(maps.Keys(t.recipients[id]), store.Key.Compare)
	keys = keys[:min(len(keys), max(n, 0))]
	for _, key := range keys {
		if err := remove(t, t.recipients[id], key); err != nil {
			return 0, err
		}
	}
	return len(keys), nil
}

// setsWith returns the ids of the deliveries that somebody is still to get.
func (t *tx) setsWith(key store.Key) (ids []string) {
	for id := range t.recipients {
		if t.isRecipient(id, key) {
			ids = append(ids, id)
		}
	}
	return ids
}

// PlannedUntil implements store.Deliveries.
func (t *tx) PlannedUntil() (time.Time, error) { return t.planned, nil }

// SetPlannedUntil implements store.Deliveries.
func (t *tx) SetPlannedUntil(until time.Time) error {
	if !t.writable {
		return store.ErrReadOnly
	}
	before := t.planned
	t.remember(func() { t.planned = before })
	t.planned = until
	return nil
}

// pruneDeliveries removes deliveries that expired, and who is left in the sets of
// those that are over.
func (s *Store) pruneDeliveries(now time.Time) {
	deleteWhere(s.deliveries, func(d store.Delivery) bool { return !d.Expires().IsZero() && !now.Before(d.Expires()) })
	maps.DeleteFunc(s.recipients, func(id string, _ set) bool {
		d, kept := s.deliveries[id]
		return !kept || d.State.Over()
	})
}

func cloneDelivery(d store.Delivery) store.Delivery {
	d.Counts = maps.Clone(d.Counts)
	d.Progress = slices.Clone(d.Progress)
	return d
}
