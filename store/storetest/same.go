package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"tanyanetral/store"
)

// Same plays the same random transactions on two empty stores and compares what
// they answer and what they hold.
func Same(t *testing.T, a, b store.Store) {
	for seed := range uint64(50) {
		same(t, play(a, seed), play(b, seed))
		same(t, read(t, a), read(t, b))
		if t.Failed() {
			t.Fatalf("after %d transactions", seed+1)
		}
	}
}

// play makes one random transaction, or prunes, and returns all that was answered.
func play(s store.Store, seed uint64) (answers []any) {
	now := noon.Add(time.Duration(seed) * 42 * time.Hour) // 50 steps are 87 days
	answer := func(values ...any) {
		for _, v := range values {
			if err, ok := v.(error); ok {
				v = errors.Is(err, store.ErrNotFound)
			}
			answers = append(answers, v)
		}
	}
	err := s.Update(func(tx store.Tx) error {
		answers = nil // it may be called again
		r := rand.New(rand.NewPCG(seed, 0))
		for range 1 + r.IntN(40) {
			step(tx, r, now, answer)
		}
		if r.IntN(4) == 0 {
			return errRefused
		}
		return nil
	})
	answer(errors.Is(err, errRefused))
	if seed%8 == 7 {
		// So much later a store that keeps updates a day longer has removed them, too.
		_, err := s.Prune(now.Add(150 * 24 * time.Hour))
		answer(err == nil)
	}
	return answers
}

func step(tx store.Tx, r *rand.Rand, now time.Time, answer func(...any)) {
	key := store.Key{Channel: []string{"telegram", "a", ""}[r.IntN(3)], ID: fmt.Sprint(r.IntN(12))}
	topic := fmt.Sprint("topic-", r.IntN(4))
	id := fmt.Sprintf("%s-%d", now.AddDate(0, 0, -r.IntN(5)).Format(time.DateOnly), r.IntN(20))
	switch r.IntN(20) {
	case 0, 1:
		answer(tx.PutPerson(key, store.Person{Unit: fmt.Sprint(r.IntN(1000)), Votes: map[string]int{topic: 1 - 2*r.IntN(2)}}))
	case 2:
		had, err := tx.Forget(key)
		answer(had, err)
	case 3:
		answer(tx.Move(key, store.Key{Channel: "telegram", ID: fmt.Sprint(r.IntN(12))}))
	case 4, 5:
		answer(tx.PutConversation(key, store.Conversation{Topic: topic, Until: now.Add(time.Duration(r.IntN(3)) * time.Hour)}))
	case 6:
		answer(tx.PutConversation(key, store.Conversation{}))
	case 7:
		answer(tx.LogQuestion(wholeQuestion(id)))
	case 8:
		answer(tx.AddVotes(topic, store.Tally{Helpful: r.IntN(7) - 2, NotHelpful: r.IntN(7) - 2}))
	case 9:
		answer(tx.MarkHandled("telegram", fmt.Sprint(16+r.IntN(4)), now))
	case 10:
		answer(tx.WriteAudit(store.AuditEntry{At: now.Add(-time.Duration(r.IntN(50)) * time.Hour), By: key.ID, Action: topic}))
	case 11:
		person, err := tx.Person(key)
		conversation, err2 := tx.Conversation(key)
		answer(person, err, conversation, err2)
	case 12:
		people, err := tx.PeopleAfter(key, r.IntN(9))
		answer(people, err)
		questions, err := tx.QuestionsAfter(id, r.IntN(9))
		answer(questions, err)
	case 13:
		votes, err := tx.Votes()
		answer(votes, err)
		entries, err := tx.LastAudit(r.IntN(9))
		answer(entries, err)
		handled, err := tx.Handled("telegram", "17", now)
		answer(handled, err)
	default:
		stepDelivery(tx, r, now, key, answer)
	}
}

func stepDelivery(tx store.Tx, r *rand.Rand, now time.Time, key store.Key, answer func(...any)) {
	id := fmt.Sprint("b-", 1+r.IntN(5))
	switch r.IntN(6) {
	case 0:
		states := []store.DeliveryState{store.Draft, store.Scheduled, store.Running, store.Running, store.Done, store.Cancelled}
		answer(tx.PutDelivery(store.Delivery{
			ID: id, State: states[r.IntN(len(states))], Created: now, Ended: now.AddDate(0, 0, -r.IntN(400)),
			Collected: key, Progress: []store.Place{{Chat: key, Reference: fmt.Sprint(r.IntN(1000))}},
		}))
	case 1, 2:
		answer(tx.AddRecipients(id, []store.Key{key, {Channel: "a", ID: fmt.Sprint(r.IntN(12))}, key, {Channel: "telegram", ID: fmt.Sprint(r.IntN(12))}}))
	case 3:
		settled, err := tx.Settle(id, key, []store.Outcome{store.Delivered, store.Refused}[r.IntN(2)])
		answer(settled, err)
	case 4:
		keys, err := tx.RecipientsAfter(id, key, r.IntN(9))
		answer(keys, err)
		d, err := tx.Delivery(id)
		answer(d, err)
		page, err := tx.DeliveriesBefore(id, r.IntN(4))
		answer(page, err)
	case 5:
		cleared, err := tx.ClearRecipients(id, r.IntN(4))
		answer(cleared, err)
	}
}
