package bolt

import (
	"bytes"
	"encoding/json"

	"go.etcd.io/bbolt"

	"tanyanetral/store"
)

// recipients returns the set of a delivery, nil where it has none.
func (t *tx) recipients(id []byte) *bbolt.Bucket { return t.bucket(recipientsBucket).Bucket(id) }

// AddRecipients implements store.Deliveries.
func (t *tx) AddRecipients(id string, keys []store.Key) error {
	return t.write("add recipients", func() error {
		if t.bucket(deliveriesBucket).Get([]byte(id)) == nil {
			return store.ErrNotFound
		}
		set, err := t.bucket(recipientsBucket).CreateBucketIfNotExists([]byte(id))
		if err != nil {
			return err
		}
		set.FillPercent = filled
		added := 0
		for _, key := range keys {
			k := encodeKey(key)
			if set.Get(k) != nil {
				continue
			}
			if err := t.put(set, k, nothing); err != nil {
				return err
			}
			added++
		}
		return t.count([]byte(id), func(c *counted) { c.Total += added })
	})
}

// RecipientsAfter implements store.Deliveries.
func (t *tx) RecipientsAfter(id string, after store.Key, n int) (keys []store.Key, err error) {
	err = t.read("read recipients", func() error {
		set := t.recipients([]byte(id))
		if set == nil {
			return nil
		}
		return eachAfter(set, encodeKey(after), n, func(k, _ []byte) error {
			key, err := decodeKey(k)
			keys = append(keys, key)
			return err
		})
	})
	return keys, err
}

// Settle implements store.Deliveries.
func (t *tx) Settle(id string, key store.Key, o store.Outcome) (was bool, err error) {
	err = t.write("settle recipient", func() error {
		was, err = t.settle([]byte(id), encodeKey(key), o)
		return err
	})
	return was, err
}

func (t *tx) settle(id, key []byte, o store.Outcome) (was bool, err error) {
	set := t.recipients(id)
	if set == nil {
		return false, nil
	}
	if was, err = t.remove(set, key); err != nil || !was {
		return false, err
	}
	return true, t.count(id, func(c *counted) { c.Outcomes[o]++ })
}

// ClearRecipients implements store.Deliveries.
func (t *tx) ClearRecipients(id string, n int) (cleared int, err error) {
	err = t.write("clear recipients", func() error {
		cleared, err = t.clearRecipients([]byte(id), n)
		return err
	})
	return cleared, err
}

// clearRecipients removes the set itself where it finds less in it than it may take.
func (t *tx) clearRecipients(id []byte, n int) (cleared int, err error) {
	set := t.recipients(id)
	if set == nil {
		return 0, nil
	}
	var keys [][]byte // bbolt's cursors may leave out a record after one that was deleted
	err = eachAfter(set, nil, n, func(k, _ []byte) error {
		keys = append(keys, bytes.Clone(k))
		return nil
	})
	if err != nil {
		return 0, err
	}
	if len(keys) < n {
		t.changed = true
		return len(keys), t.bucket(recipientsBucket).DeleteBucket(id)
	}
	return t.removeAll(set, keys, func([]byte) bool { return true })
}

// setsWith returns the ids of the deliveries that somebody is still to get. It
// looks into each set once: only deliveries that are under way have one.
func (t *tx) setsWith(key []byte) (ids [][]byte) {
	c := t.bucket(recipientsBucket).Cursor()
	for id, _ := c.First(); id != nil; id, _ = c.Next() {
		if t.recipients(id).Get(key) != nil {
			ids = append(ids, bytes.Clone(id))
		}
	}
	return ids
}

// counted is what a delivery counts.
type counted struct {
	Total    int                   `json:"total,omitempty"`
	Outcomes map[store.Outcome]int `json:"outcomes,omitempty"`
}

func (t *tx) counted(id []byte) (counted, error) {
	c := counted{Outcomes: map[store.Outcome]int{}}
	if b := t.bucket(countsBucket).Get(id); b != nil {
		return c, decode(b, &c)
	}
	return c, nil
}

// count changes what a delivery counts.
func (t *tx) count(id []byte, change func(*counted)) error {
	c, err := t.counted(id)
	if err != nil {
		return err
	}
	change(&c)
	b, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return t.put(t.bucket(countsBucket), id, b)
}
