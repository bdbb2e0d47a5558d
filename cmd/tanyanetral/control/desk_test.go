package control_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/cmd/tanyanetral/control"
	"tanyanetral/store"
)

// fakeDesk notes what it is asked for, and answers with what it has.
type fakeDesk struct {
	asked     []string
	reminders []control.Reminder
	history   control.History
	draft     control.Draft
	delivery  control.Delivery
	err       error
}

func (d *fakeDesk) note(format string, args ...any) error {
	d.asked = append(d.asked, fmt.Sprintf(format, args...))
	return d.err
}

func (d *fakeDesk) Reminders(_ context.Context, from, to time.Time) ([]control.Reminder, error) {
	return d.reminders, d.note("reminders %v %v", from.UTC(), to.UTC())
}

func (d *fakeDesk) History(_ context.Context, from, to time.Time) (control.History, error) {
	return d.history, d.note("history %v %v", from.UTC(), to.UTC())
}

func (d *fakeDesk) Draft(_ context.Context, b control.Broadcast) (control.Draft, error) {
	return d.draft, d.note("draft %q %q %+v %v", b.Text, b.Topic, b.To, b.Start.UTC())
}

func (d *fakeDesk) Confirm(_ context.Context, id string, again bool) (control.Delivery, error) {
	return d.delivery, d.note("confirm %s %v", id, again)
}

func (d *fakeDesk) Delivery(_ context.Context, id string) (control.Delivery, error) {
	return d.delivery, d.note("delivery %s", id)
}

func (d *fakeDesk) Steer(_ context.Context, id string, a control.Action, at time.Time) (control.Delivery, error) {
	return d.delivery, d.note("steer %s %s %v", id, a, at.UTC())
}

func TestClientIsTheDeskOfTheBot(t *testing.T) {
	at := time.Date(2026, 11, 27, 1, 0, 0, 5, time.UTC)
	later := at.Add(time.Hour).In(time.FixedZone("WITA", 8*60*60))
	fake := &fakeDesk{
		reminders: []control.Reminder{{ID: "2026-11-27-0123456789abcdef", Rule: "a/b", At: at, Text: "satu\ndua <&>", Topic: "t", To: store.Audience{Status: "PNS", Stages: true}, Recipients: 3, State: control.Planned}},
		history:   control.History{Deliveries: []control.Delivery{{ID: "b-1", State: store.Done}}, Audit: []store.AuditEntry{{At: at, By: "7", Action: "pause", Detail: "b-1"}}},
		draft:     control.Draft{ID: "b-2", Received: "isi\n\n[ Berhenti ]", Recipients: 4},
		delivery: control.Delivery{
			ID: "b-2", Kind: store.Broadcast, State: store.Done, Start: at, Ended: at.Add(time.Minute), Total: 4,
			Counts: map[store.Outcome]int{store.Delivered: 3, store.Unreachable: 1}, Text: "selesai", Report: []byte("a;b\r\n"),
		},
	}
	dir := t.TempDir()
	start(t, dir, fakeBot{desk: fake})
	client := control.NewClient(dir)

	reminders, err := client.Reminders(t.Context(), at, later)
	if diff := cmp.Diff(fake.reminders, reminders); err != nil || diff != "" {
		t.Errorf("reminders: %v\n%s", err, diff)
	}
	history, err := client.History(t.Context(), at, later)
	if diff := cmp.Diff(fake.history, history); err != nil || diff != "" {
		t.Errorf("history: %v\n%s", err, diff)
	}
	draft, err := client.Draft(t.Context(), control.Broadcast{
		Text: "Halo & \"apa\" = kabar?\nBaik; 100%", Topic: "t", To: store.Audience{Status: "PNS", Unit: "Dinas A & B", Timezone: "Asia/Makassar"}, Start: later,
	})
	if diff := cmp.Diff(fake.draft, draft); err != nil || diff != "" {
		t.Errorf("draft: %v\n%s", err, diff)
	}
	if _, err := client.Draft(t.Context(), control.Broadcast{Text: "Sekarang"}); err != nil {
		t.Error(err)
	}
	for _, ask := range []func() (control.Delivery, error){
		func() (control.Delivery, error) { return client.Confirm(t.Context(), "b-2", false) },
		func() (control.Delivery, error) { return client.Confirm(t.Context(), "b-2", true) },
		func() (control.Delivery, error) { return client.Delivery(t.Context(), "b-2") },
		func() (control.Delivery, error) { return client.Steer(t.Context(), "b-2", control.Pause, time.Time{}) },
		func() (control.Delivery, error) { return client.Steer(t.Context(), "b-2", control.Move, later) },
	} {
		got, err := ask()
		if diff := cmp.Diff(fake.delivery, got); err != nil || diff != "" {
			t.Errorf("delivery: %v\n%s", err, diff)
		}
	}
	want := []string{
		"reminders 2026-11-27 01:00:00.000000005 +0000 UTC 2026-11-27 02:00:00.000000005 +0000 UTC",
		"history 2026-11-27 01:00:00.000000005 +0000 UTC 2026-11-27 02:00:00.000000005 +0000 UTC",
		`draft "Halo & \"apa\" = kabar?\nBaik; 100%" "t" {Status:PNS Unit:Dinas A & B Timezone:Asia/Makassar Stages:false} 2026-11-27 02:00:00.000000005 +0000 UTC`,
		`draft "Sekarang" "" {Status: Unit: Timezone: Stages:false} 0001-01-01 00:00:00 +0000 UTC`,
		"confirm b-2 false", "confirm b-2 true", "delivery b-2",
		"steer b-2 pause 0001-01-01 00:00:00 +0000 UTC", "steer b-2 move 2026-11-27 02:00:00.000000005 +0000 UTC",
	}
	if diff := cmp.Diff(want, fake.asked); diff != "" {
		t.Error(diff)
	}
}

func TestDeskRefusesInTheBotsOwnWords(t *testing.T) {
	const words = "Waktu itu sudah lewat. Pilih waktu lain, atau: sekarang."
	dir := t.TempDir()
	start(t, dir, fakeBot{desk: &fakeDesk{err: errors.New(words)}})
	client := control.NewClient(dir)
	if _, err := client.Draft(t.Context(), control.Broadcast{Text: "Halo"}); err != control.Refused(words) {
		t.Errorf("draft: %v", err)
	}
	if _, err := client.Reminders(t.Context(), time.Now(), time.Now()); err != control.Refused(words) {
		t.Errorf("reminders: %v", err)
	}
}

// Without knowledge there is no desk; who asks waits, and no longer than they want.
func TestDeskIsWaitedFor(t *testing.T) {
	dir := t.TempDir()
	start(t, dir, fakeBot{})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := control.NewClient(dir).Delivery(ctx, "b-1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
