package bolt

import (
	"bytes"
	"math"
	"time"
)

// pruneRecipients removes who is left in the set of a delivery that is over.
func (s *Store) pruneRecipients(time.Time) (int, error) {
	return s.pruneInSteps("remove old recipients", func(t *tx) (n int, more bool, err error) {
		c := t.bucket(recipientsBucket).Cursor()
		for id, _ := c.First(); id != nil; id, _ = c.Next() {
			if t.bucket(activeBucket).Get(id) == nil {
				n, err = t.clearRecipients(bytes.Clone(id), pruneStep)
				return n, true, err
			}
		}
		return 0, false, nil
	})
}

// pruneDeliveries looks at every delivery that expires, but only at the time.
func (s *Store) pruneDeliveries(now time.Time) (int, error) {
	after := appendTime(nil, now.Add(1)) // times that sort before it are due
	return s.pruneInSteps("remove old deliveries", func(t *tx) (n int, more bool, err error) {
		var due [][]byte
		c := t.bucket(expiriesBucket).Cursor()
		for id, at := c.First(); id != nil && len(due) < pruneStep; id, at = c.Next() {
			if bytes.Compare(at, after) < 0 {
				due = append(due, bytes.Clone(id))
			}
		}
		for _, id := range due {
			removed, err := t.removeDelivery(id)
			if err != nil {
				return n, false, err
			}
			n += removed
		}
		return n, len(due) == pruneStep, nil
	})
}

// removeDelivery removes all of a delivery, and returns how many records with an
// age that was. After pruneRecipients only a draft may have recipients, if any.
func (t *tx) removeDelivery(id []byte) (int, error) {
	recipients, err := t.clearRecipients(id, math.MaxInt)
	if err != nil {
		return 0, err
	}
	for _, name := range [][]byte{deliveriesBucket, activeBucket, expiriesBucket, countsBucket} {
		if _, err := t.remove(t.bucket(name), id); err != nil {
			return 0, err
		}
	}
	return recipients + 1, nil
}
