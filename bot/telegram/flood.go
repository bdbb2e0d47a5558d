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

	// enough is the number of answers after which somebody who is known to write too
	// much gets no more, where the answers hold up everybody else.
	enough = 6

	// maxUrgent is the number of replies that somebody who wrote too much still gets
	// in a minute to what must be done at once.
	maxUrgent = 3
)

// flood counts messages of each person and each group by the minute.
type flood struct {
	mu     sync.Mutex
	counts map[int64]*count
	swept  time.Time
}

type count struct {
	since   time.Time
	n       int
	noticed bool
	urgent  int
}

type allowance int

const (
	answerIt    allowance = iota
	noticeIt              // one message too many: say so, once
	noticeGroup           // the same where a group has had its share
	ignoreIt
)

// allow counts a message. behind is the number of messages of its chat that wait for
// their turn, where that holds up everybody else.
func (f *flood) allow(from origin, behind int, now time.Time) allowance {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sweep(now)
	person := answerIt
	if from.person != 0 {
		person = f.count(from.person, maxPerMinute, behind, now)
	}
	if person != answerIt || !from.group {
		return person // who writes too much does not use up what others of the group have
	}
	group := f.count(from.chat, maxPerGroup, 0, now)
	if group == noticeIt {
		return noticeGroup
	}
	return group
}

func (f *flood) count(id int64, most, behind int, now time.Time) allowance {
	c, ok := f.counts[id]
	if !ok || now.Sub(c.since) >= time.Minute {
		c = &count{since: now}
		f.counts[id] = c
	}
	c.n++
	switch {
	case c.noticed:
		return ignoreIt
	case c.n <= enough, c.n+behind <= most:
		return answerIt
	}
	c.noticed = true
	return noticeIt
}

// told counts a reply to something urgent, and reports whether there have been enough.
func (f *flood) told(from origin) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.counts[from.person]
	if c == nil {
		return false
	}
	c.urgent++
	return c.urgent > maxUrgent
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
