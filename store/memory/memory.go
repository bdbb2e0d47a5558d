// Package memory is a store that forgets when the program ends: for questions
// asked from scripts, and for tests.
package memory

import (
	"slices"
	"sync"
	"time"

	"tanyanetral/store"
)

// Store keeps everything in memory. The zero Store is empty and ready.
type Store struct {
	mu            sync.RWMutex
	people        map[store.Key]store.Person
	conversations map[store.Key]store.Conversation
	questions     map[string]store.Question
	votes         map[string]store.Tally
	handled       map[update]time.Time
	audit         []store.AuditEntry // as written
	deliveries    map[string]store.Delivery
	recipients    map[string]set // by delivery
	planned       time.Time
}

var _ store.Store = (*Store)(nil)

// update names an update of a channel.
type update struct{ channel, id string }

// View implements store.Store.
func (s *Store) View(f func(store.Tx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return f(&tx{Store: s})
}

// Update implements store.Store.
func (s *Store) Update(f func(store.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.makeMaps()
	t := &tx{Store: s, writable: true}
	kept := false
	defer func() {
		if !kept { // f returned an error, or panicked
			t.rollback()
		}
	}()
	if err := f(t); err != nil {
		return err
	}
	kept = true
	return nil
}

func (s *Store) makeMaps() {
	if s.people != nil {
		return
	}
	s.people = map[store.Key]store.Person{}
	s.conversations = map[store.Key]store.Conversation{}
	s.questions = map[string]store.Question{}
	s.votes = map[string]store.Tally{}
	s.handled = map[update]time.Time{}
	s.deliveries = map[string]store.Delivery{}
	s.recipients = map[string]set{}
}

// Prune implements store.Store.
func (s *Store) Prune(now time.Time) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.records()
	deleteWhere(s.conversations, func(c store.Conversation) bool { return !now.Before(c.Until) })
	oldest := now.Add(-store.QuestionsKept).Format(time.DateOnly)
	deleteWhere(s.questions, func(q store.Question) bool { return q.Day() < oldest })
	deleteWhere(s.handled, func(at time.Time) bool { return at.Before(now.Add(-store.UpdatesKept)) })
	s.audit = slices.DeleteFunc(s.audit, func(e store.AuditEntry) bool { return e.At.Before(now.Add(-store.AuditKept)) })
	s.pruneDeliveries(now)
	return before - s.records(), nil
}

// records counts what has an age.
func (s *Store) records() int {
	n := len(s.conversations) + len(s.questions) + len(s.handled) + len(s.audit) + len(s.deliveries)
	for _, set := range s.recipients {
		n += len(set)
	}
	return n
}

func deleteWhere[K comparable, V any](m map[K]V, old func(V) bool) {
	for k, v := range m {
		if old(v) {
			delete(m, k)
		}
	}
}

// tx is a transaction: the store itself, with what takes its changes back.
type tx struct {
	*Store
	writable bool
	undo     []func()
}

func (t *tx) rollback() {
	for _, undo := range slices.Backward(t.undo) {
		undo()
	}
}

// put changes one record of the store, of which m is a table.
func put[K comparable, V any](t *tx, m map[K]V, k K, v V) error {
	if !t.writable {
		return store.ErrReadOnly
	}
	t.remember(restore(m, k))
	m[k] = v
	return nil
}

// remove removes one record of the store, of which m is a table.
func remove[K comparable, V any](t *tx, m map[K]V, k K) error {
	if !t.writable {
		return store.ErrReadOnly
	}
	t.remember(restore(m, k))
	delete(m, k)
	return nil
}

func (t *tx) remember(undo func()) { t.undo = append(t.undo, undo) }

// restore returns what puts a record back as it is now.
func restore[K comparable, V any](m map[K]V, k K) func() {
	old, had := m[k]
	return func() {
		if had {
			m[k] = old
		} else {
			delete(m, k)
		}
	}
}
