// Package storetest is the contract that every store must pass.
package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tanyanetral/store"
)

// Store tests a store. open returns a new, empty one for each test.
func Store(t *testing.T, open func(*testing.T) store.Store) {
	c := contract{t, open}
	t.Run("transactions", c.sub(transactions))
	t.Run("people", c.sub(people))
	t.Run("to forget", c.sub(forgetting))
	t.Run("to move", c.sub(moving))
	t.Run("conversations", c.sub(conversations))
	t.Run("questions", c.sub(questions))
	t.Run("votes", c.sub(votes))
	t.Run("updates", c.sub(updates))
	t.Run("audit", c.sub(audit))
	t.Run("deliveries", c.sub(deliveries))
	t.Run("recipients", c.sub(recipients))
	t.Run("pruning", c.sub(pruning))
	t.Run("pruning deliveries", c.sub(pruningDeliveries))
}

type contract struct {
	t    *testing.T
	open func(*testing.T) store.Store
}

func (c contract) sub(tests func(contract)) func(*testing.T) {
	return func(t *testing.T) { tests(contract{t, c.open}) }
}

// sentence tests one sentence of the contract on a store of its own.
func (c contract) sentence(name string, test func(*testing.T, store.Store)) {
	c.t.Run(name, func(t *testing.T) {
		t.Parallel()
		test(t, c.open(t))
	})
}

var (
	noon    = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	someone = store.Key{Channel: "telegram", ID: "42"}
	other   = store.Key{Channel: "telegram", ID: "421"} // begins like someone
	nobody  = store.Key{Channel: "telegram", ID: "4"}   // who is never kept

	stranger = store.Key{Channel: "whatsapp", ID: "ID.1234"} // who is kept as a recipient alone
)

func wholePerson() store.Person {
	return store.Person{
		Status: "PNS", Unit: "Kecamatan \"Sukamaju\" <Timur> & ütara", Timezone: "Asia/Makassar", Subscription: store.StagesOnly, Offered: true,
		Watches:   []store.Watch{{Topic: "medsos-like", Seen: "dilarang 3f2a"}, {Question: "bolehkah saya ikut jalan sehat?", ID: "2026-11-22-a1b2"}},
		Votes:     map[string]int{"medsos-like": 1, "keluarga-caleg": -1},
		FirstSeen: "2026-11-01", LastSeen: "2026-11-22",
	}
}

func wholeConversation() store.Conversation {
	return store.Conversation{Topic: "medsos-like", TopicTo: noon.Add(20 * time.Minute), Told: true, Offered: []string{"t:medsos-like", "k:medsos"}, Awaiting: "unit", Edited: "17", Until: noon.Add(30*time.Minute + time.Nanosecond)}
}

func wholeQuestion(id string) store.Question {
	return store.Question{ID: id, Text: "boleh <like> & bagikan?\n", Outcome: "choices", Topics: []string{"medsos-like", "medsos-bagikan"}, Confidence: 0.123456789}
}

func update(t *testing.T, s store.Store, f func(store.Tx) error) {
	t.Helper()
	if err := s.Update(f); err != nil {
		t.Fatal(err)
	}
}

func view(t *testing.T, s store.Store, f func(store.Tx) error) {
	t.Helper()
	if err := s.View(f); err != nil {
		t.Fatal(err)
	}
}

// put keeps everything about some persons that there can be.
func put(t *testing.T, s store.Store, keys ...store.Key) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for _, key := range keys {
			if err := errors.Join(tx.PutPerson(key, wholePerson()), tx.PutConversation(key, wholeConversation())); err != nil {
				return err
			}
		}
		return nil
	})
}

// kept is all that a store keeps under a key.
type kept struct {
	Person       *store.Person // nil where there is none
	Conversation store.Conversation
}

func whole() kept {
	p := wholePerson()
	return kept{&p, wholeConversation()}
}

func keptUnder(t *testing.T, s store.Store, key store.Key) (k kept) {
	t.Helper()
	view(t, s, func(tx store.Tx) error {
		k = kept{}
		p, err := tx.Person(key)
		switch {
		case err == nil:
			k.Person = &p
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		k.Conversation, err = tx.Conversation(key)
		return err
	})
	return k
}

func tallies(t *testing.T, s store.Store) (got map[string]store.Tally) {
	t.Helper()
	view(t, s, func(tx store.Tx) (err error) {
		got, err = tx.Votes()
		return err
	})
	return got
}

// same reports a difference; nothing and an empty list are the same.
func same(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
