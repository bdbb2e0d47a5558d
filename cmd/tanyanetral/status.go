package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"tanyanetral/cmd/tanyanetral/control"
	"tanyanetral/knowledge"
	"tanyanetral/store/bolt"
)

func (p *program) statusCommand() *cli.Command {
	return &cli.Command{
		Name:  "status",
		Usage: "keadaan bot: berjalan atau tidak, hubungan dengan Telegram, pengetahuan, berkas data, cadangan",
		Flags: []cli.Flag{
			dataFlag(), timezoneFlag(),
			&cli.BoolFlag{Name: "json", Usage: "sebagai satu objek JSON"},
			&cli.BoolFlag{Name: "check", Usage: "selesai dengan status 1 bila bot tidak berjalan atau tidak terhubung dengan Telegram"},
		},
		Action: p.status,
	}
}

func (p *program) status(ctx context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return usagef("status tidak memakai argumen")
	}
	dir, err := p.dataThere(c)
	if err != nil {
		return err
	}
	zone, err := p.timezone(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	status, err := control.NewClient(dir).Status(ctx)
	if errors.Is(err, control.ErrNotRunning) {
		status, err = statusAtRest(dir)
	}
	if err != nil {
		return controlHint(err)
	}
	if c.Bool("json") {
		err = json.NewEncoder(p.out).Encode(status)
	} else {
		_, err = fmt.Fprintln(p.out, p.wrapped(strings.Join(statusLines(status, zone), "\n")))
	}
	if err == nil && c.Bool("check") && !status.Healthy() {
		return errReported
	}
	return err
}

// statusAtRest tells what can be told of the data of a bot that does not run.
func statusAtRest(dir string) (control.Status, error) {
	status := control.Status{Version: version(), Data: dir}
	if !hasState(dir) {
		return status, nil
	}
	state, err := bolt.Open(dir)
	if err != nil {
		return status, stateHint(err)
	}
	status.State, err = stateOf(state)
	status.Backup = newestBackup(dir)
	return status, errors.Join(err, state.Close())
}

// Status implements control.Bot.
func (s *server) Status() control.Status {
	status := control.Status{
		Running: true, Version: version(), PID: os.Getpid(), Since: s.since, Data: s.settings.data,
		Knowledge: *s.known.Load(), Backup: newestBackup(s.settings.data),
	}
	if s.http != nil {
		status.HTTP = s.http.address
	}
	channel := s.channel.State()
	status.Username, status.LastPoll, status.Trouble = channel.Username, channel.LastPoll, channel.Trouble
	status.Updates, status.Chats, status.Messages = channel.Updates, channel.Chats, channel.Messages
	var err error
	if status.State, err = stateOf(s.state); err != nil {
		s.log.Error("could not look at the state file", "error", err)
	}
	return status
}

func stateOf(state *bolt.Store) (control.State, error) {
	stats, err := state.Stats()
	return control.State{Path: stats.Path, Bytes: stats.Size, FreeBytes: stats.Free}, err
}

// newestBackup returns the newest of the daily backups, the zero Backup where there is none.
func newestBackup(dir string) control.Backup {
	paths, _ := filepath.Glob(filepath.Join(dir, "backups", "tanyanetral-2*.db")) // in the order of their days; the pattern is valid
	if len(paths) == 0 {
		return control.Backup{}
	}
	path := paths[len(paths)-1]
	info, err := os.Stat(path)
	if err != nil {
		return control.Backup{} // removed at this moment, for a newer one
	}
	return control.Backup{Path: path, Bytes: info.Size(), Written: info.ModTime()}
}

// version tells which build of the program this is.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(tidak diketahui)"
	}
	return info.Main.Version + ", " + info.GoVersion
}

// statusLines is a status as people read it.
func statusLines(s control.Status, zone *time.Location) []string {
	moment := func(t time.Time) string { return moment(t, zone) }
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if s.Running {
		add("Bot berjalan sejak %s (PID %d).", moment(s.Since), s.PID)
		lines = append(lines, telegramLine(s, moment))
		add("Antrean: %d pesan dari %d percakapan sedang dijawab, %d balasan menunggu dikirim.", s.Updates, s.Chats, s.Messages)
		if k := s.Knowledge; k.Loaded.IsZero() {
			add("Pengetahuan: sedang dimuat.")
		} else {
			add("Pengetahuan: %s; dimuat %s.", knowledgeCounts(k), moment(k.Loaded))
		}
	} else {
		add("Bot tidak berjalan.")
	}
	if s.HTTP != "" {
		add("Pemantauan: http://%s/healthz dan /metrics.", s.HTTP)
	}
	if s.State.Path == "" {
		add("Berkas data: belum ada di %s (--data).", s.Data)
	} else {
		add("Berkas data: %s, %s (%s kosong).", s.State.Path, size(s.State.Bytes), size(s.State.FreeBytes))
	}
	if s.Backup.Path == "" {
		add("Cadangan harian: belum ada.")
	} else {
		add("Cadangan harian terbaru: %s, %s, dibuat %s.", s.Backup.Path, size(s.Backup.Bytes), moment(s.Backup.Written))
	}
	add("Versi program: %s.", s.Version)
	return lines
}

// moment writes a time as people read it: "27 November 2026 pukul 08.00 WITA".
func moment(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return knowledge.DateOf(t).Indonesian() + " pukul " + t.Format("15.04 MST")
}

func telegramLine(s control.Status, moment func(time.Time) string) string {
	line := "Telegram: "
	if s.Username != "" {
		line += "@" + s.Username + ", "
	}
	if s.Trouble != "" {
		line += "TIDAK terhubung: " + s.Trouble
	} else {
		line += "terhubung"
	}
	if !s.LastPoll.IsZero() {
		line += "; terakhir berhasil " + moment(s.LastPoll)
	}
	return line + "."
}

func knowledgeCounts(k control.Knowledge) string {
	return fmt.Sprintf("%d topik, %d pertanyaan, %d peraturan, %d pemilihan, %d kontak, %d pengingat", k.Topics, k.Phrasings, k.Regulations, k.Elections, k.Contacts, k.Reminders)
}

// remindersOn counts the reminders that are not switched off.
func remindersOn(base *knowledge.Base) (n int) {
	for _, r := range base.Reminders {
		if !r.Off {
			n++
		}
	}
	return n
}

// size writes a number of bytes as Indonesians do: with a decimal comma.
func size(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%d kB", (bytes+500)/1000)
	}
	return strings.Replace(fmt.Sprintf("%.1f MB", float64(bytes)/1e6), ".", ",", 1)
}
