package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"tanyanetral/store"
)

var errRefused = errors.New("refused")

// everyChange makes each change that a transaction can make, to what put kept.
var everyChange = []struct {
	name string
	make func(store.Tx) error
}{
	{"PutPerson", func(tx store.Tx) error { return tx.PutPerson(someone, store.Person{Unit: "baru"}) }},
	{"PutPerson of another", func(tx store.Tx) error { return tx.PutPerson(nobody, wholePerson()) }},
	{"Forget", func(tx store.Tx) error { _, err := tx.Forget(someone); return err }},
	{"Forget nobody", func(tx store.Tx) error { _, err := tx.Forget(nobody); return err }},
	{"Move", func(tx store.Tx) error { return tx.Move(other, nobody) }},
	{"Move nobody", func(tx store.Tx) error { return tx.Move(store.Key{Channel: "telegram", ID: "5"}, someone) }},
	{"PutConversation", func(tx store.Tx) error { return tx.PutConversation(other, wholeConversation()) }},
	{"PutConversation without Until", func(tx store.Tx) error { return tx.PutConversation(someone, store.Conversation{}) }},
	{"LogQuestion", func(tx store.Tx) error { return tx.LogQuestion(wholeQuestion("2026-11-22-b")) }},
	{"AddVotes", func(tx store.Tx) error { return tx.AddVotes("medsos-like", store.Tally{Helpful: 1, NotHelpful: 1}) }},
	{"AddVotes of none", func(tx store.Tx) error { return tx.AddVotes("medsos-like", store.Tally{}) }},
	{"MarkHandled", func(tx store.Tx) error { return tx.MarkHandled("telegram", "18", noon) }},
	{"WriteAudit", func(tx store.Tx) error { return tx.WriteAudit(store.AuditEntry{At: noon, Action: "reload"}) }},
	{"PutDelivery", func(tx store.Tx) error { return tx.PutDelivery(store.Delivery{ID: "b-1", State: store.Cancelled}) }},
	{"PutDelivery of another", func(tx store.Tx) error { return tx.PutDelivery(wholeDelivery("b-2")) }},
	{"Settle", func(tx store.Tx) error { _, err := tx.Settle("b-1", stranger, store.Delivered); return err }},
	{"Settle nobody", func(tx store.Tx) error { _, err := tx.Settle("b-1", someone, store.Delivered); return err }},
	{"AddRecipients", func(tx store.Tx) error { return tx.AddRecipients("b-1", []store.Key{someone}) }},
	{"AddRecipients of another", func(tx store.Tx) error { return tx.AddRecipients("b-2", []store.Key{someone}) }},
	{"ClearRecipients", func(tx store.Tx) error { _, err := tx.ClearRecipients("b-1", 1); return err }},
	{"ClearRecipients of nobody", func(tx store.Tx) error { _, err := tx.ClearRecipients("b-3", 1); return err }},
	{"SetPlannedUntil", func(tx store.Tx) error { return tx.SetPlannedUntil(noon.AddDate(0, 0, 1)) }},
}

// content is what a store holds, as far as everyChange can change it.
type content struct {
	People    []store.KeyedPerson
	Talks     []store.Conversation
	Questions []store.Question
	Votes     map[string]store.Tally
	Handled   []bool
	Audit     []store.AuditEntry

	Deliveries []store.Delivery
	Active     []store.Delivery
	Recipients [][]store.Key // of b-1 and b-2
	Planned    time.Time
}

func contentOf(tx store.Tx) (c content, err error) {
	errs := make([]error, 8)
	c.People, errs[0] = tx.PeopleAfter(store.Key{}, 100)
	c.Questions, errs[1] = tx.QuestionsAfter("", 100)
	c.Votes, errs[2] = tx.Votes()
	c.Audit, errs[3] = tx.LastAudit(100)
	for _, key := range []store.Key{someone, other, nobody} {
		talk, err := tx.Conversation(key)
		c.Talks, errs[4] = append(c.Talks, talk), errors.Join(errs[4], err)
	}
	for _, id := range []string{"17", "18"} {
		handled, err := tx.Handled("telegram", id, noon)
		c.Handled, errs[4] = append(c.Handled, handled), errors.Join(errs[4], err)
	}
	c.Deliveries, errs[5] = tx.DeliveriesBefore("", 100)
	c.Active, errs[6] = tx.ActiveDeliveries()
	c.Planned, errs[7] = tx.PlannedUntil()
	for _, id := range []string{"b-1", "b-2"} {
		keys, err := tx.RecipientsAfter(id, store.Key{}, 100)
		c.Recipients, errs[4] = append(c.Recipients, keys), errors.Join(errs[4], err)
	}
	return c, errors.Join(errs...)
}

func read(t *testing.T, s store.Store) (c content) {
	t.Helper()
	view(t, s, func(tx store.Tx) (err error) {
		c, err = contentOf(tx)
		return err
	})
	return c
}

func fill(t *testing.T, s store.Store) {
	t.Helper()
	put(t, s, someone, other)
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.LogQuestion(wholeQuestion("2026-11-22-a")), tx.AddVotes("medsos-like", store.Tally{Helpful: 2}),
			tx.MarkHandled("telegram", "17", noon), tx.WriteAudit(store.AuditEntry{At: noon, By: "1", Action: "broadcast", Detail: "42 penerima"}),
			tx.PutDelivery(wholeDelivery("b-1")), tx.AddRecipients("b-1", []store.Key{someone, other, stranger}), tx.SetPlannedUntil(noon),
		)
	})
}

