package bolt

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"

	bolterrors "go.etcd.io/bbolt/errors"
)

// change is a function that waits to be written.
type change struct {
	f      func(*tx) error
	done   chan struct{} // closed when what follows is known
	failed bool          // it returned an error or panicked; nothing of it was written
	err    error
}

// update writes a change, together with those of others.
func (s *Store) update(f func(*tx) error) error {
	c := &change{f: f, done: make(chan struct{})}
	select {
	case s.changes <- c:
		<-c.done
	case <-s.closing:
		return fmt.Errorf("write state %s: %w", s.path, bolterrors.ErrDatabaseNotOpen)
	}
	if !c.failed {
		return c.err
	}
	// Its error may be due to changes that were taken back like its own, and its
	// panic belongs to this goroutine.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	return s.commit(f)
}

// writeChanges writes the changes of all goroutines until the store is closed: the
// longer a commit takes, the more the next one has. (The Batch of bbolt waits for a
// time instead, and commits where a damaged page would end the program.)
func (s *Store) writeChanges() {
	defer close(s.closed)
	debug.SetPanicOnFault(true)
	for {
		select {
		case c := <-s.changes:
			s.writeTogether(s.waiting(c))
		case <-s.closing:
			return
		}
	}
}

// waiting returns a change and all others that wait.
func (s *Store) waiting(first *change) []*change {
	runtime.Gosched() // those whose last change was just written may have another
	changes := []*change{first}
	for {
		select {
		case c := <-s.changes:
			changes = append(changes, c)
		default:
			return changes
		}
	}
}

// writeTogether writes changes in one transaction, without those that fail.
func (s *Store) writeTogether(changes []*change) {
	for len(changes) > 0 {
		failed := -1
		err := s.commit(func(t *tx) error {
			for i, c := range changes {
				if err := callSafely(c.f, t); err != nil {
					failed = i
					return err
				}
			}
			return nil
		})
		if failed < 0 {
			for _, c := range changes {
				c.err = err
				close(c.done)
			}
			return
		}
		changes[failed].failed = true
		close(changes[failed].done)
		changes = slices.Delete(changes, failed, failed+1)
	}
}

// callSafely returns an error where f, or the file, gives no reason to commit.
func callSafely(f func(*tx) error, t *tx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	if err := f(t); err != nil {
		return err
	}
	return t.failed
}

// commit runs f in a transaction and writes what it changed, if anything.
func (s *Store) commit(f func(*tx) error) (err error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.broken != nil {
		return s.broken
	}
	b, err := s.db.Begin(true)
	if err != nil {
		return fmt.Errorf("write state %s: %w", s.path, err)
	}
	defer b.Rollback()
	t := &tx{bolt: b, path: s.path}
	if err := f(t); err != nil {
		return err
	}
	s.letGo(t)
	if t.failed != nil || !t.changed {
		return t.failed
	}
	defer func() {
		// What bbolt thinks of the file by now is not known: better no more changes.
		if r := recover(); r != nil {
			s.broken = fmt.Errorf("write state %s: %w", s.path, damage(r))
			err = s.broken
		}
	}()
	if err := b.Commit(); err != nil {
		return fmt.Errorf("write state %s: %w", s.path, err)
	}
	return nil
}
