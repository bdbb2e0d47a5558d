package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"tanyanetral/bot"
	"tanyanetral/cmd/tanyanetral/control"
)

func (p *program) remindersCommand() *cli.Command {
	flags := func(more ...cli.Flag) []cli.Flag {
		return append(more, dataFlag(), knowledgeFlag(), timezoneFlag())
	}
	return &cli.Command{
		Name:  "reminders",
		Usage: "yang akan dikirim, kapan, dan kepada berapa orang; juga riwayat, dan perubahannya",
		Flags: flags(
			&cli.StringFlag{Name: "from", Usage: "mulai `TANGGAL`, misalnya 2026-11-27 (bawaan: hari ini; dengan --history: 30 hari yang lalu)"},
			&cli.StringFlag{Name: "to", Usage: "sampai `TANGGAL` (bawaan: 30 hari sesudah --from)"},
			&cli.BoolFlag{Name: "json", Usage: "satu objek JSON per baris"},
			&cli.BoolFlag{Name: "history", Usage: "yang sudah dikirim dengan hasilnya, dan tindakan pengelola"},
		),
		HideHelpCommand: true,
		Action:          p.reminders,
		Commands: []*cli.Command{
			{Name: "skip", Usage: "melewati satu pengingat", ArgsUsage: "ID", Flags: flags(), Action: p.steer(control.Skip)},
			{
				Name: "move", Usage: "memindahkan satu pengingat ke waktu lain, atau menjadwalkan lagi yang dilewati", ArgsUsage: "ID",
				Flags:  flags(&cli.StringFlag{Name: "at", Usage: "`WAKTU` yang baru, misalnya \"10.00\" pada hari yang sama, atau \"2026-11-27 10.00\"", Required: true}),
				Action: p.steer(control.Move),
			},
			{Name: "pause", Usage: "menjeda siaran atau pengingat", ArgsUsage: "ID", Flags: flags(), Action: p.steer(control.Pause)},
			{Name: "resume", Usage: "melanjutkan yang dijeda", ArgsUsage: "ID", Flags: flags(), Action: p.steer(control.Resume)},
			{Name: "cancel", Usage: "membatalkan siaran atau pengingat", ArgsUsage: "ID", Flags: flags(), Action: p.steer(control.Cancel)},
		},
	}
}

// shownDays is how far ahead, or back, it is looked if nobody says otherwise.
const shownDays = 30

func (p *program) reminders(ctx context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return usagef("perintah reminders %q tidak dikenal; lihat tanyanetral reminders --help", c.Args().First())
	}
	zone, err := p.timezone(c)
	if err != nil {
		return err
	}
	from, to, err := p.days(c, zone)
	if err != nil {
		return err
	}
	return p.withDesk(ctx, c, func(desk control.Desk, _ bool) error {
		if c.Bool("history") {
			history, err := desk.History(ctx, from, to)
			if err != nil {
				return err
			}
			return p.printHistory(history, zone, c.Bool("json"))
		}
		all, err := desk.Reminders(ctx, from, to)
		if err != nil {
			return err
		}
		return p.printReminders(all, zone, c.Bool("json"))
	})
}

// days reads of which days something is to be shown: what is after from and not
// after to.
func (p *program) days(c *cli.Command, zone *time.Location) (from, to time.Time, err error) {
	day := func(flag string, otherwise time.Time) (time.Time, error) {
		if !c.IsSet(flag) {
			return otherwise, nil
		}
		t, err := time.ParseInLocation(time.DateOnly, c.String(flag), zone)
		if err != nil {
			return t, usagef("--%s: %q bukan tanggal seperti 2026-11-27", flag, c.String(flag))
		}
		return t, nil
	}
	year, month, today := p.now().In(zone).Date()
	first := time.Date(year, month, today, 0, 0, 0, 0, zone)
	if c.Bool("history") {
		first = first.AddDate(0, 0, -shownDays)
	}
	if from, err = day("from", first); err != nil {
		return from, to, err
	}
	if to, err = day("to", from.AddDate(0, 0, shownDays)); err != nil {
		return from, to, err
	}
	if to.Before(from) {
		return from, to, usagef("--to mendahului --from")
	}
	return from.Add(-1), to.AddDate(0, 0, 1).Add(-1), nil
}

