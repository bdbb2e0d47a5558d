// Package memory is a store that forgets when the program ends: for questions
// asked from scripts, and for tests.
package memory

import (
	"slices"
	"sync"

	"tanyanetral/store"
)

// Store keeps everything in memory. The zero Store is empty and ready.
type Store struct {
	mu     sync.Mutex
	people map[store.Key]store.Person
}

var _ store.People = (*Store)(nil)

// Person implements store.People.
func (s *Store) Person(key store.Key) (store.Person, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.people[key]
	if !ok {
		return store.Person{}, store.ErrNotFound
	}
	p.Offered = slices.Clone(p.Offered)
	return p, nil
}

// UpdatePerson implements store.People.
func (s *Store) UpdatePerson(key store.Key, change func(*store.Person) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.people[key]
	p.Offered = slices.Clone(p.Offered)
	if err := change(&p); err != nil {
		return err
	}
	p.Offered = slices.Clone(p.Offered)
	if s.people == nil {
		s.people = map[store.Key]store.Person{}
	}
	s.people[key] = p
	return nil
}

// Forget implements store.People.
func (s *Store) Forget(key store.Key) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.people[key]
	delete(s.people, key)
	return ok, nil
}
