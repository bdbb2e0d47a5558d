package telegramtest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tanyanetral/bot/telegram/telegramtest"
)

func TestUpdatesComeAgainUntilConfirmed(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	budi := s.Person(42)
	first, second, third := budi.Say("satu"), budi.Say("dua"), budi.Say("tiga")
	if second != first+1 || third != first+2 {
		t.Fatalf("ids %d, %d, %d do not grow by one", first, second, third)
	}
	steps := []struct {
		what   string
		params []string
		want   []int64
	}{
		{"all", nil, []int64{first, second, third}},
		{"again", nil, []int64{first, second, third}},
		{"two", []string{"limit=2"}, []int64{first, second}},
		{"a limit below 1 is 1", []string{"limit=-5"}, []int64{first}},
		{"the first is confirmed", []string{fmt.Sprint("offset=", second)}, []int64{second, third}},
		{"and gone for good", []string{"offset=0"}, []int64{second, third}},
		{"an offset that is passed confirms nothing", []string{fmt.Sprint("offset=", first)}, []int64{second, third}},
		{"the last one alone", []string{"offset=-1"}, []int64{third}},
		{"the earlier are forgotten", nil, []int64{third}},
		{"all confirmed", []string{fmt.Sprint("offset=", third+1)}, []int64{}},
	}
	for _, step := range steps {
		if got := b.poll(step.params...); !slices.Equal(got, step.want) {
			t.Errorf("%s: got %d, want %d", step.what, got, step.want)
		}
	}
	if got := s.Updates()[0].Delivered; got != 4 {
		t.Errorf("the first update was delivered %d times, want 4", got)
	}
}

func TestAtMostHundredAtOnce(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	for range 130 {
		s.Person(42).Say("halo")
	}
	for _, params := range [][]string{nil, {"limit=1000"}} {
		if got := len(b.poll(params...)); got != 100 {
			t.Errorf("%v: got %d updates, want 100", params, got)
		}
	}
	if got := s.Pending(); got != 130 {
		t.Errorf("%d are pending, want 130", got)
	}
}

// inBubble runs a test in which all waiting takes no time.
func inBubble(t *testing.T, test func(*testing.T, bot, *telegramtest.Server)) {
	synctest.Test(t, func(t *testing.T) {
		b, s := newBot(t, telegramtest.Options{InMemory: true})
		test(t, b, s)
	})
}

func TestPollWithoutUpdatesAnswersAfterItsTimeout(t *testing.T) {
	inBubble(t, func(t *testing.T, b bot, _ *telegramtest.Server) {
		for timeout, want := range map[int]time.Duration{0: 0, 30: 30 * time.Second, 3600: 50 * time.Second} {
			begin := time.Now()
			if got := b.must("getUpdates", fmt.Sprint("timeout=", timeout)); string(got.Result) != "[]" {
				t.Errorf("got %s, want []", got.Result)
			}
			if got := time.Since(begin); got != want {
				t.Errorf("timeout %d: the answer came after %v, want %v", timeout, got, want)
			}
		}
	})
}

func TestPollAnswersWhenAnUpdateComes(t *testing.T) {
	inBubble(t, func(t *testing.T, b bot, s *telegramtest.Server) {
		pushed := make(chan int64, 1)
		time.AfterFunc(7*time.Second, func() { pushed <- s.Person(42).Say("halo") })
		begin := time.Now()
		got := b.poll("timeout=30")
		if want := <-pushed; len(got) != 1 || got[0] != want {
			t.Errorf("got %d, want %d", got, want)
		}
		if after := time.Since(begin); after != 7*time.Second {
			t.Errorf("the answer came after %v, want 7s", after)
		}
	})
}

