package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"tanyanetral/bot"
	"tanyanetral/cmd/tanyanetral/control"
)

// lookEvery is how often it is looked how far a broadcast has come.
const lookEvery = 300 * time.Millisecond

// follow shows how far a broadcast has come, until it is over.
func (p *program) follow(ctx context.Context, client *control.Client, id string) (control.Delivery, error) {
	show := progressLines(p.out)
	if terminalOf(p.out) >= 0 {
		fmt.Fprintf(p.out, "Sedang dikirim. Ctrl-C hanya menutup tampilan ini; membatalkan: tanyanetral reminders cancel %s\n", id)
		show = progressBar(p.out)
	}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		d, err := client.Delivery(ctx, id)
		if errors.Is(err, control.ErrNotRunning) {
			return d, errors.New("bot berhenti; siaran dilanjutkan dari tempat berhentinya begitu bot berjalan lagi")
		}
		if err != nil {
			return d, controlHint(err)
		}
		show(d)
		if d.State.Over() {
			return d, nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return d, ctx.Err()
		}
	}
}

// progressLines writes a line at each change of state, and at each tenth of the
// way. In the end there is a report.
func progressLines(out io.Writer) func(control.Delivery) {
	last := ""
	return func(d control.Delivery) {
		line := "Siaran " + bot.StateName(d.State)
		if d.Total > 0 {
			line += fmt.Sprintf(", %d%%", d.Settled()*10/d.Total*10)
		}
		if line != last && !d.State.Over() {
			fmt.Fprintf(out, "%s.\n", line)
		}
		last = line
	}
}

// progressBar draws in place.
func progressBar(out io.Writer) func(control.Delivery) {
	var bar *progressbar.ProgressBar
	return func(d control.Delivery) {
		if bar == nil && d.Total > 0 {
			bar = progressbar.NewOptions(d.Total,
				progressbar.OptionSetWriter(out), progressbar.OptionSetWidth(30), progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true),
				progressbar.OptionSetTheme(progressbar.Theme{Saucer: "▓", SaucerPadding: "░", BarStart: " ", BarEnd: " "}),
			)
		}
		if bar == nil {
			return
		}
		bar.Describe(bot.StateName(d.State))
		bar.ChangeMax(d.Total)
		_ = bar.Set(d.Settled()) // a screen that is gone is noticed by what is written next
		if d.State.Over() {
			fmt.Fprintln(out)
		}
	}
}
