package main_test

import (
	"bytes"
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store/bolt"
)

var kills = flag.Int("kills", 1, "how often TestKilledServerLosesNothing kills the server, while 20 people for each kill ask 5 questions each")

// TestKilledServerLosesNothing kills the server at random moments while people
// ask, in the middle of outages: every question is answered, in order, and none
// twice but those that were under way at a kill.
//
//	go test -run Killed ./cmd/tanyanetral -kills 50
func TestKilledServerLosesNothing(t *testing.T) {
	t.Parallel() // it waits most of the time
	program := build(t)
	random := rand.New(rand.NewPCG(2026, 11))

	people, perKill := 20**kills, 100
	plan := plannedQuestions(t, people, random)
	asked := map[int64][]string{} // by person, in order
	server := telegramtest.Start(t, telegramtest.Options{})
	server.Trouble(telegramtest.HTMLError(502), telegramtest.When{Method: "sendMessage", Probability: 0.05})
	server.Trouble(telegramtest.CutBefore(), telegramtest.When{Probability: 0.02})

	data := t.TempDir()
	var output bytes.Buffer
	for range *kills {
		process := exec.Command(program, "serve", "--data", data, "--telegram-api", server.URL(), "--telegram-rate", "1000")
		process.Env = append(process.Environ(), "TANYANETRAL_TELEGRAM_TOKEN="+server.Token())
		process.Stderr = &output
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		life := time.Duration(500+random.IntN(2000)) * time.Millisecond
		for i := range perKill {
			next := plan[0]
			plan = plan[1:]
			server.Person(next.person).Say(next.title)
			asked[next.person] = append(asked[next.person], next.title)
			if i%50 == 25 {
				server.Trouble(telegramtest.TooManyRequests(1), telegramtest.When{Method: "sendMessage", Times: 1})
			}
			time.Sleep(life / time.Duration(perKill))
		}
		if random.IntN(3) == 0 {
			server.Down()
			time.Sleep(200 * time.Millisecond)
			if err := server.Up(); err != nil {
				t.Fatal(err)
			}
		}
		if err := process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = process.Wait() // it was killed
		state, err := bolt.Open(data)
		if err != nil {
			t.Fatalf("the state after a kill: %v", err)
		}
		if err := state.Close(); err != nil {
			t.Fatal(err)
		}
	}
	finish(t, program, data, server)
	if _, secret, _ := strings.Cut(server.Token(), ":"); strings.Contains(output.String(), secret) {
		t.Error("the token stands in the log")
	}
	repeated := 0
	for person, questions := range asked {
		repeated += repeatedAnswers(t, questions, server.Chat(person).Sent())
	}
	t.Logf("%d questions, %d answers repeated over %d kills", people*5, repeated, *kills)
	if most := *kills * inFlight; repeated > most {
		t.Errorf("%d answers came twice, more than can have been under way", repeated)
	}
}

// inFlight is the number of updates that are handled at once.
const inFlight = 100

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "tanyanetral")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

type planned struct {
	person int64
	title  string
}

// plannedQuestions has each person ask five questions, all people mixed. They
// are titles of topics that are answered with that topic after the one before.
func plannedQuestions(t *testing.T, people int, random *rand.Rand) []planned {
	t.Helper()
	base, problems := knowledge.Load(knowledge.Embedded())
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	matcher := match.New(base)
	last := make([]string, people) // topic, by person
	next := 0
	var plan []planned
	for range 5 {
		for _, i := range random.Perm(people) {
			topic := base.Topics[next%len(base.Topics)]
			for matcher.Match(topic.Title, last[i]).Topic != topic.ID || topic.ID == last[i] {
				next++
				topic = base.Topics[next%len(base.Topics)]
			}
			next++
			last[i] = topic.ID
			plan = append(plan, planned{int64(1000 + i), topic.Title})
		}
	}
	return plan
}

// repeatedAnswers checks that a chat got the answer to each question, in order,
// and counts those that came again.
func repeatedAnswers(t *testing.T, questions []string, answers []telegramtest.Message) (repeated int) {
	t.Helper()
	answered := 0
	for _, m := range answers {
		heading, _, _ := strings.Cut(m.Text, "\n")
		_, title, _ := strings.Cut(heading, " · ")
		switch {
		case answered < len(questions) && title == questions[answered]:
			answered++
		case answered > 0 && title == questions[answered-1]:
			repeated++
		default:
			t.Errorf("chat %d: out of order or not asked: %q", m.Chat, heading)
		}
	}
	if answered != len(questions) {
		t.Errorf("%d of %d questions of a chat were answered", answered, len(questions))
	}
	return repeated
}

// finish runs the server until everything is answered, and stops it.
func finish(t *testing.T, program, data string, server *telegramtest.Server) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	process := exec.CommandContext(ctx, program, "serve", "--data", data, "--telegram-api", server.URL(), "--telegram-rate", "1000")
	process.Env = append(process.Environ(), "TANYANETRAL_TELEGRAM_TOKEN="+server.Token())
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	if err := server.Wait(ctx, func() bool { return server.Pending() == 0 }); err != nil {
		t.Errorf("%d updates are left: %v", server.Pending(), err)
	}
	if err := process.Process.Signal(os.Interrupt); err != nil {
		t.Error(err)
	}
	if err := process.Wait(); err != nil {
		t.Errorf("the server stopped with %v", err)
	}
}
