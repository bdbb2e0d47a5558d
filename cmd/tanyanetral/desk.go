package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"tanyanetral/bot"
	"tanyanetral/bot/reminder"
	"tanyanetral/cmd/tanyanetral/control"
	"tanyanetral/store"
	"tanyanetral/store/bolt"
	"tanyanetral/store/memory"
)

// byTerminal is who decides at a desk, by the name that the audit has for whoever
// can use a terminal on this machine.
const byTerminal = "terminal"

// desk is where it is seen and decided what goes out. Its numbers are exact, for
// whoever comes here can read the state file.
type desk struct{ bot *bot.Bot }

var _ control.Desk = desk{}

// newBot returns a bot that knows what goes out, once it has its knowledge.
func newBot(o bot.Options, log *slog.Logger) *bot.Bot {
	var b *bot.Bot
	o.Random = rand.Reader
	o.Upcoming = func(from, to time.Time) []bot.Upcoming {
		all, err := reminder.Upcoming(b.Knowledge(), o.Store, b.Now(), from, to)
		if err != nil {
			log.Error("could not tell what goes out", "error", err)
		}
		return all
	}
	b = bot.New(o)
	return b
}

// withDesk calls f with the desk of the bot that runs or, where none does, with
// one on its file. f is called a second time if its first use of the desk told
// that no bot runs.
func (p *program) withDesk(ctx context.Context, c *cli.Command, f func(d control.Desk, running bool) error) error {
	dir, err := p.dataThere(c)
	if err != nil {
		return err
	}
	zone, err := p.timezone(c)
	if err != nil {
		return err
	}
	running := control.NewClient(dir)
	if c.IsSet("knowledge") {
		if _, err := running.Status(ctx); err == nil {
			return usagef("--knowledge tidak berlaku di sini: dengan folder data %s bot berjalan, menurut pengetahuannya sendiri; hapus --knowledge, atau pakai folder lain dengan --data", dir)
		}
	}
	if err := f(running, true); !errors.Is(err, control.ErrNotRunning) {
		return controlHint(err)
	}
	base, err := p.loadKnowledge(c)
	if err != nil {
		return err
	}
	p.tellNotRunning(dir)
	return withState(dir, func(state store.Store) error {
		b := newBot(bot.Options{Store: state, Zone: zone, Now: p.now}, slog.New(slog.NewTextHandler(p.err, nil)))
		b.Learn(base, nil) // nobody asks a question here
		return f(desk{b}, false)
	})
}

// tellNotRunning tells once in which folder no bot runs: whoever meant another one
// would take what is seen there for all that there is.
func (p *program) tellNotRunning(dir string) {
	if p.toldNotRunning {
		return
	}
	p.toldNotRunning = true
	none := ""
	if !hasState(dir) {
		none = ", dan di sana belum ada berkas data"
	}
	fmt.Fprintf(p.err, "tanyanetral: bot tidak berjalan dengan folder data %s (--data)%s\n", dir, none)
}

// hasState tells whether there is a state file, which bolt.Open would make.
func hasState(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, bolt.FileName))
	return !errors.Is(err, fs.ErrNotExist)
}

// withState calls f with the state of a bot that does not run. Where there is no
// file f sees nobody, and what it changes is not kept.
func withState(dir string, f func(store.Store) error) error {
	if !hasState(dir) {
		return f(&memory.Store{})
	}
	state, err := bolt.Open(dir)
	if err != nil {
		return stateHint(err)
	}
	return errors.Join(f(state), state.Close())
}

// Reminders implements control.Desk.
func (d desk) Reminders(_ context.Context, from, to time.Time) ([]control.Reminder, error) {
	planned, err := reminder.Upcoming(d.bot.Knowledge(), d.bot.Store, d.bot.Now(), from, to)
	if err != nil {
		return nil, err
	}
	counts := map[store.Audience]int{}
	all := []control.Reminder{}
	for _, u := range planned {
		if _, ok := counts[u.To]; !ok {
			if counts[u.To], err = d.bot.CountAudience(u.To); err != nil {
				return nil, err
			}
		}
		all = append(all, control.Reminder{
			ID: u.ID, Rule: u.Rule, At: u.At, Text: u.Text, Topic: u.Topic, To: u.To, Recipients: counts[u.To],
			State: cmp.Or(store.DeliveryState(u.State), control.Planned),
		})
	}
	return all, nil
}

// Draft implements control.Desk.
func (d desk) Draft(_ context.Context, b control.Broadcast) (control.Draft, error) {
	if _, ok := d.bot.Knowledge().Topic(b.Topic); !ok && b.Topic != "" {
		return control.Draft{}, errNoTopic(b.Topic)
	}
	made, err := d.bot.NewBroadcast(byTerminal, b.Text, b.Topic, "", b.To, b.Start)
	if err != nil {
		return control.Draft{}, err
	}
	n, err := d.bot.CountAudience(made.To)
	if err != nil {
		return control.Draft{}, err
	}
	if n == 0 {
		return control.Draft{}, bot.ErrEmpty
	}
	if err := d.bot.Store.Update(func(tx store.Tx) error { return tx.PutDelivery(made) }); err != nil {
		return control.Draft{}, fmt.Errorf("keep a draft: %w", err)
	}
	start := cmp.Or(made.Start, made.Created)
	return control.Draft{ID: made.ID, Received: received(d.bot.DeliveryReply(made, start)), Recipients: n}, nil
}

