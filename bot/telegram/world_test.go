package telegram_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tanyanetral/bot"
	"tanyanetral/bot/telegram"
	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
	"tanyanetral/store/memory"
)

// Questions whose answers are clear.
const (
	likeQuestion  = "boleh ga asn like postingan caleg di instagram"
	likeTopic     = "medsos-like"
	otherQuestion = "berapa harga cabai di pasar hari ini"
)

// embedded is the knowledge of the program with its matcher, made once for all tests.
var embedded = sync.OnceValues(func() (*knowledge.Base, *match.Matcher) {
	base, problems := knowledge.Load(knowledge.Embedded())
	if len(problems) > 0 {
		panic(problems[0].String())
	}
	return base, match.New(base)
})

func TestMain(m *testing.M) {
	if name := os.Getenv(botVariable); name != "" {
		fmt.Fprintln(os.Stderr, runBot(name, os.Args[1], os.Args[2]))
		os.Exit(1)
	}
	embedded() // outside of all bubbles
	os.Exit(m.Run())
}

// ready is closed: the knowledge is there.
var ready = func() <-chan struct{} { c := make(chan struct{}); close(c); return c }()

// world is the bot on a fake Telegram, and the people who talk to it.
type world struct {
	*telegramtest.Server
	t       *testing.T
	store   store.Store
	log     *buffer
	bot     *bot.Bot
	channel *telegram.Channel
	metrics *prometheus.Registry
	admins  []store.Key
	options func(*telegram.Options)

	cancel context.CancelFunc
	ended  chan error
}

// inWorld runs a test in a bubble of its own, where waiting takes no time. In
// the end it searches the log for the token.
func inWorld(t *testing.T, server telegramtest.Options, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server.InMemory = true
		w := &world{Server: telegramtest.Start(t, server), t: t, store: &memory.Store{}, log: &buffer{}, options: func(*telegram.Options) {}}
		test(w)
		if w.cancel != nil {
			w.stop()
		}
		w.noToken(w.log.String())
	})
}

func (w *world) noToken(text string) {
	w.t.Helper()
	_, secret, _ := strings.Cut(w.Token(), ":")
	if strings.Contains(text, secret) {
		w.t.Errorf("the token stands in %q", text)
	}
}

// picture is a PNG, another one for each number.
func picture(n int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 100+n, 100))); err != nil {
		panic(err) // unreachable: a buffer takes everything
	}
	return b.Bytes()
}

// start runs the bot as a new process would: only the store is as it was.
func (w *world) start() {
	w.t.Helper()
	base, matcher := embedded()
	w.bot = bot.New(bot.Options{
		Store: w.store, Zone: time.FixedZone("WIB", 7*60*60), Now: time.Now, Random: rand.Reader, Admins: w.admins, LogQuestions: true,
		Draw: func(_ *knowledge.Base, t knowledge.Topic) ([]byte, error) { return picture(len(t.ID)), nil },
	})
	w.bot.Learn(base, matcher)
	w.metrics = prometheus.NewRegistry()
	client := w.Client()
	options := telegram.Options{
		API: w.URL(), HTTP: client, Token: w.Token(), Limits: telegram.NoLimits(),
		Bot: w.bot, Ready: ready, Store: w.store, Log: slog.New(slog.NewTextHandler(w.log, nil)), Metrics: w.metrics, Now: time.Now,
	}
	w.options(&options)
	channel, err := telegram.New(options)
	if err != nil {
		w.t.Fatal(err)
	}
	w.channel = channel
	var ctx context.Context
	ctx, w.cancel = context.WithCancel(context.Background())
	w.ended = make(chan error, 1)
	go func() {
		w.ended <- channel.Run(ctx)
		client.CloseIdleConnections()
	}()
}

// stop ends the bot as SIGTERM does.
func (w *world) stop() {
	w.t.Helper()
	w.cancel()
	if err := <-w.ended; err != nil {
		w.t.Errorf("the bot ended with %v", err)
	}
	w.cancel = nil
}

// settle waits until what was said is answered, if nothing holds it up.
func (w *world) settle() { w.pass(time.Second) }

// pass lets time pass.
func (w *world) pass(d time.Duration) {
	time.Sleep(d) // the bubble's clock
	synctest.Wait()
}

// sent returns the texts that a chat got.
func (w *world) sent(chat int64) []string {
	var texts []string
	for _, m := range w.Chat(chat).Sent() {
		texts = append(texts, m.Text)
	}
	return texts
}

// last returns what a chat got last.
func (w *world) last(chat int64) telegramtest.Message {
	w.t.Helper()
	sent := w.Chat(chat).Sent()
	if len(sent) == 0 {
		w.t.Fatalf("chat %d got nothing; log:\n%s", chat, w.log)
	}
	return sent[len(sent)-1]
}

// buffer is a log that can be written to and read at once.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// lines counts the lines of the log that hold all of some words.
func (b *buffer) lines(words ...string) int {
	n := 0
	for line := range strings.Lines(b.String()) {
		all := true
		for _, word := range words {
			all = all && strings.Contains(line, word)
		}
		if all {
			n++
		}
	}
	return n
}
