// Package telegram is the conversation on Telegram, by long polling.
//
// An update takes one straight line. poll.go fetches it and puts it into the
// queue of its chat (queue.go); handle.go makes a bot.Event of it (update.go),
// has the bot answer, sends the reply (send.go) and then writes, in one
// transaction, what the bot wants kept and that the update was handled. Only
// then is the update confirmed to Telegram, by the offset of a later poll:
// Telegram's own queue is the write-ahead log, so that a crash at any moment
// loses nothing, and repeats only replies that were under way.
//
// What is sent waits for its turn in pace.go, which keeps Telegram's limits. All
// requests go through client.go, whose errors never hold the token; failure.go
// says what an error means.
package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"github.com/prometheus/client_golang/prometheus"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// DefaultAPI is the address of Telegram's own server.
const DefaultAPI = "https://api.telegram.org"

// ErrToken is returned by Run where Telegram does not know the token.
var ErrToken = errors.New("telegram does not accept the token")

// Options are what a Channel needs.
type Options struct {
	API       string       // address of the Bot API, "" for DefaultAPI
	HTTP      *http.Client // nil for one of the channel's own
	Token     string
	Limits    Limits
	Ephemeral bool // in groups, answer for the eyes of who asked alone, where Telegram can (Bot API 10.2)

	Bot     *bot.Bot
	Ready   <-chan struct{} // closed once Bot has its knowledge; updates wait for it
	Store   store.Store
	Log     *slog.Logger
	Metrics prometheus.Registerer
	Now     func() time.Time

	// Idle is closed once nobody calls Send any more; nil where nobody does. Once Run
	// shall stop, messages go out until then, but not longer than Grace.
	Idle <-chan struct{}

	// Poll is how long a poll waits for updates, 0 for 50 seconds.
	Poll time.Duration
	// Grace is how long what is under way may take to end once Run shall stop, 0 for 8 seconds.
	Grace time.Duration
}

// Channel is a bot on Telegram.
type Channel struct {
	options Options
	bot     *bot.Bot
	store   store.Store
	log     *slog.Logger
	now     func() time.Time
	client  *client
	pace    *pace
	metrics *metrics
	flood   flood
	flight  flight
	queues  *queues
	health  health
	late    lateChats

	accepted atomic.Int64 // messages so far
	unsaved  atomic.Bool  // what the last update changed could not be kept

	admins sync.Map // ids of administrators whose chats have their own menu

	me atomic.Pointer[tgbotapi.User] // never nil

	barred context.Context // ends with ErrToken as its cause once Telegram does not accept the token
	bar    context.CancelCauseFunc
}

// New returns a channel. The error names what is wrong with the options.
func New(o Options) (*Channel, error) {
	if o.API == "" {
		o.API = DefaultAPI
	}
	if o.Poll == 0 {
		o.Poll = 50 * time.Second
	}
	if o.Grace == 0 {
		o.Grace = 8 * time.Second
	}
	if o.HTTP == nil {
		o.HTTP = network()
	}
	client, err := newClient(o.API, o.Token, o.HTTP)
	if err != nil {
		return nil, err
	}
	// The library's own logger prints errors that hold the token.
	if err := tgbotapi.SetLogger(silent{}); err != nil {
		return nil, err // unreachable: the logger is not nil
	}
	c := &Channel{
		options: o, bot: o.Bot, store: o.Store, now: o.Now, client: client,
		log:  slog.New(MaskLogs(o.Log.Handler(), o.Token)),
		pace: newPace(o.Limits, o.Now), queues: newQueues(),
	}
	c.me.Store(&tgbotapi.User{})
	c.metrics = newMetrics(o.Metrics, c)
	c.barred, c.bar = context.WithCancelCause(context.Background())
	return c, nil
}

// silent is a logger of the library's that says nothing.
type silent struct{}

func (silent) Println(...any)        {}
func (silent) Printf(string, ...any) {}

// Run answers updates until the context ends, and then lets what is under way
// end. It starts and waits without network. It returns nil, or ErrToken.
func (c *Channel) Run(ctx context.Context) error {
	polling, stopPolling := context.WithCancel(ctx)
	defer stopPolling()
	defer context.AfterFunc(c.barred, stopPolling)()
	working, stopWorking := context.WithCancel(c.barred) // goes on when ctx ends
	defer stopWorking()

	var owned sync.WaitGroup
	owned.Go(func() { c.pace.run(working) })
	if c.introduce(polling) == nil {
		owned.Go(func() { c.describe(polling) })
		c.poll(polling, working)
	}
	c.finish(working, stopWorking)
	stopPolling()
	owned.Wait()
	return context.Cause(c.barred)
}

// fail ends Run: Telegram does not accept the token. What was not answered stays
// unconfirmed, and comes again to whoever has a better one.
func (c *Channel) fail(err error) { c.bar(fmt.Errorf("%w: %w", ErrToken, err)) }

// finish lets the chats, and whoever sends, end what they are at, but not longer
// than Grace, and confirms what was handled, so that the next start need not fetch it.
func (c *Channel) finish(working context.Context, stop context.CancelFunc) {
	select {
	case <-c.options.Ready:
	default:
		stop() // there is no knowledge to answer from
	}
	timer := time.AfterFunc(c.options.Grace, stop)
	c.queues.wait()
	if c.options.Idle != nil {
		select {
		case <-c.options.Idle:
		case <-working.Done():
		}
	}
	if timer.Stop() && c.flight.fetchedAny() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if _, err := c.fetch(ctx, c.flight.offset(), 1, 0); err != nil {
			c.log.Warn("could not confirm the last updates; they are recognised at the next start", "error", err)
		}
	}
	stop()
}

// introduce asks Telegram who the bot is, until it says so.
func (c *Channel) introduce(ctx context.Context) error {
	for attempt := 1; ; attempt++ {
		result, err := c.client.call(ctx, "getMe", nil, slowest)
		me := tgbotapi.User{}
		if err == nil {
			me, err = decodeUser(result)
		}
		if err == nil {
			c.me.Store(&me)
			c.log.Info("telegram knows the bot", "username", me.UserName)
			return nil
		}
		if err := c.tryAgain(ctx, err, attempt); err != nil {
			return err
		}
	}
}

// tryAgain says what is wrong with a call that must succeed, once for each kind
// of trouble, and waits before the next attempt. Its error means that there is none.
func (c *Channel) tryAgain(ctx context.Context, err error, attempt int) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	kind, wait, _ := assess(err)
	if kind == badToken {
		c.fail(err)
		return err
	}
	if kind != tooMany {
		wait = backoff(attempt)
	}
	c.health.failed(c.log, troubleOf(kind, err), err)
	return sleep(ctx, wait)
}

// guard runs f; a panic costs no more than f.
func (c *Channel) guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			c.metrics.panics.Inc()
			err = fmt.Errorf("panic: %v", r)
			c.log.Error("panic over an update", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		}
	}()
	return f()
}
