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
// after a crash Tell can be called again. Whom it is night for is passed over. It
// returns the number of messages delivered and of persons passed over; the error
// is the context's or the store's.
func Tell(ctx context.Context, s store.Store, b *bot.Bot, sender bot.Sender) (told, asleep int, err error) {
	for last := (store.Key{}); ; {
		var people []store.KeyedPerson
		err := s.View(func(tx store.Tx) (err error) {
			people, err = tx.PeopleAfter(last, atOnce)
			return err
		})
		if err != nil {
			return told, asleep, fmt.Errorf("read who asked to be told: %w", err)
		}
		if len(people) == 0 {
			return told, asleep, nil
		}
		for _, p := range people {
			if err := ctx.Err(); err != nil {
				return told, asleep, err
			}
			news := b.News(p)
			if len(news) > 0 && night(p.Person, b.Zone, b.Now()) {
				asleep++
				continue
			}
			n, err := tell(ctx, s, sender, p.Key, news)
			told += n
			if err != nil {
				return told, asleep, err
			}
		}
		last = people[len(people)-1].Key
	}
}

// tell tells one person. What is under way when the context ends may end too: it
// would be repeated if it was not known what became of it.
func tell(ctx context.Context, s store.Store, sender bot.Sender, to store.Key, all []bot.News) (told int, err error) {
	sending, cancel := underWay(ctx)
	defer cancel()
	for _, news := range all {
		_, err := sender.Send(sending, bot.Message{To: to, Reply: news.Reply, Priority: bot.ToRemind})
		switch {
		case err == nil:
			told++
		case errors.Is(err, bot.ErrUnreachable), errors.Is(err, bot.ErrRefused):
			// It is noted as told all the same: it would fail each time.
		default:
			return told, err
		}
		err = s.Update(func(tx store.Tx) error {
			person, err := tx.Person(to)
			if errors.Is(err, store.ErrNotFound) {
				return nil // forgotten meanwhile
			}
			if err != nil {
				return err
			}
			news.Told(&person)
			return tx.PutPerson(to, person)
		})
		if err != nil {
			return told, fmt.Errorf("note what somebody was told: %w", err)
		}
	}
	return told, nil
}