func (p *program) printReminders(all []control.Reminder, zone *time.Location, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(p.out)
		encoder.SetEscapeHTML(false)
		for _, r := range all {
			r.At = r.At.In(zone)
			if err := encoder.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	if len(all) == 0 {
		fmt.Fprintln(p.out, "Tidak ada yang akan dikirim pada hari-hari itu.")
	}
	for i, r := range all {
		if i > 0 {
			fmt.Fprintln(p.out)
		}
		state := cmp.Or(bot.StateName(r.State), "direncanakan")
		fmt.Fprintf(p.out, "%s, %d orang (%s)\n%s: %s\n", moment(r.At, zone), r.Recipients, bot.AudienceName(r.To), r.ID, state)
		if r.Text != "" {
			fmt.Fprintln(p.out, indented(r.Text))
		}
		if r.Topic != "" {
			fmt.Fprintln(p.out, indented("+ kartu topik "+r.Topic))
		}
	}
	return nil
}

func indented(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

func (p *program) printHistory(h control.History, zone *time.Location, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(p.out)
		encoder.SetEscapeHTML(false)
		for _, d := range h.Deliveries {
			if err := encoder.Encode(d); err != nil {
				return err
			}
		}
		for _, e := range h.Audit {
			if err := encoder.Encode(e); err != nil {
				return err
			}
		}
		return nil
	}
	for _, d := range h.Deliveries {
		fmt.Fprintf(p.out, "%s\n%s\n\n", d.ID, indented(d.Text))
	}
	for _, e := range h.Audit {
		fmt.Fprintf(p.out, "%s, oleh %s: %s %s\n", moment(e.At, zone), e.By, bot.ActionName(e.Action), e.Detail)
	}
	if len(h.Deliveries)+len(h.Audit) == 0 {
		fmt.Fprintln(p.out, "Tidak ada riwayat pada hari-hari itu.")
	}
	return nil
}

// steer returns what decides about a delivery.
func (p *program) steer(a control.Action) cli.ActionFunc {
	return func(ctx context.Context, c *cli.Command) error {
		if c.Args().Len() != 1 || c.Args().First() == "" {
			return usagef("reminders %s memerlukan satu ID; daftarnya: tanyanetral reminders", a)
		}
		id := c.Args().First()
		return p.withDesk(ctx, c, func(desk control.Desk, _ bool) error {
			var at time.Time
			if a == control.Move {
				var err error
				if at, err = p.newTime(ctx, c, desk, id); err != nil {
					return err
				}
			}
			d, err := desk.Steer(ctx, id, a, at)
			if err != nil {
				return err
			}
			fmt.Fprintln(p.out, d.Text)
			return nil
		})
	}
}

// newTime reads the time to which a reminder is moved. A time alone is one of the
// reminder's own day.
func (p *program) newTime(ctx context.Context, c *cli.Command, desk control.Desk, id string) (time.Time, error) {
	zone, err := p.timezone(c)
	if err != nil {
		return time.Time{}, err
	}
	now := p.now().In(zone)
	day, err := time.ParseInLocation(time.DateOnly, id[:min(len(id), len(time.DateOnly))], zone) // with which the id begins
	if err != nil {
		day = now // Steer tells what is wrong with it
	}
	if d, err := desk.Delivery(ctx, id); err == nil { // it may stand on another day by now
		day = d.Start.In(zone)
	}
	at, err := bot.WhenOn(c.String("at"), now, day)
	if err != nil {
		return at, usagef("--at: %v", err)
	}
	if at.IsZero() { // now
		at = now
	}
	return at, nil
}
