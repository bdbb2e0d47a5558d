package telegramtest_test

import (
	"fmt"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"tanyanetral/bot/telegram/telegramtest"
)

func TestLimits(t *testing.T) {
	tests := []struct {
		name   string
		limits telegramtest.Limits
		chat   func(i int) int64
		allow  int           // messages at once
		retry  int           // what the next one is told
		after  time.Duration // when one more passes
	}{
		{"overall", telegramtest.Limits{Overall: telegramtest.Limit{Messages: 30, Within: time.Second}},
			func(i int) int64 { return int64(i + 1) }, 30, 1, time.Second},
		{"chat", telegramtest.Limits{Chat: telegramtest.Limit{Messages: 2, Within: time.Minute}},
			func(int) int64 { return 42 }, 1, 27, 27 * time.Second},
		{"burst in a chat", telegramtest.Limits{Chat: telegramtest.Limit{Messages: 1, Within: time.Minute}, ChatBurst: 3},
			func(int) int64 { return 42 }, 3, 54, 54 * time.Second},
		{"group", telegramtest.Limits{Group: telegramtest.Limit{Messages: 20, Within: time.Minute}},
			func(int) int64 { return group }, 20, 54, 54 * time.Second},
		{"all of them, a person", telegramtest.RealLimits(), func(int) int64 { return 42 }, 3, 1, time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newClock()
			b, s := newBot(t, telegramtest.Options{Limits: test.limits, Now: c.Now})
			send := func(i int) reply {
				return b.call("sendMessage", fmt.Sprint("chat_id=", test.chat(i)), "text=x")
			}
			for i := range test.allow {
				if got := send(i); !got.OK {
					t.Fatalf("message %d of %d: %s", i+1, test.allow, got.Description)
				}
			}
			refused := send(test.allow)
			wantError(t, refused, 429, fmt.Sprint("Too Many Requests: retry after ", test.retry))
			if refused.Parameters.RetryAfter != test.retry {
				t.Errorf("got %+v, want %d", refused.Parameters, test.retry)
			}
			c.advance(test.after - time.Millisecond)
			wantError(t, b.call("sendMessage", "chat_id=777", "text=ke orang lain"), 429, "Too Many Requests: retry after 1")
			c.advance(time.Millisecond)
			if got := send(0); !got.OK {
				t.Errorf("after %v: %s", test.after, got.Description)
			}
			if got := s.Counts(); got.TooMany != 2 || got.Early != 1 || got.Messages != test.allow+1 {
				t.Errorf("got %+v, want 2 too many, 1 of them early", got)
			}
		})
	}
}

func TestEvenPaceIsWithinTheLimits(t *testing.T) {
	c := newClock()
	b, _ := newBot(t, telegramtest.Options{Limits: telegramtest.RealLimits(), Now: c.Now})
	for i := range 200 {
		b.send(fmt.Sprint("chat_id=", i+1), "text=x")
		c.advance(time.Second/30 - time.Millisecond) // the network brings some closer together
	}
}

func TestChatMayGoOnEvenlyAfterABurst(t *testing.T) {
	c := newClock()
	b, _ := newBot(t, telegramtest.Options{Limits: telegramtest.RealLimits(), Now: c.Now})
	for range 3 {
		b.send("chat_id=42", "text=x")
	}
	for range 20 {
		c.advance(950 * time.Millisecond)
		b.send("chat_id=42", "text=x")
	}
}

func TestEditsCount(t *testing.T) {
	b, _ := newBot(t, telegramtest.Options{Limits: telegramtest.Limits{
		Chat: telegramtest.Limit{Messages: 1, Within: time.Minute}, ChatBurst: 2}})
	b.send("chat_id=42", "text=1")
	b.must("editMessageText", "chat_id=42", "message_id=1", "text=2")
	if got := b.call("editMessageText", "chat_id=42", "message_id=1", "text=3"); got.Code != 429 {
		t.Errorf("got %d, want 429", got.Code)
	}
	b.must("deleteMessage", "chat_id=42", "message_id=1")
}

func TestMemoryStaysFlat(t *testing.T) {
	c := newClock()
	_, s := newBot(t, telegramtest.Options{Forget: true, Unchecked: true, Limits: telegramtest.RealLimits(), Now: c.Now})
	send := func(from, to int) {
		for i := from; i < to; i++ {
			url := fmt.Sprintf("%s/bot%s/sendMessage?text=x&chat_id=%d", s.URL(), s.Token(), i)
			s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", url, nil))
			c.advance(time.Second / 30)
		}
	}
	send(1, 3000)
	before := liveHeap()
	send(3000, 23_000)
	if grown := liveHeap() - before; grown > 500_000 {
		t.Errorf("20000 more people took %d bytes", grown)
	}
	if got := s.Counts().Messages; got != 22_999 {
		t.Errorf("%d messages, want 22999", got)
	}
}

func liveHeap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
