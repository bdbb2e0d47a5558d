// Package bolt keeps the state in one bbolt file.
package bolt

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"tanyanetral/store"
)

// FileName is the name of the state file in the data directory.
const FileName = "tanyanetral.db"

// version is the schema of the file. Raise it with a migration.
const version = 1

// What can be wrong with a state file. Open leaves such a file untouched.
var (
	ErrLocked   = errors.New("another process has the file")
	ErrDamaged  = errors.New("the file is damaged")
	ErrNewer    = errors.New("the file was written by a newer version of the program")
	ErrReadOnly = errors.New("the file cannot be written to")
)

// Store is a store in one bbolt file. Its buckets:
//
//	meta    "version" -> the schema version, a big-endian uint64
//	people  length of the channel (uvarint), channel, id -> store.Person as JSON
//
// The file has mode 0600 and one owner: a second Open fails with ErrLocked.
type Store struct {
	db     *bbolt.DB
	path   string
	forgot atomic.Bool // somebody asked to be forgotten since Open
}

var _ store.People = (*Store)(nil)

var (
	metaBucket   = []byte("meta")
	peopleBucket = []byte("people")
	versionKey   = []byte("version")
)

const (
	lockTimeout  = time.Second
	initialMmap  = 64 << 20 // so that a writer need not wait for readers to enlarge the mapping
	checkedBelow = 8 << 20  // bytes up to which every page is checked at the start
	allocation   = 1 << 20  // bytes that the file grows by
	batchDelay   = 2 * time.Millisecond
)

// Open opens the state file in a directory, and makes both where they are missing.
func Open(dir string) (*Store, error) {
	path := filepath.Join(dir, FileName)
	s, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("open state %s: %w", path, err)
	}
	return s, nil
}

func open(path string) (_ *Store, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err == nil {
		if info.IsDir() {
			return nil, ErrDamaged
		}
		// A privileged user could write to it all the same, against the owner's will.
		if info.Mode().Perm()&0o200 == 0 {
			return nil, ErrReadOnly
		}
		// bbolt would make a new database of an empty file: then something emptied it.
		if info.Size() == 0 {
			return nil, ErrDamaged
		}
	}
	s := &Store{path: path}
	defer func() {
		if err != nil && s.db != nil {
			s.db.Close()
		}
	}()
	// Pages that a cut file lacks fault when they are read.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer recoverDamage(&err)
	s.db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout, InitialMmapSize: initialMmap, FreelistType: bbolt.FreelistMapType})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, ErrLocked
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%w: %w", ErrReadOnly, err)
	case isSystemError(err):
		return nil, err
	case err != nil: // bbolt did not find what it writes
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	s.db.AllocSize = allocation
	s.db.MaxBatchDelay = batchDelay
	fresh, err := s.inspect()
	if err != nil {
		return nil, err
	}
	if fresh {
		return s, s.create()
	}
	return s, nil
}

// isSystemError tells whether it was the operating system that refused: a full disk, say.
func isSystemError(err error) bool {
	var number syscall.Errno
	return errors.As(err, &number)
}

// inspect reads the file without changing it, and tells whether it is new.
func (s *Store) inspect() (fresh bool, err error) {
	info, err := os.Stat(s.path)
	if err != nil {
		return false, err
	}
	err = s.db.View(func(tx *bbolt.Tx) error {
		if info.Size() < tx.Size() {
			return fmt.Errorf("%w: %d bytes of %d are left", ErrDamaged, info.Size(), tx.Size())
		}
		if tx.Size() <= checkedBelow {
			var first error
			for problem := range tx.Check() {
				if first == nil {
					first = fmt.Errorf("%w: %w", ErrDamaged, problem)
				}
			}
			if first != nil {
				return first
			}
		}
		meta := tx.Bucket(metaBucket)
		if meta == nil {
			if key, _ := tx.Cursor().First(); key != nil {
				return fmt.Errorf("%w: it is a database of something else", ErrDamaged)
			}
			fresh = true
			return nil
		}
		b := meta.Get(versionKey)
		if len(b) != 8 {
			return fmt.Errorf("%w: it has no schema version", ErrDamaged)
		}
		if v := binary.BigEndian.Uint64(b); v > version {
			return fmt.Errorf("%w: schema %d, known up to %d", ErrNewer, v, version)
		}
		return nil
	})
	return fresh, err
}

