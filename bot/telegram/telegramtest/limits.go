package telegramtest

import (
	"maps"
	"time"
)

// Limit is a number of messages within a time. The zero value is no limit.
type Limit struct {
	Messages int
	Within   time.Duration
}

// Limits are the limits for what the bot sends and edits. Each may be left out. Of each time a tenth is not
// insisted on: on its way, what was sent evenly comes closer together.
type Limits struct {
	Overall   Limit // in any such time
	Group     Limit // to one group, in any such time
	Chat      Limit // to one chat, groups included, on the average
	ChatBurst int   // so many may come at once to a chat that had nothing lately; at least 1
}

// RealLimits is what Telegram names: 30 messages a second, 20 a minute to a group, 1 a second to a chat with
// short bursts.
func RealLimits() Limits {
	return Limits{
		Overall:   Limit{30, time.Second},
		Group:     Limit{20, time.Minute},
		Chat:      Limit{1, time.Second},
		ChatBurst: 3,
	}
}

// limiter counts what was sent. After a 429 everything is refused until its time is over.
type limiter struct {
	Limits
	overall window
	chats   map[int64]*chatLimiter
	tidyAt  int       // how many chats there may be before those that are idle are forgotten
	until   time.Time // the end of the last retry_after
}

// fewChats is a number of chats that needs no tidying.
const fewChats = 1000

type chatLimiter struct {
	group window
	due   time.Time // when all that was sent would have been sent evenly
	last  time.Time
}

// window is the times of the last messages, as a ring.
type window struct {
	times []time.Time
	next  int
}

func withSlack(d time.Duration) time.Duration { return d - d/10 }

// wait is how long it takes until one more message is within the limit.
func (w *window) wait(l Limit, now time.Time) time.Duration {
	if l.Messages == 0 || len(w.times) < l.Messages {
		return 0
	}
	return w.times[w.next].Add(withSlack(l.Within)).Sub(now)
}

func (w *window) add(l Limit, now time.Time) {
	switch {
	case l.Messages == 0:
	case len(w.times) < l.Messages:
		w.times = append(w.times, now)
	default:
		w.times[w.next] = now
		w.next = (w.next + 1) % len(w.times)
	}
}

// interval is the time between two messages to a chat, 0 for no limit.
func (l Limits) interval() time.Duration {
	return withSlack(l.Chat.Within) / time.Duration(max(l.Chat.Messages, 1))
}

// admit counts a message to a chat, or refuses it.
func (s *Server) admit(c *chat) *apiError {
	l, now := &s.limits, s.opt.Now()
	if wait := l.until.Sub(now); wait > 0 {
		s.journal.counts.Early++
		return TooManyRequests(seconds(wait)).err
	}
	if l.Limits == (Limits{}) {
		return nil
	}
	chat, group := l.of(c.id, now), l.Group
	if c.id > 0 {
		group = Limit{}
	}
	burst := l.interval() * time.Duration(max(l.ChatBurst, 1)-1)
	wait := max(l.overall.wait(l.Overall, now), chat.group.wait(group, now), chat.due.Sub(now)-burst)
	if wait > 0 {
		return s.tooMany(seconds(wait))
	}
	l.overall.add(l.Overall, now)
	chat.group.add(group, now)
	chat.last = now
	if chat.due.Before(now) {
		chat.due = now
	}
	chat.due = chat.due.Add(l.interval())
	return nil
}

// tooMany refuses everything for some seconds.
func (s *Server) tooMany(retryAfter int) *apiError {
	s.limits.until = s.opt.Now().Add(time.Duration(retryAfter) * time.Second)
	return TooManyRequests(retryAfter).err
}

// seconds rounds up, as Telegram tells whole seconds.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

func (l *limiter) of(chat int64, now time.Time) *chatLimiter {
	if c := l.chats[chat]; c != nil {
		return c
	}
	if len(l.chats) >= max(l.tidyAt, fewChats) {
		idle := now.Add(-max(l.Chat.Within, l.Group.Within))
		maps.DeleteFunc(l.chats, func(_ int64, c *chatLimiter) bool { return c.last.Before(idle) && c.due.Before(now) })
		l.tidyAt = 2 * len(l.chats)
	}
	c := &chatLimiter{due: now}
	l.chats[chat] = c
	return c
}
