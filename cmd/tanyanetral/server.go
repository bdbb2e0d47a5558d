package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"tanyanetral/bot"
	"tanyanetral/bot/card"
	"tanyanetral/bot/reminder"
	"tanyanetral/bot/telegram"
	"tanyanetral/cmd/tanyanetral/control"
	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
	"tanyanetral/store/bolt"
)

// server is the running bot, put together.
type server struct {
	settings settings
	state    *bolt.Store
	load     func() (*knowledge.Base, *match.Matcher, error)
	log      *slog.Logger
	now      func() time.Time
	since    time.Time

	bot     *bot.Bot
	drawer  *card.Drawer
	ready   chan struct{} // closed once the bot has its knowledge
	channel *telegram.Channel
	idle    chan struct{} // closed once the engine sends no more
	metrics *prometheus.Registry
	http    *monitor // nil without --http

	learning sync.Mutex // one at a time: two matchers in the making need twice the memory
	known    atomic.Pointer[control.Knowledge]
	learned  chan struct{} // holds a token while there may be news for those who wait for some
}

var _ control.Bot = (*server)(nil)

func newServer(settings settings, state *bolt.Store, load func() (*knowledge.Base, *match.Matcher, error), log *slog.Logger, now func() time.Time) (*server, error) {
	s := &server{
		settings: settings, state: state, load: load, log: log, now: now, since: now(),
		drawer: card.NewDrawer(keptCards), ready: make(chan struct{}), idle: make(chan struct{}), metrics: newMetrics(state), learned: make(chan struct{}, 1),
	}
	s.known.Store(&control.Knowledge{})
	s.bot = newBot(bot.Options{
		Store: state, Zone: settings.zone, Now: now, Admins: settings.admins, LogQuestions: true,
		Status: func() []string { return statusLines(s.Status(), settings.zone) },
		Draw:   s.draw,
	}, log)
	var err error
	s.channel, err = telegram.New(telegram.Options{
		API: settings.api, Token: settings.token, Limits: telegram.TelegramLimits(settings.rate), Ephemeral: settings.ephemeral,
		Bot: s.bot, Ready: s.ready, Idle: s.idle, Store: state, Log: log, Metrics: s.metrics, Now: now,
	})
	return s, err
}

// keptCards is the number of picture cards, of some 100 kB each, that are not drawn anew.
const keptCards = 30

// draw is the picture card of a topic, with a link to this bot.
func (s *server) draw(base *knowledge.Base, topic knowledge.Topic) ([]byte, error) {
	today := knowledge.DateOf(s.now().In(s.settings.zone))
	return s.drawer.PNG(cardContent(base, topic, s.channel.State().Username, today))
}

// run answers until the context ends, and then lets what is under way end. The
// bot polls at once, so that nobody has to wait longer than the knowledge takes to load.
func (s *server) run(ctx context.Context, hangup <-chan os.Signal) (err error) {
	if s.settings.http != "" {
		if s.http, err = startMonitor(s.settings.http, s.channel.Health, s.metrics); err != nil {
			return err
		}
	}
	socket, err := control.Start(s.settings.data, s)
	if err != nil {
		return errors.Join(controlHint(err), s.http.Close())
	}
	parts, ctx := errgroup.WithContext(ctx)
	parts.Go(func() error { return s.channel.Run(ctx) })
	parts.Go(func() error { return s.keep(ctx, hangup) })
	parts.Go(func() error { s.reachOut(ctx); return nil })
	parts.Go(func() error { <-ctx.Done(); return errors.Join(socket.Close(), s.http.Close()) })
	return parts.Wait()
}

// tidyEvery is how often what has passed its time is removed.
const tidyEvery = 5 * time.Minute

// keep teaches the bot, and then keeps knowledge and state in order until the
// context ends. Its error is that there is no knowledge to begin with.
func (s *server) keep(ctx context.Context, hangup <-chan os.Signal) error {
	if _, err := s.learn(); err != nil {
		return err
	}
	close(s.ready)
	ticker := time.NewTicker(tidyEvery)
	defer ticker.Stop()
	s.tidy()
	for {
		select {
		case <-ticker.C:
			s.tidy()
		case <-hangup:
			_, _ = s.Reload() // the log says what came of it
		case <-ctx.Done():
			return nil
		}
	}
}

// reachOut writes to people who did not write just now, until the context ends and
// then, while the channel goes on sending, lets the messages under way end: one of
// which it is not known whether it was accepted would be repeated at the next start.
func (s *server) reachOut(ctx context.Context) {
	defer close(s.idle)
	var parts sync.WaitGroup
	parts.Go(func() { s.deliver(ctx) })
	parts.Go(func() { s.tell(ctx) })
	parts.Wait()
}