func TestSecondPollEndsTheFirst(t *testing.T) {
	inBubble(t, func(t *testing.T, b bot, s *telegramtest.Server) {
		first := make(chan reply)
		go func() { first <- b.call("getUpdates", "timeout=30") }()
		if err := s.Wait(t.Context(), s.Polling); err != nil {
			t.Fatal(err)
		}
		b.must("getUpdates", "timeout=1")
		wantError(t, <-first, 409,
			"Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
		if s.Polling() {
			t.Error("a poll is left")
		}
	})
}

func TestWebhookForbidsPolling(t *testing.T) {
	inBubble(t, func(t *testing.T, b bot, s *telegramtest.Server) {
		waiting := make(chan reply)
		go func() { waiting <- b.call("getUpdates", "timeout=30") }()
		synctest.Wait()
		s.SetWebhook("https://bot.example/hook")
		wantError(t, <-waiting, 409, "Conflict: terminated by setWebhook request")
		wantError(t, b.call("getUpdates"), 409, "Conflict: can't use getUpdates method while webhook is active; "+
			"use deleteWebhook to delete the webhook first")

		s.Person(42).Say("halo")
		var info struct {
			URL     string
			Pending int `json:"pending_update_count"`
		}
		decode(t, b.must("getWebhookInfo").Result, &info)
		if info.URL != "https://bot.example/hook" || info.Pending != 1 {
			t.Errorf("got %+v", info)
		}
		b.must("deleteWebhook")
		if got := b.poll(); len(got) != 1 {
			t.Errorf("got %d updates after the webhook, want 1", len(got))
		}
		b.must("deleteWebhook", "drop_pending_updates=true")
		if got := b.poll(); len(got) != 0 {
			t.Errorf("got %d updates after they were dropped", len(got))
		}
	})
}

func TestPollEndsWithItsClient(t *testing.T) {
	inBubble(t, func(t *testing.T, b bot, s *telegramtest.Server) {
		b.client.Timeout = time.Second
		if _, err := b.try("getUpdates", "timeout=30"); err == nil {
			t.Error("the poll succeeded")
		}
		if err := s.Wait(t.Context(), func() bool { return !s.Polling() }); err != nil {
			t.Error(err)
		}
	})
}

func TestPollEndsWithTheServer(t *testing.T) {
	inBubble(t, func(t *testing.T, b bot, s *telegramtest.Server) {
		failed := make(chan error)
		go func() {
			_, err := b.try("getUpdates", "timeout=30")
			failed <- err
		}()
		synctest.Wait()
		s.Close()
		if err := <-failed; err == nil {
			t.Error("the poll of a closed server succeeded")
		}
	})
}

func TestAllowedUpdates(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	push := func() (wanted []string) {
		for _, kind := range []string{"message", "callback_query", "chat_member", "message_reaction"} {
			if s.Push(kind, map[string]any{}) != 0 {
				wanted = append(wanted, kind)
			}
		}
		return wanted
	}
	steps := []struct {
		what   string
		params []string
		want   []string
	}{
		{"by default", nil, []string{"message", "callback_query"}},
		{"as named", []string{`allowed_updates=["chat_member"]`}, []string{"chat_member"}},
		{"remembered", nil, []string{"chat_member"}},
		{"null is not there", []string{"allowed_updates=null"}, []string{"chat_member"}},
		{"the default again", []string{"allowed_updates=[]"}, []string{"message", "callback_query"}},
	}
	queued := 0
	for _, step := range steps {
		b.must("getUpdates", step.params...)
		got := push()
		if queued += len(got); !slices.Equal(got, step.want) {
			t.Errorf("%s: got %q, want %q", step.what, got, step.want)
		}
	}
	if got := len(b.poll()); got != queued {
		t.Errorf("%d updates were delivered, want all %d that were queued", got, queued)
	}
}

func TestSilenceJumpsToAnotherID(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	first := s.Person(42).Say("halo")
	b.poll()
	s.Silence(1000)
	if got := s.Person(42).Say("lama tak jumpa"); got != 1000 {
		t.Errorf("got id %d, want 1000", got)
	}
	if u := s.Updates()[0]; !u.Lost || u.Confirmed {
		t.Errorf("the old update: %+v, want it lost", u)
	}
	if got := b.poll(fmt.Sprint("offset=", first+1)); len(got) != 0 {
		t.Errorf("got %d, but the old offset confirms it unseen", got)
	}
}

func TestUpdatesAreKeptForADay(t *testing.T) {
	c := newClock()
	b, s := newBot(t, telegramtest.Options{Now: c.Now})
	s.Person(42).Say("lama")
	c.advance(23 * time.Hour)
	id := s.Person(42).Say("baru")
	c.advance(2 * time.Hour)
	if got := b.poll(); !slices.Equal(got, []int64{id}) {
		t.Errorf("got %d, want only %d", got, id)
	}
	if !s.Updates()[0].Lost {
		t.Error("the old update is not lost")
	}
}

func TestRawUpdatesArriveAsTheyAre(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	tests := []struct{ raw, want string }{
		{`{"message":{"text":5}}`, `{"update_id":%d,"message":{"text":5}}`},
		{`{}`, `{"update_id":%d}`},
		{`{"message":{"message_id":"x"}}`, `{"update_id":%d,"message":{"message_id":"x"}}`},
		{`{"update_id":"x","message":null}`, `{"update_id":"x","message":null}`},
		{`[1]`, `[1]`},
	}
	for _, test := range tests {
		id := s.PushRaw(test.raw)
		var got []json.RawMessage
		decode(t, b.must("getUpdates", fmt.Sprint("offset=", id)).Result, &got)
		want := test.want
		if want[1] == '"' && want != test.raw {
			want = fmt.Sprintf(want, id)
		}
		if len(got) != 1 || string(got[0]) != want {
			t.Errorf("%s: got %s, want %s", test.raw, got, want)
		}
	}
}

func TestMadeUpMessagesCanBeAnswered(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{OnlyKnownChats: true})
	s.PushRaw(`{"message":{"message_id":77,"chat":{"id":-500},"text":{"bukan":"teks"}}}`)
	s.Push("message", map[string]any{"message_id": 78, "chat": map[string]any{"id": group}})
	b.poll()
	b.send("chat_id=-500", "text=A", `reply_parameters={"message_id":77}`)
	b.send("chat_id=-500", "text=B")
	wantFates(t, s, "message x1 [sendMessage A]", "message x1 [sendMessage B]")
	if got := s.Chat(group).String(); got != "1 bot (to 77): A\n2 bot: B\n" {
		t.Errorf("got %s", got)
	}
}

func TestRawUpdatesAreJSON(t *testing.T) {
	_, s := newBot(t, telegramtest.Options{})
	for _, push := range []func(){
		func() { s.PushRaw(`{"message":`) },
		func() { s.Push("message", func() {}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("what is no JSON was queued")
				}
			}()
			push()
		}()
	}
	if got := s.Pending(); got != 0 {
		t.Errorf("%d updates are pending", got)
	}
}
