package bolt_test

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"tanyanetral/store"
)

// residentFile returns how many MB of mapped files the process has resident, 0
// where the system does not tell.
func residentFile(t testing.TB) (mb float64) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "RssFile: %f kB", &kb); n == 1 {
			return kb / 1000
		}
	}
	return 0
}

func TestPagesThatWereReadAreLetGo(t *testing.T) {
	s := open(t, t.TempDir())
	defer closeStore(t, s)
	err := s.Update(func(tx store.Tx) error {
		for i := range 5000 {
			if err := tx.PutPerson(personKey(i), store.Person{Unit: strings.Repeat("x", 3000)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	before := residentFile(t)
	if before == 0 {
		t.Skip("the system does not tell what is resident")
	}
	err = s.View(func(tx store.Tx) error { _, err := tx.PeopleAfter(store.Key{}, math.MaxInt); return err })
	if err != nil {
		t.Fatal(err)
	}
	all := residentFile(t) - before
	if all < 8 {
		t.Fatalf("got %.1f MB resident after all was read: nothing is tested", all)
	}
	for range 1000 {
		err := s.View(func(tx store.Tx) error { _, err := tx.Person(personKey(1)); return err })
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := residentFile(t) - before; got > all/4 {
		t.Errorf("got %.1f MB resident, of %.1f MB", got, all)
	}
}
