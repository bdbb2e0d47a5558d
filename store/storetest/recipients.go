package storetest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"tanyanetral/store"
)

func addRecipients(t *testing.T, s store.Store, id string, keys ...store.Key) {
	t.Helper()
	update(t, s, func(tx store.Tx) error { return tx.AddRecipients(id, keys) })
}

func settle(t *testing.T, s store.Store, id string, key store.Key, o store.Outcome) (was bool) {
	t.Helper()
	update(t, s, func(tx store.Tx) (err error) {
		was, err = tx.Settle(id, key, o)
		return err
	})
	return was
}

func clearRecipients(t *testing.T, s store.Store, id string, n int) (cleared int) {
	t.Helper()
	update(t, s, func(tx store.Tx) (err error) {
		cleared, err = tx.ClearRecipients(id, n)
		return err
	})
	return cleared
}

func recipientsAfter(t *testing.T, s store.Store, id string, after store.Key, n int) (keys []store.Key) {
	t.Helper()
	view(t, s, func(tx store.Tx) (err error) {
		keys, err = tx.RecipientsAfter(id, after, n)
		return err
	})
	return keys
}

func recipientsOf(t *testing.T, s store.Store, id string) []store.Key {
	t.Helper()
	return recipientsAfter(t, s, id, store.Key{}, math.MaxInt)
}

// putSet puts a delivery under way with recipients.
func putSet(t *testing.T, s store.Store, id string, keys ...store.Key) {
	t.Helper()
	putDeliveries(t, s, store.Delivery{ID: id, State: store.Running})
	addRecipients(t, s, id, keys...)
}

// counts checks what a delivery has counted.
func counts(t *testing.T, s store.Store, id string, total int, want map[store.Outcome]int) {
	t.Helper()
	same(t, &store.Delivery{ID: id, State: store.Running, Total: total, Counts: want}, deliveryOf(t, s, id))
}

