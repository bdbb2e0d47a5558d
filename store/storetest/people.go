// Package storetest is the contract that every store must pass.
package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/store"
)

// People tests a store.People. open returns a new, empty one for each test.
func People(t *testing.T, open func(*testing.T) store.People) {
	key := store.Key{Channel: "telegram", ID: "42"}
	until := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	whole := store.Person{
		Status: "PNS", Unit: "Kecamatan Sukamaju", Timezone: "Asia/Makassar",
		Topic: "medsos-like", TopicUntil: until, Offered: []string{"t:medsos-like", "k:medsos"}, OfferedUntil: until,
		FirstSeen: "2026-11-01", LastSeen: "2026-11-22",
	}
	set := func(p store.Person) func(*store.Person) error {
		return func(target *store.Person) error { *target = p; return nil }
	}

	t.Run("a person nobody saved is not found", func(t *testing.T) {
		if _, err := open(t).Person(key); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got error %v, want ErrNotFound", err)
		}
	})
	t.Run("what was saved comes back whole", func(t *testing.T) {
		s := open(t)
		if err := s.UpdatePerson(key, set(whole)); err != nil {
			t.Fatal(err)
		}
		got, err := s.Person(key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a change sees what was there", func(t *testing.T) {
		s := open(t)
		for range 3 {
			if err := s.UpdatePerson(key, func(p *store.Person) error { p.Unit += "x"; return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if got, _ := s.Person(key); got.Unit != "xxx" {
			t.Errorf("got unit %q, want xxx", got.Unit)
		}
	})
	t.Run("a refused change writes nothing", func(t *testing.T) {
		s := open(t)
		refused := errors.New("refused")
		err := s.UpdatePerson(key, func(p *store.Person) error { p.Unit = "x"; return refused })
		if !errors.Is(err, refused) {
			t.Errorf("got error %v, want the change's own", err)
		}
		if _, err := s.Person(key); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got error %v, want ErrNotFound", err)
		}
	})
	t.Run("what is returned belongs to the caller", func(t *testing.T) {
		s := open(t)
		if err := s.UpdatePerson(key, set(whole)); err != nil {
			t.Fatal(err)
		}
		first, _ := s.Person(key)
		first.Offered[0] = "spoilt"
		if second, _ := s.Person(key); second.Offered[0] == "spoilt" {
			t.Error("the caller's copy is the store's own")
		}
	})
	t.Run("channels and ids do not run into one another", func(t *testing.T) {
		s := open(t)
		keys := []store.Key{{Channel: "a", ID: "bc"}, {Channel: "ab", ID: "c"}, {Channel: "a", ID: ""}, {Channel: "a", ID: "b\x00c"}}
		for i, k := range keys {
			if err := s.UpdatePerson(k, set(store.Person{Unit: fmt.Sprint(i)})); err != nil {
				t.Fatal(err)
			}
		}
		for i, k := range keys {
			if got, err := s.Person(k); err != nil || got.Unit != fmt.Sprint(i) {
				t.Errorf("%v: got unit %q, error %v", k, got.Unit, err)
			}
		}
	})
	t.Run("to forget removes the person and nobody else", func(t *testing.T) {
		s := open(t)
		other := store.Key{Channel: "telegram", ID: "421"}
		for _, k := range []store.Key{key, other} {
			if err := s.UpdatePerson(k, set(whole)); err != nil {
				t.Fatal(err)
			}
		}
		if had, err := s.Forget(key); err != nil || !had {
			t.Errorf("got %v, %v; want true", had, err)
		}
		if _, err := s.Person(key); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got error %v, want ErrNotFound", err)
		}
		if _, err := s.Person(other); err != nil {
			t.Error(err)
		}
		if had, err := s.Forget(key); err != nil || had {
			t.Errorf("second time: got %v, %v; want false", had, err)
		}
	})
	t.Run("changes at once are all kept", func(t *testing.T) {
		s := open(t)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if err := s.UpdatePerson(key, func(p *store.Person) error { p.Unit += "x"; return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got, _ := s.Person(key); len(got.Unit) != 20 {
			t.Errorf("got %d changes, want 20", len(got.Unit))
		}
	})
}
