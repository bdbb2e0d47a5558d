package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tanyanetral/bot/telegram"
	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/cmd/tanyanetral/control"
	"tanyanetral/store"
	"tanyanetral/store/bolt"
)

// deliveryCommands are what scripts need for what is sent to many:
//
//	daylight        sets the timezone to one where it is noon: at night nobody gets anything
//	election DIR    writes a knowledge folder with an election whose stage begins today, in that timezone; $TOMORROW and $AFTER are its next days;
//	                another comes in two months, on $LATER, and there is a reminder of it $BEFORE
//	asleep HOURS    the bot, which does not run, planned reminders until so many hours ago
//	receives ID TEXT [N]  waits until somebody has got N messages with a text, or one
//	got ID TEXT N   somebody has got so many
//	delivered       waits until the running bot has sent all that was due
//	id [TEXT]       the first id of a delivery on standard output, in a line with a text, goes to $ID
func deliveryCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return unnegated(map[string]func(*testscript.TestScript, []string){
		"daylight": daylight, "election": election, "asleep": asleep, "id": noteID,
		"receives": receives, "got": got, "delivered": waitForDeliveries,
	})
}

func daylight(ts *testscript.TestScript, _ []string) {
	ahead := 12 - time.Now().UTC().Hour()                                // of UTC
	ts.Setenv("TANYANETRAL_TIMEZONE", fmt.Sprintf("Etc/GMT%+d", -ahead)) // the names have the sign the other way round
}

// localNow is what time it is for the program.
func localNow(ts *testscript.TestScript) time.Time {
	zone, err := time.LoadLocation(ts.Getenv("TANYANETRAL_TIMEZONE"))
	ts.Check(err)
	return time.Now().In(zone)
}

// calendar is written with the timezone and three days.
const calendar = `
- id: uji
  name: Pemilihan Uji
  timezone: %s
  source: pkpu-2-2024
  stages: [{id: apel, name: Pekan apel, from: %s, to: %s}, {id: pilih, name: Hari pemilihan, from: %s, to: %[4]s}]
`

// rules are about its stages alone.
const rules = `
- {id: pagi, stage: apel, days: 0, at: 08.00, change: true, text: "{{tahapan}} {{pemilihan}} dimulai."}
- {id: besok, stage: apel, days: 1, at: 09.00, topics: [ikrar-netralitas], text: "Hari kedua {{tahapan}}."}
- {id: lusa, stage: apel, days: 2, at: 09.00, to: {status: PPPK}, text: "Hari ketiga."}
- {id: hitung, stage: pilih, days: -62, at: 08.00, text: "{{tahapan}} {{hari_lagi}}."}
- {id: lewat, stage: pilih, days: -62, at: 09.00, text: "Dua bulan lagi."}
- {id: kelak, stage: pilih, days: 0, at: 08.00, text: "{{tahapan}} tiba."}
`

func election(ts *testscript.TestScript, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: election DIR")
	}
	today := localNow(ts)
	ts.Setenv("TOMORROW", today.AddDate(0, 0, 1).Format(time.DateOnly))
	ts.Setenv("AFTER", today.AddDate(0, 0, 2).Format(time.DateOnly))
	ts.Setenv("BEFORE", today.AddDate(0, 0, -2).Format(time.DateOnly))
	ts.Setenv("LATER", today.AddDate(0, 0, 60).Format(time.DateOnly))
	files := map[string]string{
		"elections": fmt.Sprintf(calendar, ts.Getenv("TANYANETRAL_TIMEZONE"), today.Format(time.DateOnly), today.AddDate(0, 0, 6).Format(time.DateOnly), ts.Getenv("LATER")),
		"reminders": rules,
	}
	for name, content := range files {
		ts.Check(os.MkdirAll(ts.MkAbs(args[0]+"/"+name), 0o700))
		ts.Check(os.WriteFile(ts.MkAbs(args[0]+"/"+name+"/uji.yaml"), []byte(content), 0o600))
	}
}

func asleep(ts *testscript.TestScript, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: asleep HOURS")
	}
	hours, err := time.ParseDuration(args[0] + "h")
	ts.Check(err)
	state, err := bolt.Open(ts.Getenv("TANYANETRAL_DATA"))
	ts.Check(err)
	ts.Check(state.Update(func(tx store.Tx) error { return tx.SetPlannedUntil(time.Now().Add(-hours)) }))
	ts.Check(state.Close())
}

func receives(ts *testscript.TestScript, args []string) {
	if len(args) == 2 {
		args = append(args, "1")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ts.Check(telegramOf(ts).Wait(ctx, func() bool { have, want := countSent(ts, args); return have >= want }))
}

func got(ts *testscript.TestScript, args []string) {
	if have, want := countSent(ts, args); have != want {
		ts.Fatalf("%s got %q %d times, want %d", args[0], args[1], have, want)
	}
}

// countSent counts the messages with a text that somebody has got, and reads how many are wanted.
func countSent(ts *testscript.TestScript, args []string) (have, want int) {
	if len(args) != 3 {
		ts.Fatalf("want ID TEXT N")
	}
	want, err := strconv.Atoi(args[2])
	ts.Check(err)
	for _, m := range telegramOf(ts).Chat(personIn(ts, args[:1])).Sent() {
		if strings.Contains(m.Text, args[1]) {
			have++
		}
	}
	return have, want
}

func waitForDeliveries(ts *testscript.TestScript, _ []string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	client := control.NewClient(ts.Getenv("TANYANETRAL_DATA"))
	for due := true; due; {
		now := time.Now()
		all, err := client.Reminders(ctx, now.AddDate(0, 0, -1), now)
		ts.Check(err)
		due = slices.ContainsFunc(all, func(r control.Reminder) bool { return r.State == store.Running || r.State == store.Scheduled })
	}
}

var idForm = regexp.MustCompile(`b-[0-9]{14}-[0-9a-f]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{16}`)

func noteID(ts *testscript.TestScript, args []string) {
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if id := idForm.FindString(line); id != "" && strings.Contains(line, strings.Join(args, " ")) {
			ts.Setenv("ID", id)
			return
		}
	}
	ts.Fatalf("no id on standard output")
}

