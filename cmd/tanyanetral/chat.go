package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v3"
	"golang.org/x/term"

	"tanyanetral/bot"
	"tanyanetral/bot/terminal"
	"tanyanetral/store/bolt"
)

func (p *program) chatCommand() *cli.Command {
	return &cli.Command{
		Name:   "chat",
		Usage:  "bercakap-cakap di terminal; tidak perlu pengaturan apa pun",
		Flags:  []cli.Flag{dataFlag(), knowledgeFlag(), timezoneFlag()},
		Action: p.chat,
	}
}

func (p *program) chat(_ context.Context, c *cli.Command) (err error) {
	if c.Args().Present() {
		return usagef("chat tidak memakai argumen; untuk satu pertanyaan pakai tanyanetral ask")
	}
	zone, err := p.timezone(c)
	if err != nil {
		return err
	}
	dir, err := p.dataDir(c)
	if err != nil {
		return err
	}
	state, err := bolt.Open(dir)
	if err != nil {
		return stateHint(err)
	}
	defer func() { err = errors.Join(err, state.Close()) }()

	base, matcher, err := p.loadMatcher(c)
	if err != nil {
		return err
	}
	b := bot.New(bot.Options{Store: state, Zone: zone, Now: p.now, Random: rand.Reader})
	b.Learn(base, matcher)
	lines, style := terminal.NewPipe(p.in), terminal.Style{}
	if screen := terminalOf(p.out); screen >= 0 && terminalOf(p.in) >= 0 {
		editor := terminal.NewEditor(complete)
		defer editor.Close()
		lines = editor
		style.Color = p.env["NO_COLOR"] == "" && p.env["TERM"] != "dumb"
		if width, _, err := term.GetSize(screen); err == nil {
			style.Width = width
		}
		fmt.Fprint(p.out, "TanyaNetral: tulis pertanyaan Anda, /bantuan untuk perintah, /keluar atau Ctrl-D untuk selesai.\n\n")
	}
	return terminal.Chat(b, lines, p.out, style, func(err error) { fmt.Fprintf(p.err, "tanyanetral: %v\n", err) })
}

// stateHint adds to an error of the state file what can be done about it.
func stateHint(err error) error {
	hints := []struct {
		is   error
		hint string
	}{
		{bolt.ErrLocked, "program lain sedang memakai berkas ini; hentikan program itu, atau pakai folder lain dengan --data"},
		{bolt.ErrDamaged, "berkas ini rusak dan dibiarkan apa adanya; pindahkan atau ganti dengan cadangan, atau pakai folder lain dengan --data"},
		{bolt.ErrNewer, "berkas ini ditulis versi program yang lebih baru; perbarui program, atau pakai folder lain dengan --data"},
		{bolt.ErrReadOnly, "berkas ini tidak boleh ditulisi; beri izin tulis, atau pakai folder lain dengan --data"},
	}
	for _, h := range hints {
		if errors.Is(err, h.is) {
			return fmt.Errorf("%w: %s", err, h.hint)
		}
	}
	return fmt.Errorf("%w: periksa folder data (--data)", err)
}

// complete proposes commands for a line that begins like one.
func complete(line string) []string {
	var found []string
	for _, c := range bot.Commands() {
		if typed := "/" + c.Name; !c.Admin && strings.HasPrefix(typed, line) {
			found = append(found, typed)
		}
	}
	return found
}

// terminalOf returns the file descriptor of a stream that is a terminal, -1 for any other.
func terminalOf(stream any) int {
	if file, ok := stream.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return int(file.Fd())
	}
	return -1
}