// deliver carries out broadcasts and reminders.
func (s *server) deliver(ctx context.Context) {
	select {
	case <-s.ready:
	case <-ctx.Done():
		return
	}
	reminder.New(reminder.Options{
		Store: s.state, Bot: s.bot, Sender: s.channel, Zone: s.settings.zone, Now: s.now, Log: s.log,
	}).Run(ctx)
}

// tellAgain is how soon those are told who could not be told at once.
const tellAgain = 15 * time.Minute

// tell tells people what the knowledge has become of what they asked to be told about.
func (s *server) tell(ctx context.Context) {
	var again <-chan time.Time // while some sleep, or something failed
	for {
		select {
		case <-s.learned:
		case <-again:
		case <-ctx.Done():
			return
		}
		told, asleep, err := reminder.Tell(ctx, s.state, s.bot, s.channel)
		if err != nil && ctx.Err() == nil {
			s.log.Error("could not tell everybody what changed", "error", err)
		}
		if told > 0 {
			s.log.Info("told people what changed", "messages", told)
		}
		again = nil
		if asleep > 0 || err != nil {
			again = time.After(tellAgain)
		}
	}
}

// tidy removes what has passed its time, and makes the backup of the day.
func (s *server) tidy() {
	now := s.now().In(s.settings.zone)
	if _, err := s.state.Prune(now); err != nil {
		s.log.Error("could not remove what has passed its time", "error", err)
	}
	daily, err := s.state.DailyBackup(now)
	if err != nil {
		s.log.Error("could not make the backup of the day", "error", err)
	}
	if daily.Made != "" {
		s.log.Info("backup made", "file", daily.Made)
	}
	for _, old := range daily.Removed {
		s.log.Info("old backup removed", "file", old)
	}
}

// learningLimit is the memory, in bytes, beyond which garbage is collected all the
// time while the bot learns. It is no hard limit: larger knowledge takes what it needs.
const learningLimit = 64 << 20

// learn reads the knowledge and has the bot answer from it. With an error the
// bot goes on with what it had.
func (s *server) learn() (control.Knowledge, error) {
	s.learning.Lock()
	defer s.learning.Unlock()
	// Training leaves more behind than the matcher keeps, and meanwhile the one
	// before is in use. The limit makes the collector work harder just then.
	defer debug.FreeOSMemory()
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(learningLimit))
	begun := time.Now()
	base, matcher, err := s.load()
	if err != nil {
		return control.Knowledge{}, err
	}
	s.bot.Learn(base, matcher)
	known := control.Knowledge{
		Topics: len(base.Topics), Phrasings: len(match.AllPhrasings(base)), Regulations: len(base.Regulations),
		Elections: len(base.Elections), Contacts: len(base.Contacts), Reminders: remindersOn(base), Loaded: s.now(),
	}
	s.known.Store(&known)
	select {
	case s.learned <- struct{}{}:
	default: // it is known already
	}
	s.log.Info("knowledge loaded", "topics", known.Topics, "took", time.Since(begun).Round(time.Millisecond))
	return known, nil
}

// Reload implements control.Bot, and is what SIGHUP does.
func (s *server) Reload() (control.Knowledge, error) {
	known, err := s.learn()
	wrong, ok := errors.AsType[problems](err)
	switch {
	case ok:
		for _, problem := range wrong {
			s.log.Error("knowledge refused", "problem", problem.String())
		}
		s.audit("reload", fmt.Sprintf("refused, problems: %d", len(wrong)))
	case err != nil:
		s.log.Error("knowledge refused", "error", err)
		s.audit("reload", "refused")
	default:
		s.audit("reload", fmt.Sprintf("topics: %d", known.Topics))
	}
	return known, err
}

// Backup implements control.Bot.
func (s *server) Backup(file string) (control.Backup, error) {
	backup, err := backUp(s.state, file)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		err = fmt.Errorf("%w; bot yang menulisnya, jadi pilih folder yang boleh ditulisi bot, misalnya folder data", err)
	}
	if err != nil {
		s.log.Error("backup", "file", file, "error", err)
		s.audit("backup", "failed: "+file)
		return backup, err
	}
	s.log.Info("backup made", "file", file)
	s.audit("backup", file)
	return backup, nil
}

// Desk implements control.Bot.
func (s *server) Desk(ctx context.Context) (control.Desk, error) {
	select {
	case <-s.ready:
		return desk{s.bot}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// audit notes what somebody with a terminal on this machine did.
func (s *server) audit(action, detail string) {
	entry := store.AuditEntry{At: s.now(), By: byTerminal, Action: action, Detail: detail}
	if err := s.state.Update(func(tx store.Tx) error { return tx.WriteAudit(entry) }); err != nil {
		s.log.Error("could not write the audit", "action", action, "error", err)
	}
}
