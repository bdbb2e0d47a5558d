package main

import (
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"tanyanetral/bot/telegram"
	"tanyanetral/store"
)

func serveFlags() []cli.Flag {
	return []cli.Flag{
		dataFlag(), knowledgeFlag(), timezoneFlag(),
		&cli.StringFlag{Name: "telegram-token-file", Usage: "berkas `FILE` berisi token dari @BotFather ($TANYANETRAL_TELEGRAM_TOKEN_FILE; atau token itu sendiri dalam $TANYANETRAL_TELEGRAM_TOKEN)"},
		&cli.StringFlag{Name: "telegram-api", Usage: "alamat `URL` Bot API ($TANYANETRAL_TELEGRAM_API; bawaan: " + telegram.DefaultAPI + ")"},
		&cli.StringFlag{Name: "telegram-rate", Usage: "paling banyak `N` pesan per detik seluruhnya, 1 sampai 1000 ($TANYANETRAL_TELEGRAM_RATE; bawaan: 30)"},
		&cli.BoolFlag{Name: "telegram-ephemeral", Usage: "di grup, jawaban hanya terlihat oleh penanya bila Telegram mendukungnya ($TANYANETRAL_TELEGRAM_EPHEMERAL; bawaan: tidak)"},
		&cli.StringFlag{Name: "admins", Usage: "nomor `ID` Telegram para pengelola, dipisahkan koma ($TANYANETRAL_ADMINS)"},
		&cli.StringFlag{Name: "http", Usage: "alamat `ADDR` untuk /healthz dan /metrics, misalnya 127.0.0.1:8080 ($TANYANETRAL_HTTP; bawaan: tidak ada)"},
		&cli.StringFlag{Name: "log-format", Usage: "bentuk log: `text|json` ($TANYANETRAL_LOG_FORMAT; bawaan: text)"},
	}
}

// settings are what serve was told, checked.
type settings struct {
	data      string // directory
	token     string
	tokenFile string // "" where the token came from the environment
	api       string
	rate      int // messages a second
	ephemeral bool
	admins    []store.Key
	http      string // "" for none
	zone      *time.Location
	jsonLog   bool
}

// settings reads the flags and the environment of serve.
func (p *program) settings(c *cli.Command) (s settings, err error) {
	if s.data, err = p.dataDir(c); err != nil {
		return s, err
	}
	if s.zone, err = p.timezone(c); err != nil {
		return s, err
	}
	if s.api, err = parseAPI(p.option(c, "telegram-api", "TANYANETRAL_TELEGRAM_API")); err != nil {
		return s, err
	}
	if s.rate, err = parseRate(p.option(c, "telegram-rate", "TANYANETRAL_TELEGRAM_RATE")); err != nil {
		return s, err
	}
	if s.ephemeral, err = p.ephemeral(c); err != nil {
		return s, err
	}
	if s.admins, err = parseAdmins(p.option(c, "admins", "TANYANETRAL_ADMINS")); err != nil {
		return s, err
	}
	s.http = p.option(c, "http", "TANYANETRAL_HTTP")
	switch format := p.option(c, "log-format", "TANYANETRAL_LOG_FORMAT"); format {
	case "", "text":
	case "json":
		s.jsonLog = true
	default:
		return s, usagef("--log-format: %q bukan text atau json", format)
	}
	s.tokenFile = p.option(c, "telegram-token-file", "TANYANETRAL_TELEGRAM_TOKEN_FILE")
	s.token, err = readToken(s.tokenFile, p.env["TANYANETRAL_TELEGRAM_TOKEN"])
	return s, err
}

func (p *program) ephemeral(c *cli.Command) (bool, error) {
	value := p.env["TANYANETRAL_TELEGRAM_EPHEMERAL"]
	if c.IsSet("telegram-ephemeral") || value == "" {
		return c.Bool("telegram-ephemeral"), nil
	}
	on, err := strconv.ParseBool(value)
	if err != nil {
		return false, usagef("TANYANETRAL_TELEGRAM_EPHEMERAL: %q bukan true atau false", value)
	}
	return on, nil
}

func parseAPI(address string) (string, error) {
	if address == "" {
		return telegram.DefaultAPI, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", usagef("--telegram-api: %q bukan alamat seperti %s", address, telegram.DefaultAPI)
	}
	return address, nil
}

const (
	usualRate   = 30   // what Telegram allows a bot
	highestRate = 1000 // what it allows one that pays
)

func parseRate(value string) (int, error) {
	if value == "" {
		return usualRate, nil
	}
	rate, err := strconv.Atoi(value)
	if err != nil || rate < 1 || rate > highestRate {
		return 0, usagef("--telegram-rate: %q bukan bilangan dari 1 sampai %d", value, highestRate)
	}
	return rate, nil
}

// parseAdmins reads ids of Telegram's users; spaces and empty places are no matter.
func parseAdmins(list string) ([]store.Key, error) {
	var admins []store.Key
	for id := range strings.SplitSeq(list, ",") {
		id = strings.TrimSpace(id)
		if id == "" {
			continue
		}
		number, err := strconv.ParseInt(id, 10, 64)
		if err != nil || number <= 0 {
			return nil, usagef("--admins: %q bukan nomor ID Telegram (contoh: 123456789,987654321)", id)
		}
		if key := (store.Key{Channel: "telegram", ID: strconv.FormatInt(number, 10)}); !slices.Contains(admins, key) {
			admins = append(admins, key)
		}
	}
	return admins, nil
}

// tokenForm is what @BotFather gives. What it is like inside is Telegram's business.
var tokenForm = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)

// readToken returns the token in a file or, where none is named, the token of
// the environment. Errors do not quote what was read: it may be a token with one letter too many.
func readToken(file, token string) (string, error) {
	const form = "token dari @BotFather berbentuk 123456789:huruf-dan-angka"
	if file == "" {
		switch token = strings.TrimSpace(token); {
		case token == "":
			return "", usagef("token bot belum diberikan: simpan token dari @BotFather dalam berkas dan isi --telegram-token-file, atau isi $TANYANETRAL_TELEGRAM_TOKEN")
		case !tokenForm.MatchString(token):
			return "", usagef("isi $TANYANETRAL_TELEGRAM_TOKEN bukan token: %s", form)
		}
		return token, nil
	}
	if tokenForm.MatchString(file) { // an error would quote it
		return "", usagef("--telegram-token-file memerlukan nama berkas, bukan token itu sendiri: orang lain dapat melihatnya di daftar proses")
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("berkas token (--telegram-token-file) tidak dapat dibaca: %w", err)
	}
	switch token = strings.TrimSpace(string(content)); {
	case token == "":
		return "", fmt.Errorf("berkas token (--telegram-token-file) %s kosong: %s", file, form)
	case !tokenForm.MatchString(token):
		return "", fmt.Errorf("isi berkas token (--telegram-token-file) %s bukan token: %s", file, form)
	}
	return token, nil
}

// warnOfToken says if other users of the machine can read the token's file. What
// systemd hands over is out of their reach, whatever its mode.
func (p *program) warnOfToken(file string, log *slog.Logger) {
	credentials := p.env["CREDENTIALS_DIRECTORY"]
	if file == "" || credentials != "" && strings.HasPrefix(file, credentials) {
		return
	}
	if info, err := os.Stat(file); err == nil && info.Mode().Perm()&0o077 != 0 {
		log.Warn("other users of this machine can read the token", "remedy", "chmod 600 "+file)
	}
}
