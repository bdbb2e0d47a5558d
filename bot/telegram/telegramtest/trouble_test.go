package telegramtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"tanyanetral/bot/telegram/telegramtest"
)

func TestTroubleAnswersWithErrors(t *testing.T) {
	tests := []struct {
		effect      telegramtest.Effect
		code        int
		description string
	}{
		{telegramtest.Blocked(), 403, "Forbidden: bot was blocked by the user"},
		{telegramtest.Deactivated(), 403, "Forbidden: user is deactivated"},
		{telegramtest.Kicked(), 403, "Forbidden: bot was kicked from the group chat"},
		{telegramtest.ChatNotFound(), 400, "Bad Request: chat not found"},
		{telegramtest.Unauthorized(), 401, "Unauthorized"},
		{telegramtest.ServerError(502), 502, "Bad Gateway"},
		{telegramtest.Error(400, "Bad Request: PEER_ID_INVALID"), 400, "Bad Request: PEER_ID_INVALID"},
	}
	for _, test := range tests {
		b, s := newBot(t, telegramtest.Options{})
		s.Trouble(test.effect, telegramtest.When{Times: 1})
		wantError(t, b.call("sendMessage", "chat_id=42", "text=x"), test.code, test.description)
		b.send("chat_id=42", "text=x")
		want := telegramtest.Refusal{Method: "sendMessage", Chat: 42, Code: test.code, Description: test.description}
		got := s.Refusals()
		if got[0].Time = (time.Time{}); len(got) != 1 || got[0] != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func TestTroubleWithMigration(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	s.Trouble(telegramtest.Migrated(supergroup), telegramtest.When{Chat: group})
	got := b.call("sendMessage", fmt.Sprint("chat_id=", group), "text=x")
	wantError(t, got, 400, "Bad Request: group chat was upgraded to a supergroup chat")
	if got.Parameters.MigrateTo != supergroup {
		t.Errorf("got %+v", got.Parameters)
	}
}

func TestTooManyRequestsHoldsForAllSending(t *testing.T) {
	c := newClock()
	b, s := newBot(t, telegramtest.Options{Now: c.Now})
	s.Trouble(telegramtest.TooManyRequests(7), telegramtest.When{Chat: 42, Times: 1})
	wantError(t, b.call("sendMessage", "chat_id=42", "text=x"), 429, "Too Many Requests: retry after 7")
	c.advance(2 * time.Second)
	wantError(t, b.call("sendMessage", "chat_id=43", "text=x"), 429, "Too Many Requests: retry after 5")
	b.must("getMe")
	c.advance(5 * time.Second)
	b.send("chat_id=42", "text=x")
	if got := s.Counts(); got.TooMany != 2 || got.Early != 1 {
		t.Errorf("got %+v, want 2 too many, 1 early", got)
	}
}

func TestProxyAnswersHTML(t *testing.T) {
	_, s := newBot(t, telegramtest.Options{})
	s.Trouble(telegramtest.HTMLError(502), telegramtest.When{})
	resp, err := s.Client().Get(s.URL() + "/bot" + s.Token() + "/getMe")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 502 || resp.Header.Get("Content-Type") != "text/html" || body[0] != '<' {
		t.Errorf("got %d %s %q, want HTML", resp.StatusCode, resp.Header.Get("Content-Type"), body)
	}
}

// mark is how a request went: x for trouble.
func mark(r reply) string {
	if r.OK {
		return "."
	}
	return "x"
}

func TestWhichRequestsAreInTrouble(t *testing.T) {
	c := newClock()
	requests := [][]string{ // what is asked for, and when: one a second
		{"getMe"},
		{"sendMessage", "chat_id=42", "text=x"},
		{"sendMessage", "chat_id=42", "text=x"},
		{"sendMessage", "chat_id=42", "text=x"},
		{"sendMessage", "chat_id=43", "text=x"},
		{"sendMessage", "chat_id=43", "text=x"},
	}
	tests := []struct {
		name string
		when telegramtest.When
		want string // one letter for each of the requests: x for trouble
	}{
		{"all", telegramtest.When{}, "xxxxxx"},
		{"method", telegramtest.When{Method: "sendMessage"}, ".xxxxx"},
		{"methods", telegramtest.When{Method: "get*"}, "x....."},
		{"no pattern", telegramtest.When{Method: "["}, "......"},
		{"chat", telegramtest.When{Chat: 43}, "....xx"},
		{"times", telegramtest.When{Times: 2}, "xx...."},
		{"skip", telegramtest.When{Skip: 1, Times: 2}, ".xx..."},
		{"span", telegramtest.When{For: 3 * time.Second}, "xxx..."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b, s := newBot(t, telegramtest.Options{Now: c.Now})
			end := s.Trouble(telegramtest.ServerError(500), test.when)
			got := ""
			for _, r := range requests {
				got += mark(b.call(r[0], r[1:]...))
				c.advance(time.Second)
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			end()
			end() // twice does no harm
			b.must("getMe")
		})
	}
}

func TestTroubleWithProbability(t *testing.T) {
	run := func() (failures string) {
		b, s := newBot(t, telegramtest.Options{Rand: rand.New(rand.NewPCG(7, 7))})
		s.Trouble(telegramtest.ServerError(500), telegramtest.When{Probability: 0.3})
		for range 100 {
			failures += mark(b.call("getMe"))
		}
		if n := s.Counts().Refused; n < 15 || n > 45 {
			t.Errorf("%d of 100 failed, want about 30", n)
		}
		return failures
	}
	if first, second := run(), run(); first != second {
		t.Errorf("the same seed gave\n%s and\n%s", first, second)
	}
}

func TestCutConnections(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	s.Trouble(telegramtest.CutBefore(), telegramtest.When{Times: 1})
	s.Trouble(telegramtest.CutAfter(), telegramtest.When{Times: 1})
	for i, want := range []int{0, 1, 2} {
		_, err := b.try("sendMessage", "chat_id=42", fmt.Sprint("text=", i))
		if (err != nil) != (i < 2) {
			t.Errorf("request %d: %v", i, err)
		}
		if got := len(s.Chat(42).Sent()); got != want {
			t.Errorf("after request %d: %d messages, want %d", i, got, want)
		}
	}
}

func TestStalledRequest(t *testing.T) {
	inBubble(t, func(t *testing.T, b bot, s *telegramtest.Server) {
		end := s.Trouble(telegramtest.Stall(), telegramtest.When{})
		b.client.Timeout = time.Minute
		begin := time.Now()
		_, err := b.try("sendMessage", "chat_id=42", "text=x")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Minute {
			t.Errorf("got %v after %v, want the client's timeout", err, time.Since(begin))
		}
		failed := make(chan error)
		go func() {
			_, err := b.try("sendMessage", "chat_id=42", "text=x")
			failed <- err
		}()
		synctest.Wait()
		end()
		if err := <-failed; err == nil {
			t.Error("the stalled request was answered after all")
		}
		if got := len(s.Chat(42).Sent()); got != 0 {
			t.Errorf("%d messages were accepted, want none", got)
		}
	})
}

func TestSlowAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T, b bot, s *telegramtest.Server) {
		s.Trouble(telegramtest.Slow(20*time.Second), telegramtest.When{Method: "sendMessage"})
		begin := time.Now()
		b.send("chat_id=42", "text=x")
		if got := time.Since(begin); got != 20*time.Second {
			t.Errorf("the answer came after %v, want 20s", got)
		}
		b.client.Timeout = time.Second
		if _, err := b.try("sendMessage", "chat_id=42", "text=y"); err == nil {
			t.Error("the answer came in time")
		}
		if got := len(s.Chat(42).Sent()); got != 2 {
			t.Errorf("%d messages were accepted, want both", got)
		}
	})
}
