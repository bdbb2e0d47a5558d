package bolt

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"tanyanetral/store"
)

// migrate brings a file of an older schema to the present one, in one
// transaction, after a backup of it was made.
func (s *Store) migrate(from uint64) error {
	dir := filepath.Join(filepath.Dir(s.path), backupDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := s.copyTo(filepath.Join(dir, fmt.Sprintf("tanyanetral-schema-%d.db", from))); err != nil {
		return fmt.Errorf("back it up before a migration: %w", err)
	}
	if err := s.db.Update(migrateFrom1); err != nil {
		return fmt.Errorf("migrate from schema %d: %w", from, err)
	}
	return nil
}

// migrateFrom1 brings people to schema 2: other keys, fewer fields. What schema 1
// knew of a conversation was of use for half an hour and is dropped.
func migrateFrom1(tx *bbolt.Tx) error {
	var people []store.KeyedPerson
	err := tx.Bucket(peopleBucket).ForEach(func(k, v []byte) error {
		key, err := decodeKey1(k)
		if err != nil {
			return err
		}
		p, err := decodePerson1(v)
		people = append(people, store.KeyedPerson{Key: key, Person: p})
		return err
	})
	if err != nil {
		return err
	}
	if err := tx.DeleteBucket(peopleBucket); err != nil {
		return err
	}
	if err := create(tx); err != nil {
		return err
	}
	b := tx.Bucket(peopleBucket)
	for _, p := range people {
		record, err := json.Marshal(p.Person)
		if err != nil {
			return err
		}
		if err := b.Put(encodeKey(p.Key), record); err != nil {
			return err
		}
	}
	return nil
}

// decodeKey1 reads a key of schema 1: length of the channel as a uvarint, channel, id.
func decodeKey1(b []byte) (store.Key, error) {
	length, n := binary.Uvarint(b)
	if n <= 0 || length > uint64(len(b)-n) {
		return store.Key{}, fmt.Errorf("%w: key %x", ErrDamaged, b)
	}
	return store.Key{Channel: string(b[n : n+int(length)]), ID: string(b[n+int(length):])}, nil
}

// decodePerson1 reads a person of schema 1.
func decodePerson1(b []byte) (store.Person, error) {
	var p struct{ Status, Unit, Timezone, FirstSeen, LastSeen string }
	err := decode(b, &p)
	return store.Person{Status: p.Status, Unit: p.Unit, Timezone: p.Timezone, FirstSeen: p.FirstSeen, LastSeen: p.LastSeen}, err
}
