package storetest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"tanyanetral/store"
)

func conversations(c contract) {
	c.sentence("one that nobody had is the zero conversation", func(t *testing.T, s store.Store) {
		same(t, kept{}, keptUnder(t, s, nobody))
	})
	c.sentence("one is returned even if its time has passed", func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error {
			return tx.PutConversation(someone, store.Conversation{Until: time.Unix(1, 0)})
		})
		same(t, kept{Conversation: store.Conversation{Until: time.Unix(1, 0)}}, keptUnder(t, s, someone))
	})
	c.sentence("to put replaces the last one whole", func(t *testing.T, s store.Store) {
		put(t, s, someone, other)
		next := store.Conversation{Awaiting: "unit", Until: noon.In(time.FixedZone("WIB", 7*3600))}
		update(t, s, func(tx store.Tx) error { return tx.PutConversation(someone, next) })
		same(t, next, keptUnder(t, s, someone).Conversation)
		same(t, whole(), keptUnder(t, s, other))
	})
	c.sentence("one without Until removes the last", func(t *testing.T, s store.Store) {
		put(t, s, someone)
		update(t, s, func(tx store.Tx) error { return tx.PutConversation(someone, store.Conversation{Topic: "cuti"}) })
		same(t, store.Conversation{}, keptUnder(t, s, someone).Conversation)
	})
	c.sentence("what was put and what is returned belong to the caller", func(t *testing.T, s store.Store) {
		mine := wholeConversation()
		update(t, s, func(tx store.Tx) error { return tx.PutConversation(someone, mine) })
		mine.Offered[0] = "spoilt"
		keptUnder(t, s, someone).Conversation.Offered[0] = "spoilt"
		same(t, wholeConversation(), keptUnder(t, s, someone).Conversation)
	})
}

func logged(t *testing.T, s store.Store, after string, n int) (ids []string) {
	t.Helper()
	view(t, s, func(tx store.Tx) error {
		page, err := tx.QuestionsAfter(after, n)
		for _, q := range page {
			same(t, wholeQuestion(q.ID), q)
			ids = append(ids, q.ID)
		}
		return err
	})
	return ids
}

func logQuestions(t *testing.T, s store.Store, ids ...string) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for _, id := range ids {
			if err := tx.LogQuestion(wholeQuestion(id)); err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
		}
		return nil
	})
}

func questions(c contract) {
	c.sentence("an entry comes back whole, any other is not found", func(t *testing.T, s store.Store) {
		logQuestions(t, s, "2026-11-22-a1b2")
		view(t, s, func(tx store.Tx) error {
			q, err := tx.Question("2026-11-22-a1b2")
			same(t, wholeQuestion("2026-11-22-a1b2"), q)
			for _, id := range []string{"2026-11-22-a1b", "2026-11-22", ""} {
				if q, err := tx.Question(id); !errors.Is(err, store.ErrNotFound) {
					t.Errorf("%q: got %+v, error %v, want ErrNotFound", id, q, err)
				}
			}
			return err
		})
	})
	c.sentence("entries are read in the order of their ids, page by page", func(t *testing.T, s store.Store) {
		ids := []string{"2026-11-20-zz", "2026-11-21-a", "2026-11-21-b", "2026-11-22-a", "2026-11-22-a0", "2026-11-22-b"}
		shuffled := slices.Clone(ids)
		slices.Reverse(shuffled)
		logQuestions(t, s, shuffled...)
		tests := []struct {
			after string
			n     int
			want  []string
		}{
			{"", 100, ids},
			{"", 2, ids[:2]},
			{"2026-11-21-a", 2, ids[2:4]},
			{"2026-11-22", 100, ids[3:]},
			{"2026-11-22-a", 1, ids[4:5]},
			{"2026-11-22-b", 100, nil},
			{"", 0, nil},
			{"", -1, nil},
		}
		for _, test := range tests {
			same(t, test.want, logged(t, s, test.after, test.n))
		}
	})
	c.sentence("an id that is not its day and some letters is refused", func(t *testing.T, s store.Store) {
		for _, id := range []string{"", "x", "2026-11-2", "2026-13-01-a", "22-11-2026-a", "2026-11-22-" + strings.Repeat("a", 30)} {
			err := s.Update(func(tx store.Tx) error { return tx.LogQuestion(store.Question{ID: id}) })
			if !errors.Is(err, store.ErrQuestionID) {
				t.Errorf("%q: got error %v, want ErrQuestionID", id, err)
			}
		}
		same(t, []string(nil), logged(t, s, "", 100))
	})
	c.sentence("what was logged and what is returned belong to the caller", func(t *testing.T, s store.Store) {
		mine := wholeQuestion("2026-11-22-a")
		update(t, s, func(tx store.Tx) error { return tx.LogQuestion(mine) })
		mine.Topics[0] = "spoilt"
		view(t, s, func(tx store.Tx) error {
			q, err := tx.Question(mine.ID)
			q.Topics[0] = "spoilt"
			return err
		})
		same(t, []string{mine.ID}, logged(t, s, "", 100))
	})
}

