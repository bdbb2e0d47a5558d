// Package reminder reaches people who did not write just now.
package reminder

import (
	"context"
	"errors"
	"fmt"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// atOnce is the number of persons that are read in one transaction.
const atOnce = 200

// Tell tells people what they asked to be told about and what has changed since:
// an answer, or that there is one now. It goes through all people, but holds few
// of them in memory. What was told is noted as soon as it is delivered, so that
// after a crash Tell can be called again. It returns the number of messages
// delivered; the error is the context's or the store's.
func Tell(ctx context.Context, s store.Store, b *bot.Bot, sender bot.Sender) (told int, err error) {
	for last := (store.Key{}); ; {
		var people []store.KeyedPerson
		err := s.View(func(tx store.Tx) (err error) {
			people, err = tx.PeopleAfter(last, atOnce)
			return err
		})
		if err != nil {
			return told, fmt.Errorf("read who asked to be told: %w", err)
		}
		if len(people) == 0 {
			return told, nil
		}
		for _, p := range people {
			n, err := tell(ctx, s, b, sender, p)
			told += n
			if err != nil {
				return told, err
			}
		}
		last = people[len(people)-1].Key
	}
}

func tell(ctx context.Context, s store.Store, b *bot.Bot, sender bot.Sender, p store.KeyedPerson) (told int, err error) {
	for _, news := range b.News(p) {
		_, err := sender.Send(ctx, bot.Message{To: p.Key, Reply: news.Reply, Priority: bot.ToRemind})
		switch {
		case err == nil:
			told++
		case errors.Is(err, bot.ErrUnreachable), errors.Is(err, bot.ErrRefused):
			// It is noted as told all the same: it would fail each time.
		default:
			return told, err
		}
		err = s.Update(func(tx store.Tx) error {
			person, err := tx.Person(p.Key)
			if errors.Is(err, store.ErrNotFound) {
				return nil // forgotten meanwhile
			}
			if err != nil {
				return err
			}
			news.Told(&person)
			return tx.PutPerson(p.Key, person)
		})
		if err != nil {
			return told, fmt.Errorf("note what somebody was told: %w", err)
		}
	}
	return told, nil
}
