package main_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/cmd/tanyanetral/control"
	"tanyanetral/store"
	"tanyanetral/store/bolt"
)

var (
	deliveryKills  = flag.Int("deliverykills", 1, "how often TestKilledDeliveryReachesEverybodyOnce kills the server")
	deliveryPeople = flag.Int("deliverypeople", 300, "to how many people TestKilledDeliveryReachesEverybodyOnce delivers")
)

// TestKilledDeliveryReachesEverybodyOnce kills the server at random moments of a
// delivery: nobody is missed, and nobody gets it twice but those to whom it was
// under way at a kill.
//
//	go test -run KilledDelivery ./cmd/tanyanetral -deliverykills 20 -deliverypeople 10000
func TestKilledDeliveryReachesEverybodyOnce(t *testing.T) {
	t.Parallel() // it waits most of the time
	program := build(t)
	random := rand.New(rand.NewPCG(2026, 11))
	server := telegramtest.Start(t, telegramtest.Options{})
	server.Trouble(telegramtest.HTMLError(502), telegramtest.When{Method: "sendMessage", Probability: 0.02})
	server.Trouble(telegramtest.CutBefore(), telegramtest.When{Method: "sendMessage", Probability: 0.01})
	server.Trouble(telegramtest.Slow(20*time.Millisecond), telegramtest.When{Method: "sendMessage", Probability: 0.5})
	data := t.TempDir()
	subscribe(t, data, *deliveryPeople)
	id := announce(t, program, data)

	var output bytes.Buffer
	part := *deliveryPeople / (*deliveryKills + 1)
	for i := range *deliveryKills {
		process := serveAtNoon(t.Context(), program, data, server)
		process.Stderr = &output
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, server, part*i+1+random.IntN(part))
		time.Sleep(time.Duration(random.IntN(20_000)) * time.Microsecond)
		if err := process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = process.Wait() // it was killed
	}
	over := finishDelivery(t, program, data, server, id)
	if over.State != store.Done || over.Total != *deliveryPeople || over.Counts[store.Delivered] != *deliveryPeople {
		t.Errorf("the delivery ended with %+v", over)
	}
	if _, secret, _ := strings.Cut(server.Token(), ":"); strings.Contains(output.String(), secret) {
		t.Error("the token stands in the log")
	}
	repeated := 0
	for person := range *deliveryPeople {
		sent := len(server.Chat(firstPerson + int64(person)).Sent())
		if sent == 0 {
			t.Errorf("person %d got nothing", person)
		}
		repeated += max(0, sent-1)
	}
	t.Logf("%d people, %d messages repeated over %d kills", *deliveryPeople, repeated, *deliveryKills)
	if most := *deliveryKills * underWay; repeated > most {
		t.Errorf("%d messages came twice, more than can have been under way", repeated)
	}
}

const (
	underWay    = 40 // messages of a delivery at once
	firstPerson = 100_000
)

// subscribe puts people into the state who want all reminders.
func subscribe(t *testing.T, data string, people int) {
	t.Helper()
	state, err := bolt.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	err = state.Update(func(tx store.Tx) error {
		for i := range people {
			key := store.Key{Channel: "telegram", ID: strconv.Itoa(firstPerson + i)}
			if err := tx.PutPerson(key, store.Person{Subscription: store.AllReminders}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := state.Close(); err != nil {
		t.Fatal(err)
	}
}

// announce confirms a broadcast while no bot runs, and returns its id.
func announce(t *testing.T, program, data string) string {
	t.Helper()
	out, err := exec.Command(program, "broadcast", "--data", data, "--text", "Masa tenang mulai besok.", "--yes").CombinedOutput()
	id := regexp.MustCompile(`b-[0-9]+-[0-9a-f]+`).Find(out)
	if err != nil || id == nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(id)
}

// serveAtNoon serves where nobody sleeps, and so fast that each kill finds the
// delivery under way.
func serveAtNoon(ctx context.Context, program, data string, server *telegramtest.Server) *exec.Cmd {
	noon := fmt.Sprintf("Etc/GMT%+d", time.Now().UTC().Hour()-12) // the names have the sign the other way round
	rate := min(max(100, *deliveryPeople/3), 1000)
	process := exec.CommandContext(ctx, program, "serve", "--data", data, "--telegram-api", server.URL(), "--telegram-rate", strconv.Itoa(rate), "--timezone", noon)
	process.Env = append(process.Environ(), "TANYANETRAL_TELEGRAM_TOKEN="+server.Token())
	return process
}

// waitFor waits until so many messages were accepted.
func waitFor(t *testing.T, server *telegramtest.Server, messages int) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	if err := server.Wait(ctx, func() bool { return server.Counts().Messages >= messages }); err != nil {
		t.Fatalf("%d messages were sent: %v", server.Counts().Messages, err)
	}
}

// finishDelivery runs the server until a delivery is over, and stops it.
func finishDelivery(t *testing.T, program, data string, server *telegramtest.Server, id string) (over control.Delivery) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	process := serveAtNoon(ctx, program, data, server)
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	bot := control.NewClient(data)
	for !over.State.Over() && ctx.Err() == nil {
		var err error
		if over, err = bot.Delivery(ctx, id); err != nil && !errors.Is(err, control.ErrNotRunning) {
			t.Fatal(err)
		}
	}
	if err := process.Process.Signal(os.Interrupt); err != nil {
		t.Error(err)
	}
	if err := process.Wait(); err != nil {
		t.Errorf("the server stopped with %v", err)
	}
	return over
}
