package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/urfave/cli/v3"

	"tanyanetral/bot/telegram"
	"tanyanetral/cmd/tanyanetral/control"
	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store/bolt"
)

func (p *program) serveCommand() *cli.Command {
	return &cli.Command{
		Name:   "serve",
		Usage:  "menjalankan bot di Telegram, sampai dihentikan dengan SIGTERM atau Ctrl-C; SIGHUP memuat ulang pengetahuan",
		Flags:  serveFlags(),
		Action: p.serve,
	}
}

func (p *program) serve(ctx context.Context, c *cli.Command) (err error) {
	if c.Args().Present() {
		return usagef("serve tidak memakai argumen; lihat tanyanetral serve --help")
	}
	settings, err := p.settings(c)
	if err != nil {
		return err
	}
	log := newLog(p.err, settings)
	p.warnOfToken(settings.tokenFile, log)
	if p.env["GOGC"] == "" {
		// The matcher lives as long as the program, and answers leave little garbage
		// behind: collecting it twice as often as usual costs nothing to speak of, and
		// saves 10 MB under load.
		debug.SetGCPercent(50)
	}

	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	ctx, release := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer release()
	context.AfterFunc(ctx, release) // a second signal ends the program at once

	state, err := bolt.Open(settings.data)
	if err != nil {
		return whoHasIt(ctx, settings.data, err)
	}
	defer func() { err = errors.Join(err, state.Close()) }()

	load := func() (*knowledge.Base, *match.Matcher, error) { return p.loadMatcher(c) }
	s, err := newServer(settings, state, load, log, p.now)
	if err != nil {
		return err
	}
	if err := s.run(ctx, hangup); errors.Is(err, telegram.ErrToken) {
		from := "$TANYANETRAL_TELEGRAM_TOKEN"
		if settings.tokenFile != "" {
			from = "berkas " + settings.tokenFile + ", " + p.source(c, "telegram-token-file", "TANYANETRAL_TELEGRAM_TOKEN_FILE")
		}
		return fmt.Errorf("token ini tidak dikenal Telegram (%s): periksa token di @BotFather (/mybots), lalu jalankan lagi", from)
	} else if err != nil {
		return err
	}
	log.Info("stopped")
	return nil
}

// newLog returns the log, in which a token never appears.
func newLog(to io.Writer, s settings) *slog.Logger {
	var handler slog.Handler = slog.NewTextHandler(to, nil)
	if s.jsonLog {
		handler = slog.NewJSONHandler(to, nil)
	}
	return slog.New(telegram.MaskLogs(handler, s.token))
}

// whoHasIt adds to an error of the state file what can be done about it and,
// where a bot has it, which.
func whoHasIt(ctx context.Context, dir string, err error) error {
	if errors.Is(err, bolt.ErrLocked) {
		if status, askErr := control.NewClient(dir).Status(ctx); askErr == nil {
			return fmt.Errorf("bot sudah berjalan dengan folder data %s (PID %d); hentikan dulu, atau pakai folder lain dengan --data", dir, status.PID)
		}
	}
	return stateHint(err)
}