func recipients(c contract) {
	c.sentence("are read in the order of the keys, page by page", func(t *testing.T, s store.Store) {
		keys := hostileKeys()
		putSet(t, s, "b-1", keys...)
		putSet(t, s, "b-10", someone)
		slices.SortFunc(keys, store.Key.Compare)
		for _, size := range []int{1, 7, len(keys), len(keys) + 1} {
			var got []store.Key
			for page := recipientsAfter(t, s, "b-1", store.Key{}, size); len(page) > 0; page = recipientsAfter(t, s, "b-1", page[len(page)-1], size) {
				if len(page) > size {
					t.Fatalf("got %d recipients, want up to %d", len(page), size)
				}
				got = append(got, page...)
			}
			same(t, keys, got)
		}
		same(t, []store.Key(nil), recipientsAfter(t, s, "b-1", store.Key{}, 0))
		same(t, []store.Key(nil), recipientsAfter(t, s, "b-1", store.Key{}, -1))
	})
	c.sentence("a page begins after a key that is not in the set any more", func(t *testing.T, s store.Store) {
		putSet(t, s, "b-1", someone, other)
		settle(t, s, "b-1", someone, store.Delivered)
		same(t, []store.Key{other}, recipientsAfter(t, s, "b-1", someone, 9))
		same(t, []store.Key{other}, recipientsAfter(t, s, "b-1", nobody, 9))
		same(t, []store.Key(nil), recipientsAfter(t, s, "b-1", other, 9))
	})
	c.sentence("who is added again is in the set and in the total once", func(t *testing.T, s store.Store) {
		putSet(t, s, "b-1", someone, other, someone)
		counts(t, s, "b-1", 2, nil)
		addRecipients(t, s, "b-1", other, nobody)
		addRecipients(t, s, "b-1")
		counts(t, s, "b-1", 3, nil)
		same(t, []store.Key{nobody, someone, other}, recipientsOf(t, s, "b-1"))
	})
	c.sentence("who was settled and is added again comes back", func(t *testing.T, s store.Store) {
		putSet(t, s, "b-1", someone)
		settle(t, s, "b-1", someone, store.Delivered)
		addRecipients(t, s, "b-1", someone)
		same(t, []store.Key{someone}, recipientsOf(t, s, "b-1"))
		counts(t, s, "b-1", 2, map[store.Outcome]int{store.Delivered: 1})
	})
	c.sentence("of no delivery are none", func(t *testing.T, s store.Store) {
		putSet(t, s, "b-1", someone)
		for _, id := range []string{"b-2", "b", "b-10", ""} {
			err := s.Update(func(tx store.Tx) error { return tx.AddRecipients(id, []store.Key{someone}) })
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%q: got error %v, want ErrNotFound", id, err)
			}
			same(t, []store.Key(nil), recipientsOf(t, s, id))
			if settle(t, s, id, someone, store.Delivered) || clearRecipients(t, s, id, 9) != 0 || deliveryOf(t, s, id) != nil {
				t.Errorf("%q: got a recipient", id)
			}
		}
		same(t, []store.Key{someone}, recipientsOf(t, s, "b-1"))
	})
	c.sentence("to settle takes one out and counts the outcome, once", func(t *testing.T, s store.Store) {
		putSet(t, s, "b-1", numbered(9)...)
		putSet(t, s, "b-2", numbered(9)...)
		outcomes := []store.Outcome{store.Delivered, store.Unreachable, store.Refused, store.Unsubscribed, store.TooLate, store.Delivered}
		for i, o := range outcomes {
			if !settle(t, s, "b-1", numbered(9)[i], o) {
				t.Errorf("recipient %d: got false, want true", i)
			}
			if settle(t, s, "b-1", numbered(9)[i], o) {
				t.Errorf("recipient %d, the second time: got true, want false", i)
			}
		}
		if settle(t, s, "b-1", someone, store.Delivered) {
			t.Error("who never was in the set: got true, want false")
		}
		counts(t, s, "b-1", 9, map[store.Outcome]int{store.Delivered: 2, store.Unreachable: 1, store.Refused: 1, store.Unsubscribed: 1, store.TooLate: 1})
		same(t, numbered(9)[len(outcomes):], recipientsOf(t, s, "b-1"))
		counts(t, s, "b-2", 9, nil)
		same(t, numbered(9), recipientsOf(t, s, "b-2"))
	})
	c.sentence("settled at once are all counted", func(t *testing.T, s store.Store) {
		putSet(t, s, "b-1", numbered(60)...)
		var group sync.WaitGroup
		for i, key := range numbered(60) {
			group.Go(func() {
				err := s.Update(func(tx store.Tx) error {
					was, err := tx.Settle("b-1", key, store.Delivered)
					if err != nil || !was {
						return fmt.Errorf("recipient %d: got %v, error %w", i, was, err)
					}
					if i%6 == 0 {
						return errRefused
					}
					return nil
				})
				if i%6 == 0 != errors.Is(err, errRefused) {
					t.Errorf("recipient %d: got error %v", i, err)
				}
			})
		}
		group.Wait()
		counts(t, s, "b-1", 60, map[store.Outcome]int{store.Delivered: 50})
		if got := len(recipientsOf(t, s, "b-1")); got != 10 {
			t.Errorf("got %d recipients left, want 10", got)
		}
	})
	c.sentence("are cleared in steps, without an outcome", func(t *testing.T, s store.Store) {
		putSet(t, s, "b-1", numbered(5)...)
		putSet(t, s, "b-2", numbered(5)...)
		for _, step := range []struct{ n, want int }{{0, 0}, {-1, 0}, {2, 2}, {2, 2}, {2, 1}, {2, 0}} {
			if got := clearRecipients(t, s, "b-1", step.n); got != step.want {
				t.Errorf("up to %d: got %d, want %d", step.n, got, step.want)
			}
		}
		same(t, []store.Key(nil), recipientsOf(t, s, "b-1"))
		counts(t, s, "b-1", 5, nil)
		same(t, numbered(5), recipientsOf(t, s, "b-2"))
		addRecipients(t, s, "b-1", someone)
		same(t, []store.Key{someone}, recipientsOf(t, s, "b-1"))
	})
	c.sentence("who is forgotten is taken out of every set, as one who unsubscribed", func(t *testing.T, s store.Store) {
		put(t, s, someone)
		putSet(t, s, "b-1", someone, other)
		putSet(t, s, "b-2", other)
		putSet(t, s, "b-3", someone)
		putDeliveries(t, s, store.Delivery{ID: "b-3", State: store.Cancelled}) // whose set is not cleared yet
		if !forget(t, s, someone) {
			t.Error("got false, want true")
		}
		counts(t, s, "b-1", 2, map[store.Outcome]int{store.Unsubscribed: 1})
		counts(t, s, "b-2", 1, nil)
		same(t, [][]store.Key{{other}, {other}, nil}, [][]store.Key{recipientsOf(t, s, "b-1"), recipientsOf(t, s, "b-2"), recipientsOf(t, s, "b-3")})
	})
	c.sentence("to forget somebody of whom nothing else is kept reports that there was something", func(t *testing.T, s store.Store) {
		putSet(t, s, "b-1", someone)
		if !forget(t, s, someone) {
			t.Error("got false, want true")
		}
		if forget(t, s, someone) {
			t.Error("the second time: got true, want false")
		}
	})
	c.sentence("who is moved is moved in every set", func(t *testing.T, s store.Store) {
		put(t, s, someone)
		putSet(t, s, "b-1", someone, other)
		putSet(t, s, "b-2", other)
		putSet(t, s, "b-3", someone)
		update(t, s, func(tx store.Tx) error { return tx.Move(someone, nobody) })
		same(t, [][]store.Key{{nobody, other}, {other}, {nobody}}, [][]store.Key{recipientsOf(t, s, "b-1"), recipientsOf(t, s, "b-2"), recipientsOf(t, s, "b-3")})
		counts(t, s, "b-1", 2, nil)
	})
	c.sentence("who is moved onto a recipient is in the set once", func(t *testing.T, s store.Store) {
		putSet(t, s, "b-1", someone, other)
		putSet(t, s, "b-2", other)
		update(t, s, func(tx store.Tx) error { return tx.Move(someone, other) })
		same(t, []store.Key{other}, recipientsOf(t, s, "b-1"))
		counts(t, s, "b-1", 2, map[store.Outcome]int{store.Unsubscribed: 1})
		same(t, []store.Key(nil), recipientsOf(t, s, "b-2"))
		counts(t, s, "b-2", 1, map[store.Outcome]int{store.Unsubscribed: 1})
	})
}
