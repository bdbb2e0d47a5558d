package bolt

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"

	"tanyanetral/store"
)

// View implements store.Store.
func (s *Store) View(f func(store.Tx) error) error {
	return s.view(func(t *tx) error { return f(t) })
}

func (s *Store) view(f func(*tx) error) error {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	b, err := s.db.Begin(false)
	if err != nil {
		return fmt.Errorf("read state %s: %w", s.path, err)
	}
	defer b.Rollback()
	t := &tx{bolt: b, path: s.path}
	defer s.letGo(t)
	return f(t)
}

// Update implements store.Store.
func (s *Store) Update(f func(store.Tx) error) error {
	return s.update(func(t *tx) error { return f(t) })
}

// tx is a transaction.
type tx struct {
	bolt    *bbolt.Tx
	path    string
	changed bool
	lookups int64 // how many pages it may have touched
	failed  error // the first error of the file, after which nothing may be committed
}

var _ store.Tx = (*tx)(nil)

// read runs a method of the transaction: what bbolt panics over becomes an error.
func (t *tx) read(what string, f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = damage(r)
		}
		if err == nil || errors.Is(err, store.ErrNotFound) {
			return
		}
		err = fmt.Errorf("%s in %s: %w", what, t.path, err)
		if t.failed == nil {
			t.failed = err
		}
	}()
	t.lookups++
	return f()
}

// write runs a method that changes something.
func (t *tx) write(what string, f func() error) error {
	if !t.bolt.Writable() {
		return store.ErrReadOnly
	}
	return t.read(what, f)
}

func (t *tx) bucket(name []byte) *bbolt.Bucket { return t.bolt.Bucket(name) }

func (t *tx) put(b *bbolt.Bucket, key, value []byte) error {
	t.changed = true
	return b.Put(key, value)
}

// remove reports whether there was anything.
func (t *tx) remove(b *bbolt.Bucket, key []byte) (bool, error) {
	if b.Get(key) == nil {
		return false, nil
	}
	t.changed = true
	return true, b.Delete(key)
}

// decode reads a record. Its strings and slices are copies.
func decode(b []byte, record any) error {
	if err := json.Unmarshal(b, record); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}
