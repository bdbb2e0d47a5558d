package control_test

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/cmd/tanyanetral/control"
)

// fakeBot answers as it is told to.
type fakeBot struct {
	status control.Status
	reload func() (control.Knowledge, error)
	backup func(file string) (control.Backup, error)
	desk   control.Desk // nil where the bot has no knowledge yet
}

func (b fakeBot) Status() control.Status                     { return b.status }
func (b fakeBot) Reload() (control.Knowledge, error)         { return b.reload() }
func (b fakeBot) Backup(file string) (control.Backup, error) { return b.backup(file) }

func (b fakeBot) Desk(ctx context.Context) (control.Desk, error) {
	if b.desk == nil {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return b.desk, nil
}

var running = control.Status{
	Running: true, PID: 7, Version: "v1", Since: time.Date(2026, 11, 25, 1, 2, 3, 0, time.UTC), Username: "netral_bot",
	LastPoll: time.Date(2026, 11, 25, 1, 3, 0, 0, time.UTC), Trouble: "jaringan", Updates: 1, Chats: 2, Messages: 3,
	Knowledge: control.Knowledge{Topics: 138, Loaded: time.Date(2026, 11, 25, 1, 2, 4, 0, time.UTC)},
	State:     control.State{Path: "/data/tanyanetral.db", Bytes: 4096, FreeBytes: 1024},
	Backup:    control.Backup{Path: "/data/backups/tanyanetral-2026-11-25.db", Bytes: 3072, Written: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)},
}

func start(t *testing.T, dir string, bot control.Bot) *control.Server {
	t.Helper()
	server, err := control.Start(dir, bot)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func TestClientGetsWhatTheBotSays(t *testing.T) {
	dir := t.TempDir()
	backup := control.Backup{Path: "/salinan/a b&c.db", Bytes: 10, Written: running.Since}
	start(t, dir, fakeBot{
		status: running,
		reload: func() (control.Knowledge, error) { return running.Knowledge, nil },
		backup: func(file string) (control.Backup, error) {
			if file != backup.Path {
				t.Errorf("the bot is asked for %q, want %q", file, backup.Path)
			}
			return backup, nil
		},
	})
	client := control.NewClient(dir)
	status, err := client.Status(t.Context())
	if diff := cmp.Diff(running, status); err != nil || diff != "" {
		t.Errorf("status: %v\n%s", err, diff)
	}
	knowledge, err := client.Reload(t.Context())
	if diff := cmp.Diff(running.Knowledge, knowledge); err != nil || diff != "" {
		t.Errorf("reload: %v\n%s", err, diff)
	}
	made, err := client.Backup(t.Context(), backup.Path)
	if diff := cmp.Diff(backup, made); err != nil || diff != "" {
		t.Errorf("backup: %v\n%s", err, diff)
	}
}

func TestRefusalIsTheBotsOwnWords(t *testing.T) {
	dir := t.TempDir()
	const problems = "daerah/contacts.yaml:2: \"name\" tidak diisi\ndaerah/contacts.yaml:3: <&>"
	start(t, dir, fakeBot{
		reload: func() (control.Knowledge, error) { return control.Knowledge{}, errors.New(problems) },
		backup: func(string) (control.Backup, error) { return control.Backup{}, fs.ErrExist },
	})
	client := control.NewClient(dir)
	if _, err := client.Reload(t.Context()); err != control.Refused(problems) {
		t.Errorf("reload: %v", err)
	}
	if _, err := client.Backup(t.Context(), "/ada.db"); err != control.Refused(fs.ErrExist.Error()) {
		t.Errorf("backup: %v", err)
	}
	if _, err := client.Backup(t.Context(), "relatif.db"); err != control.Refused(`"relatif.db" is no absolute path`) {
		t.Errorf("backup with a relative path: %v", err)
	}
}

func TestNobodyAnswersWhereNoBotRuns(t *testing.T) {
	empty, killed, long := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), strings.Repeat("a", 100))
	leaveSocket(t, killed)
	for name, dir := range map[string]string{"nothing there": empty, "socket of a killed bot": killed, "path too long": long} {
		if _, err := control.NewClient(dir).Status(t.Context()); !errors.Is(err, control.ErrNotRunning) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// leaveSocket leaves a socket behind as a killed process does.
func leaveSocket(t *testing.T, dir string) {
	t.Helper()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, control.SocketName), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestSocketOfKilledBotIsReplaced(t *testing.T) {
	dir := t.TempDir()
	leaveSocket(t, dir)
	server := start(t, dir, fakeBot{status: running})
	if status, err := control.NewClient(dir).Status(t.Context()); err != nil || status.PID != running.PID {
		t.Errorf("status of PID %d, %v", status.PID, err)
	}
	info, err := os.Stat(filepath.Join(dir, control.SocketName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("socket: %v, %v, want mode 0600", info, err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(filepath.Join(dir, control.SocketName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket is there after Close: %v", err)
	}
}

func TestSocketOfLivingBotStays(t *testing.T) {
	dir := t.TempDir()
	start(t, dir, fakeBot{status: running})
	if _, err := control.Start(dir, fakeBot{}); !errors.Is(err, control.ErrRunning) {
		t.Errorf("a second Start: %v", err)
	}
	if status, err := control.NewClient(dir).Status(t.Context()); err != nil || status.PID != running.PID {
		t.Errorf("the first one answers with PID %d, %v", status.PID, err)
	}
}

func TestNothingButSocketsIsReplaced(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, control.SocketName)
	if err := os.WriteFile(file, []byte("penting"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := control.Start(dir, fakeBot{}); err == nil {
		t.Error("Start took the place of a file")
	}
	if content, err := os.ReadFile(file); string(content) != "penting" {
		t.Errorf("the file holds %q, %v", content, err)
	}
}

func TestLongPathIsAnErrorOfItsOwn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("a", 100))
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := control.Start(dir, fakeBot{}); !errors.Is(err, control.ErrLongPath) {
		t.Errorf("Start: %v", err)
	}
}

func TestCloseLetsRequestsEnd(t *testing.T) {
	dir := t.TempDir()
	begun, finish := make(chan bool), make(chan bool)
	server := start(t, dir, fakeBot{backup: func(file string) (control.Backup, error) {
		close(begun)
		<-finish
		return control.Backup{Path: file}, nil
	}})
	answer := make(chan error)
	go func() {
		_, err := control.NewClient(dir).Backup(t.Context(), "/salinan.db")
		answer <- err
	}()
	<-begun
	closed := make(chan error)
	go func() { closed <- server.Close() }()
	for err := error(nil); !errors.Is(err, control.ErrNotRunning); { // until Close takes no more requests
		_, err = control.NewClient(dir).Status(t.Context())
	}
	close(finish)
	if err := <-answer; err != nil {
		t.Errorf("the request under way ends with %v", err)
	}
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
}
