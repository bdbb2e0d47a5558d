package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tanyanetral/store"
)

// hostileKeys differ in ways that a careless encoding would mix up.
func hostileKeys() []store.Key {
	long := strings.Repeat("panjang", 300)
	return []store.Key{
		{Channel: "a", ID: "bc"}, {Channel: "ab", ID: "c"}, {Channel: "a", ID: ""}, {Channel: "", ID: "abc"}, {Channel: "abc", ID: ""},
		{Channel: "a", ID: "b"}, {Channel: "a", ID: "b\x00c"}, {Channel: "a\x00", ID: "bc"}, {Channel: "\x00", ID: "\x00"}, {Channel: "", ID: "\x00"},
		{Channel: "a", ID: "\xff\xfe"}, {Channel: "a", ID: "b\n"}, {Channel: "a", ID: long}, {Channel: "a", ID: long + "x"},
		{Channel: long[:127]}, {Channel: long[:128]}, {Channel: long[:129]}, {Channel: long[:255]}, {Channel: long[:256]}, {Channel: long, ID: long},
	}
}

func people(c contract) {
	c.sentence("a person nobody saved is not found", func(t *testing.T, s store.Store) {
		put(t, s, someone)
		view(t, s, func(tx store.Tx) error {
			if p, err := tx.Person(nobody); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("got %+v, error %v, want ErrNotFound", p, err)
			}
			return nil
		})
	})
	c.sentence("what was saved comes back whole", func(t *testing.T, s store.Store) {
		put(t, s, someone)
		same(t, whole(), keptUnder(t, s, someone))
	})
	c.sentence("a person of whom nothing is known is found", func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error { return tx.PutPerson(someone, store.Person{}) })
		same(t, kept{Person: &store.Person{}}, keptUnder(t, s, someone))
	})
	c.sentence("to put replaces what was there", func(t *testing.T, s store.Store) {
		put(t, s, someone, other)
		update(t, s, func(tx store.Tx) error { return tx.PutPerson(someone, store.Person{Unit: "lain"}) })
		same(t, &store.Person{Unit: "lain"}, keptUnder(t, s, someone).Person)
		same(t, whole(), keptUnder(t, s, other))
	})
	c.sentence("what was put and what is returned belong to the caller", func(t *testing.T, s store.Store) {
		mine := wholePerson()
		spoil := func(p store.Person) { p.Watches[0].Topic, p.Votes["medsos-like"] = "spoilt", 7 }
		update(t, s, func(tx store.Tx) error { return tx.PutPerson(someone, mine) })
		spoil(mine)
		spoil(*keptUnder(t, s, someone).Person)
		view(t, s, func(tx store.Tx) error {
			people, err := tx.PeopleAfter(store.Key{}, 1)
			for _, p := range people {
				spoil(p.Person)
			}
			return err
		})
		want := wholePerson()
		same(t, &want, keptUnder(t, s, someone).Person)
	})
	c.sentence("hostile keys are kept apart", func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error {
			for i, key := range hostileKeys() {
				err := errors.Join(
					tx.PutPerson(key, store.Person{Unit: fmt.Sprint(i)}), tx.PutConversation(key, store.Conversation{Topic: fmt.Sprint(i), Until: noon}),
					tx.MarkHandled(key.Channel, key.ID, noon),
				)
				if err != nil {
					return fmt.Errorf("%q: %w", key, err)
				}
			}
			return nil
		})
		for i, key := range hostileKeys() {
			same(t, kept{&store.Person{Unit: fmt.Sprint(i)}, store.Conversation{Topic: fmt.Sprint(i), Until: noon}}, keptUnder(t, s, key))
		}
		view(t, s, func(tx store.Tx) error {
			for _, key := range append(hostileKeys(), store.Key{Channel: "abc", ID: "d"}) {
				handled, err := tx.Handled(key.Channel, key.ID, noon)
				if err != nil {
					return err
				}
				if want := key.ID != "d"; handled != want {
					t.Errorf("%q: got handled %v, want %v", key, handled, want)
				}
			}
			return nil
		})
	})
	c.sentence("pages are in the order of the keys and leave nobody out", func(t *testing.T, s store.Store) {
		keys := hostileKeys()
		update(t, s, func(tx store.Tx) error {
			for _, key := range keys {
				if err := tx.PutPerson(key, store.Person{Unit: strings.ToValidUTF8(key.ID, "")}); err != nil {
					return err
				}
			}
			return nil
		})
		slices.SortFunc(keys, store.Key.Compare)
		for _, size := range []int{1, 7, len(keys), len(keys) + 1} {
			var got []store.Key
			view(t, s, func(tx store.Tx) error {
				var after store.Key
				for {
					page, err := tx.PeopleAfter(after, size)
					if err != nil || len(page) == 0 {
						return err
					}
					if len(page) > size {
						t.Fatalf("got %d people, want up to %d", len(page), size)
					}
					for _, p := range page {
						if p.Person.Unit != strings.ToValidUTF8(p.Key.ID, "") {
							t.Errorf("%q: got the person of %q", p.Key, p.Person.Unit)
						}
						got = append(got, p.Key)
					}
					after = page[len(page)-1].Key
				}
			})
			same(t, keys, got)
		}
	})
	c.sentence("a page begins after a key that nobody has", func(t *testing.T, s store.Store) {
		put(t, s, someone, other)
		tests := []struct {
			after store.Key
			n     int
			want  []store.Key
		}{
			{nobody, 9, []store.Key{someone, other}},
			{store.Key{Channel: "telegram", ID: "420"}, 9, []store.Key{other}},
			{store.Key{Channel: "telegram", ID: "5"}, 9, nil},
			{store.Key{Channel: "zzz", ID: "9"}, 9, []store.Key{someone, other}}, // a shorter channel comes first
			{store.Key{Channel: "whatsapp", ID: ""}, 9, nil},
			{store.Key{}, 0, nil},
			{store.Key{}, -1, nil},
		}
		view(t, s, func(tx store.Tx) error {
			for _, test := range tests {
				page, err := tx.PeopleAfter(test.after, test.n)
				if err != nil {
					return err
				}
				var got []store.Key
				for _, p := range page {
					got = append(got, p.Key)
				}
				same(t, test.want, got)
			}
			return nil
		})
	})
}

