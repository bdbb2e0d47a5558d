package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"tanyanetral/bot"
	"tanyanetral/bot/terminal"
	"tanyanetral/cmd/tanyanetral/control"
	"tanyanetral/knowledge"
	"tanyanetral/store"
)

func (p *program) broadcastCommand() *cli.Command {
	return &cli.Command{
		Name:  "broadcast",
		Usage: "siaran kepada pelanggan: pratinjau, konfirmasi, lalu kemajuan dan laporannya",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "text", Usage: "isi siaran `TEKS`"},
			&cli.StringFlag{Name: "topic", Usage: "`ID` topik yang kartunya disertakan, atau menjadi isi siaran"},
			&cli.StringFlag{Name: "unit", Usage: "hanya kepada unit kerja `NAMA`, seperti ditulis orang di /profil"},
			&cli.StringFlag{Name: "status", Usage: "hanya kepada `PNS|PPPK|non-ASN`"},
			&cli.StringFlag{Name: "zone", Usage: "hanya kepada zona waktu `WIB|WITA|WIT`"},
			&cli.StringFlag{Name: "at", Usage: "`WAKTU` pengiriman, misalnya \"2026-11-27 08.00\", \"besok 08.00\", atau \"27/11/2026 08.00 WITA\" (bawaan: sekarang)"},
			&cli.BoolFlag{Name: "yes", Usage: "kirim tanpa bertanya; perlu bila tidak ada terminal"},
			&cli.BoolFlag{Name: "again", Usage: "kirim walau siaran yang sama sudah dikirim dalam 12 jam terakhir"},
			&cli.StringFlag{Name: "csv", Usage: "tulis laporannya ke `BERKAS`"},
			dataFlag(), knowledgeFlag(), timezoneFlag(),
		},
		Action: p.broadcast,
	}
}

// order is a broadcast that somebody asks for in a terminal.
type order struct {
	control.Broadcast
	dir  string // of the data
	zone *time.Location

	yes, again bool
	csv        string // file for the report, "" for none
}

func (p *program) broadcast(ctx context.Context, c *cli.Command) error {
	o, err := p.order(c)
	if err != nil {
		return err
	}
	agree := func(string) bool { return true }
	if !o.yes {
		if terminalOf(p.in) < 0 {
			return usagef("di sini tidak ada terminal untuk konfirmasi; --yes mengirim tanpa bertanya")
		}
		agree = p.asker()
	}
	draft, err := p.draft(ctx, c, o)
	if err != nil {
		return err
	}
	p.preview(o, draft)
	if !agree("Ketik \"ya\" untuk mengirim: ") {
		return p.nothingSent()
	}
	sent, running, err := p.confirm(ctx, c, draft.ID, o.again)
	if isRepeated(err) {
		if o.yes {
			return fmt.Errorf("%w Untuk tetap mengirimnya, tambahkan --again", err)
		}
		if !agree(err.Error() + " Ketik \"ya\" untuk tetap mengirim: ") {
			return p.nothingSent()
		}
		sent, running, err = p.confirm(ctx, c, draft.ID, true)
	}
	if err != nil {
		return err
	}
	return p.seeOff(ctx, o, sent, running)
}

// order reads what is to be sent, to whom and when.
func (p *program) order(c *cli.Command) (o order, err error) {
	if c.Args().Present() {
		return o, usagef("broadcast tidak memakai argumen; isi siaran ditulis dalam --text, di antara tanda kutip")
	}
	if !c.IsSet("text") && !c.IsSet("topic") {
		return o, usagef("broadcast memerlukan --text atau --topic")
	}
	if o.dir, err = p.dataDir(c); err != nil {
		return o, err
	}
	if o.zone, err = p.timezone(c); err != nil {
		return o, err
	}
	o.yes, o.again, o.csv = c.Bool("yes"), c.Bool("again"), c.String("csv")
	for _, flag := range []string{"text", "topic"} { // as by a script whose variable is empty
		if c.IsSet(flag) && strings.TrimSpace(c.String(flag)) == "" {
			return o, usagef("--%s tidak diisi", flag)
		}
	}
	o.Text, o.Topic = c.String("text"), c.String("topic")
	if o.To, err = audienceOf(c); err != nil || !c.IsSet("at") {
		return o, err
	}
	if o.Start, err = bot.When(c.String("at"), p.now().In(o.zone)); err != nil {
		return o, usagef("--at: %v", err)
	}
	if o.csv != "" && o.Start.After(p.now()) {
		return o, usagef("--csv hanya untuk siaran yang dikirim sekarang; hasil yang terjadwal: tanyanetral reminders --history")
	}
	return o, nil
}

