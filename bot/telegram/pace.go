package telegram

import (
	"container/heap"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"tanyanetral/bot"
)

// Limits are how fast messages may go out, see
// https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.
type Limits struct {
	Overall rate.Limit // messages a second

	// To one chat, and to one group in addition: messages a second in the long run, and at once.
	Chat, Group           rate.Limit
	ChatBurst, GroupBurst int
}

// TelegramLimits are Telegram's limits, with another overall rate where the
// server allows one. They stay a little below, so that messages that the network
// pushes together break no limit.
func TelegramLimits(overall int) Limits {
	return Limits{
		Overall: rate.Limit(overall) * 0.99,
		Chat:    1, ChatBurst: 3,
		Group: 4. / 60, GroupBurst: maxPerGroup + 1, // 20 in any minute
	}
}

// NoLimits are for servers without any.
func NoLimits() Limits { return Limits{Overall: rate.Inf, Chat: rate.Inf, Group: rate.Inf} }

// pace lets messages pass within the limits, the more urgent ones first.
type pace struct {
	limits  Limits
	now     func() time.Time
	overall *rate.Limiter
	ended   chan struct{} // closed once nobody passes any more

	mu      sync.Mutex
	waiting tickets
	tickets int           // given out, for their order
	queued  chan struct{} // holds a token while somebody waits
	paused  time.Time     // nothing passes before
	chats   map[int64][]*rate.Limiter
}

func newPace(limits Limits, now func() time.Time) *pace {
	// A hundredth of a second's messages may pass at once, to make up for timers that fire late.
	burst := max(1, int(float64(min(limits.Overall, 1e6))/100))
	return &pace{limits: limits, now: now, overall: rate.NewLimiter(limits.Overall, burst), ended: make(chan struct{}), queued: make(chan struct{}, 1), chats: map[int64][]*rate.Limiter{}}
}

// errEnded is returned to those who wait once the channel has ended.
var errEnded = errors.New("the channel has ended")

// wait returns when a message may go to a chat, or with the context's error, or errEnded.
func (p *pace) wait(ctx context.Context, chat int64, priority bot.Priority) error {
	if err := p.waitChat(ctx, chat); err != nil {
		return err
	}
	if p.limits.Overall == rate.Inf && p.pause() <= 0 {
		return nil
	}
	t := &ticket{priority: priority, pass: make(chan struct{})}
	p.mu.Lock()
	p.tickets++
	t.number = p.tickets
	heap.Push(&p.waiting, t)
	p.mu.Unlock()
	select {
	case p.queued <- struct{}{}:
	default:
	}
	select {
	case <-t.pass:
		return nil
	case <-p.ended:
		return errEnded
	case <-ctx.Done():
		p.mu.Lock()
		defer p.mu.Unlock()
		if t.place >= 0 {
			heap.Remove(&p.waiting, t.place)
		}
		return ctx.Err()
	}
}

// run lets those who wait pass, until the context ends. It is called once.
func (p *pace) run(ctx context.Context) {
	defer close(p.ended)
	for {
		select {
		case <-p.queued:
		case <-ctx.Done():
			return
		}
		for p.length() > 0 {
			// The place in time is taken before it is decided who gets it, so that
			// whoever is urgent and comes meanwhile goes first.
			now := p.now()
			if sleep(ctx, p.overall.ReserveN(now, 1).DelayFrom(now)) != nil {
				return
			}
			for pause := p.pause(); pause > 0; pause = p.pause() {
				if sleep(ctx, pause) != nil {
					return
				}
			}
			p.next()
		}
	}
}

func (p *pace) next() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) > 0 {
		close(heap.Pop(&p.waiting).(*ticket).pass)
	}
}

// hold stops all sending for a while.
func (p *pace) hold(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := p.now().Add(d); until.After(p.paused) {
		p.paused = until
	}
}

func (p *pace) pause() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.paused.Sub(p.now())
}

func (p *pace) length() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.waiting)
}

// manyChats is the number of chats from which on those are forgotten whose allowance is whole again.
const manyChats = 10_000

func (p *pace) waitChat(ctx context.Context, chat int64) error {
	now := p.now()
	p.mu.Lock()
	reservations := make([]*rate.Reservation, 0, 2)
	delay := time.Duration(0)
	for _, limiter := range p.limiters(chat, now) {
		r := limiter.ReserveN(now, 1)
		reservations = append(reservations, r)
		delay = max(delay, r.DelayFrom(now))
	}
	p.mu.Unlock()
	err := sleep(ctx, delay)
	if err != nil {
		for _, r := range reservations {
			r.CancelAt(p.now())
		}
	}
	return err
}

// limiters returns those of a chat. The caller holds the lock.
func (p *pace) limiters(chat int64, now time.Time) []*rate.Limiter {
	if p.limits.Chat == rate.Inf && (p.limits.Group == rate.Inf || !isGroup(chat)) {
		return nil
	}
	limiters, ok := p.chats[chat]
	if ok {
		return limiters
	}
	if len(p.chats) >= manyChats {
		maps.DeleteFunc(p.chats, func(_ int64, limiters []*rate.Limiter) bool {
			return !slices.ContainsFunc(limiters, func(l *rate.Limiter) bool { return l.TokensAt(now) < float64(l.Burst()) })
		})
	}
	limiters = []*rate.Limiter{rate.NewLimiter(p.limits.Chat, p.limits.ChatBurst)}
	if isGroup(chat) {
		limiters = append(limiters, rate.NewLimiter(p.limits.Group, p.limits.GroupBurst))
	}
	p.chats[chat] = limiters
	return limiters
}

// isGroup tells groups from persons: Telegram gives groups and channels negative ids.
func isGroup(chat int64) bool { return chat < 0 }

// sleep waits, or returns the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ticket is somebody's place among those who wait.
type ticket struct {
	priority bot.Priority
	number   int
	place    int // in tickets, -1 when it is out
	pass     chan struct{}
}

// tickets is a heap.Interface, the most urgent first, then the longest waiting.
type tickets []*ticket

func (t tickets) Len() int { return len(t) }
func (t tickets) Less(i, j int) bool {
	if t[i].priority != t[j].priority {
		return t[i].priority < t[j].priority
	}
	return t[i].number < t[j].number
}
func (t tickets) Swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].place, t[j].place = i, j
}
func (t *tickets) Push(x any) {
	x.(*ticket).place = len(*t)
	*t = append(*t, x.(*ticket))
}
func (t *tickets) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	last.place = -1
	return last
}
