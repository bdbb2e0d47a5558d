package bolt_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"tanyanetral/store"
	"tanyanetral/store/bolt"
)

// writeSchema1 makes a file as the first version of the program wrote it.
func writeSchema1(t *testing.T, path string, people map[string]string) {
	t.Helper()
	edit(t, path, func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucket([]byte("meta"))
		if err != nil {
			return err
		}
		if err := meta.Put([]byte("version"), binary.BigEndian.AppendUint64(nil, 1)); err != nil {
			return err
		}
		b, err := tx.CreateBucket([]byte("people"))
		if err != nil {
			return err
		}
		for key, record := range people {
			if err := b.Put([]byte(key), []byte(record)); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestFileOfSchema1IsMigrated(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, bolt.FileName)
	writeSchema1(t, path, map[string]string{
		"\x08terminallokal": `{"Status":"PPPK","Unit":"Kelurahan Melati","Timezone":"Asia/Makassar","Topic":"medsos-like",` +
			`"TopicUntil":"2026-11-22T09:30:00Z","Offered":["t:medsos-like","k:medsos"],"OfferedUntil":"2026-11-22T09:30:00Z","FirstSeen":"2026-11-01","LastSeen":"2026-11-22"}`,
		"\x08telegram42":  `{"Status":"","Unit":"","Timezone":"","Topic":"","TopicUntil":"0001-01-01T00:00:00Z","Offered":null,"OfferedUntil":"0001-01-01T00:00:00Z","FirstSeen":"2026-11-22","LastSeen":"2026-11-22"}`,
		"\x08telegram421": `{}`,
	})
	before := contentOf(t, path)
	want := []store.KeyedPerson{
		{Key: someone, Person: store.Person{FirstSeen: "2026-11-22", LastSeen: "2026-11-22"}},
		{Key: other},
		{Key: store.Key{Channel: "terminal", ID: "lokal"}, Person: store.Person{Status: "PPPK", Unit: "Kelurahan Melati", Timezone: "Asia/Makassar", FirstSeen: "2026-11-01", LastSeen: "2026-11-22"}},
	}
	for range 2 { // the second time there is nothing to migrate
		s := open(t, dir)
		err := s.View(func(tx store.Tx) error {
			got, err := tx.PeopleAfter(store.Key{}, 10)
			same(t, want, got)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		closeStore(t, s)
		consistent(t, path)
	}
	backup := filepath.Join(dir, "backups", "tanyanetral-schema-1.db")
	edit(t, backup, func(tx *bbolt.Tx) error {
		if got := tx.Bucket([]byte("people")).Get([]byte("\x08telegram421")); string(got) != "{}" {
			t.Errorf("the backup holds %q, want what was there", got)
		}
		return nil
	})

	// The backup can take the place of the file, and be migrated in turn.
	overwrite(t, path, before)
	closeStore(t, open(t, dir))
}

func TestMigrationThatFailsLeavesTheFileAsItWas(t *testing.T) {
	for name, people := range map[string]map[string]string{
		"a record that is no JSON":             {"\x08terminallokal": "{", "\x08telegram42": "{}"},
		"a key shorter than its channel":       {"\x20terminal": "{}", "\x08telegram42": "{}"},
		"a key whose length is no number":      {"\xff": "{}"},
		"a key whose length is beyond any int": {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x": "{}"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, bolt.FileName)
			writeSchema1(t, path, people)
			before := contentOf(t, path)
			if s, err := bolt.Open(dir); !errors.Is(err, bolt.ErrDamaged) {
				t.Errorf("got error %v, want ErrDamaged", err)
				if err == nil {
					s.Close()
				}
			}
			if string(before) != string(contentOf(t, path)) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestFileIsNotMigratedWithoutABackup(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, bolt.FileName)
	writeSchema1(t, path, map[string]string{"\x08telegram42": "{}"})
	before := contentOf(t, path)
	overwrite(t, filepath.Join(dir, "backups"), []byte("a file where the directory should be"))
	if s, err := bolt.Open(dir); err == nil {
		s.Close()
		t.Error("got no error")
	}
	if string(before) != string(contentOf(t, path)) {
		t.Error("the file was changed")
	}
}

func TestBackupBeforeAMigrationGoesWithTheFirstOldDailyOne(t *testing.T) {
	dir := t.TempDir()
	writeSchema1(t, filepath.Join(dir, bolt.FileName), map[string]string{"\x08telegram42": "{}"})
	s := open(t, dir)
	defer closeStore(t, s)
	backup := filepath.Join(dir, "backups", "tanyanetral-schema-1.db")
	for day := range 7 {
		daily(t, s, noon.AddDate(0, 0, day))
	}
	if _, err := os.Stat(backup); err != nil {
		t.Fatal(err)
	}
	same(t, []string{filepath.Join(dir, "backups", backupName(0)), backup}, daily(t, s, noon.AddDate(0, 0, 7)).Removed)
}
