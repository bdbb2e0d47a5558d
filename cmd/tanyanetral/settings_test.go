package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v3"

	"tanyanetral/store"
)

// parse reads the settings of serve.
func parse(t *testing.T, env map[string]string, args ...string) (s settings, err error) {
	t.Helper()
	p := &program{env: env}
	command := &cli.Command{Name: "serve", Flags: serveFlags(), Action: func(_ context.Context, c *cli.Command) (err error) {
		s, err = p.settings(c)
		return err
	}}
	err = command.Run(t.Context(), append([]string{"serve"}, args...))
	return s, err
}

func TestSettingsComeFromFlagsBeforeTheEnvironment(t *testing.T) {
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("2:dari-berkas\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		"TANYANETRAL_DATA": "/env", "TANYANETRAL_TIMEZONE": "WITA", "TANYANETRAL_TELEGRAM_TOKEN": "1:dari-lingkungan",
		"TANYANETRAL_TELEGRAM_API": "http://env", "TANYANETRAL_TELEGRAM_RATE": "1", "TANYANETRAL_TELEGRAM_EPHEMERAL": "true",
		"TANYANETRAL_ADMINS": "7", "TANYANETRAL_HTTP": ":1", "TANYANETRAL_LOG_FORMAT": "json",
	}
	admin := func(id string) store.Key { return store.Key{Channel: "telegram", ID: id} }
	tests := []struct {
		name string
		env  map[string]string
		args []string
		want settings
		zone string
	}{
		{
			"as little as possible", map[string]string{"HOME": "/home/a", "TANYANETRAL_TELEGRAM_TOKEN": " 1:a\n"}, nil,
			settings{data: "/home/a/.local/state/tanyanetral", token: "1:a", api: "https://api.telegram.org", rate: 30}, "Asia/Jakarta",
		},
		{
			"environment", env, nil,
			settings{data: "/env", token: "1:dari-lingkungan", api: "http://env", rate: 1, ephemeral: true, admins: []store.Key{admin("7")}, http: ":1", jsonLog: true},
			"Asia/Makassar",
		},
		{
			"flags", env,
			[]string{
				"--data", "/flag", "--timezone", "wit", "--telegram-token-file", token, "--telegram-api", "https://flag", "--telegram-rate", "1000",
				"--telegram-ephemeral=false", "--admins", " 8, 9,,8", "--http", ":2", "--log-format", "text",
			},
			settings{data: "/flag", token: "2:dari-berkas", tokenFile: token, api: "https://flag", rate: 1000, admins: []store.Key{admin("8"), admin("9")}, http: ":2"},
			"Asia/Jayapura",
		},
	}
	for _, test := range tests {
		got, err := parse(t, test.env, test.args...)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got.zone.String() != test.zone {
			t.Errorf("%s: zone %v, want %s", test.name, got.zone, test.zone)
		}
		got.zone = nil
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(settings{})); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}
