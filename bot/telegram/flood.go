package telegram

import (
	"sync"
	"time"
)

const (
	// maxPerMinute is the number of messages in a minute that one person gets answers to.
	maxPerMinute = 20

	// maxPerGroup is the same for a group, whoever writes: Telegram lets the bot send it
	// 20, and what waits for its turn there holds up everybody else's updates.
	maxPerGroup = 15
)

// flood counts messages of each person and each group by the minute.
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
	answerIt    allowance = iota
	noticeIt              // one message too many: say so, once
	noticeGroup           // the same where a group has had its share
	ignoreIt
)

// allow counts a message.
func (f *flood) allow(from origin, now time.Time) allowance {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sweep(now)
	person := answerIt
	if from.person != 0 {
		person = f.count(from.person, maxPerMinute, now)
	}
	if person != answerIt || !from.group {
		return person // who writes too much does not use up what others of the group have
	}
	group := f.count(from.chat, maxPerGroup, now)
	if group == noticeIt {
		return noticeGroup
	}
	return group
}

func (f *flood) count(id int64, most int, now time.Time) allowance {
	c, ok := f.counts[id]
	if !ok || now.Sub(c.since) >= time.Minute {
		c = &count{since: now}
		f.counts[id] = c
	}
	c.n++
	switch {
	case c.n <= most:
		return answerIt
	case c.n == most+1:
		return noticeIt
	}
	return ignoreIt
}

// sweep forgets, once a minute, whose minute is over.
func (f *flood) sweep(now time.Time) {
	if f.counts == nil {
		f.counts = map[int64]*count{}
	}
	if now.Sub(f.swept) < time.Minute {
		return
	}
	for id, c := range f.counts {
		if now.Sub(c.since) >= time.Minute {
			delete(f.counts, id)
		}
	}
	f.swept = now
}
