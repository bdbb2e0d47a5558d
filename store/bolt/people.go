package bolt

import (
	"bytes"
	"encoding/json"

	"go.etcd.io/bbolt"

	"tanyanetral/store"
)

// Person implements store.People.
func (t *tx) Person(key store.Key) (p store.Person, err error) {
	err = t.read("read person", func() error {
		b := t.bucket(peopleBucket).Get(encodeKey(key))
		if b == nil {
			return store.ErrNotFound
		}
		return decode(b, &p)
	})
	return p, err
}

// PutPerson implements store.People.
func (t *tx) PutPerson(key store.Key, p store.Person) error {
	return t.write("keep person", func() error {
		b, err := json.Marshal(p)
		if err != nil {
			return err
		}
		return t.put(t.bucket(peopleBucket), encodeKey(key), b)
	})
}

// perPage is about the number of persons that stand on a page of the file.
const perPage = 16

// PeopleAfter implements store.People.
func (t *tx) PeopleAfter(after store.Key, n int) (people []store.KeyedPerson, err error) {
	err = t.read("read people", func() error {
		return eachAfter(t.bucket(peopleBucket), encodeKey(after), n, func(k, v []byte) error {
			key, err := decodeKey(k)
			if err != nil {
				return err
			}
			var p store.Person
			if err := decode(v, &p); err != nil {
				return err
			}
			people = append(people, store.KeyedPerson{Key: key, Person: p})
			if len(people)%perPage == 0 {
				t.lookups++
			}
			return nil
		})
	})
	return people, err
}

// eachAfter calls f with up to n records whose keys come after a key.
func eachAfter(b *bbolt.Bucket, after []byte, n int, f func(k, v []byte) error) error {
	c := b.Cursor()
	k, v := c.Seek(after)
	if string(k) == string(after) && k != nil {
		k, v = c.Next()
	}
	for ; k != nil && n > 0; k, v = c.Next() {
		if err := f(k, v); err != nil {
			return err
		}
		n--
	}
	return nil
}

// Forget implements store.People.
func (t *tx) Forget(key store.Key) (had bool, err error) {
	err = t.write("forget person", func() (err error) {
		had, err = t.forget(encodeKey(key))
		return err
	})
	return had, err
}

func (t *tx) forget(key []byte) (had bool, err error) {
	// Who wants to be forgotten is, even if the record cannot be read: then the votes stay counted.
	var p store.Person
	if b := t.bucket(peopleBucket).Get(key); b != nil && decode(b, &p) == nil {
		for topic, vote := range p.Votes {
			if err := t.changeVotes(topic, func(votes store.Tally) store.Tally { return votes.Minus(store.TallyOf(vote)) }); err != nil {
				return false, err
			}
		}
	}
	for _, name := range [][]byte{peopleBucket, conversationsBucket} {
		was, err := t.remove(t.bucket(name), key)
		if err != nil {
			return false, err
		}
		had = had || was
	}
	for _, id := range t.setsWith(key) {
		if _, err := t.settle(id, key, store.Unsubscribed); err != nil {
			return false, err
		}
		had = true
	}
	if !had {
		return false, nil
	}
	return true, t.put(t.bucket(metaBucket), forgotKey, []byte{1})
}

// Move implements store.People.
func (t *tx) Move(from, to store.Key) error {
	return t.write("move person", func() error {
		if from == to {
			return nil
		}
		oldKey, newKey := encodeKey(from), encodeKey(to)
		person := bytes.Clone(t.bucket(peopleBucket).Get(oldKey))
		conversation := bytes.Clone(t.bucket(conversationsBucket).Get(oldKey))
		sets := t.setsWith(oldKey)
		if person == nil && conversation == nil && sets == nil {
			return nil
		}
		if _, err := t.forget(newKey); err != nil {
			return err
		}
		if err := t.rename(t.bucket(peopleBucket), oldKey, newKey, person); err != nil {
			return err
		}
		if err := t.rename(t.bucket(conversationsBucket), oldKey, newKey, conversation); err != nil {
			return err
		}
		for _, id := range sets {
			if err := t.rename(t.recipients(id), oldKey, newKey, nothing); err != nil {
				return err
			}
		}
		return nil
	})
}

// rename puts a record, if there is one, under another key.
func (t *tx) rename(b *bbolt.Bucket, from, to, record []byte) error {
	if record == nil {
		return nil
	}
	if _, err := t.remove(b, from); err != nil {
		return err
	}
	return t.put(b, to, record)
}
