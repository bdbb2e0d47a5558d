package telegramtest

import (
	"fmt"
	"net/http"
	"path"
	"time"
)

// Effect is what happens to a request in trouble.
type Effect struct {
	err   *apiError     // the answer in place of doing it
	body  string        // the answer's body, if it is not JSON
	cut   bool          // the connection is cut
	after bool          // it is cut after the request was done
	stall bool          // nothing happens until the trouble ends or the client gives up
	delay time.Duration // the answer comes late
}

// Error is any answer that is not ok. The description begins with the code's name: "Bad Request: ...".
func Error(code int, description string) Effect {
	return Effect{err: &apiError{Code: code, Description: description}}
}

// Blocked is a person who blocked the bot.
func Blocked() Effect { return Error(403, "Forbidden: bot was blocked by the user") }

// Deactivated is a person whose account is gone.
func Deactivated() Effect { return Error(403, "Forbidden: user is deactivated") }

// Kicked is a group that threw the bot out.
func Kicked() Effect { return Error(403, "Forbidden: bot was kicked from the group chat") }

// ChatNotFound is a chat that does not exist, for the bot.
func ChatNotFound() Effect { return Error(400, "Bad Request: chat not found") }

// Unauthorized is a token that was revoked.
func Unauthorized() Effect { return Error(401, "Unauthorized") }

// Migrated is a group that became the supergroup with the given id.
func Migrated(to int64) Effect {
	e := Error(400, "Bad Request: group chat was upgraded to a supergroup chat")
	e.err.MigrateTo = to
	return e
}

// TooManyRequests is a 429. Whatever is sent within retryAfter seconds, to whom ever, gets one too.
func TooManyRequests(retryAfter int) Effect {
	e := Error(429, fmt.Sprintf("Too Many Requests: retry after %d", retryAfter))
	e.err.RetryAfter = retryAfter
	return e
}

// ServerError is a 5xx in JSON, as of the Bot API server.
func ServerError(code int) Effect { return Error(code, http.StatusText(code)) }

// HTMLError is a 5xx in HTML, as of a proxy before the Bot API server.
func HTMLError(code int) Effect {
	e := ServerError(code)
	e.body = fmt.Sprintf("<html>\r\n<head><title>%d %s</title></head>\r\n</html>\r\n", code, http.StatusText(code))
	return e
}

// CutBefore cuts the connection before anything was done.
func CutBefore() Effect { return Effect{cut: true} }

// CutAfter cuts the connection after the request was done: the message was sent, and the bot cannot know.
func CutAfter() Effect { return Effect{cut: true, after: true} }

// Stall leaves the request without an answer, not done, until the trouble ends or the client gives up.
func Stall() Effect { return Effect{stall: true} }

// Slow does the request, and answers after the delay.
func Slow(delay time.Duration) Effect { return Effect{delay: delay} }

// When says which requests are in trouble: those that fulfil all that is set.
type When struct {
	Method      string        // its name, or a pattern like "send*"; any if empty
	Chat        int64         // chat_id; any if 0
	Times       int           // so many requests, any number if 0
	Skip        int           // leaves out the first of them
	For         time.Duration // so long from now on, by the clock of Options; without end if 0
	Probability float64       // each request with this probability; always if 0
}

// trouble is a trouble that goes on.
type trouble struct {
	Effect
	When
	until time.Time
	ended chan struct{}
}

// Trouble makes trouble until the returned function is called. Of several troubles that a request is in, the oldest
// has its effect.
func (s *Server) Trouble(e Effect, w When) (end func()) {
	t := &trouble{Effect: e, When: w, ended: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.For > 0 {
		t.until = s.opt.Now().Add(w.For)
	}
	if w.Times == 0 {
		t.Times = -1
	}
	s.troubles = append(s.troubles, t)
	return func() { s.endTrouble(t) }
}

func (s *Server) endTrouble(t *trouble) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.troubles {
		if other == t {
			s.troubles = append(s.troubles[:i:i], s.troubles[i+1:]...)
			close(t.ended)
			return
		}
	}
}

// troubleFor finds the trouble that a request is in, nil if none.
func (s *Server) troubleFor(r *request) *trouble {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.troubles {
		if !t.matches(r) || !t.until.IsZero() && !s.opt.Now().Before(t.until) {
			continue
		}
		switch {
		case t.Probability > 0 && s.opt.Rand.Float64() >= t.Probability:
		case t.Skip > 0:
			t.Skip--
		case t.Times != 0:
			t.Times--
			return t
		}
	}
	return nil
}

func (w When) matches(r *request) bool {
	named, _ := path.Match(w.Method, r.method) // a wrong pattern fits nothing
	return (named || w.Method == "") && (w.Chat == 0 || w.Chat == r.number("chat_id"))
}

// serveTroubled answers a request, or does what the trouble that it is in wants.
func (s *Server) serveTroubled(w http.ResponseWriter, r *request) {
	t := s.troubleFor(r)
	if t == nil {
		write(w, s.handle(r))
		return
	}
	switch {
	case t.err != nil:
		write(w, s.fail(r, t))
		return
	case t.stall:
		s.pause(r, t.ended, nil)
		panic(http.ErrAbortHandler)
	case t.cut && !t.after:
		panic(http.ErrAbortHandler)
	}
	a := s.handle(r)
	if t.cut {
		panic(http.ErrAbortHandler)
	}
	s.pause(r, nil, time.After(t.delay))
	write(w, a)
}

func (s *Server) fail(r *request, t *trouble) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.notify()
	s.journal.counts.Requests++
	err := t.err
	if err.RetryAfter > 0 {
		err = s.tooMany(err.RetryAfter)
	}
	return answer{err: s.refused(r, err), body: t.body}
}

// pause waits until the trouble ends, the time is over, the client gives up or the server is closed.
func (s *Server) pause(r *request, ended <-chan struct{}, over <-chan time.Time) {
	select {
	case <-ended:
	case <-over:
	case <-r.ctx.Done():
	case <-s.stopped:
	}
}
