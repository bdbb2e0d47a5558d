package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"go.etcd.io/bbolt"
)

const (
	backupDir   = "backups"
	backupsKept = 7
	unfinished  = ".unfinished"
)

var (
	dailyName      = regexp.MustCompile(`^tanyanetral-\d{4}-\d{2}-\d{2}\.db$`)
	schemaName     = regexp.MustCompile(`^tanyanetral-schema-\d+\.db$`)                         // made before a migration
	unfinishedName = regexp.MustCompile(`^tanyanetral-.*` + regexp.QuoteMeta(unfinished) + `$`) // of a process that was killed
)

// Backup writes a copy of the state to a file while others go on writing. The
// copy takes the place of a file of that name only once every page of it was checked.
func (s *Store) Backup(path string) error {
	s.backingUp.Lock()
	defer s.backingUp.Unlock()
	if own, err := s.isFile(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("back up state to %s: %w", path, err)
	} else if own {
		return fmt.Errorf("back up state to %s: that is the state itself", path)
	}
	if err := s.copyTo(path); err != nil {
		return fmt.Errorf("back up state to %s: %w", path, err)
	}
	return nil
}

func (s *Store) copyTo(path string) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*"+unfinished)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	err = s.db.View(func(tx *bbolt.Tx) error {
		_, err := tx.WriteTo(file)
		return err
	})
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := verify(file.Name()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// Daily is what DailyBackup did.
type Daily struct {
	Made    string   // the backup of today, "" where it was there already
	Removed []string // old backups
}

// DailyBackup makes the backup of the day in which now is, in backups in the data
// directory, unless a sound one is there, and then removes older ones than the
// newest seven that are sound. It may be called as often as one likes.
func (s *Store) DailyBackup(now time.Time) (Daily, error) {
	s.backingUp.Lock()
	defer s.backingUp.Unlock()
	day := now.Format(time.DateOnly)
	dir := filepath.Join(filepath.Dir(s.path), backupDir)
	done, err := s.dailyBackup(dir, day)
	if err != nil {
		return done, fmt.Errorf("daily backup in %s: %w", dir, err)
	}
	return done, nil
}

func (s *Store) dailyBackup(dir, day string) (done Daily, err error) {
	path := filepath.Join(dir, "tanyanetral-"+day+".db")
	if _, err := os.Stat(path); err == nil && s.soundDay == day {
		return done, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return done, err
	}
	if verify(path) != nil {
		if err := s.copyTo(path); err != nil {
			return done, err
		}
		done.Made = path
	}
	done.Removed, err = removeOldBackups(dir)
	if err == nil {
		s.soundDay = day
	}
	return done, err
}

// removeOldBackups removes superfluous daily backups. With the first of them go
// those that were made before a migration: they hold who asked to be forgotten since.
func removeOldBackups(dir string) (removed []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var daily, schemas, old []string // in the order of their names
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		switch name := entry.Name(); {
		case dailyName.MatchString(name):
			daily = append(daily, path)
		case schemaName.MatchString(name):
			schemas = append(schemas, path)
		case unfinishedName.MatchString(name):
			old = append(old, path)
		}
	}
	if n := superfluous(daily); n > 0 {
		old = append(append(old, daily[:n]...), schemas...)
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			return removed, err
		}
		removed = append(removed, path)
	}
	return removed, nil
}

// superfluous returns how many of the oldest backups are behind enough sound ones:
// damaged ones push out none.
func superfluous(daily []string) int {
	if len(daily) <= backupsKept {
		return 0 // without reading them all
	}
	sound := 0
	for i, path := range slices.Backward(daily) {
		if sound == backupsKept {
			return i + 1
		}
		if verify(path) == nil {
			sound++
		}
	}
	return 0
}
