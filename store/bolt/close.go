package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"

	"go.etcd.io/bbolt"
)

// Close closes the file, after the transactions under way. bbolt leaves what
// was deleted in free pages; where somebody was forgotten, a small file is
// written anew without them.
func (s *Store) Close() error {
	s.stop()
	s.writing.Lock() // a change after the copy would be lost
	defer s.writing.Unlock()
	err := s.rewrite()
	if err := errors.Join(err, s.db.Close()); err != nil {
		return fmt.Errorf("close state %s: %w", s.path, err)
	}
	return nil
}

func (s *Store) rewritten() string { return s.path + ".new" }

// rewrite puts a compacted copy in place of a small file in which somebody was forgotten.
func (s *Store) rewrite() (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer recoverDamage(&err)
	needed := false
	err = s.db.View(func(tx *bbolt.Tx) error {
		needed = tx.Size() <= small && tx.Bucket(metaBucket).Get(forgotKey) != nil
		return nil
	})
	if err != nil || !needed {
		return err
	}
	if err := os.Remove(s.rewritten()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := s.compactTo(s.rewritten()); err != nil {
		return errors.Join(err, os.Remove(s.rewritten()))
	}
	if err := os.Rename(s.rewritten(), s.path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(s.path))
}

func (s *Store) compactTo(path string) error {
	copied, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout})
	if err != nil {
		return err
	}
	copied.AllocSize = allocation
	err = bbolt.Compact(copied, s.db, 0)
	if err == nil {
		err = copied.Update(func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Delete(forgotKey) })
	}
	return errors.Join(err, copied.Close())
}

// syncDir makes sure that a file that was renamed keeps its name in a power cut.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
