package bolt_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tanyanetral/store"
	"tanyanetral/store/bolt"
)

// restored opens a copy of a backup.
func restored(t *testing.T, backup string) *bolt.Store {
	t.Helper()
	dir := t.TempDir()
	overwrite(t, filepath.Join(dir, bolt.FileName), contentOf(t, backup))
	s := open(t, dir)
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

// names lists the files of a directory.
func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func same(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestBackupIsOneStateOfAStoreInUse(t *testing.T) {
	s := open(t, t.TempDir())
	defer closeStore(t, s)
	stop := make(chan bool)
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				err := s.Update(func(tx store.Tx) error {
					return errors.Join(
						tx.AddVotes("a", store.Tally{Helpful: 1}), tx.AddVotes("b", store.Tally{Helpful: 1}),
						tx.PutPerson(store.Key{Channel: fmt.Sprint(i), ID: fmt.Sprint(n % 100)}, store.Person{Unit: fmt.Sprint(n)}),
					)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "cadangan.db")
	for range 5 {
		if err := s.Backup(path); err != nil {
			t.Fatal(err)
		}
		err := restored(t, path).View(func(tx store.Tx) error {
			votes, err := tx.Votes()
			if votes["a"] != votes["b"] {
				t.Errorf("got %v, want as many votes on a as on b", votes)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	close(stop)
	group.Wait()
	same(t, []string{"cadangan.db"}, names(t, dir))
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("got mode %o, want 600", got)
	}
}

func TestBackupOfADamagedStateLeavesTheLastOneAlone(t *testing.T) {
	dir, target := t.TempDir(), t.TempDir()
	s := open(t, dir)
	putUnit(t, s, someone, "x")
	path := filepath.Join(target, "cadangan.db")
	if err := s.Backup(path); err != nil {
		t.Fatal(err)
	}
	before := contentOf(t, path)
	zeroPages(t, filepath.Join(dir, bolt.FileName))
	if err := s.Backup(path); !errors.Is(err, bolt.ErrDamaged) {
		t.Errorf("got error %v, want ErrDamaged", err)
	}
	if string(before) != string(contentOf(t, path)) {
		t.Error("the last backup was changed")
	}
	same(t, []string{"cadangan.db"}, names(t, target))
	s.Close()
}

func TestBackupOverTheStateItselfIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(filepath.Join(dir, bolt.FileName), link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, bolt.FileName), link, filepath.Join(dir, "not", "there.db"), dir} {
		if err := s.Backup(path); err == nil {
			t.Errorf("%s: got no error", path)
		}
	}
	putUnit(t, s, someone, "x")
	closeStore(t, s)
	s = open(t, dir)
	defer closeStore(t, s)
	if got := unitOf(t, s, someone); got != "x" {
		t.Errorf("got unit %q, want x", got)
	}
}

// dailyBackups opens a store and returns it with the directory of its backups.
func dailyBackups(t *testing.T) (*bolt.Store, string) {
	t.Helper()
	dir := t.TempDir()
	s := open(t, dir)
	t.Cleanup(func() { closeStore(t, s) })
	return s, filepath.Join(dir, "backups")
}

func daily(t *testing.T, s *bolt.Store, now time.Time) bolt.Daily {
	t.Helper()
	done, err := s.DailyBackup(now)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func backupName(day int) string {
	return noon.AddDate(0, 0, day).Format("tanyanetral-2006-01-02.db")
}

func TestDailyBackupIsMadeOnceADay(t *testing.T) {
	s, dir := dailyBackups(t)
	putUnit(t, s, someone, "first")
	path := filepath.Join(dir, backupName(0))
	same(t, bolt.Daily{Made: path}, daily(t, s, noon))
	putUnit(t, s, someone, "second")
	same(t, bolt.Daily{}, daily(t, s, noon.Add(time.Hour)))
	if got := unitOf(t, restored(t, path), someone); got != "first" {
		t.Errorf("got unit %q, want first", got)
	}
	same(t, bolt.Daily{Made: filepath.Join(dir, backupName(1))}, daily(t, s, noon.Add(24*time.Hour)))
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o700 {
		t.Errorf("got mode %o, want 700", got)
	}
}

func TestDailyBackupOfTodayIsMadeAgainWhereItIsUnsound(t *testing.T) {
	s, dir := dailyBackups(t)
	putUnit(t, s, someone, "x")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, backupName(0))
	overwrite(t, path, []byte("half a backup"))
	same(t, bolt.Daily{Made: path}, daily(t, s, noon))
	same(t, bolt.Daily{}, daily(t, s, noon))
	if got := unitOf(t, restored(t, path), someone); got != "x" {
		t.Errorf("got unit %q, want x", got)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	same(t, bolt.Daily{Made: path}, daily(t, s, noon))
}

func TestDailyBackupSoundFromTheLastRunIsKept(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	daily(t, s, noon)
	closeStore(t, s)
	s = open(t, dir)
	defer closeStore(t, s)
	same(t, bolt.Daily{}, daily(t, s, noon))
}

func TestNewestSevenDailyBackupsAreKept(t *testing.T) {
	s, dir := dailyBackups(t)
	if err := os.MkdirAll(filepath.Join(dir, "tanyanetral-2020-01-01"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"tanyanetral-2020-1-1.db", "tanyanetral-2020-01-01.db.bak", "my-tanyanetral-2020-01-01.db", "catatan.txt"} {
		overwrite(t, filepath.Join(dir, name), []byte("of somebody"))
	}
	foreign := names(t, dir)
	for day := range 7 {
		same(t, bolt.Daily{Made: filepath.Join(dir, backupName(day))}, daily(t, s, noon.AddDate(0, 0, day)))
	}
	for day := 7; day < 10; day++ {
		want := bolt.Daily{Made: filepath.Join(dir, backupName(day)), Removed: []string{filepath.Join(dir, backupName(day-7))}}
		same(t, want, daily(t, s, noon.AddDate(0, 0, day)))
	}
	want := foreign
	for day := 3; day < 10; day++ {
		want = append(want, backupName(day))
	}
	slices.Sort(want)
	same(t, want, names(t, dir))
}

func TestDamagedBackupsPushOutNoSoundOnes(t *testing.T) {
	s, dir := dailyBackups(t)
	for day := range 7 {
		daily(t, s, noon.AddDate(0, 0, day))
	}
	for _, day := range []int{4, 6} {
		zeroPages(t, filepath.Join(dir, backupName(day)))
	}
	for day := 7; day < 9; day++ {
		same(t, bolt.Daily{Made: filepath.Join(dir, backupName(day))}, daily(t, s, noon.AddDate(0, 0, day)))
	}
	same(t, []string{filepath.Join(dir, backupName(0))}, daily(t, s, noon.AddDate(0, 0, 9)).Removed)
	// Once enough sound ones are newer, the damaged ones go as well.
	same(t, []string{filepath.Join(dir, backupName(1))}, daily(t, s, noon.AddDate(0, 0, 10)).Removed)
	same(t, []string{filepath.Join(dir, backupName(2))}, daily(t, s, noon.AddDate(0, 0, 11)).Removed)
	same(t, []string{filepath.Join(dir, backupName(3)), filepath.Join(dir, backupName(4))}, daily(t, s, noon.AddDate(0, 0, 12)).Removed)
}

func TestUnfinishedBackupsOfAKilledProcessAreRemoved(t *testing.T) {
	s, dir := dailyBackups(t)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir, backupName(-1)+".123.unfinished")
	overwrite(t, left, []byte("half a backup"))
	same(t, []string{left}, daily(t, s, noon).Removed)
	same(t, []string{backupName(0)}, names(t, dir))
}
