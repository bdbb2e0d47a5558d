package telegramtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Update is the fate of an update.
type Update struct {
	ID      int64
	Kind    string // "message", "callback_query", ...; empty for a raw one that has none
	Chat    int64  // 0 if it comes from none
	Message int    // 0 if it is about none

	Delivered  int  // how often it was handed out
	Confirmed  bool // by a higher offset
	Lost       bool // it was dropped without confirmation
	Unanswered bool // it had no answer when it was confirmed

	// Answers are what the bot did about the update. One belongs to the update that it names (by the id of
	// a query, or the message that it replies to), that AnswerTo says, or whose button was under the
	// message that it edits. Else it belongs to the oldest update of that chat that was delivered and has no
	// accepted answer since, or if all have, to the one answered last. So it is exact for a chat with one
	// unconfirmed update at a time.
	Answers []Answer
}

// Answer is something that the bot did about an update.
type Answer struct {
	Method  string
	Message int // sent or edited, 0 if none
	Text    string
	Refused string // why it was refused for good (400 or 403); empty if it was accepted
}

// Repeated reports whether the same answer was accepted more than once.
func (u Update) Repeated() bool {
	seen := map[[2]string]bool{}
	for _, a := range u.Answers {
		if a.Refused != "" {
			continue
		}
		key := [2]string{a.Method, a.Text}
		if seen[key] {
			return true
		}
		seen[key] = true
	}
	return false
}

// Refusal is a request that was not done.
type Refusal struct {
	Method      string
	Chat        int64 // 0 if it is for none
	Code        int
	Description string
	Time        time.Time
}

// Counts is how often things have happened.
type Counts struct {
	Requests  int // with the right token; those that were cut or stalled before they were done are left out
	Messages  int // sent by the bot
	Edits     int // of its messages
	Callbacks int // answered
	Inline    int // inline queries answered
	Updates   int // queued
	Confirmed int // updates
	Refused   int // requests
	TooMany   int // of these, 429
	Early     int // of these, sent before a retry_after was over, some of them on their way when it began
}

// kept is how many refusals and violations are kept at most.
const kept = 1000

// journal is what happened.
type journal struct {
	counts     Counts
	updates    []*update
	refusals   []Refusal
	violations []string
	callbacks  []CallbackAnswer
	inline     []InlineAnswer
}

// Counts is how often things have happened until now.
func (s *Server) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.counts
}

// Refusals is the requests that were not done, in order; of many, the last ones.
func (s *Server) Refusals() []Refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.journal.refusals)
}

// Violations is how requests differed from the description of the Bot API; of many, the first ones.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.journal.violations)
}

// Updates is all updates with their fate, in the order in which they came.
func (s *Server) Updates() []Update {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Update, len(s.journal.updates))
	for i, u := range s.journal.updates {
		all[i] = u.Update
		all[i].Answers = slices.Clone(u.Answers)
	}
	return all
}

// Wait waits until the condition holds. It is asked now and after each change; it may call the Server.
func (s *Server) Wait(ctx context.Context, holds func() bool) error {
	for {
		s.mu.Lock()
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		changed := s.changed
		s.mu.Unlock()
		if holds() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the bot: %w", context.Cause(ctx))
		}
	}
}

// notify wakes those who wait for a change.
func (s *Server) notify() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

func (s *Server) violation(r *request, format string, args ...any) {
	if len(s.journal.violations) < kept {
		s.journal.violations = append(s.journal.violations, r.method+": "+fmt.Sprintf(format, args...))
	}
}

// refused records that a request was not done, if there is an error.
func (s *Server) refused(r *request, err *apiError) *apiError {
	if err == nil {
		return nil
	}
	s.journal.counts.Refused++
	if err.Code == 429 {
		s.journal.counts.TooMany++
	}
	if len(s.journal.refusals) == kept {
		s.journal.refusals = slices.Delete(s.journal.refusals, 0, kept/10)
	}
	s.journal.refusals = append(s.journal.refusals, Refusal{
		Method: r.method, Chat: r.number("chat_id"), Code: err.Code, Description: err.Description, Time: s.opt.Now(),
	})
	if r.isAnswer() && (err.Code == 400 || err.Code == 403) {
		s.credit(r, nil, Answer{Method: r.method, Text: r.params["text"], Refused: err.Description})
	}
	return err
}

// isAnswer reports whether a person sees what the request does.
func (r *request) isAnswer() bool {
	for _, prefix := range []string{"sendMessage", "sendPhoto", "sendDocument", "editMessage", "answer"} {
		if strings.HasPrefix(r.method, prefix) {
			return true
		}
	}
	return false
}

// join notes that an update was delivered.
func (s *Server) join(u *update) {
	u.Delivered++
	if s.opt.Forget {
		return
	}
	u.fresh = true
	if c := s.chat(u.Chat); !slices.Contains(c.open, u) {
		c.open = append(c.open, u)
	}
}

// leave notes that an update is no longer in the queue.
func (s *Server) leave(u *update) {
	if s.opt.Forget {
		return
	}
	c := s.chat(u.Chat)
	c.open = slices.DeleteFunc(c.open, func(o *update) bool { return o == u })
	if c.answered == u {
		c.answered = nil
	}
}

// credit adds an answer to the update that it belongs to, if there is one. A refused answer has no message.
func (s *Server) credit(r *request, m *Message, a Answer) {
	if s.opt.Forget {
		return
	}
	u := s.answers(r, m)
	if u == nil {
		return
	}
	u.Answers = append(u.Answers, a)
	if c := s.chat(u.Chat); a.Refused == "" && slices.Contains(c.open, u) {
		u.fresh = false
		c.answered = u
	}
}

// answers is the rule of Update.Answers.
func (s *Server) answers(r *request, m *Message) *update {
	if q := s.queries[r.params["callback_query_id"]+r.params["inline_query_id"]]; q != nil {
		return q.update
	}
	id := r.number("chat_id")
	if id == 0 {
		return nil
	}
	c := s.chat(id)
	if m != nil && s.opt.AnswerTo != nil {
		said := s.opt.AnswerTo(*m)
		if i := slices.IndexFunc(s.journal.updates, func(u *update) bool { return u.ID == said }); i >= 0 {
			return s.journal.updates[i]
		}
	}
	if m != nil && m.update != nil { // it is edited after a press
		return m.update
	}
	if m != nil && m.ReplyTo != 0 && c.byID[m.ReplyTo].update != nil {
		return c.byID[m.ReplyTo].update
	}
	for _, u := range c.open {
		if u.fresh {
			return u
		}
	}
	return c.answered
}