// audienceOf reads who gets the broadcast. A flag that is set to nothing, as by a
// script whose variable is empty, must not stand for everybody.
func audienceOf(c *cli.Command) (to store.Audience, err error) {
	if to.Unit = c.String("unit"); c.IsSet("unit") && strings.TrimSpace(to.Unit) == "" {
		return to, usagef("--unit tidak diisi")
	}
	if to.Status, err = oneOf(c, "status", map[string]string{"PNS": "PNS", "PPPK": "PPPK", "non-ASN": "non-ASN"}); err != nil {
		return to, err
	}
	to.Timezone, err = oneOf(c, "zone", knowledge.Zones())
	return to, err
}

// oneOf returns what the value of a flag stands for, "" where it is not set.
func oneOf(c *cli.Command, flag string, values map[string]string) (string, error) {
	for name, value := range values {
		if strings.EqualFold(name, c.String(flag)) {
			return value, nil
		}
	}
	if c.IsSet(flag) {
		return "", usagef("--%s: %q tidak dikenal; lihat tanyanetral broadcast --help", flag, c.String(flag))
	}
	return "", nil
}

// draft makes the broadcast without sending anything.
func (p *program) draft(ctx context.Context, c *cli.Command, o order) (draft control.Draft, err error) {
	err = p.withDesk(ctx, c, func(desk control.Desk, running bool) (err error) {
		if draft, err = desk.Draft(ctx, o.Broadcast); err == nil && !running && o.csv != "" {
			err = errors.New("laporan (--csv) hanya ada bila bot berjalan")
		}
		return err
	})
	return draft, err
}

// preview shows what everybody will receive, how many these are, and when.
func (p *program) preview(o order, d control.Draft) {
	const line = "────────────────────"
	fmt.Fprintf(p.out, "Pratinjau, persis seperti diterima:\n%s\n%s\n%s\n", line, d.Received, line)
	fmt.Fprintf(p.out, "Penerima: %s, %d orang\n", bot.AudienceName(o.To), d.Recipients)
	when, start := "sekarang", p.now().In(o.zone)
	if !o.Start.IsZero() {
		when, start = moment(o.Start, o.zone), o.Start.In(o.zone)
	}
	fmt.Fprintf(p.out, "Waktu: %s\n", when)
	if bot.AtNight(start) {
		fmt.Fprintf(p.out, "Pada malam hari, pukul %s sampai %s, tidak ada yang dikirim; sisanya menunggu pagi.\n", knowledge.QuietFrom, knowledge.QuietTo)
	}
	fmt.Fprintln(p.out)
}

// asker returns a function that asks a question and tells whether the answer is yes.
func (p *program) asker() func(question string) bool {
	lines := terminal.NewPipe(p.in)
	return func(question string) bool {
		fmt.Fprint(p.out, question)
		typed, err := lines.Next()
		return err == nil && strings.EqualFold(strings.TrimSpace(typed), "ya")
	}
}

func (p *program) nothingSent() error {
	fmt.Fprintln(p.out, "Tidak ada yang dikirim.")
	return errReported
}

// confirm sends a draft on its way, and tells whether a bot runs that takes it.
func (p *program) confirm(ctx context.Context, c *cli.Command, id string, again bool) (sent control.Delivery, running bool, err error) {
	err = p.withDesk(ctx, c, func(desk control.Desk, runs bool) (err error) {
		running = runs
		sent, err = desk.Confirm(ctx, id, again)
		return err
	})
	return sent, running, err
}

// isRepeated recognises bot.ErrRepeated also where the running bot said it.
func isRepeated(err error) bool { return err != nil && err.Error() == bot.ErrRepeated.Error() }

// seeOff tells what becomes of a broadcast that is on its way. One that goes out
// now is followed until it is over.
func (p *program) seeOff(ctx context.Context, o order, sent control.Delivery, running bool) error {
	later := sent.Start.After(p.now())
	if later {
		fmt.Fprintf(p.out, "Dijadwalkan: %s.\n", moment(sent.Start, o.zone))
	}
	if !running {
		fmt.Fprintln(p.out, "Bot tidak berjalan: siaran tersimpan, dan dikirim bila waktunya tiba dan bot sudah dijalankan (tanyanetral serve).")
	}
	if later || !running {
		fmt.Fprintf(p.out, "Membatalkannya: tanyanetral reminders cancel %s\n", sent.ID)
		return nil
	}
	over, err := p.follow(ctx, control.NewClient(o.dir), sent.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "\n%s\n", over.Text)
	if o.csv != "" {
		if err := os.WriteFile(o.csv, over.Report, 0o644); err != nil {
			return fmt.Errorf("laporan (--csv) tidak tertulis: %w", err)
		}
	}
	if over.State != store.Done {
		return errReported
	}
	return nil
}
