package bolt

import (
	"bytes"
	"encoding/json"
	"time"

	"tanyanetral/store"
)

// nothing is the value of a key that says it all. (nil is what bbolt returns where there is none.)
var nothing = []byte{}

// deliveryRecord is what is kept of a delivery in one record. Its keys are in
// bytes: they need not be UTF-8.
type deliveryRecord struct {
	store.Delivery
	Collected []byte        `json:"collected,omitempty"`
	Progress  []placeRecord `json:"progress,omitempty"`
}

type placeRecord struct {
	Chat      []byte `json:"chat"`
	Reference string `json:"reference"`
}

func encodeDelivery(d store.Delivery) ([]byte, error) {
	r := deliveryRecord{Delivery: d, Collected: encodeKey(d.Collected)}
	r.ID, r.Counts, r.Total = "", nil, 0
	for _, p := range d.Progress {
		r.Progress = append(r.Progress, placeRecord{encodeKey(p.Chat), p.Reference})
	}
	return json.Marshal(r)
}

func decodeDelivery(b []byte) (d store.Delivery, err error) {
	var r deliveryRecord
	if err := decode(b, &r); err != nil {
		return d, err
	}
	d = r.Delivery
	if d.Collected, err = decodeKey(r.Collected); err != nil {
		return d, err
	}
	for _, p := range r.Progress {
		chat, err := decodeKey(p.Chat)
		if err != nil {
			return d, err
		}
		d.Progress = append(d.Progress, store.Place{Chat: chat, Reference: p.Reference})
	}
	return d, nil
}

// Delivery implements store.Deliveries.
func (t *tx) Delivery(id string) (d store.Delivery, err error) {
	err = t.read("read delivery", func() error {
		d, err = t.delivery([]byte(id))
		return err
	})
	return d, err
}

func (t *tx) delivery(id []byte) (store.Delivery, error) {
	b := t.bucket(deliveriesBucket).Get(id)
	if b == nil {
		return store.Delivery{}, store.ErrNotFound
	}
	d, err := decodeDelivery(b)
	if err != nil {
		return d, err
	}
	c, err := t.counted(id)
	d.ID, d.Counts, d.Total = string(id), c.Outcomes, c.Total
	return d, err
}

// PutDelivery implements store.Deliveries.
func (t *tx) PutDelivery(d store.Delivery) error {
	if err := d.CheckID(); err != nil && t.bolt.Writable() {
		return err
	}
	return t.write("keep delivery", func() error {
		b, err := encodeDelivery(d)
		if err != nil {
			return err
		}
		id := []byte(d.ID)
		if err := t.put(t.bucket(deliveriesBucket), id, b); err != nil {
			return err
		}
		if err := t.putWhere(!d.State.Over(), activeBucket, id, nothing); err != nil {
			return err
		}
		return t.putWhere(!d.Expires().IsZero(), expiriesBucket, id, appendTime(nil, d.Expires()))
	})
}

// putWhere puts a record where a condition holds, and removes it where not.
func (t *tx) putWhere(holds bool, bucket, key, value []byte) error {
	if holds {
		return t.put(t.bucket(bucket), key, value)
	}
	_, err := t.remove(t.bucket(bucket), key)
	return err
}

// ActiveDeliveries implements store.Deliveries.
func (t *tx) ActiveDeliveries() (active []store.Delivery, err error) {
	err = t.read("read deliveries", func() error {
		return t.bucket(activeBucket).ForEach(func(id, _ []byte) error {
			d, err := t.delivery(id)
			active = append(active, d)
			return err
		})
	})
	return active, err
}

// DeliveriesBefore implements store.Deliveries.
func (t *tx) DeliveriesBefore(id string, n int) (deliveries []store.Delivery, err error) {
	err = t.read("read deliveries", func() error {
		c := t.bucket(deliveriesBucket).Cursor()
		k, _ := c.Last()
		if id != "" && bytes.Compare(k, []byte(id)) >= 0 {
			c.Seek([]byte(id))
			k, _ = c.Prev()
		}
		for ; k != nil && len(deliveries) < n; k, _ = c.Prev() {
			d, err := t.delivery(k)
			if err != nil {
				return err
			}
			deliveries = append(deliveries, d)
		}
		return nil
	})
	return deliveries, err
}

// PlannedUntil implements store.Deliveries.
func (t *tx) PlannedUntil() (until time.Time, err error) {
	err = t.read("read what is planned", func() error {
		b := t.bucket(metaBucket).Get(plannedKey)
		if b == nil {
			return nil
		}
		until, _, err = cutTime(b)
		return err
	})
	return until, err
}

// SetPlannedUntil implements store.Deliveries.
func (t *tx) SetPlannedUntil(until time.Time) error {
	return t.write("keep what is planned", func() error {
		return t.put(t.bucket(metaBucket), plannedKey, appendTime(nil, until))
	})
}
