package telegram

import (
	"sync"
	"time"
)

// maxPerMinute is the number of messages in a minute that one person, or one
// group, gets answers to.
const maxPerMinute = 20

// flood counts messages of each chat by the minute.
type flood struct {
	mu     sync.Mutex
	counts map[int64]*count
	swept  time.Time
}

type count struct {
	since time.Time
	n     int
}

type allowance int

const (
	answerIt allowance = iota
	noticeIt           // one message too many: say so, once
	ignoreIt
)

// allow counts a message.
func (f *flood) allow(chat int64, now time.Time) allowance {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.counts == nil || now.Sub(f.swept) >= time.Minute {
		for id, c := range f.counts {
			if now.Sub(c.since) >= time.Minute {
				delete(f.counts, id)
			}
		}
		if f.counts == nil {
			f.counts = map[int64]*count{}
		}
		f.swept = now
	}
	c, ok := f.counts[chat]
	if !ok || now.Sub(c.since) >= time.Minute {
		c = &count{since: now}
		f.counts[chat] = c
	}
	c.n++
	switch {
	case c.n <= maxPerMinute:
		return answerIt
	case c.n == maxPerMinute+1:
		return noticeIt
	}
	return ignoreIt
}
