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
	"tanyanetral/store"
	"tanyanetral/store/bolt"
	"tanyanetral/store/memory"
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
	state, done, err := p.openForChat(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()

	base, matcher, err := p.loadMatcher(c)
	if err != nil {
		return err
	}
	b := bot.New(bot.Options{Store: state, Zone: zone, Now: p.now, Random: rand.Reader})
	b.Learn(base, matcher)
	lines := terminal.NewPipe(p.in)
	if terminalOf(p.out) >= 0 && terminalOf(p.in) >= 0 {
		editor := terminal.NewEditor(complete)
		defer editor.Close()
		lines = editor
		fmt.Fprint(p.out, "TanyaNetral: tulis pertanyaan Anda, /bantuan untuk perintah, /keluar atau Ctrl-D untuk selesai.\n\n")
	}
	return terminal.Chat(b, lines, p.out, p.style(), func(err error) { fmt.Fprintf(p.err, "tanyanetral: %v\n", err) })
}

// openForChat opens the state, to be closed with done. A folder that nobody named
// and another program uses keeps nobody from talking: then nothing is kept.
func (p *program) openForChat(c *cli.Command) (state store.Store, done func() error, err error) {
	dir, err := p.dataDir(c)
	if err != nil {
		return nil, nil, err
	}
	file, err := bolt.Open(dir)
	switch {
	case err == nil:
		return file, file.Close, nil
	case !errors.Is(err, bolt.ErrLocked):
		return nil, nil, stateHint(err)
	case p.choseData(c):
		return nil, nil, fmt.Errorf("%w: program lain sedang memakai berkas ini; pakai folder lain dengan --data, atau untuk satu pertanyaan tanyanetral ask", err)
	}
	fmt.Fprintf(p.err, "tanyanetral: folder data %s sedang dipakai program lain; tidak ada yang disimpan dari percakapan ini.\n", dir)
	return &memory.Store{}, func() error { return nil }, nil
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

// style is how replies look on standard output: plain where that is no terminal.
func (p *program) style() (s terminal.Style) {
	screen := terminalOf(p.out)
	if screen < 0 {
		return s
	}
	s.Color = p.env["NO_COLOR"] == "" && p.env["TERM"] != "dumb"
	if width, _, err := term.GetSize(screen); err == nil {
		s.Width = width
	}
	return s
}

// wrapped is a text with its lines no longer than those of standard output.
func (p *program) wrapped(text string) string {
	return p.style().Render(bot.Reply{Blocks: []bot.Block{{Kind: bot.Text, Text: text}}})
}

// terminalOf returns the file descriptor of a stream that is a terminal, -1 for any other.
func terminalOf(stream any) int {
	if file, ok := stream.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return int(file.Fd())
	}
	return -1
}
