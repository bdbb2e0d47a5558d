package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"tanyanetral/bot/telegram"
	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/cmd/tanyanetral/control"
	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
	"tanyanetral/store/bolt"
)

// loader loads knowledge, or finds it wrong.
type loader struct {
	base    *knowledge.Base
	matcher *match.Matcher
	wrong   problems
}

func newLoader() *loader {
	base := &knowledge.Base{} // what it holds is no matter here
	return &loader{base: base, matcher: match.New(base)}
}

func (l *loader) load() (*knowledge.Base, *match.Matcher, error) {
	if l.wrong != nil {
		return nil, nil, l.wrong
	}
	return l.base, l.matcher, nil
}

// makeServer returns a server with a state of its own.
func makeServer(t *testing.T, api, token string, l *loader, log io.Writer) *server {
	t.Helper()
	return makeServerWith(t, settings{api: api, token: token, rate: usualRate, zone: time.FixedZone("WIB", 7*60*60)}, l, log)
}

// makeServerWith returns a server with a state of its own, and other settings.
func makeServerWith(t *testing.T, settings settings, l *loader, log io.Writer) *server {
	t.Helper()
	settings.data = t.TempDir()
	state, err := bolt.Open(settings.data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := state.Close(); err != nil {
			t.Error(err)
		}
	})
	s, err := newServer(settings, state, l.load, slog.New(slog.NewTextHandler(log, nil)), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// keeper is a server that keeps its state in order, and talks to nobody.
type keeper struct {
	*server
	*loader
	log    bytes.Buffer
	hangup chan os.Signal
}

// keep runs a test while a server keeps order, where waiting takes no time.
func keep(t *testing.T, test func(t *testing.T, k *keeper)) {
	t.Helper()
	knowledge := newLoader() // outside of the bubble
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{loader: knowledge, hangup: make(chan os.Signal)}
		k.server = makeServer(t, "http://telegram.invalid", "1:a", knowledge, &k.log)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- k.keep(ctx, k.hangup) }()
		synctest.Wait()
		test(t, k)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// pass lets time pass.
func pass(d time.Duration) {
	time.Sleep(d) // the bubble's clock
	synctest.Wait()
}

func TestConversationLeavesTheFile(t *testing.T) {
	keep(t, func(t *testing.T, k *keeper) {
		key := store.Key{Channel: "telegram", ID: "7"}
		said := store.Conversation{Topic: "medsos-like", Until: time.Now().Add(30 * time.Minute)}
		if err := k.state.Update(func(tx store.Tx) error { return tx.PutConversation(key, said) }); err != nil {
			t.Fatal(err)
		}
		kept := func() string {
			var c store.Conversation
			err := k.state.View(func(tx store.Tx) (err error) { c, err = tx.Conversation(key); return err })
			if err != nil {
				t.Fatal(err)
			}
			return c.Topic
		}
		if pass(29 * time.Minute); kept() != said.Topic {
			t.Errorf("after 29 minutes %q is kept", kept())
		}
		if pass(6 * time.Minute); kept() != "" {
			t.Errorf("after 35 minutes %q is kept still", kept())
		}
	})
}

func TestStateIsBackedUpEachDay(t *testing.T) {
	keep(t, func(t *testing.T, k *keeper) { // the bubble's clock begins on 2000-01-01, at 7 in the zone
		backups := func() string {
			paths, err := filepath.Glob(filepath.Join(k.settings.data, "backups", "*"))
			if err != nil {
				t.Fatal(err)
			}
			var days []string
			for _, path := range paths {
				days = append(days, strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "tanyanetral-2000-"), ".db"))
			}
			return strings.Join(days, " ")
		}
		for _, step := range []struct {
			after time.Duration
			want  string
		}{
			{0, "01-01"},
			{16*time.Hour + 50*time.Minute, "01-01"},
			{15 * time.Minute, "01-01 01-02"}, // it is past midnight there
			{48 * time.Hour, "01-01 01-02 01-03 01-04"},
			{6 * 24 * time.Hour, "01-04 01-05 01-06 01-07 01-08 01-09 01-10"},
		} {
			if pass(step.after); backups() != step.want {
				t.Errorf("after %v more: backups of %s, want %s", step.after, backups(), step.want)
			}
		}
	})
}

