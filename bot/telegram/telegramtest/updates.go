package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// firstUpdate is the id of a server's first update: a large one, as real ones are.
const firstUpdate = 700_000_001

// keptFor is how long Telegram keeps an update that nobody fetches.
const keptFor = 24 * time.Hour

// queue is the updates of the bot that are not confirmed, the oldest first.
type queue struct {
	next    int64 // id of the next update
	waiting []*update
	allowed []string // kinds, as the last getUpdates that named some wanted them; nil for the default
	webhook string   // its URL; getUpdates is refused while there is one
	poll    *poll    // the getUpdates that waits, nil if none
}

// update is one update with its fate.
type update struct {
	Update
	raw    json.RawMessage
	pushed time.Time
	fresh  bool // delivered, and nothing was accepted for it since
}

// poll is one getUpdates that waits.
type poll struct {
	wake   chan struct{}  // has room for one
	failed chan *apiError // another getUpdates or a webhook took over; has room for one
}

// Push queues an update of some kind ("message", "chat_member", ...) with any JSON value as its
// content. It returns the update's id, 0 if the bot does not want updates of this kind.
// Person and Chat have methods that make the usual ones.
func (s *Server) Push(kind string, content any) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.push(kind, content)
	s.meet(u)
	return u.id()
}

// PushRaw queues an object as it is, however wrong it may be, wanted or not. Where it has no update_id it
// gets the next one. It returns the id that confirms it.
func (s *Server) PushRaw(object string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !json.Valid([]byte(object)) {
		panic(fmt.Sprintf("telegramtest: Telegram sends JSON only, not %q", object))
	}
	rest, isObject := strings.CutPrefix(strings.TrimSpace(object), "{")
	if isObject && !strings.Contains(object, `"update_id"`) {
		comma := ","
		if strings.TrimSpace(rest) == "}" {
			comma = ""
		}
		object = fmt.Sprintf(`{"update_id":%d%s%s`, s.queue.next, comma, rest)
	}
	var about Update
	var fields map[string]json.RawMessage
	id := s.queue.next
	if json.Unmarshal([]byte(object), &fields) == nil {
		_ = json.Unmarshal(fields["update_id"], &id) // one that is no number confirms nothing: it keeps its place in the queue
		delete(fields, "update_id")
		for kind, content := range fields { // one, as a rule
			about.Kind = kind
			about.Chat, about.Message = place(content)
		}
	}
	u := s.enqueue(about, json.RawMessage(object))
	u.ID = id
	s.meet(u)
	return u.ID
}

// meet makes a message that a test made up known, so that it can be replied to. It is no part of the conversation.
func (s *Server) meet(u *update) {
	if u == nil || u.Kind != "message" || s.opt.Forget {
		return
	}
	c := s.chat(u.Chat)
	c.known = true
	if c.byID[u.Message] == nil {
		c.byID[u.Message] = &Message{ID: u.Message, Chat: u.Chat, From: u.Chat, Time: u.pushed, update: u}
	}
}

// push queues an update of a kind that the bot wants; of another one it returns nil.
func (s *Server) push(kind string, content any) *update {
	if !s.queue.wants(kind) {
		return nil
	}
	raw := encode(content)
	u := Update{Kind: kind}
	if !s.opt.Forget {
		u.Chat, u.Message = place(raw)
	}
	return s.enqueue(u, fmt.Appendf(nil, `{"update_id":%d,%q:%s}`, s.queue.next, kind, raw))
}

// id is the update's id, 0 if there is no update.
func (u *update) id() int64 {
	if u == nil {
		return 0
	}
	return u.ID
}

func (s *Server) enqueue(about Update, raw json.RawMessage) *update {
	u := &update{Update: about, raw: raw, pushed: s.opt.Now()}
	u.ID = s.queue.next
	s.queue.next++
	s.queue.waiting = append(s.queue.waiting, u)
	s.journal.counts.Updates++
	if !s.opt.Forget {
		s.journal.updates = append(s.journal.updates, u)
	}
	if p := s.queue.poll; p != nil {
		select {
		case p.wake <- struct{}{}:
		default: // it is awake already
		}
	}
	s.notify()
	return u
}

// place is the chat and the message that an update is about, as far as it says so.
func place(content json.RawMessage) (chat int64, message int) {
	type where struct {
		ID   int `json:"message_id"`
		Chat struct {
			ID int64 `json:"id"`
		} `json:"chat"`
	}
	var w struct {
		where
		Message where `json:"message"`
	}
	if json.Unmarshal(content, &w) != nil {
		return 0, 0 // hostile input is nowhere
	}
	if w.Chat.ID != 0 {
		return w.Chat.ID, w.ID
	}
	return w.Message.Chat.ID, w.Message.ID
}

func (q *queue) wants(kind string) bool {
	if len(q.allowed) == 0 {
		return kind != "chat_member" && kind != "message_reaction" && kind != "message_reaction_count"
	}
	return slices.Contains(q.allowed, kind)
}

// Silence is a week without updates: what waits is lost, and the next update has the given id,
// which may be lower than that of earlier ones. Beware, as with Telegram, of an old offset: it
// confirms unseen what is below it.
func (s *Server) Silence(next int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lose(len(s.queue.waiting))
	s.queue.next = next
}

