package memory

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"tanyanetral/store"
)

var _ store.Tx = (*tx)(nil)

// Person implements store.People.
func (t *tx) Person(key store.Key) (store.Person, error) {
	p, ok := t.people[key]
	if !ok {
		return store.Person{}, store.ErrNotFound
	}
	return clonePerson(p), nil
}

// PutPerson implements store.People.
func (t *tx) PutPerson(key store.Key, p store.Person) error {
	return put(t, t.people, key, clonePerson(p))
}

// PeopleAfter implements store.People.
func (t *tx) PeopleAfter(after store.Key, n int) ([]store.KeyedPerson, error) {
	var people []store.KeyedPerson
	for _, key := range firstAfter(t.people, after, n, store.Key.Compare) {
		people = append(people, store.KeyedPerson{Key: key, Person: clonePerson(t.people[key])})
	}
	return people, nil
}

// Forget implements store.People.
func (t *tx) Forget(key store.Key) (bool, error) {
	person, isPerson := t.people[key]
	_, talks := t.conversations[key]
	for topic, vote := range person.Votes {
		if err := t.setVotes(topic, t.votes[topic].Minus(store.TallyOf(vote))); err != nil {
			return false, err
		}
	}
	sets := t.setsWith(key)
	for _, id := range sets {
		if _, err := t.Settle(id, key, store.Unsubscribed); err != nil {
			return false, err
		}
	}
	return isPerson || talks || sets != nil, errors.Join(remove(t, t.people, key), remove(t, t.conversations, key))
}

// Move implements store.People.
func (t *tx) Move(from, to store.Key) error {
	if !t.writable {
		return store.ErrReadOnly
	}
	person, isPerson := t.people[from]
	conversation, talks := t.conversations[from]
	sets := t.setsWith(from)
	if from == to || !isPerson && !talks && sets == nil {
		return nil
	}
	_, err := t.Forget(to)
	if isPerson {
		err = errors.Join(err, put(t, t.people, to, person), remove(t, t.people, from))
	}
	if talks {
		err = errors.Join(err, put(t, t.conversations, to, conversation), remove(t, t.conversations, from))
	}
	for _, id := range sets {
		err = errors.Join(err, put(t, t.recipients[id], to, struct{}{}), remove(t, t.recipients[id], from))
	}
	return err
}

// Conversation implements store.Conversations.
func (t *tx) Conversation(key store.Key) (store.Conversation, error) {
	return cloneConversation(t.conversations[key]), nil
}

// PutConversation implements store.Conversations.
func (t *tx) PutConversation(key store.Key, c store.Conversation) error {
	if c.Until.IsZero() {
		return remove(t, t.conversations, key)
	}
	return put(t, t.conversations, key, cloneConversation(c))
}

// LogQuestion implements store.Questions.
func (t *tx) LogQuestion(q store.Question) error {
	if err := q.CheckID(); err != nil {
		return err
	}
	return put(t, t.questions, q.ID, cloneQuestion(q))
}

// Question implements store.Questions.
func (t *tx) Question(id string) (store.Question, error) {
	q, ok := t.questions[id]
	if !ok {
		return store.Question{}, store.ErrNotFound
	}
	return cloneQuestion(q), nil
}

// QuestionsAfter implements store.Questions.
func (t *tx) QuestionsAfter(id string, n int) ([]store.Question, error) {
	var questions []store.Question
	for _, id := range firstAfter(t.questions, id, n, strings.Compare) {
		questions = append(questions, cloneQuestion(t.questions[id]))
	}
	return questions, nil
}

// Votes implements store.Feedback.
func (t *tx) Votes() (map[string]store.Tally, error) {
	return maps.Clone(t.votes), nil
}

// AddVotes implements store.Feedback.
func (t *tx) AddVotes(topic string, add store.Tally) error {
	return t.setVotes(topic, t.votes[topic].Plus(add))
}

func (t *tx) setVotes(topic string, tally store.Tally) error {
	if tally == (store.Tally{}) {
		return remove(t, t.votes, topic)
	}
	return put(t, t.votes, topic, tally)
}

// Handled implements store.Updates.
func (t *tx) Handled(channel, id string, now time.Time) (bool, error) {
	at, ok := t.handled[update{channel, id}]
	return ok && !at.Before(now.Add(-store.UpdatesKept)), nil
}

// MarkHandled implements store.Updates.
func (t *tx) MarkHandled(channel, id string, now time.Time) error {
	if t.handled[update{channel, id}].After(now) {
		now = t.handled[update{channel, id}] // the clock was set back
	}
	return put(t, t.handled, update{channel, id}, now)
}

// WriteAudit implements store.Audit.
func (t *tx) WriteAudit(e store.AuditEntry) error {
	if !t.writable {
		return store.ErrReadOnly
	}
	before := len(t.audit)
	t.remember(func() { t.audit = t.audit[:before] })
	t.audit = append(t.audit, e)
	return nil
}

// LastAudit implements store.Audit.
func (t *tx) LastAudit(n int) ([]store.AuditEntry, error) {
	entries := slices.Clone(t.audit)
	slices.Reverse(entries) // the sort keeps the order of those of one moment
	slices.SortStableFunc(entries, func(a, b store.AuditEntry) int { return b.At.Compare(a.At) })
	return entries[:min(len(entries), max(n, 0))], nil
}

// firstAfter returns up to n keys of a table that come after a key, in order.
func firstAfter[K comparable, V any](m map[K]V, after K, n int, compare func(a, b K) int) []K {
	var keys []K
	for k := range m {
		if compare(k, after) > 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, compare)
	return keys[:min(len(keys), max(n, 0))]
}

func clonePerson(p store.Person) store.Person {
	p.Watches = slices.Clone(p.Watches)
	p.Votes = maps.Clone(p.Votes)
	return p
}

func cloneConversation(c store.Conversation) store.Conversation {
	c.Offered = slices.Clone(c.Offered)
	return c
}

func cloneQuestion(q store.Question) store.Question {
	q.Topics = slices.Clone(q.Topics)
	return q
}