func (s *Store) create() error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucketIfNotExists(metaBucket)
		if err != nil {
			return err
		}
		if _, err := tx.CreateBucketIfNotExists(peopleBucket); err != nil {
			return err
		}
		return meta.Put(versionKey, binary.BigEndian.AppendUint64(nil, version))
	})
}

// Close closes the file, after the transactions under way. bbolt leaves what
// was deleted in free pages; where somebody was forgotten, a small file is
// written anew without them.
func (s *Store) Close() error {
	var err error
	if s.forgot.Load() {
		err = s.rewrite()
	}
	if err := errors.Join(err, s.db.Close()); err != nil {
		return fmt.Errorf("close state %s: %w", s.path, err)
	}
	return nil
}

// rewrite puts a compacted copy in place of a small file.
func (s *Store) rewrite() (err error) {
	defer recoverDamage(&err)
	small := false
	if err := s.db.View(func(tx *bbolt.Tx) error { small = tx.Size() <= checkedBelow; return nil }); err != nil || !small {
		return err
	}
	fresh := s.path + ".new"
	copied, err := bbolt.Open(fresh, 0o600, &bbolt.Options{Timeout: lockTimeout})
	if err != nil {
		return err
	}
	copied.AllocSize = allocation
	if err := errors.Join(bbolt.Compact(copied, s.db, 0), copied.Close()); err != nil {
		return errors.Join(err, os.Remove(fresh))
	}
	return os.Rename(fresh, s.path)
}

// view and update run a transaction and turn bbolt's panics over damaged pages into errors.
func (s *Store) view(what string, f func(*bbolt.Tx) error) (err error) {
	defer s.wrap(what, &err)
	defer recoverDamage(&err)
	return s.db.View(f)
}

func (s *Store) update(what string, f func(*bbolt.Tx) error) (err error) {
	defer s.wrap(what, &err)
	defer recoverDamage(&err)
	return s.db.Batch(f)
}

func (s *Store) wrap(what string, err *error) {
	if *err != nil && !errors.Is(*err, store.ErrNotFound) {
		*err = fmt.Errorf("%s in %s: %w", what, s.path, *err)
	}
}

func recoverDamage(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: %v", ErrDamaged, r)
	}
}

func personKey(key store.Key) []byte {
	b := binary.AppendUvarint(nil, uint64(len(key.Channel)))
	b = append(b, key.Channel...)
	return append(b, key.ID...)
}

// Person implements store.People.
func (s *Store) Person(key store.Key) (p store.Person, err error) {
	err = s.view("read person", func(tx *bbolt.Tx) error {
		b := tx.Bucket(peopleBucket).Get(personKey(key))
		if b == nil {
			return store.ErrNotFound
		}
		return json.Unmarshal(b, &p)
	})
	return p, err
}

// UpdatePerson implements store.People.
func (s *Store) UpdatePerson(key store.Key, change func(*store.Person) error) error {
	return s.update("change person", func(tx *bbolt.Tx) error {
		people := tx.Bucket(peopleBucket)
		var p store.Person
		if b := people.Get(personKey(key)); b != nil {
			if err := json.Unmarshal(b, &p); err != nil {
				return err
			}
		}
		if err := change(&p); err != nil {
			return err
		}
		b, err := json.Marshal(p)
		if err != nil {
			return err
		}
		return people.Put(personKey(key), b)
	})
}

// Forget implements store.People.
func (s *Store) Forget(key store.Key) (had bool, err error) {
	err = s.update("forget person", func(tx *bbolt.Tx) error {
		people := tx.Bucket(peopleBucket)
		had = people.Get(personKey(key)) != nil
		return people.Delete(personKey(key))
	})
	if err == nil && had {
		s.forgot.Store(true)
	}
	return had, err
}