func votes(c contract) {
	c.sentence("add up, topic by topic", func(t *testing.T, s store.Store) {
		for range 3 {
			update(t, s, func(tx store.Tx) error {
				return errors.Join(tx.AddVotes("a", store.Tally{Helpful: 2, NotHelpful: 1}), tx.AddVotes("ab", store.Tally{NotHelpful: 1}))
			})
		}
		update(t, s, func(tx store.Tx) error { return tx.AddVotes("a", store.Tally{Helpful: -1, NotHelpful: 1}) })
		same(t, map[string]store.Tally{"a": {Helpful: 5, NotHelpful: 4}, "ab": {NotHelpful: 3}}, tallies(t, s))
	})
	c.sentence("never fall below 0", func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error {
			return errors.Join(tx.AddVotes("a", store.Tally{Helpful: 1, NotHelpful: 2}), tx.AddVotes("a", store.Tally{Helpful: -3}))
		})
		same(t, map[string]store.Tally{"a": {NotHelpful: 2}}, tallies(t, s))
	})
	c.sentence("on a topic without any are not listed", func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error {
			return errors.Join(
				tx.AddVotes("a", store.Tally{Helpful: 1}), tx.AddVotes("a", store.Tally{Helpful: -1}),
				tx.AddVotes("b", store.Tally{}), tx.AddVotes("c", store.Tally{NotHelpful: -1}),
			)
		})
		same(t, map[string]store.Tally{}, tallies(t, s))
	})
	c.sentence("that are returned belong to the caller", func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error { return tx.AddVotes("a", store.Tally{Helpful: 1}) })
		tallies(t, s)["a"] = store.Tally{}
		same(t, map[string]store.Tally{"a": {Helpful: 1}}, tallies(t, s))
	})
}

func updates(c contract) {
	handled := func(t *testing.T, s store.Store, channel, id string, now time.Time) (yes bool) {
		t.Helper()
		view(t, s, func(tx store.Tx) (err error) {
			yes, err = tx.Handled(channel, id, now)
			return err
		})
		return yes
	}
	mark := func(t *testing.T, s store.Store, at time.Time) {
		t.Helper()
		update(t, s, func(tx store.Tx) error { return tx.MarkHandled("telegram", "17", at) })
	}
	jakarta := time.FixedZone("WIB", 7*3600)
	for _, at := range []time.Time{
		noon,
		time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 11, 22, 23, 59, 59, 999_999_999, time.UTC),
		time.Date(2026, 11, 22, 23, 59, 0, 0, jakarta),
		time.Date(2026, 11, 22, 0, 0, 0, 0, jakarta),
		time.Date(2026, 12, 31, 23, 0, 0, 1, time.UTC),
	} {
		c.sentence("one is handled for 48 hours and not after, marked at "+at.Format(time.RFC3339Nano), func(t *testing.T, s store.Store) {
			mark(t, s, at)
			for age, want := range map[time.Duration]bool{
				0: true, time.Hour: true, 24 * time.Hour: true, 47*time.Hour + 59*time.Minute: true, store.UpdatesKept: true,
				store.UpdatesKept + 1: false, 72 * time.Hour: false, 7 * 24 * time.Hour: false,
				-time.Hour: true, -30 * time.Hour: true, // the clock was set back
			} {
				if got := handled(t, s, "telegram", "17", at.Add(age)); got != want {
					t.Errorf("after %v: got %v, want %v", age, got, want)
				}
			}
		})
	}
	c.sentence("others and those of another channel are not handled", func(t *testing.T, s store.Store) {
		mark(t, s, noon)
		for _, u := range [][2]string{{"telegram", "1"}, {"telegram", "170"}, {"telegram", ""}, {"whatsapp", "17"}, {"", "17"}} {
			if handled(t, s, u[0], u[1], noon) {
				t.Errorf("%q: got true, want false", u)
			}
		}
	})
	c.sentence("one that was marked again counts from then", func(t *testing.T, s store.Store) {
		mark(t, s, noon)
		mark(t, s, noon.Add(30*time.Hour))
		if !handled(t, s, "telegram", "17", noon.Add(70*time.Hour)) {
			t.Error("got false, want true")
		}
	})
}

func audit(c contract) {
	last := func(t *testing.T, s store.Store, n int) (entries []store.AuditEntry) {
		t.Helper()
		view(t, s, func(tx store.Tx) (err error) {
			entries, err = tx.LastAudit(n)
			return err
		})
		return entries
	}
	c.sentence("is read from the newest on, of one moment the last written first", func(t *testing.T, s store.Store) {
		entries := []store.AuditEntry{
			{At: noon.Add(time.Nanosecond), By: "42", Action: "broadcast", Detail: "topik medsos-like"},
			{At: noon, By: "terminal", Action: "second"},
			{At: noon, By: "terminal", Action: "first"},
			{At: noon.Add(-time.Hour).In(time.FixedZone("WIT", 9*3600)), By: "42", Action: "reload"},
			{At: time.Unix(-1, 999), Action: "before 1970"},
			{Action: "without a time"},
		}
		for _, i := range []int{2, 5, 0, 4, 3, 1} {
			update(t, s, func(tx store.Tx) error { return tx.WriteAudit(entries[i]) })
		}
		same(t, entries, last(t, s, 100))
		same(t, entries[:2], last(t, s, 2))
		same(t, []store.AuditEntry(nil), last(t, s, 0))
		same(t, []store.AuditEntry(nil), last(t, s, -1))
	})
}