// lose drops the n oldest updates, unconfirmed.
func (s *Server) lose(n int) {
	for _, u := range s.queue.waiting[:n] {
		u.Lost = true
		s.leave(u)
	}
	s.queue.drop(n)
}

// SetWebhook makes getUpdates fail until deleteWebhook is called, and ends the one that waits.
func (s *Server) SetWebhook(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.notify()
	s.queue.webhook = url
	s.queue.takeOver("Conflict: terminated by setWebhook request")
}

// takeOver ends the getUpdates that waits, if there is one.
func (q *queue) takeOver(description string) {
	if q.poll != nil {
		q.poll.failed <- &apiError{Code: 409, Description: description}
		q.poll = nil
	}
}

// Polling reports whether a getUpdates is waiting for updates.
func (s *Server) Polling() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queue.poll != nil
}

// Pending is the number of updates that are not confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue.waiting)
}

// getUpdates answers at once with what is there, else when something comes or the timeout is over.
func (s *Server) getUpdates(r *request) answer {
	p, updates, err := s.beginPoll(r)
	if err != nil || p == nil {
		return answer{result: updates, err: err}
	}
	timeout := time.NewTimer(time.Duration(min(r.number("timeout"), 50)) * time.Second)
	defer timeout.Stop()
	defer s.endPoll(p)
	for {
		var over bool
		select {
		case <-p.wake:
		case <-timeout.C:
			over = true
		case err := <-p.failed:
			return s.failPoll(r, err)
		case <-r.ctx.Done():
			return answer{result: []json.RawMessage{}} // nobody reads it
		case <-s.stopped:
			panic(http.ErrAbortHandler)
		}
		if updates := s.deliver(r); len(updates) > 0 || over {
			return answer{result: updates}
		}
	}
}

// beginPoll confirms what the offset says. It returns what there is to be delivered at once, or the
// poll to wait with.
func (s *Server) beginPoll(r *request) (*poll, []json.RawMessage, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.notify()
	if err := s.begin(r); err != nil {
		return nil, nil, err
	}
	if s.queue.webhook != "" {
		return nil, nil, s.refused(r, &apiError{Code: 409, Description: "Conflict: can't use getUpdates method while " +
			"webhook is active; use deleteWebhook to delete the webhook first"})
	}
	s.queue.takeOver("Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
	var allowed []string
	if json.Unmarshal([]byte(r.params["allowed_updates"]), &allowed) == nil && allowed != nil {
		s.queue.allowed = allowed
	}
	s.expire()
	s.confirm(r.number("offset"))
	updates := s.take(r)
	if len(updates) > 0 || r.number("timeout") <= 0 {
		return nil, updates, nil
	}
	s.queue.poll = &poll{wake: make(chan struct{}, 1), failed: make(chan *apiError, 1)}
	return s.queue.poll, nil, nil
}

func (s *Server) failPoll(r *request, err *apiError) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return answer{err: s.refused(r, err)}
}

func (s *Server) endPoll(p *poll) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.notify()
	if s.queue.poll == p {
		s.queue.poll = nil
	}
}

// expire loses what nobody fetched for a day.
func (s *Server) expire() {
	old := s.opt.Now().Add(-keptFor)
	n := 0
	for n < len(s.queue.waiting) && s.queue.waiting[n].pushed.Before(old) {
		n++
	}
	s.lose(n)
}

// confirm drops the updates below the offset; a negative one keeps that many of the newest.
func (s *Server) confirm(offset int64) {
	waiting := s.queue.waiting
	n := 0
	if offset < 0 {
		n = max(0, len(waiting)+int(offset))
	}
	for offset > 0 && n < len(waiting) && waiting[n].ID < offset {
		n++
	}
	for _, u := range waiting[:n] {
		u.Confirmed = true
		u.Unanswered = len(u.Answers) == 0
		s.leave(u)
		s.journal.counts.Confirmed++
	}
	s.queue.drop(n)
}

// drop takes the n oldest updates out. They are not kept alive, and the others are not moved: there may be a million.
func (q *queue) drop(n int) {
	clear(q.waiting[:n])
	q.waiting = q.waiting[n:]
}

func (s *Server) deliver(r *request) []json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.notify()
	return s.take(r)
}

// take hands out the oldest updates, up to the limit of the request. They stay in the queue.
func (s *Server) take(r *request) []json.RawMessage {
	limit := 100
	if r.has("limit") {
		limit = int(min(max(r.number("limit"), 1), 100))
	}
	batch := s.queue.waiting[:min(limit, len(s.queue.waiting))]
	updates := make([]json.RawMessage, len(batch))
	for i, u := range batch {
		updates[i] = u.raw
		s.join(u)
	}
	return updates
}

func (s *Server) deleteWebhook(r *request) (any, *apiError) {
	s.queue.webhook = ""
	if r.flag("drop_pending_updates") {
		s.lose(len(s.queue.waiting))
	}
	return true, nil
}

func (s *Server) getWebhookInfo(*request) (any, *apiError) {
	return object{
		"url":                    s.queue.webhook,
		"has_custom_certificate": false,
		"pending_update_count":   len(s.queue.waiting),
	}, nil
}
