// Package reminder reaches people who did not write just now.
package reminder

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
// is the context's or the store's, or a bug's over somebody, after all others.
func Tell(ctx context.Context, s store.Store, b *bot.Bot, sender bot.Sender) (told, asleep int, err error) {
	var bug error
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
			return told, asleep, bug
		}
		for _, p := range people {
			if err := ctx.Err(); err != nil {
				return told, asleep, err
			}
			n := 0
			err := safely(func() (err error) {
				n, err = tell(ctx, s, b, sender, p)
				return err
			})
			told += n
			switch {
			case errors.Is(err, errLater):
				asleep++
			case errors.Is(err, errPanic):
				bug = err
			case err != nil:
				return told, asleep, err
			}
		}
		last = people[len(people)-1].Key
	}
}

// errNoNews keeps back what somebody does not want to be told any more, or what changed again.
var errNoNews = errors.New("it is no news any more")

// tell tells one person, as read a while ago. What is under way when the context
// ends may end too: it would be repeated if it was not known what became of it.
func tell(ctx context.Context, s store.Store, b *bot.Bot, sender bot.Sender, p store.KeyedPerson) (told int, err error) {
	sending, cancel := underWay(ctx)
	defer cancel()
	for _, news := range b.News(p) {
		check := func() error { return checkNews(s, b, p.Key, news) }
		err := check() // those who sleep must not take up the time of others
		if err == nil {
			_, err = sender.Send(sending, bot.Message{To: p.Key, Reply: news.Reply, Priority: bot.ToRemind, Check: check})
		}
		switch {
		case err == nil:
			told++
		case errors.Is(err, errNoNews):
			continue
		case errors.Is(err, bot.ErrUnreachable), errors.Is(err, bot.ErrRefused):
			// It is noted as told all the same: it would fail each time.
		default:
			return told, err
		}
		err = insist(sending, func() error {
			return s.Update(func(tx store.Tx) error {
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
		})
		if err != nil {
			return told, fmt.Errorf("note what somebody was told: %w", err)
		}
	}
	return told, nil
}

// checkNews tells whether somebody, as kept by now, is to be told something just
// now. The error says why not, or is the store's.
func checkNews(s store.Store, b *bot.Bot, key store.Key, news bot.News) error {
	person := store.KeyedPerson{Key: key}
	err := s.View(func(tx store.Tx) (err error) {
		person.Person, err = tx.Person(key)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) { // who was forgotten asked for nothing
		return fmt.Errorf("read who asked to be told: %w", err)
	}
	same := func(n bot.News) bool { return n.Reply.Plain() == news.Reply.Plain() }
	switch {
	case !slices.ContainsFunc(b.News(person), same):
		return errNoNews
	case night(person.Person, b.Zone, b.Now()):
		return errLater
	}
	return nil
}
