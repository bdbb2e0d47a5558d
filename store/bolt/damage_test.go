package bolt_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"tanyanetral/store"
	"tanyanetral/store/bolt"
)

// zeroPages overwrites everything but the meta pages of a file.
func zeroPages(t *testing.T, path string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	meta := int64(2 * os.Getpagesize())
	if _, err := file.WriteAt(make([]byte, info.Size()-meta), meta); err != nil {
		t.Fatal(err)
	}
}

func TestDamageUnderAnOpenStoreIsAnErrorForEverybody(t *testing.T) {
	damages := map[string]func(*testing.T, string){
		"pages overwritten": zeroPages,
		"its end gone": func(t *testing.T, path string) {
			if err := os.Truncate(path, int64(2*os.Getpagesize())); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			putUnit(t, s, someone, "x")
			damage(t, filepath.Join(dir, bolt.FileName))
			person := func(tx store.Tx) error { _, err := tx.Person(someone); return err }
			change := func(tx store.Tx) error { return tx.PutPerson(someone, store.Person{Unit: "y"}) }
			careless := func(tx store.Tx) error { tx.Person(someone); return nil }
			var group sync.WaitGroup
			for range 10 {
				group.Go(func() {
					for what, err := range map[string]error{"View": s.View(person), "Update": s.Update(change), "careless Update": s.Update(careless)} {
						if !errors.Is(err, bolt.ErrDamaged) {
							t.Errorf("%s: got error %v, want ErrDamaged", what, err)
						}
					}
				})
			}
			group.Wait()
			if _, err := s.Prune(noon); !errors.Is(err, bolt.ErrDamaged) {
				t.Errorf("Prune: got error %v, want ErrDamaged", err)
			}
			s.Close() // it returns
		})
	}
}

func TestNothingIsWrittenAfterACommitFoundDamage(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	putUnit(t, s, someone, "x")
	err := s.Update(func(tx store.Tx) error {
		err := tx.PutPerson(someone, store.Person{Unit: "y"})
		zeroPages(t, filepath.Join(dir, bolt.FileName)) // bbolt reads the old list of free pages next
		return err
	})
	if !errors.Is(err, bolt.ErrDamaged) {
		t.Errorf("got error %v, want ErrDamaged", err)
	}
	before := contentOf(t, filepath.Join(dir, bolt.FileName))
	called := false
	if err := s.Update(func(store.Tx) error { called = true; return nil }); !errors.Is(err, bolt.ErrDamaged) || called {
		t.Errorf("got error %v, function called: %v; want ErrDamaged at once", err, called)
	}
	s.Close() // it returns
	if string(before) != string(contentOf(t, filepath.Join(dir, bolt.FileName))) {
		t.Error("the file was changed")
	}
}

func TestNothingIsLeftOfWhoWasForgotten(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, bolt.FileName)
	overwrite(t, path+".new", []byte("left over of somebody: Unit-42")) // where a process was killed
	s := open(t, dir)
	for _, key := range []store.Key{someone, other} {
		putUnit(t, s, key, "Unit-"+key.ID)
	}
	logQuestions(t, s, 1)
	if err := s.Update(func(tx store.Tx) error { _, err := tx.Forget(someone); return err }); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	if b := string(contentOf(t, path)); strings.Contains(b, "Unit-42\"") {
		t.Error("the file still holds what was forgotten")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("got %v, error %v; want the state file alone", entries, err)
	}
	s = open(t, dir)
	defer closeStore(t, s)
	if got := unitOf(t, s, other); got != "Unit-421" {
		t.Errorf("somebody else: got unit %q", got)
	}
}

func TestWhoWasForgottenIsGoneEvenIfTheProcessWasKilledAfterwards(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, bolt.FileName)
	s := open(t, dir)
	putUnit(t, s, someone, "Unit-42")
	if err := s.Update(func(tx store.Tx) error { _, err := tx.Forget(someone); return err }); err != nil {
		t.Fatal(err)
	}
	killed := contentOf(t, path) // what a killed process leaves behind
	closeStore(t, s)
	overwrite(t, path, killed)
	if !strings.Contains(string(killed), "Unit-42") {
		t.Fatal("the file of the killed process does not hold the person: nothing is tested")
	}
	closeStore(t, open(t, dir))
	if strings.Contains(string(contentOf(t, path)), "Unit-42") {
		t.Error("the file still holds what was forgotten")
	}
}

// TestProcessThatWaitedOpensTheFileThatIsThere opens a file that its last owner
// replaces when it closes it.
func TestProcessThatWaitedOpensTheFileThatIsThere(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	putUnit(t, s, other, "x")
	if err := s.Update(func(tx store.Tx) error { _, err := tx.Forget(other); return err }); err != nil {
		t.Fatal(err)
	}
	opened := make(chan *bolt.Store)
	go func() {
		s, err := bolt.Open(dir)
		if err != nil {
			t.Error(err)
		}
		opened <- s
	}()
	for timesOpen(t, filepath.Join(dir, bolt.FileName)) < 2 {
		runtime.Gosched()
	}
	closeStore(t, s)
	if s = <-opened; s == nil {
		return
	}
	defer closeStore(t, s)
	putUnit(t, s, someone, "Kecamatan Sukamaju")
	if !strings.Contains(string(contentOf(t, filepath.Join(dir, bolt.FileName))), "Kecamatan Sukamaju") {
		t.Error("what was written is not in the file")
	}
}

// timesOpen counts how often this process has a file open.
func timesOpen(t *testing.T, path string) (n int) {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("the system does not tell which files are open")
	}
	for _, file := range files {
		if target, _ := os.Readlink(filepath.Join("/proc/self/fd", file.Name())); target == path {
			n++
		}
	}
	return n
}

func TestChangesAreKeptOrRefusedWhileTheStoreCloses(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	logQuestions(t, s, 10_000)
	putUnit(t, s, someone, "x")
	if err := s.Update(func(tx store.Tx) error { _, err := tx.Forget(someone); return err }); err != nil { // so that Close writes the file anew
		t.Fatal(err)
	}
	var acknowledged sync.Map
	started := make(chan bool, 20)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("2026-11-23-%d-%d", i, n)
				if err := s.Update(func(tx store.Tx) error { return tx.LogQuestion(store.Question{ID: id}) }); err != nil {
					return
				}
				acknowledged.Store(id, true)
				if n == 0 {
					started <- true
				}
			}
		})
	}
	for range 20 {
		<-started
	}
	closeStore(t, s)
	group.Wait()
	s = open(t, dir)
	defer closeStore(t, s)
	err := s.View(func(tx store.Tx) error {
		for id := range acknowledged.Range {
			if _, err := tx.Question(id.(string)); err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