func TestHangupReloadsTheKnowledge(t *testing.T) {
	keep(t, func(t *testing.T, k *keeper) {
		first := k.Status().Knowledge
		if first.Loaded.IsZero() {
			t.Fatal("no knowledge was loaded at the start")
		}
		pass(time.Minute)
		k.hangup <- syscall.SIGHUP
		synctest.Wait()
		second := k.Status().Knowledge
		if got := second.Loaded.Sub(first.Loaded); got != time.Minute {
			t.Errorf("reloaded %v after the start, want a minute", got)
		}

		k.wrong = problems{{File: "daerah/contacts.yaml", Line: 2, What: "kosong"}, {File: "daerah/topics/a.yaml", Line: 7, What: "bukan YAML"}}
		pass(time.Minute)
		k.hangup <- syscall.SIGHUP
		synctest.Wait()
		if got := k.Status().Knowledge; got != second {
			t.Errorf("after a refused reload: %+v, want %+v", got, second)
		}
		for _, want := range []string{"daerah/contacts.yaml:2: kosong", "daerah/topics/a.yaml:7: bukan YAML"} {
			if !strings.Contains(k.log.String(), want) {
				t.Errorf("the log does not hold %q:\n%s", want, k.log.String())
			}
		}
		var audit []store.AuditEntry
		err := k.state.View(func(tx store.Tx) (err error) { audit, err = tx.LastAudit(9); return err })
		if err != nil || len(audit) != 2 || audit[0].Action != "reload" || audit[0].By != "terminal" || audit[0].Detail != "refused, problems: 2" {
			t.Errorf("audit: %+v, %v", audit, err)
		}
	})
}

func TestRunEndsWithItsContext(t *testing.T) {
	fake := telegramtest.Start(t, telegramtest.Options{})
	s := makeServer(t, fake.URL(), fake.Token(), newLoader(), io.Discard)
	s.settings.http = "127.0.0.1:0"
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.run(ctx, nil) }()
	if err := fake.Wait(t.Context(), fake.Polling); err != nil {
		t.Fatal(err)
	}
	client := control.NewClient(s.settings.data)
	status, err := client.Status(t.Context())
	if err != nil || !status.Healthy() {
		t.Errorf("while it runs: %+v, %v", status, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("run ends with %v", err)
	}
	if _, err := client.Status(t.Context()); !errors.Is(err, control.ErrNotRunning) {
		t.Errorf("the control socket answers with %v", err)
	}
	if response, err := http.Get("http://" + status.HTTP + "/healthz"); err == nil {
		t.Errorf("health answers with %s", response.Status)
	}
}

func TestRunEndsWithoutKnowledgeOrToken(t *testing.T) {
	fake := telegramtest.Start(t, telegramtest.Options{})
	wrong := newLoader()
	wrong.wrong = problems{{File: "daerah/contacts.yaml", Line: 2, What: "kosong"}}
	if err := makeServer(t, fake.URL(), fake.Token(), wrong, io.Discard).run(t.Context(), nil); err == nil || err.Error() != "daerah/contacts.yaml:2: kosong" {
		t.Errorf("without knowledge: %v", err)
	}
	if err := makeServer(t, fake.URL(), fake.Token()+"x", newLoader(), io.Discard).run(t.Context(), nil); !errors.Is(err, telegram.ErrToken) {
		t.Errorf("with a wrong token: %v", err)
	}
}

// TestWrongKnowledgeIsNoTroubleWithTelegram: what is under way when the bot ends for
// another reason has not failed.
func TestWrongKnowledgeIsNoTroubleWithTelegram(t *testing.T) {
	fake := telegramtest.Start(t, telegramtest.Options{})
	fake.Trouble(telegramtest.Slow(time.Hour), telegramtest.When{Method: "setMyDescription"})
	wrong := newLoader()
	wrong.wrong = problems{{File: "daerah/contacts.yaml", Line: 2, What: "kosong"}}
	var log bytes.Buffer
	s := makeServer(t, fake.URL(), fake.Token(), wrong, &log)
	s.load = func() (*knowledge.Base, *match.Matcher, error) {
		if err := fake.Wait(t.Context(), func() bool { return fake.Profile("").Description != "" }); err != nil {
			t.Error(err)
		}
		return wrong.load()
	}
	if err := s.run(t.Context(), nil); err == nil || err.Error() != "daerah/contacts.yaml:2: kosong" {
		t.Errorf("run ends with %v", err)
	}
	if strings.Contains(log.String(), "WARN") {
		t.Errorf("the log holds\n%s", log.String())
	}
}
