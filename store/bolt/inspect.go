package bolt

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"runtime/debug"

	"go.etcd.io/bbolt"
)

// inspect reads a file without changing it and returns its schema, 0 for a new
// file. It reads every page of one of no more than so many bytes.
func inspect(db *bbolt.DB, file *os.File, atMost int64) (schema uint64, err error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	err = db.View(func(tx *bbolt.Tx) error {
		if info.Size() < tx.Size() {
			return fmt.Errorf("%w: %d bytes of %d are left", ErrDamaged, info.Size(), tx.Size())
		}
		if tx.Size() <= atMost {
			if err := checkPages(tx); err != nil {
				return err
			}
		}
		schema, err = schemaOf(tx)
		return err
	})
	return schema, err
}

// schemaOf returns the schema of a file that this program can use, 0 where it has no content.
func schemaOf(tx *bbolt.Tx) (uint64, error) {
	meta := tx.Bucket(metaBucket)
	if meta == nil {
		if name, _ := tx.Cursor().First(); name != nil {
			return 0, fmt.Errorf("%w: it is a database of something else", ErrDamaged)
		}
		return 0, nil
	}
	b := meta.Get(versionKey)
	if len(b) != 8 {
		return 0, fmt.Errorf("%w: it has no schema version", ErrDamaged)
	}
	schema := binary.BigEndian.Uint64(b)
	switch {
	case schema > version:
		return 0, fmt.Errorf("%w: schema %d, known up to %d", ErrNewer, schema, version)
	case schema == 0:
		return 0, fmt.Errorf("%w: schema 0", ErrDamaged)
	case schema == version:
		for _, name := range recordBuckets() {
			if tx.Bucket(name) == nil {
				return 0, fmt.Errorf("%w: it has no bucket %s", ErrDamaged, name)
			}
		}
	}
	return schema, nil
}

// checkPages returns the first problem of any page.
func checkPages(tx *bbolt.Tx) (err error) {
	// bbolt checks in a goroutine of its own, where a page that points outside the
	// file would end the program: first follow all pages here, where it panics.
	tx.ForEach(func(_ []byte, b *bbolt.Bucket) error { touch(b); return nil })
	for problem := range tx.Check() {
		if err == nil {
			err = fmt.Errorf("%w: %w", ErrDamaged, problem)
		}
	}
	return err
}

// touch reads the first and the last byte of all keys and values of a bucket.
func touch(b *bbolt.Bucket) (sum byte) {
	b.ForEach(func(k, v []byte) error {
		for _, part := range [][]byte{k, v} {
			if len(part) > 0 {
				sum += part[0] + part[len(part)-1]
			}
		}
		if v == nil {
			sum += touch(b.Bucket(k))
		}
		return nil
	})
	return sum
}

// verify checks every page of a file that nobody writes to, and that this
// program can use it.
func verify(path string) (err error) {
	s := &Store{path: path}
	defer s.release()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer recoverDamage(&err)
	s.db, err = bbolt.Open(path, 0, &bbolt.Options{
		ReadOnly: true, PreLoadFreelist: true, Timeout: lockTimeout, FreelistType: bbolt.FreelistMapType, OpenFile: keepFile(&s.file),
	})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	end, err := s.letGoMeanwhile()
	if err != nil {
		return err
	}
	defer end()
	schema, err := inspect(s.db, s.file, math.MaxInt64)
	if err == nil && schema == 0 {
		return fmt.Errorf("%w: it is empty", ErrDamaged)
	}
	return err
}

// recoverDamage turns a panic of bbolt over a damaged page into an error.
func recoverDamage(err *error) {
	if r := recover(); r != nil {
		*err = damage(r)
	}
}

func damage(panicked any) error { return fmt.Errorf("%w: %v", ErrDamaged, panicked) }