func forget(t *testing.T, s store.Store, key store.Key) (had bool) {
	t.Helper()
	update(t, s, func(tx store.Tx) (err error) {
		had, err = tx.Forget(key)
		return err
	})
	return had
}

func forgetting(c contract) {
	c.sentence("removes the person and the conversation, and touches nobody else", func(t *testing.T, s store.Store) {
		put(t, s, someone, other)
		if !forget(t, s, someone) {
			t.Error("got false, want true for somebody who was kept")
		}
		same(t, kept{}, keptUnder(t, s, someone))
		same(t, whole(), keptUnder(t, s, other))
		if forget(t, s, someone) {
			t.Error("the second time: got true, want false")
		}
	})
	c.sentence("removes a conversation without a person", func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error { return tx.PutConversation(someone, wholeConversation()) })
		if !forget(t, s, someone) {
			t.Error("got false, want true")
		}
		same(t, kept{}, keptUnder(t, s, someone))
	})
	c.sentence("takes the person's votes out of the counts", func(t *testing.T, s store.Store) {
		put(t, s, someone)
		update(t, s, func(tx store.Tx) error {
			return errors.Join(
				tx.AddVotes("medsos-like", store.Tally{Helpful: 3, NotHelpful: 2}),
				tx.AddVotes("keluarga-caleg", store.Tally{NotHelpful: 1}),
				tx.AddVotes("cuti", store.Tally{Helpful: 1}),
			)
		})
		forget(t, s, someone)
		same(t, map[string]store.Tally{"medsos-like": {Helpful: 2, NotHelpful: 2}, "cuti": {Helpful: 1}}, tallies(t, s))
	})
	c.sentence("works where votes were never counted", func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error {
			return tx.PutPerson(someone, store.Person{Votes: map[string]int{"": 1, "cuti": -1, strings.Repeat("x", 40_000): 1}})
		})
		if !forget(t, s, someone) {
			t.Error("got false, want true")
		}
		same(t, map[string]store.Tally{}, tallies(t, s))
	})
}

func moving(c contract) {
	move := func(t *testing.T, s store.Store, from, to store.Key) {
		t.Helper()
		update(t, s, func(tx store.Tx) error { return tx.Move(from, to) })
	}
	c.sentence("puts everything under the other key", func(t *testing.T, s store.Store) {
		put(t, s, someone, other)
		move(t, s, someone, nobody)
		same(t, kept{}, keptUnder(t, s, someone))
		same(t, whole(), keptUnder(t, s, nobody))
		same(t, whole(), keptUnder(t, s, other))
	})
	c.sentence("leaves the counts of votes as they are", func(t *testing.T, s store.Store) {
		put(t, s, someone)
		update(t, s, func(tx store.Tx) error { return tx.AddVotes("medsos-like", store.Tally{Helpful: 1}) })
		move(t, s, someone, nobody)
		same(t, map[string]store.Tally{"medsos-like": {Helpful: 1}}, tallies(t, s))
	})
	c.sentence("forgets what was under the other key", func(t *testing.T, s store.Store) {
		put(t, s, other)
		update(t, s, func(tx store.Tx) error {
			return errors.Join(tx.PutPerson(someone, store.Person{Unit: "baru"}), tx.AddVotes("medsos-like", store.Tally{Helpful: 5}))
		})
		move(t, s, someone, other)
		same(t, kept{Person: &store.Person{Unit: "baru"}}, keptUnder(t, s, other))
		same(t, map[string]store.Tally{"medsos-like": {Helpful: 4}}, tallies(t, s))
	})
	c.sentence("moves a conversation without a person", func(t *testing.T, s store.Store) {
		put(t, s, other)
		update(t, s, func(tx store.Tx) error { return tx.PutConversation(someone, wholeConversation()) })
		move(t, s, someone, other)
		same(t, kept{Conversation: wholeConversation()}, keptUnder(t, s, other))
		same(t, kept{}, keptUnder(t, s, someone))
	})
	c.sentence("does nothing where nothing is kept", func(t *testing.T, s store.Store) {
		put(t, s, someone)
		move(t, s, nobody, someone)
		same(t, whole(), keptUnder(t, s, someone))
	})
	c.sentence("to the same key changes nothing", func(t *testing.T, s store.Store) {
		put(t, s, someone)
		move(t, s, someone, someone)
		same(t, whole(), keptUnder(t, s, someone))
	})
}