// prune checks how many records are removed.
func prune(t *testing.T, s store.Store, now time.Time, want int) {
	t.Helper()
	if got, err := s.Prune(now); err != nil || got != want {
		t.Errorf("at %v: removed %d, error %v; want %d", now, got, err, want)
	}
}

func pruning(c contract) {
	c.sentence("removes nothing from an empty store", func(t *testing.T, s store.Store) {
		prune(t, s, noon, 0)
	})
	c.sentence("removes a conversation from Until on, and leaves the person", func(t *testing.T, s store.Store) {
		put(t, s, someone)
		until := wholeConversation().Until
		prune(t, s, until.Add(-1), 0)
		same(t, whole(), keptUnder(t, s, someone))
		prune(t, s, until, 1)
		want := wholePerson()
		same(t, kept{Person: &want}, keptUnder(t, s, someone))
	})
	c.sentence("removes questions by their day", func(t *testing.T, s store.Store) {
		logQuestions(t, s, "2026-05-25-a", "2026-05-26-a", "2026-05-26-b", "2026-11-22-a")
		prune(t, s, noon, 1) // 26 May lies 180 days back
		same(t, []string{"2026-05-26-a", "2026-05-26-b", "2026-11-22-a"}, logged(t, s, "", 9))
		prune(t, s, time.Date(2026, 11, 22, 23, 59, 59, 0, time.UTC), 0)
		prune(t, s, time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC).In(time.FixedZone("WIB", 7*3600)), 2)
		same(t, []string{"2026-11-22-a"}, logged(t, s, "", 9))
	})
	c.sentence("leaves updates that may come again, and removes them a day later at the latest", func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error {
			return errors.Join(tx.MarkHandled("telegram", "17", noon), tx.MarkHandled("telegram", "18", noon.Add(36*time.Hour)))
		})
		prune(t, s, noon.Add(store.UpdatesKept), 0)
		prune(t, s, noon.Add(store.UpdatesKept+24*time.Hour), 1)
		view(t, s, func(tx store.Tx) error {
			handled, err := tx.Handled("telegram", "18", noon.Add(store.UpdatesKept+24*time.Hour))
			if !handled {
				t.Error("got an update of 36 hours ago not handled")
			}
			return err
		})
	})
	c.sentence("removes audit entries by their age", func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error {
			return errors.Join(tx.WriteAudit(store.AuditEntry{At: noon, Action: "old"}), tx.WriteAudit(store.AuditEntry{At: noon.Add(1), Action: "new"}))
		})
		prune(t, s, noon.Add(store.AuditKept), 0)
		prune(t, s, noon.Add(store.AuditKept+1), 1)
		view(t, s, func(tx store.Tx) error {
			entries, err := tx.LastAudit(9)
			same(t, []store.AuditEntry{{At: noon.Add(1), Action: "new"}}, entries)
			return err
		})
	})
	c.sentence("removes thousands, and counts them", func(t *testing.T, s store.Store) {
		const many = 1234
		update(t, s, func(tx store.Tx) error {
			for i := range many {
				key := store.Key{Channel: "telegram", ID: fmt.Sprint(i)}
				err := errors.Join(
					tx.PutPerson(key, store.Person{}),
					tx.PutConversation(key, store.Conversation{Until: noon.Add(time.Duration(i%2) * time.Hour)}),
					tx.LogQuestion(wholeQuestion(fmt.Sprintf("2026-01-%02d-%d", 1+i%28, i))),
					tx.MarkHandled("telegram", fmt.Sprint(i), noon.Add(-time.Duration(i%100)*time.Hour-72*time.Hour)),
					tx.WriteAudit(store.AuditEntry{At: noon.Add(-store.AuditKept - time.Second), Action: "old"}),
				)
				if err != nil {
					return err
				}
			}
			return tx.LogQuestion(wholeQuestion("2026-11-22-a"))
		})
		prune(t, s, noon, many/2+3*many)
		same(t, []string{"2026-11-22-a"}, logged(t, s, "", 9))
		prune(t, s, noon, 0)
		view(t, s, func(tx store.Tx) error {
			people, err := tx.PeopleAfter(store.Key{}, math.MaxInt)
			if len(people) != many {
				t.Errorf("got %d people, want %d: nobody has an age", len(people), many)
			}
			return err
		})
	})
}
