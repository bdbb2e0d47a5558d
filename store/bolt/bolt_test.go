package bolt_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"tanyanetral/store"
	"tanyanetral/store/bolt"
	"tanyanetral/store/memory"
	"tanyanetral/store/storetest"
)

var (
	noon    = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	someone = store.Key{Channel: "telegram", ID: "42"}
	other   = store.Key{Channel: "telegram", ID: "421"}
)

func open(t testing.TB, dir string) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeStore(t testing.TB, s *bolt.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// openTemp opens a new store that is closed and checked after the test.
func openTemp(t *testing.T) store.Store {
	dir := t.TempDir()
	s := open(t, dir)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		consistent(t, filepath.Join(dir, bolt.FileName))
	})
	return s
}

func TestContract(t *testing.T) {
	storetest.Store(t, openTemp)
}

func TestBehavesLikeTheStoreInMemory(t *testing.T) {
	storetest.Same(t, openTemp(t), &memory.Store{})
}

// consistent checks every page of a closed file.
func consistent(t *testing.T, path string) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		for problem := range tx.Check() {
			t.Error(problem)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func putUnit(t testing.TB, s store.Store, key store.Key, unit string) {
	t.Helper()
	if err := s.Update(func(tx store.Tx) error { return tx.PutPerson(key, store.Person{Unit: unit}) }); err != nil {
		t.Fatal(err)
	}
}

func unitOf(t testing.TB, s store.Store, key store.Key) (unit string) {
	t.Helper()
	err := s.View(func(tx store.Tx) error {
		p, err := tx.Person(key)
		unit = p.Unit
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return unit
}

func TestStateSurvivesReopening(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	s := open(t, dir)
	putUnit(t, s, someone, "Kecamatan Sukamaju")
	closeStore(t, s)
	s = open(t, dir)
	defer closeStore(t, s)
	if got := unitOf(t, s, someone); got != "Kecamatan Sukamaju" {
		t.Errorf("got unit %q", got)
	}
	for path, want := range map[string]os.FileMode{filepath.Join(dir, bolt.FileName): 0o600, dir: 0o700} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: got mode %o, want %o", path, got, want)
		}
	}
}

// edit changes a closed file behind the store's back.
func edit(t *testing.T, path string, change func(*bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(change); err != nil {
		t.Fatal(err)
	}
}

func overwrite(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func contentOf(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// spoilings are what can be wrong with a file.
var spoilings = []struct {
	name  string
	spoil func(t *testing.T, path string)
	want  error
}{
	{"text instead of a database", func(t *testing.T, path string) { overwrite(t, path, []byte("bukan basis data\n")) }, bolt.ErrDamaged},
	{"empty", func(t *testing.T, path string) { overwrite(t, path, nil) }, bolt.ErrDamaged},
	{"a few bytes", func(t *testing.T, path string) { overwrite(t, path, []byte("x")) }, bolt.ErrDamaged},
	{"zeros", func(t *testing.T, path string) { overwrite(t, path, make([]byte, 32<<10)) }, bolt.ErrDamaged},
	{"its end gone", func(t *testing.T, path string) {
		if err := os.Truncate(path, int64(3*os.Getpagesize())); err != nil {
			t.Fatal(err)
		}
	}, bolt.ErrDamaged},
	{"a page overwritten", func(t *testing.T, path string) {
		b := contentOf(t, path)
		copy(b[2*os.Getpagesize():], bytes.Repeat([]byte{0xff}, len(b)-2*os.Getpagesize()))
		overwrite(t, path, b)
	}, bolt.ErrDamaged},
	{"a page that points outside the file", func(t *testing.T, path string) {
		name := []byte("questions") // the number of the bucket's page follows its name
		b := contentOf(t, path)
		for at := bytes.Index(b, name); at >= 0; at = bytes.Index(b, name) {
			binary.LittleEndian.PutUint64(b[at+len(name):], 1<<24)
			b[at] = 'Q'
		}
		overwrite(t, path, bytes.ReplaceAll(b, []byte("Questions"), name))
	}, bolt.ErrDamaged},
	{"another program's database", func(t *testing.T, path string) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		edit(t, path, func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("recipes")); return err })
	}, bolt.ErrDamaged},
	{"a bucket gone", func(t *testing.T, path string) {
		edit(t, path, func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte("votes")) })
	}, bolt.ErrDamaged},
	{"no schema", func(t *testing.T, path string) {
		edit(t, path, func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Delete([]byte("version")) })
	}, bolt.ErrDamaged},
	{"a newer schema", func(t *testing.T, path string) {
		edit(t, path, func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte("meta")).Put([]byte("version"), binary.BigEndian.AppendUint64(nil, 99))
		})
	}, bolt.ErrNewer},
	{"no permission to write", func(t *testing.T, path string) {
		if err := os.Chmod(path, 0o400); err != nil {
			t.Fatal(err)
		}
	}, bolt.ErrReadOnly},
}

func TestUnusableFileIsRefusedAndLeftAlone(t *testing.T) {
	for _, test := range spoilings {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, bolt.FileName)
			s := open(t, dir)
			putUnit(t, s, someone, "x")
			logQuestions(t, s, 100) // so that they have a page of their own
			closeStore(t, s)
			test.spoil(t, path)
			before := contentOf(t, path)
			s, err := bolt.Open(dir)
			if err == nil {
				s.Close()
			}
			if !errors.Is(err, test.want) {
				t.Errorf("got error %v, want %v", err, test.want)
			}
			if err != nil && !bytes.Contains([]byte(err.Error()), []byte(path)) {
				t.Errorf("the error does not name the file: %v", err)
			}
			if !bytes.Equal(before, contentOf(t, path)) {
				t.Error("the file was changed")
			}
		})
	}
}

// logQuestions logs some questions of 22 November.
func logQuestions(t testing.TB, s store.Store, n int) {
	t.Helper()
	err := s.Update(func(tx store.Tx) error {
		for i := range n {
			q := store.Question{ID: fmt.Sprintf("2026-11-22-%d", i), Text: "boleh like postingan calon?", Outcome: "answer", Topics: []string{"medsos-like"}, Confidence: 0.97}
			if err := tx.LogQuestion(q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDirectoryInPlaceOfTheFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, bolt.FileName), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := bolt.Open(dir); !errors.Is(err, bolt.ErrDamaged) {
		t.Errorf("got error %v, want ErrDamaged", err)
	}
}

func TestSecondOwnerIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer closeStore(t, s)
	if second, err := bolt.Open(dir); !errors.Is(err, bolt.ErrLocked) {
		if err == nil {
			second.Close()
		}
		t.Errorf("got error %v, want ErrLocked", err)
	}
}
