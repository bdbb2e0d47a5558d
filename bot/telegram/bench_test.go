package telegram_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tanyanetral/bot"
	"tanyanetral/bot/telegram"
	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/store/bolt"
)

// BenchmarkAnswers compares the bot, state on disk and all, with a plain echo
// bot of the same library that stores nothing. Each is a process of its own, as
// in service. 1,000 people ask at once; each asks again as soon as the answer is
// there. One operation is one question.
//
//	go test -run '^$' -bench Answers -benchtime 20000x ./bot/telegram
func BenchmarkAnswers(b *testing.B) {
	questions := devQuestions(b)
	for _, way := range []time.Duration{0, time.Millisecond} { // to Telegram and back; really it is some 50
		for _, name := range []string{"echo", "bot"} {
			b.Run(fmt.Sprintf("%s/%s", name, way), func(b *testing.B) { benchmarkAnswers(b, questions, way, name) })
		}
	}
}

// botVariable makes the test binary one of the bots that BenchmarkAnswers
// compares. Its arguments are the address of the Bot API and a folder for state.
const botVariable = "TANYANETRAL_TELEGRAM_TEST_BOT"

// runBot is a bot of that name, until it is killed.
func runBot(name, api, folder string) error {
	if name == "echo" {
		return echo(api)
	}
	channel, _, err := answering(api, folder)
	if err != nil {
		return err
	}
	return channel.Run(context.Background())
}

// echo is the echo bot of the library's own README.
func echo(address string) error {
	api, err := tgbotapi.NewBotAPIWithAPIEndpoint(telegramtest.Token, address+"/bot%s/%s")
	if err != nil {
		return err
	}
	for update := range api.GetUpdatesChan(tgbotapi.UpdateConfig{Timeout: 1}) {
		if update.Message == nil {
			continue
		}
		if _, err := api.Send(tgbotapi.NewMessage(update.Message.Chat.ID, update.Message.Text)); err != nil {
			return err
		}
	}
	return nil
}

// answering is the bot as it is in service.
func answering(api, folder string) (*telegram.Channel, *bolt.Store, error) {
	state, err := bolt.Open(folder)
	if err != nil {
		return nil, nil, err
	}
	base, matcher := embedded()
	answering := bot.New(bot.Options{Store: state, Zone: time.UTC, Now: time.Now, Random: rand.Reader, LogQuestions: true})
	answering.Learn(base, matcher)
	channel, err := telegram.New(telegram.Options{
		API: api, Token: telegramtest.Token, Limits: telegram.NoLimits(), Bot: answering, Ready: ready, Store: state,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now,
	})
	return channel, state, err
}

func devQuestions(b *testing.B) []string {
	b.Helper()
	file, err := os.Open("../../knowledge/match/testdata/questions-dev.tsv")
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	var questions []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if fields := strings.Split(lines.Text(), "\t"); len(fields) == 3 {
			questions = append(questions, fields[2])
		}
	}
	return questions[1:]
}

const (
	askers = 1000
	first  = 1 << 40 // the chat that waits for a bot to be there
)

// benchmarkAnswers asks b.N questions and reports the rate and how long answers took.
func benchmarkAnswers(b *testing.B, questions []string, way time.Duration, name string) {
	var mu sync.Mutex
	asked := make(map[int64]time.Time, askers) // by chat
	took := make([]time.Duration, 0, b.N)
	answers := make(chan int64, b.N+askers)
	server, err := telegramtest.New(telegramtest.Options{Unchecked: true, Forget: true, OnMessage: func(m telegramtest.Message) {
		if m.Chat == first {
			return
		}
		now := time.Now()
		mu.Lock()
		took = append(took, now.Sub(asked[m.Chat]))
		mu.Unlock()
		answers <- (m.Chat - 1) % askers
	}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(server.Close)
	if way > 0 {
		server.Trouble(telegramtest.Slow(way), telegramtest.When{Method: "sendMessage"})
	}
	startBot(b, server, name)
	next := 0
	rounds := make([]int64, askers)
	ask := func(asker int64) {
		// Nobody asks so often that the bot stops to answer.
		chat := asker + 1 + askers*(rounds[asker]/10)
		rounds[asker]++
		mu.Lock()
		asked[chat] = time.Now()
		mu.Unlock()
		server.Person(chat).Say(questions[next%len(questions)])
		next++
	}
	b.ResetTimer()
	for asker := range int64(min(askers, b.N)) {
		ask(asker)
	}
	for range b.N {
		if asker := <-answers; next < b.N {
			ask(asker)
		}
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// startBot starts a bot in a process of its own and returns once it answers.
func startBot(b *testing.B, server *telegramtest.Server, name string) {
	process := exec.Command(os.Args[0], server.URL(), b.TempDir())
	process.Env = append(os.Environ(), botVariable+"="+name)
	process.Stderr = os.Stderr
	if err := process.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = process.Process.Kill() // it may have ended by itself
		_ = process.Wait()
	})
	server.Person(first).Say("halo")
	if err := server.Wait(b.Context(), func() bool { return server.Counts().Messages > 0 }); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkInline types b.N inline queries, 100 a second, and reports how long
// answers took.
//
//	go test -run '^$' -bench Inline -benchtime 3000x ./bot/telegram
func BenchmarkInline(b *testing.B) {
	server, err := telegramtest.New(telegramtest.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(server.Close)
	channel, state, err := answering(server.URL(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- channel.Run(ctx) }()
	b.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, state.Close()); err != nil {
			b.Error(err)
		}
	})
	queries := append(devQuestions(b), "", "like", "fot", "mobil dinas", "stiker")
	var mu sync.Mutex
	asked := map[int64]time.Time{} // by update
	took := make([]time.Duration, 0, b.N)
	var watching sync.WaitGroup
	watching.Go(func() {
		for seen := 0; seen < b.N; seen++ {
			if err := server.Wait(b.Context(), func() bool { return server.Counts().Inline > seen }); err != nil {
				b.Error(err)
				return
			}
			now := time.Now()
			answer := server.InlineAnswers()[seen]
			mu.Lock()
			took = append(took, now.Sub(asked[answer.Update]))
			mu.Unlock()
		}
	})
	ticker := time.NewTicker(time.Second / 100)
	defer ticker.Stop()
	b.ResetTimer()
	for i := range b.N {
		<-ticker.C
		mu.Lock()
		asked[server.Person(int64(1+i%500)).Query(firstLetters(queries[i%len(queries)], 256), "")] = time.Now()
		mu.Unlock()
	}
	watching.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

func firstLetters(text string, n int) string {
	letters := []rune(text)
	return string(letters[:min(n, len(letters))])
}
