package bolt_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tanyanetral/store"
	"tanyanetral/store/bolt"
)

func TestPruneWritesNothingWhereNothingIsDue(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer closeStore(t, s)
	logQuestions(t, s, 100)
	err := s.Update(func(tx store.Tx) error {
		return errors.Join(
			tx.PutPerson(someone, store.Person{Unit: "x"}), tx.PutConversation(someone, store.Conversation{Until: noon.Add(time.Minute)}),
			tx.MarkHandled("telegram", "17", noon), tx.WriteAudit(store.AuditEntry{At: noon, Action: "reload"}),
			tx.PutDelivery(store.Delivery{ID: "b-1", State: store.Running}), tx.AddRecipients("b-1", []store.Key{someone}),
			tx.PutDelivery(store.Delivery{ID: "b-2", State: store.Draft, Created: noon}),
			tx.PutDelivery(store.Delivery{ID: "b-3", State: store.Done, Ended: noon}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	before := contentOf(t, filepath.Join(dir, bolt.FileName))
	if n, err := s.Prune(noon); n != 0 || err != nil {
		t.Errorf("removed %d, error %v", n, err)
	}
	if string(before) != string(contentOf(t, filepath.Join(dir, bolt.FileName))) {
		t.Error("the file was written to")
	}
}

func TestPruneLeavesAConversationThatWentOnMeanwhile(t *testing.T) {
	s := open(t, t.TempDir())
	defer closeStore(t, s)
	const people = 300
	key := func(i int) store.Key { return store.Key{Channel: "telegram", ID: fmt.Sprint(i)} }
	err := s.Update(func(tx store.Tx) error {
		for i := range people {
			if err := tx.PutConversation(key(i), store.Conversation{Topic: "old", Until: noon}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	pruned := make(chan int)
	go func() {
		n, err := s.Prune(noon)
		if err != nil {
			t.Error(err)
		}
		pruned <- n
	}()
	for i := range people {
		err := s.Update(func(tx store.Tx) error {
			return tx.PutConversation(key(i), store.Conversation{Topic: "new", Until: noon.Add(time.Hour)})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	<-pruned
	err = s.View(func(tx store.Tx) error {
		for i := range people {
			c, err := tx.Conversation(key(i))
			if err != nil || c.Topic != "new" {
				return fmt.Errorf("%v: got %+v, error %v", key(i), c, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestStatsTellSizeAndFreeSpace(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer closeStore(t, s)
	logQuestions(t, s, 5000)
	stats, err := s.Stats()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, bolt.FileName)
	if want := int64(len(contentOf(t, path))); stats.Size != want || stats.Path != path {
		t.Errorf("got %+v, want size %d of %s", stats, want, path)
	}
	if n, err := s.Prune(noon.AddDate(1, 0, 0)); n != 5000 || err != nil {
		t.Fatalf("removed %d, error %v", n, err)
	}
	after, err := s.Stats()
	if err != nil {
		t.Fatal(err)
	}
	if after.Free < stats.Free+500_000 || after.Free > after.Size {
		t.Errorf("got %d bytes free of %d, before 5,000 questions were removed %d", after.Free, after.Size, stats.Free)
	}
}
