package bolt_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"tanyanetral/store"
	"tanyanetral/store/bolt"
	"tanyanetral/store/storetest"
)

func open(t *testing.T, dir string) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestContract(t *testing.T) {
	storetest.People(t, func(t *testing.T) store.People {
		dir := t.TempDir()
		s := open(t, dir)
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			consistent(t, filepath.Join(dir, bolt.FileName))
		})
		return s
	})
}

// consistent checks every page of a closed file.
func consistent(t *testing.T, path string) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
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

func TestStateSurvivesReopening(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	key := store.Key{Channel: "terminal", ID: "lokal"}
	s := open(t, dir)
	if err := s.UpdatePerson(key, func(p *store.Person) error { p.Topic = "medsos-like"; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	defer s.Close()
	if p, err := s.Person(key); err != nil || p.Topic != "medsos-like" {
		t.Errorf("got topic %q, error %v", p.Topic, err)
	}
	info, err := os.Stat(filepath.Join(dir, bolt.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("got mode %o, want 600", got)
	}
}

// TestUnusableFileIsRefusedAndLeftAlone opens files that something is wrong with.
func TestUnusableFileIsRefusedAndLeftAlone(t *testing.T) {
	edit := func(change func(*bbolt.Tx) error) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			db, err := bbolt.Open(path, 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if err := db.Update(change); err != nil {
				t.Fatal(err)
			}
		}
	}
	overwrite := func(content []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := []struct {
		name  string
		spoil func(t *testing.T, path string)
		want  error
	}{
		{"text instead of a database", overwrite([]byte("bukan basis data\n")), bolt.ErrDamaged},
		{"empty", overwrite(nil), bolt.ErrDamaged},
		{"a few bytes", overwrite([]byte("x")), bolt.ErrDamaged},
		{"zeros", overwrite(make([]byte, 32<<10)), bolt.ErrDamaged},
		{"its end gone", func(t *testing.T, path string) {
			if err := os.Truncate(path, int64(3*os.Getpagesize())); err != nil {
				t.Fatal(err)
			}
		}, bolt.ErrDamaged},
		{"a page overwritten", func(t *testing.T, path string) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			copy(b[2*os.Getpagesize():], bytes.Repeat([]byte{0xff}, len(b)-2*os.Getpagesize()))
			overwrite(b)(t, path)
		}, bolt.ErrDamaged},
		{"another program's database", func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			edit(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("recipes")); return err })(t, path)
		}, bolt.ErrDamaged},
		{"a newer schema", edit(func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte("meta")).Put([]byte("version"), binary.BigEndian.AppendUint64(nil, 99))
		}), bolt.ErrNewer},
		{"no permission to write", func(t *testing.T, path string) {
			if err := os.Chmod(path, 0o400); err != nil {
				t.Fatal(err)
			}
		}, bolt.ErrReadOnly},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, bolt.FileName)
			s := open(t, dir)
			if err := s.UpdatePerson(store.Key{ID: "1"}, func(p *store.Person) error { p.Unit = "x"; return nil }); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			test.spoil(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s, err = bolt.Open(dir)
			if err == nil {
				s.Close()
			}
			if !errors.Is(err, test.want) {
				t.Errorf("got error %v, want %v", err, test.want)
			}
			if err != nil && !bytes.Contains([]byte(err.Error()), []byte(path)) {
				t.Errorf("the error does not name the file: %v", err)
			}
			after, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestNothingIsLeftOfWhoWasForgotten(t *testing.T) {
	dir := t.TempDir()
	key, other := store.Key{Channel: "terminal", ID: "lokal"}, store.Key{Channel: "terminal", ID: "lain"}
	s := open(t, dir)
	for _, k := range []store.Key{key, other} {
		if err := s.UpdatePerson(k, func(p *store.Person) error { p.Unit = "Unit-" + k.ID; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Forget(key); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, bolt.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b, []byte("Unit-lokal")) {
		t.Error("the file still holds what was forgotten")
	}
	s = open(t, dir)
	defer s.Close()
	if p, err := s.Person(other); err != nil || p.Unit != "Unit-lain" {
		t.Errorf("somebody else: got %+v, %v", p, err)
	}
}

func TestSecondOwnerIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer s.Close()
	if second, err := bolt.Open(dir); !errors.Is(err, bolt.ErrLocked) {
		if err == nil {
			second.Close()
		}
		t.Errorf("got error %v, want ErrLocked", err)
	}
}
