package bolt

import (
	"bytes"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"tanyanetral/store"
)

// pruneStep is how many records a transaction removes at most.
const pruneStep = 500

// Prune implements store.Store. Where nothing is due it writes nothing.
func (s *Store) Prune(now time.Time) (removed int, err error) {
	for _, prune := range []func(time.Time) (int, error){
		s.pruneConversations, s.pruneQuestions, s.pruneUpdates, s.pruneAudit, s.pruneRecipients, s.pruneDeliveries,
	} {
		n, err := prune(now)
		removed += n
		if err != nil {
			return removed, err
		}
	}
	return removed, nil
}

// pruneConversations looks at every conversation: only those of the last half
// hour are there.
func (s *Store) pruneConversations(now time.Time) (removed int, err error) {
	after := appendTime(nil, now.Add(1)) // values that sort before it are due
	var due [][]byte
	err = s.view(func(t *tx) error {
		return t.read("look for old conversations", func() error {
			return t.bucket(conversationsBucket).ForEach(func(k, v []byte) error {
				if bytes.Compare(v, after) < 0 {
					due = append(due, bytes.Clone(k))
				}
				return nil
			})
		})
	})
	if err != nil {
		return 0, err
	}
	for keys := range slices.Chunk(due, pruneStep) {
		n := 0
		err := s.update(func(t *tx) error {
			return t.write("remove old conversations", func() (err error) {
				n, err = t.removeAll(t.bucket(conversationsBucket), keys, func(v []byte) bool { return bytes.Compare(v, after) < 0 })
				return err
			})
		})
		if err != nil {
			return removed, err
		}
		removed += n
	}
	return removed, nil
}

func (s *Store) pruneQuestions(now time.Time) (int, error) {
	oldest := []byte(now.Add(-store.QuestionsKept).Format(time.DateOnly))
	return s.pruneInSteps("remove old questions", func(t *tx) (int, bool, error) {
		return t.removeBefore(t.bucket(questionsBucket), oldest)
	})
}

func (s *Store) pruneAudit(now time.Time) (int, error) {
	oldest := appendTime(nil, now.Add(-store.AuditKept))
	return s.pruneInSteps("remove old audit", func(t *tx) (int, bool, error) {
		return t.removeBefore(t.bucket(auditBucket), oldest)
	})
}

// pruneUpdates removes whole days.
func (s *Store) pruneUpdates(now time.Time) (int, error) {
	oldest := dayOf(now.Add(-store.UpdatesKept))
	return s.pruneInSteps("remove old updates", func(t *tx) (n int, more bool, err error) {
		days := t.bucket(updatesBucket)
		day, _ := days.Cursor().First()
		if day == nil || bytes.Compare(day, oldest) >= 0 {
			return 0, false, nil
		}
		n, more, err = t.removeBefore(days.Bucket(day), []byte{0xff, 0xff, 0xff}) // after every key
		if err != nil || more {
			return n, more, err
		}
		t.changed = true
		return n, true, days.DeleteBucket(day)
	})
}

// pruneInSteps calls step in one short transaction after another, as long as there is more to remove.
func (s *Store) pruneInSteps(what string, step func(*tx) (n int, more bool, err error)) (removed int, err error) {
	for more := true; more; {
		var n int
		err := s.update(func(t *tx) error {
			return t.write(what, func() (err error) {
				n, more, err = step(t)
				return err
			})
		})
		if err != nil {
			return removed, err
		}
		removed += n
	}
	return removed, nil
}

// removeBefore removes records whose keys come before a key, and tells whether more may be left.
func (t *tx) removeBefore(b *bbolt.Bucket, key []byte) (n int, more bool, err error) {
	var due [][]byte // bbolt's cursors may leave out a record after one that was deleted
	c := b.Cursor()
	for k, _ := c.First(); k != nil && bytes.Compare(k, key) < 0 && len(due) < pruneStep; k, _ = c.Next() {
		due = append(due, bytes.Clone(k))
	}
	n, err = t.removeAll(b, due, func([]byte) bool { return true })
	return n, len(due) == pruneStep, err
}

// removeAll removes those of the records that are still due.
func (t *tx) removeAll(b *bbolt.Bucket, keys [][]byte, due func(value []byte) bool) (n int, err error) {
	for _, k := range keys {
		if v := b.Get(k); v == nil || !due(v) {
			continue
		}
		if _, err := t.remove(b, k); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