// delivering is a server where it is noon, with a broadcast to some people that
// goes out at so many messages a second.
func delivering(t *testing.T, fake *telegramtest.Server, people, rate int) *server {
	t.Helper()
	noon := time.FixedZone("siang", (12-time.Now().UTC().Hour())*60*60)
	s := makeServerWith(t, settings{api: fake.URL(), token: fake.Token(), rate: rate, zone: noon}, newLoader(), io.Discard)
	err := s.state.Update(func(tx store.Tx) error {
		for i := range people {
			if err := tx.PutPerson(store.Key{Channel: "telegram", ID: strconv.Itoa(firstPerson + i)}, store.Person{Subscription: store.AllReminders}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const firstPerson = 100

// begin runs the server and has it broadcast, until the first message is out.
func (s *server) begin(t *testing.T, fake *telegramtest.Server) (id string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx, nil) }()
	if err := fake.Wait(t.Context(), fake.Polling); err != nil {
		t.Fatal(err)
	}
	client := control.NewClient(s.settings.data)
	draft, err := client.Draft(t.Context(), control.Broadcast{Text: "Masa tenang mulai besok."})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Confirm(t.Context(), draft.ID, false); err != nil {
		t.Fatal(err)
	}
	if err := fake.Wait(t.Context(), func() bool { return fake.Counts().Requests > 0 && fake.Counts().Messages+fake.Counts().Refused > 0 }); err != nil {
		t.Fatal(err)
	}
	return draft.ID, func() error { cancel(); return <-ended }
}

// TestStopLetsMessagesUnderWayEnd: all of ten are under way when the server shall
// stop, most of them waiting for their turn; all of them are sent, and none again
// after the next start.
func TestStopLetsMessagesUnderWayEnd(t *testing.T) {
	const people = 10
	fake := telegramtest.Start(t, telegramtest.Options{})
	s := delivering(t, fake, people, 10)
	id, stop := s.begin(t, fake)
	for s.channel.State().Messages+fake.Counts().Messages < people {
		runtime.Gosched() // until all have been begun
	}
	if err := stop(); err != nil {
		t.Errorf("the server stopped with %v", err)
	}
	for i := range people {
		if got := len(fake.Chat(int64(firstPerson + i)).Sent()); got != 1 {
			t.Errorf("person %d got it %d times", i, got)
		}
	}
	over, err := desk{s.bot}.Delivery(t.Context(), id)
	if err != nil || over.Settled() != people {
		t.Errorf("%d are settled, %v", over.Settled(), err)
	}
}

// TestRefusedTokenEndsDeliveries: the server does not wait for messages that
// nobody can send.
func TestRefusedTokenEndsDeliveries(t *testing.T) {
	fake := telegramtest.Start(t, telegramtest.Options{})
	s := delivering(t, fake, 10, 10)
	fake.Trouble(telegramtest.Unauthorized(), telegramtest.When{Method: "sendMessage"})
	begun := time.Now()
	id, stop := s.begin(t, fake)
	if err := stop(); !errors.Is(err, telegram.ErrToken) {
		t.Errorf("the server stopped with %v", err)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	d, err := desk{s.bot}.Delivery(t.Context(), id)
	if err != nil || d.Settled() != 0 || d.State != store.Running {
		t.Errorf("got %+v, %v", d, err)
	}
}

func TestProgressIsShownInPlaceOrInLines(t *testing.T) {
	at := func(state store.DeliveryState, settled, total int) control.Delivery {
		return control.Delivery{State: state, Total: total, Counts: map[store.Outcome]int{store.Delivered: settled}}
	}
	way := []control.Delivery{
		at(store.Scheduled, 0, 0), at(store.Scheduled, 0, 0), at(store.Running, 0, 0), at(store.Running, 0, 1000), at(store.Running, 99, 1000),
		at(store.Running, 512, 1000), at(store.Paused, 519, 1000), at(store.Running, 519, 1000), at(store.Done, 1000, 1000),
	}
	var lines, bar strings.Builder
	showLines, showBar := progressLines(&lines), progressBar(&bar)
	for _, d := range way {
		showLines(d)
		showBar(d)
	}
	const want = `Siaran dijadwalkan.
Siaran sedang dikirim.
Siaran sedang dikirim, 0%.
Siaran sedang dikirim, 50%.
Siaran dijeda, 50%.
Siaran sedang dikirim, 50%.
`
	if lines.String() != want {
		t.Errorf("got\n%s", lines.String())
	}
	drawn := bar.String()
	for _, want := range []string{"sedang dikirim", "(512/1000)", "dijeda", "▓", "(1000/1000)"} {
		if !strings.Contains(drawn, want) {
			t.Errorf("the bar does not show %q: %q", want, drawn)
		}
	}
	if strings.Count(drawn, "\n") != 1 || !strings.HasSuffix(drawn, "\n") {
		t.Errorf("the bar is not drawn in place: %q", drawn)
	}
}
