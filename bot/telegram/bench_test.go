package telegram_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"os"
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
// bot of the same library that stores nothing. 1,000 people ask at once; each
// asks again as soon as the answer is there. One operation is one question.
//
//	go test -run '^$' -bench Answers -benchtime 20000x ./bot/telegram
func BenchmarkAnswers(b *testing.B) {
	questions := devQuestions(b)
	for _, way := range []time.Duration{0, time.Millisecond} { // to Telegram and back; really it is some 50
		b.Run(fmt.Sprintf("echo/%s", way), func(b *testing.B) { benchmark(b, questions, way, startEcho) })
		b.Run(fmt.Sprintf("bot/%s", way), func(b *testing.B) { benchmark(b, questions, way, startBot) })
	}
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

const askers = 1000

// benchmark asks b.N questions and reports the rate and how long answers took.
func benchmark(b *testing.B, questions []string, way time.Duration, start func(*testing.B, *telegramtest.Server)) {
	var mu sync.Mutex
	asked := make(map[int64]time.Time, askers) // by chat
	took := make([]time.Duration, 0, b.N)
	answers := make(chan int64, b.N+askers)
	server, err := telegramtest.New(telegramtest.Options{Unchecked: true, Forget: true, OnMessage: func(m telegramtest.Message) {
		now := time.Now()
		mu.Lock()
		took = append(took, now.Sub(asked[m.Chat]))
		mu.Unlock()
		answers <- (m.Chat - 1) % askers
	}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(server.Close) // after what start cleans up
	if way > 0 {
		server.Trouble(telegramtest.Slow(way), telegramtest.When{Method: "sendMessage"})
	}
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
	start(b, server)
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

// startEcho runs the echo bot of the library's own README.
func startEcho(b *testing.B, server *telegramtest.Server) {
	api, err := tgbotapi.NewBotAPIWithAPIEndpoint(server.Token(), server.URL()+"/bot%s/%s")
	if err != nil {
		b.Fatal(err)
	}
	updates := api.GetUpdatesChan(tgbotapi.UpdateConfig{Timeout: 1})
	var done sync.WaitGroup
	done.Go(func() {
		for update := range updates {
			if update.Message != nil {
				if _, err := api.Send(tgbotapi.NewMessage(update.Message.Chat.ID, update.Message.Text)); err != nil {
					b.Error(err)
				}
			}
		}
	})
	b.Cleanup(func() {
		api.StopReceivingUpdates()
		done.Wait()
	})
}

func startBot(b *testing.B, server *telegramtest.Server) {
	state, err := bolt.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	base, matcher := embedded()
	answering := bot.New(bot.Options{Store: state, Zone: time.UTC, Now: time.Now, Random: rand.Reader, LogQuestions: true})
	answering.Learn(base, matcher)
	channel, err := telegram.New(telegram.Options{
		API: server.URL(), Token: server.Token(), Limits: telegram.NoLimits(), Bot: answering, Ready: ready, Store: state,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now,
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- channel.Run(ctx) }()
	b.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
		if err := state.Close(); err != nil {
			b.Error(fmt.Errorf("close: %w", err))
		}
	})
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
	startBot(b, server)
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
