// Package bolt keeps the state in one bbolt file.
package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"tanyanetral/store"
)

// FileName is the name of the state file in the data directory.
const FileName = "tanyanetral.db"

// version is the schema of the file. Raise it with a migration.
const version = 2

// What can be wrong with a state file. Open leaves such a file untouched.
var (
	ErrLocked   = errors.New("another process has the file")
	ErrDamaged  = errors.New("the file is damaged")
	ErrNewer    = errors.New("the file was written by a newer version of the program")
	ErrReadOnly = errors.New("the file cannot be written to")
)

// Store is a store in one bbolt file. Its buckets, in schema 2:
//
//	meta           "version" -> the schema, a big-endian uint64
//	               "forgot" -> there since somebody was forgotten
//	               "planned" -> moment up to which reminders were planned, a time
//	people         key -> store.Person
//	conversations  key -> Until as a time, store.Conversation without it
//	questions      id -> store.Question without it
//	votes          topic -> store.Tally
//	updates        day (2006-01-02, UTC) -> bucket of key of channel and id -> time when it was handled
//	audit          time, big-endian uint64 that counts up -> store.AuditEntry without the time
//	deliveries     id -> store.Delivery without it and what is counted
//	active         id of a delivery that has not ended -> nothing
//	expiries       id of a delivery that expires -> time
//	counts         id of a delivery -> what is counted
//	recipients     id of a delivery -> bucket of key of somebody who is not settled -> nothing
//
// A key is the length of the channel, a big-endian uint16, the channel and the id.
// A time is its seconds, a big-endian int64 with the sign bit turned, and its
// nanoseconds, a big-endian uint32. So both sort as they must. Records are JSON.
//
// The file has mode 0600 and one owner: a second Open fails with ErrLocked.
type Store struct {
	db       *bbolt.DB
	path     string
	file     *os.File // that db has open
	pageSize int64

	changes chan *change
	closing chan struct{}
	closed  chan struct{} // nobody takes changes any more
	stop    func()        // closes closing and waits for closed, once

	writing sync.Mutex
	broken  error // why nothing is written any more; guarded by writing

	lookups atomic.Int64 // since pages were let go

	backingUp sync.Mutex
	soundDay  string // day of the daily backup that is known to be sound; guarded by backingUp
}

var _ store.Store = (*Store)(nil)

var (
	metaBucket          = []byte("meta")
	peopleBucket        = []byte("people")
	conversationsBucket = []byte("conversations")
	questionsBucket     = []byte("questions")
	votesBucket         = []byte("votes")
	updatesBucket       = []byte("updates")
	auditBucket         = []byte("audit")
	deliveriesBucket    = []byte("deliveries")
	activeBucket        = []byte("active")
	expiriesBucket      = []byte("expiries")
	countsBucket        = []byte("counts")
	recipientsBucket    = []byte("recipients")

	versionKey = []byte("version")
	forgotKey  = []byte("forgot")
	plannedKey = []byte("planned")
)

// recordBuckets are all buckets but meta.
func recordBuckets() [][]byte {
	return [][]byte{
		peopleBucket, conversationsBucket, questionsBucket, votesBucket, updatesBucket, auditBucket,
		deliveriesBucket, activeBucket, expiriesBucket, countsBucket, recipientsBucket,
	}
}

const (
	lockTimeout = time.Second
	initialMmap = 64 << 20 // so that a writer need not wait for readers to enlarge the mapping
	small       = 8 << 20  // bytes up to which a file is checked at Open and rewritten at Close
	allocation  = 1 << 20  // bytes that the file grows by
)

// Open opens the state file in a directory, and makes both where they are
// missing. A file of an older schema is migrated, after a backup of it was made.
func Open(dir string) (*Store, error) {
	path := filepath.Join(dir, FileName)
	s, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("open state %s: %w", path, err)
	}
	return s, nil
}

func open(path string) (_ *Store, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if err := writable(path); err != nil {
		return nil, err
	}
	s := &Store{path: path, changes: make(chan *change), closing: make(chan struct{}), closed: make(chan struct{})}
	defer func() {
		if err != nil {
			s.release()
		}
	}()
	// Pages that a cut file lacks fault when they are read.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer recoverDamage(&err)
	if err := s.openFile(); err != nil {
		return nil, err
	}
	found, err := inspect(s.db, s.file, small)
	switch {
	case err != nil:
		return nil, err
	case found == 0:
		err = errors.Join(s.db.Update(create), syncDir(filepath.Dir(path)))
	case found < version:
		err = s.migrate(found)
	}
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil { // a restored copy may be open to others
		return nil, err
	}
	s.pageSize = int64(s.db.Info().PageSize)
	os.Remove(s.rewritten()) // left over where a process was killed at Close
	s.stop = sync.OnceFunc(func() { close(s.closing); <-s.closed })
	go s.writeChanges()
	return s, nil
}

// writable returns an error where bbolt should not touch what is there.
func writable(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return ErrDamaged
	case info.Mode().Perm()&0o200 == 0:
		// A privileged user could write to it all the same, against the owner's will.
		return ErrReadOnly
	case info.Size() == 0:
		// bbolt would make a new database of an empty file: then something emptied it.
		return ErrDamaged
	}
	return nil
}

// openFile opens and locks the file.
func (s *Store) openFile() (err error) {
	s.db, err = bbolt.Open(s.path, 0o600, &bbolt.Options{
		Timeout: lockTimeout, InitialMmapSize: initialMmap, FreelistType: bbolt.FreelistMapType,
		OpenFile: keepFile(&s.file),
	})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return ErrLocked
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	case isSystemError(err):
		return err
	case err != nil: // bbolt did not find what it writes
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	s.db.AllocSize = allocation
	// While this process waited for the lock, the last owner may have put another
	// file in place of the one that is open now.
	current, err := s.isFile(s.path)
	if err != nil || current {
		return err
	}
	if err := s.db.Close(); err != nil {
		return err
	}
	return s.openFile()
}

// release closes the file, also where bbolt panicked and did not.
func (s *Store) release() {
	if s.db != nil {
		s.db.Close()
	} else if s.file != nil {
		s.file.Close()
	}
}

// keepFile returns what opens a file for bbolt, and keeps it.
func keepFile(kept **os.File) func(string, int, os.FileMode) (*os.File, error) {
	return func(name string, flag int, mode os.FileMode) (*os.File, error) {
		file, err := os.OpenFile(name, flag, mode)
		*kept = file
		return file, err
	}
}

// isFile tells whether a path leads to the file that is open.
func (s *Store) isFile(path string) (bool, error) {
	opened, err := s.file.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	return os.SameFile(opened, named), nil
}

// isSystemError tells whether it was the operating system that refused: a full disk, say.
func isSystemError(err error) bool {
	var number syscall.Errno
	return errors.As(err, &number)
}

// create makes the buckets of a new file.
func create(tx *bbolt.Tx) error {
	for _, name := range recordBuckets() {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	return putVersion(tx)
}

func putVersion(tx *bbolt.Tx) error {
	meta, err := tx.CreateBucketIfNotExists(metaBucket)
	if err != nil {
		return err
	}
	return meta.Put(versionKey, binary.BigEndian.AppendUint64(nil, version))
}