// received is a reply as it is seen, with its rows of buttons below.
func received(r bot.Reply) string {
	lines := []string{bot.Reply{Blocks: r.Blocks}.Plain(), ""}
	for _, a := range r.Actions {
		lines = append(lines, "[ "+a.Label+" ]")
	}
	for _, row := range r.Controls {
		line := ""
		for _, a := range row {
			line += "[ " + a.Label + " ] "
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "\n")
}

// Confirm implements control.Desk.
func (d desk) Confirm(_ context.Context, id string, again bool) (control.Delivery, error) {
	confirmed, err := d.bot.Confirm(id, byTerminal, again)
	return d.describe(confirmed), err
}

// Delivery implements control.Desk.
func (d desk) Delivery(_ context.Context, id string) (control.Delivery, error) {
	var kept store.Delivery
	err := d.bot.Store.View(func(tx store.Tx) (err error) {
		kept, err = tx.Delivery(id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		err = bot.ErrNoDelivery
	}
	return d.describe(kept), err
}

// Steer implements control.Desk.
func (d desk) Steer(ctx context.Context, id string, a control.Action, at time.Time) (_ control.Delivery, err error) {
	switch a {
	case control.Pause:
		_, err = d.bot.Pause(id, byTerminal)
	case control.Resume:
		_, err = d.bot.Resume(id, byTerminal)
	case control.Cancel:
		_, err = d.bot.Cancel(id, byTerminal)
	case control.Skip:
		_, err = d.bot.Skip(id, byTerminal)
	case control.Move:
		_, err = d.bot.Move(id, byTerminal, at)
	default:
		err = fmt.Errorf("%q is no action", a)
	}
	if err != nil {
		return control.Delivery{}, err
	}
	return d.Delivery(ctx, id)
}

const (
	readBack  = 200    // deliveries that are read in one transaction
	mostAudit = 10_000 // entries that are looked at
)

// History implements control.Desk.
func (d desk) History(_ context.Context, from, to time.Time) (control.History, error) {
	within := func(t time.Time) bool { return t.After(from) && !t.After(to) }
	h := control.History{Deliveries: []control.Delivery{}}
	err := d.bot.Store.View(func(tx store.Tx) (err error) {
		h.Audit, err = tx.LastAudit(mostAudit)
		return err
	})
	if err != nil {
		return h, fmt.Errorf("read the audit: %w", err)
	}
	h.Audit = slices.DeleteFunc(h.Audit, func(e store.AuditEntry) bool { return !within(e.At) })
	err = d.eachDelivery(func(kept store.Delivery) {
		began := kept.State != store.Draft && kept.State != store.Scheduled && !kept.Start.IsZero() // a draft that was dropped has no start
		if began && within(cmp.Or(kept.Ended, kept.Start)) {
			described := d.describe(kept)
			described.Report = nil
			h.Deliveries = append(h.Deliveries, described)
		}
	})
	slices.SortStableFunc(h.Deliveries, func(a, b control.Delivery) int {
		return cmp.Or(b.Ended, b.Start).Compare(cmp.Or(a.Ended, a.Start))
	})
	return h, err
}

// eachDelivery calls f for every delivery that is kept. It reads page by page.
func (d desk) eachDelivery(f func(store.Delivery)) error {
	for before := ""; ; {
		var page []store.Delivery
		err := d.bot.Store.View(func(tx store.Tx) (err error) {
			page, err = tx.DeliveriesBefore(before, readBack)
			return err
		})
		if err != nil {
			return fmt.Errorf("read the deliveries: %w", err)
		}
		if len(page) == 0 {
			return nil
		}
		for _, kept := range page {
			f(kept)
		}
		before = page[len(page)-1].ID
	}
}

// describe tells how far a delivery has come. What shows how to see it in a
// conversation is left out.
func (d desk) describe(kept store.Delivery) control.Delivery {
	if kept.ID == "" {
		return control.Delivery{}
	}
	progress := d.bot.Progress(kept)
	progress.Blocks = slices.DeleteFunc(progress.Blocks, func(b bot.Block) bool { return b.Kind == bot.Citation })
	described := control.Delivery{
		ID: kept.ID, Kind: kept.Kind, State: kept.State, Start: kept.Start, Ended: kept.Ended,
		Total: kept.Total, Counts: kept.Counts, Text: progress.Plain(),
	}
	if kept.State.Over() {
		described.Report = d.bot.Report(kept)
	}
	return described
}
