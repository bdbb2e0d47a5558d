package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"tanyanetral/bot/telegram/telegramtest"
)

// TestScripts runs the program as people do. It is built as they build it:
// the race detector would only make each start slow.
func TestScripts(t *testing.T) {
	bin := t.TempDir()
	build := exec.Command("go", "build", "-buildvcs=false", "-o", bin, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	commands := telegramCommands()
	maps.Copy(commands, deliveryCommands())
	commands["mode"] = mode
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", bin+string(filepath.ListSeparator)+env.Getenv("PATH"))
			env.Values[serverOf{}] = new(*telegramtest.Server)
			return nil
		},
		Cmds: commands,
	})
}

func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode FILE rwxrwxrwx")
	}
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := strings.TrimPrefix(info.Mode().Perm().String(), "-"); got != args[1] {
		ts.Fatalf("%s has mode %s, want %s", args[0], got, args[1])
	}
}

func TestExitStatus(t *testing.T) {
	tests := []struct {
		args string
		want int
	}{
		{"--help", exitDone},
		{"knowledge list", exitDone},
		{"knowledge show medsos-like", exitDone},
		{"knowledge show tidak-ada", exitFailed},
		{"knowledge eval berkas-yang-tidak-ada", exitFailed},
		{"ask --knowledge folder-yang-tidak-ada halo", exitFailed},
		{"tanya", exitUsage},
		{"ask --jsonn", exitUsage},
		{"ask --conversation halo", exitUsage},
		{"chat halo", exitUsage},
		{"knowledge ramal", exitUsage},
		{"knowledge eval", exitUsage},
		{"knowledge eval --floors best=tinggi x", exitUsage},
		{"knowledge tune", exitUsage},
		{"serve --data d", exitUsage},
		{"serve --data d --telegram-token-file tidak-ada", exitFailed},
		{"serve --data d --admins budi", exitUsage},
		{"status", exitUsage}, // without a home there is no data directory
		{"--version", exitDone},
		{"status --data .", exitDone},
		{"status --data tidak-ada", exitFailed},
		{"status --data main.go", exitFailed},
		{"status --data tidak-ada --jsonn", exitUsage},
		{"status --data tidak-ada sekarang", exitUsage},
		{"reload --data tidak-ada", exitFailed},
		{"reminders --data tidak-ada", exitFailed},
		{"reminders --data tidak-ada --history", exitFailed},
		{"reminders --data tidak-ada besok", exitUsage},
		{"reminders --data tidak-ada --from besok", exitUsage},
		{"reminders --data tidak-ada --from 2024-11-02 --to 2024-11-01", exitUsage},
		{"reminders skip --data tidak-ada", exitUsage},
		{"reminders skip --data tidak-ada 2024-11-24-0123456789abcdef", exitFailed},
		{"reminders move --data tidak-ada 2024-11-24-0123456789abcdef", exitUsage},
		{"reminders move --data . --at kelak 2024-11-24-0123456789abcdef", exitUsage},
		{"reminders cancel --data tidak-ada b-1", exitFailed},
		{"broadcast --data tidak-ada", exitUsage},
		{"broadcast --data tidak-ada --text halo", exitUsage}, // nobody can confirm it
		{"broadcast --data tidak-ada --text halo --yes", exitFailed},
		{"broadcast --data tidak-ada --text halo --yes halo", exitUsage},
		{"broadcast --data tidak-ada --text halo --yes --at kelak", exitUsage},
		{"broadcast --data tidak-ada --text halo --yes --at 2020-01-01,08.00", exitFailed},
		{"broadcast --data tidak-ada --text halo --yes --status TNI", exitUsage},
		{"broadcast --data tidak-ada --text halo --yes --zone GMT", exitUsage},
		{"broadcast --data tidak-ada --text halo --yes --unit=", exitUsage},
		{"broadcast --data tidak-ada --text halo --yes --status=", exitUsage},
		{"broadcast --data tidak-ada --topic tidak-ada --yes", exitFailed},
		{"backup --data tidak-ada", exitUsage},
		{"backup --data tidak-ada salinan.db", exitFailed},
	}
	for _, test := range tests {
		var out, errOut strings.Builder
		got := run(t.Context(), append([]string{"tanyanetral"}, strings.Fields(test.args)...), nil, strings.NewReader(""), &out, &errOut)
		if got != test.want {
			t.Errorf("%s: exit %d, want %d", test.args, got, test.want)
		}
		if (got == exitDone) != (errOut.Len() == 0) {
			t.Errorf("%s: exit %d with %q on standard error", test.args, got, errOut.String())
		}
	}
}

// TestReadmeNamesEveryOption keeps the README's table and the program's flags alike.
func TestReadmeNamesEveryOption(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(readme)
	var help strings.Builder
	for _, command := range []string{"--version", "chat", "ask", "serve", "reminders", "broadcast", "status", "reload", "backup", "knowledge", "knowledge export"} {
		if !strings.Contains(text, "tanyanetral "+command) {
			t.Errorf("the README does not name the command %s", command)
		}
		if code := run(t.Context(), append(append([]string{"tanyanetral"}, strings.Fields(command)...), "--help"), nil, strings.NewReader(""), &help, &help); code != exitDone {
			t.Errorf("%s --help: exit %d", command, code)
		}
	}
	option := regexp.MustCompile(`--[a-z][a-z-]+|TANYANETRAL_[A-Z_]+`)
	for _, name := range option.FindAllString(help.String(), -1) {
		if name != "--help" && !strings.Contains(text, name) {
			t.Errorf("the README does not name %s", name)
		}
	}
	for _, name := range option.FindAllString(text, -1) {
		if !strings.Contains(help.String(), name) {
			t.Errorf("the README names %s, which no command has", name)
		}
	}
}
