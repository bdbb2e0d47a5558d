package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // small machines have no timezone files

	"github.com/urfave/cli/v3"

	"tanyanetral/knowledge"
)

// Exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// errUsage marks errors in how the program was called.
var errUsage = errors.New("salah pemakaian")

func usagef(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, fmt.Sprintf(format, args...))
}

// errReported marks a failure whose details are on the screen already.
var errReported = errors.New("")

// program is what every subcommand needs of its surroundings.
type program struct {
	env map[string]string
	in  io.Reader
	out io.Writer
	err io.Writer
	now func() time.Time

	toldNotRunning bool // that no bot runs
}

// run is the program; it returns the exit status.
func run(ctx context.Context, args, environ []string, in io.Reader, out, errOut io.Writer) int {
	p := &program{env: map[string]string{}, in: in, out: out, err: errOut, now: time.Now}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		p.env[name] = value
	}
	command := &cli.Command{
		Name:                  "tanyanetral",
		Usage:                 "tanya jawab netralitas ASN dalam Pemilu dan Pilkada",
		Writer:                out,
		ErrWriter:             errOut,
		HideHelpCommand:       true,
		Suggest:               true,
		EnableShellCompletion: false,
		ExitErrHandler:        func(context.Context, *cli.Command, error) {},
		OnUsageError:          func(_ context.Context, _ *cli.Command, err error, _ bool) error { return usagef("%v", err) },
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "version", Aliases: []string{"v"}, Usage: "menampilkan versi program", HideDefault: true, Local: true},
		},
		Action: func(_ context.Context, c *cli.Command) error {
			if c.Bool("version") {
				_, err := fmt.Fprintln(out, "tanyanetral", version())
				return err
			}
			if c.Args().Present() {
				return usagef("perintah %q tidak dikenal; lihat tanyanetral --help", c.Args().First())
			}
			return cli.ShowRootCommandHelp(c)
		},
		Commands: []*cli.Command{
			p.chatCommand(), p.askCommand(), p.serveCommand(), p.remindersCommand(), p.broadcastCommand(),
			p.statusCommand(), p.reloadCommand(), p.backupCommand(), p.knowledgeCommand(),
		},
	}
	for _, sub := range command.Commands {
		sub.OnUsageError = command.OnUsageError
		for _, subsub := range sub.Commands {
			subsub.OnUsageError = command.OnUsageError
		}
	}
	err := command.Run(ctx, args)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errReported):
		return exitFailed
	}
	if _, ok := errors.AsType[problems](err); ok { // lines of one form, for editors and scripts
		fmt.Fprintln(errOut, err)
		return exitFailed
	}
	fmt.Fprintf(errOut, "tanyanetral: %v\n", err)
	if errors.Is(err, errUsage) {
		return exitUsage
	}
	return exitFailed
}

// option is a flag with its environment variable: the flag wins.
func (p *program) option(c *cli.Command, flag, variable string) string {
	if c.IsSet(flag) {
		return c.String(flag)
	}
	return p.env[variable]
}

// source is where an option comes from.
func (p *program) source(c *cli.Command, flag, variable string) string {
	if !c.IsSet(flag) && p.env[variable] != "" {
		return "$" + variable
	}
	return "--" + flag
}

func knowledgeFlag() cli.Flag {
	return &cli.StringFlag{Name: "knowledge", Usage: "folder pengetahuan daerah `DIR`, menambah dan mengganti yang bawaan ($TANYANETRAL_KNOWLEDGE)"}
}

func dataFlag() cli.Flag {
	return &cli.StringFlag{Name: "data", Usage: "folder data `DIR` ($TANYANETRAL_DATA; bawaan: $XDG_STATE_HOME/tanyanetral, atau ~/.local/state/tanyanetral)"}
}

func timezoneFlag() cli.Flag {
	return &cli.StringFlag{Name: "timezone", Usage: "zona waktu `NAMA`, misalnya WITA atau Asia/Makassar ($TANYANETRAL_TIMEZONE; bawaan: Asia/Jakarta)"}
}

// dataDir returns the data directory as an absolute path.
func (p *program) dataDir(c *cli.Command) (string, error) {
	if dir := p.option(c, "data", "TANYANETRAL_DATA"); dir != "" {
		return filepath.Abs(dir)
	}
	if state := p.env["XDG_STATE_HOME"]; filepath.IsAbs(state) {
		return filepath.Join(state, "tanyanetral"), nil
	}
	if home := p.env["HOME"]; home != "" {
		return filepath.Join(home, ".local", "state", "tanyanetral"), nil
	}
	return "", usagef("folder data tidak diketahui: isi --data atau $TANYANETRAL_DATA")
}

// choseData tells whether somebody named the data directory.
func (p *program) choseData(c *cli.Command) bool {
	return p.option(c, "data", "TANYANETRAL_DATA") != ""
}

// dataThere is dataDir for commands that make no data: where a folder that
// somebody named does not exist, its name is wrong.
func (p *program) dataThere(c *cli.Command) (string, error) {
	dir, err := p.dataDir(c)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(dir)
	switch source := p.source(c, "data", "TANYANETRAL_DATA"); {
	case errors.Is(err, fs.ErrNotExist) && p.choseData(c):
		return "", fmt.Errorf("folder data %s (%s) tidak ada", dir, source)
	case err == nil && !info.IsDir():
		return "", fmt.Errorf("folder data %s (%s) bukan folder", dir, source)
	}
	return dir, nil // what else is wrong with it is told by whoever looks into it
}

func (p *program) timezone(c *cli.Command) (*time.Location, error) {
	name := p.option(c, "timezone", "TANYANETRAL_TIMEZONE")
	if name == "" {
		name = "Asia/Jakarta"
	}
	zone, err := time.LoadLocation(cmp.Or(knowledge.Zones()[strings.ToLower(name)], name))
	if err != nil {
		return nil, usagef("%s: zona waktu %q tidak dikenal (contoh: WITA, atau Asia/Makassar)", p.source(c, "timezone", "TANYANETRAL_TIMEZONE"), name)
	}
	return zone, nil
}
