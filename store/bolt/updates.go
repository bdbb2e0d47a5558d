package bolt

import (
	"time"

	"tanyanetral/store"
)

// filled is how full pages become whose records come in the order of their keys.
const filled = 0.9

// Handled implements store.Updates.
func (t *tx) Handled(channel, id string, now time.Time) (handled bool, err error) {
	err = t.read("look up update", func() error {
		key := encodeKey(store.Key{Channel: channel, ID: id})
		oldest := now.Add(-store.UpdatesKept)
		days := t.bucket(updatesBucket)
		c := days.Cursor()
		for day, _ := c.Seek(dayOf(oldest)); day != nil && !handled; day, _ = c.Next() {
			b := days.Bucket(day).Get(key)
			if b == nil {
				continue
			}
			at, _, err := cutTime(b)
			if err != nil {
				return err
			}
			handled = !at.Before(oldest)
		}
		return nil
	})
	return handled, err
}

// MarkHandled implements store.Updates.
func (t *tx) MarkHandled(channel, id string, now time.Time) error {
	return t.write("mark update", func() error {
		day, err := t.bucket(updatesBucket).CreateBucketIfNotExists(dayOf(now))
		if err != nil {
			return err
		}
		day.FillPercent = filled
		return t.put(day, encodeKey(store.Key{Channel: channel, ID: id}), appendTime(nil, now))
	})
}
