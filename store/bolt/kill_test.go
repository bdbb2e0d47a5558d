package bolt_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"tanyanetral/store"
	"tanyanetral/store/bolt"
)

// The test binary is its own child where this variable names what the child does.
const childVariable = "TANYANETRAL_STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	var err error
	switch os.Getenv(childVariable) {
	case "":
		os.Exit(m.Run())
	case "write":
		err = writeForEver(os.Args[1], os.Args[2])
	case "reopen":
		err = reopenForEver(os.Args[1], os.Args[2])
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func numbered(n int) (store.Key, store.Question) {
	return store.Key{Channel: "telegram", ID: fmt.Sprint(n)}, store.Question{ID: fmt.Sprintf("2026-11-22-%d", n), Text: "boleh like?"}
}

// writeForEver writes from many goroutines, while others prune and back up, and
// prints the number of every update once it is acknowledged.
func writeForEver(dir, first string) error {
	s, err := bolt.Open(dir)
	if err != nil {
		return err
	}
	start, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	backUp := func() error { return s.Backup(filepath.Join(dir, "backup.db")) }
	if err := backUp(); err != nil {
		return err
	}
	var last atomic.Int64
	last.Store(int64(start))
	failed := make(chan error)
	for range 20 {
		go func() {
			for {
				n := int(last.Add(1))
				key, question := numbered(n)
				err := s.Update(func(tx store.Tx) error {
					_, err := tx.Forget(store.Key{Channel: "telegram", ID: fmt.Sprint(n - 50)})
					return errors.Join(
						err, tx.PutPerson(key, store.Person{Unit: fmt.Sprint(n)}), tx.PutConversation(key, store.Conversation{Until: noon}),
						tx.LogQuestion(question), tx.MarkHandled("telegram", fmt.Sprint(n), noon),
					)
				})
				if err != nil {
					failed <- err
				}
				fmt.Println(n)
			}
		}()
	}
	go func() {
		for {
			_, err := s.Prune(noon)
			if err := errors.Join(err, backUp()); err != nil {
				failed <- err
			}
		}
	}()
	return <-failed
}

// reopenForEver replaces one person by the next in a file that is written anew
// each time it is closed, and prints the number of each.
func reopenForEver(dir, first string) error {
	n, err := strconv.Atoi(first)
	for ; err == nil; n++ {
		var s *bolt.Store
		if s, err = bolt.Open(dir); err != nil {
			return err
		}
		err = s.Update(func(tx store.Tx) error {
			key, question := numbered(n)
			_, err := tx.Forget(store.Key{Channel: "telegram", ID: fmt.Sprint(n - 1)})
			return errors.Join(err, tx.PutPerson(key, store.Person{}), tx.LogQuestion(question), tx.MarkHandled("telegram", fmt.Sprint(n), noon))
		})
		if err = errors.Join(err, s.Close()); err == nil {
			fmt.Println(n)
		}
	}
	return err
}

// killed runs a child and kills it after it has acknowledged some updates. It
// returns the numbers of all that were acknowledged.
func killed(t *testing.T, what, dir string, first, after int) (acknowledged []int) {
	t.Helper()
	child := exec.Command(os.Args[0], dir, fmt.Sprint(first))
	child.Env = append(os.Environ(), childVariable+"="+what)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			break // and half a line is no acknowledgement
		}
		var n int
		if _, err := fmt.Sscan(line, &n); err != nil {
			t.Fatal(err)
		}
		if acknowledged = append(acknowledged, n); len(acknowledged) == after {
			child.Process.Kill()
		}
	}
	child.Wait()
	if len(acknowledged) < after {
		t.Fatalf("the child ended after %d updates", len(acknowledged))
	}
	return acknowledged
}

// whole checks that of each update all is there or nothing, and returns the
// number of the last one that is.
func whole(t *testing.T, s *bolt.Store, from, to int) (last int) {
	t.Helper()
	err := s.View(func(tx store.Tx) error {
		for n := from; n <= to; n++ {
			key, question := numbered(n)
			_, noQuestion := tx.Question(question.ID)
			handled, err := tx.Handled("telegram", fmt.Sprint(n), noon)
			if err != nil || handled == errors.Is(noQuestion, store.ErrNotFound) {
				return fmt.Errorf("update %d: handled: %v; question: %v; error %v", n, handled, noQuestion, err)
			}
			if handled {
				last = n
			} else if _, err := tx.Person(key); !errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("update %d is not there, but its person: %v", n, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return last
}

func TestWhatWasAcknowledgedOutlivesKill(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, bolt.FileName)
	last := 0
	for range 10 {
		first := last
		acknowledged := killed(t, "write", dir, first, 1+rand.IntN(200))
		consistent(t, path)
		s := open(t, dir)
		last = whole(t, s, first+1, first+len(acknowledged)+1000)
		err := s.View(func(tx store.Tx) error {
			for _, n := range acknowledged {
				if handled, err := tx.Handled("telegram", fmt.Sprint(n), noon); !handled || err != nil {
					return fmt.Errorf("update %d was acknowledged; handled: %v, error %v", n, handled, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		closeStore(t, s)
	}
	whole(t, restored(t, filepath.Join(dir, "backup.db")), 1, last)
}

func TestFileThatIsWrittenAnewOutlivesKill(t *testing.T) {
	dir := t.TempDir()
	last := 0
	for range 10 {
		acknowledged := killed(t, "reopen", dir, last+1, 1+rand.IntN(10))
		consistent(t, filepath.Join(dir, bolt.FileName))
		s := open(t, dir)
		done := acknowledged[len(acknowledged)-1]
		last = whole(t, s, 1, done+1)
		if last < done {
			t.Errorf("update %d was acknowledged, the last that is there is %d", done, last)
		}
		closeStore(t, s)
	}
}