func transactions(c contract) {
	c.sentence("an empty store can be read", func(t *testing.T, s store.Store) {
		same(t, content{Talks: make([]store.Conversation, 3), Handled: make([]bool, 2), Recipients: make([][]store.Key, 2)}, read(t, s))
	})
	c.sentence("an error takes back all changes and is passed on", func(t *testing.T, s store.Store) {
		fill(t, s)
		before := read(t, s)
		err := s.Update(func(tx store.Tx) error {
			for _, change := range everyChange {
				if err := change.make(tx); err != nil {
					t.Errorf("%s: %v", change.name, err)
				}
			}
			return errRefused
		})
		if !errors.Is(err, errRefused) {
			t.Errorf("got error %v, want the function's own", err)
		}
		same(t, before, read(t, s))
	})
	c.sentence("a panic takes back all changes and is passed on", func(t *testing.T, s store.Store) {
		fill(t, s)
		before := read(t, s)
		func() {
			defer func() {
				if got := recover(); got != errRefused {
					t.Errorf("recovered %v, want the function's own panic", got)
				}
			}()
			s.Update(func(tx store.Tx) error {
				for _, change := range everyChange {
					if err := change.make(tx); err != nil {
						t.Errorf("%s: %v", change.name, err)
					}
				}
				panic(errRefused)
			})
		}()
		same(t, before, read(t, s))
		put(t, s, nobody) // and the store goes on
	})
	c.sentence("a panic while reading is passed on", func(t *testing.T, s store.Store) {
		func() {
			defer func() {
				if got := recover(); got != errRefused {
					t.Errorf("recovered %v, want the function's own panic", got)
				}
			}()
			s.View(func(store.Tx) error { panic(errRefused) })
		}()
		put(t, s, nobody)
	})
	c.sentence("View passes on the error of the function", func(t *testing.T, s store.Store) {
		if err := s.View(func(store.Tx) error { return errRefused }); !errors.Is(err, errRefused) {
			t.Errorf("got error %v, want the function's own", err)
		}
	})
	c.sentence("View refuses every change", func(t *testing.T, s store.Store) {
		fill(t, s)
		before := read(t, s)
		view(t, s, func(tx store.Tx) error {
			for _, change := range everyChange {
				if err := change.make(tx); !errors.Is(err, store.ErrReadOnly) {
					t.Errorf("%s: got error %v, want ErrReadOnly", change.name, err)
				}
			}
			return nil
		})
		same(t, before, read(t, s))
	})
	c.sentence("a transaction sees its own changes", func(t *testing.T, s store.Store) {
		fill(t, s)
		var inside content
		update(t, s, func(tx store.Tx) error {
			for _, change := range everyChange {
				if err := change.make(tx); err != nil {
					return fmt.Errorf("%s: %w", change.name, err)
				}
			}
			var err error
			inside, err = contentOf(tx)
			return err
		})
		same(t, inside, read(t, s))
	})
	c.sentence("changes at once are all kept", func(t *testing.T, s store.Store) {
		var group sync.WaitGroup
		for i := range 50 {
			group.Go(func() {
				err := s.Update(func(tx store.Tx) error {
					if i%5 == 0 { // refused after a change, which must not take those of others along
						return errors.Join(tx.AddVotes("t", store.Tally{NotHelpful: 1}), errRefused)
					}
					return tx.AddVotes("t", store.Tally{Helpful: 1})
				})
				if i%5 == 0 != errors.Is(err, errRefused) {
					t.Errorf("change %d: got error %v", i, err)
				}
			})
		}
		group.Wait()
		same(t, map[string]store.Tally{"t": {Helpful: 40}}, tallies(t, s))
	})
	c.sentence("a panic among changes at once harms only its own", func(t *testing.T, s store.Store) {
		var group sync.WaitGroup
		for i := range 50 {
			group.Go(func() {
				defer func() {
					if r := recover(); (i%10 == 0) != (r == errRefused) {
						t.Errorf("change %d: recovered %v", i, r)
					}
				}()
				err := s.Update(func(tx store.Tx) error {
					if err := tx.AddVotes("t", store.Tally{Helpful: 1}); i%10 != 0 {
						return err
					}
					panic(errRefused)
				})
				if err != nil {
					t.Errorf("change %d: %v", i, err)
				}
			})
		}
		group.Wait()
		same(t, map[string]store.Tally{"t": {Helpful: 45}}, tallies(t, s))
	})
	c.sentence("a view is one state while others write", func(t *testing.T, s store.Store) {
		both := func(tx store.Tx) error {
			return errors.Join(tx.AddVotes("a", store.Tally{Helpful: 1}), tx.AddVotes("b", store.Tally{Helpful: 1}))
		}
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for range 10 {
					if err := s.Update(both); err != nil {
						t.Error(err)
					}
					got := tallies(t, s)
					if got["a"] != got["b"] {
						t.Errorf("got %v, want as many votes on a as on b", got)
					}
				}
			})
		}
		group.Wait()
	})
}
