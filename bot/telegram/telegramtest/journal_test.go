package telegramtest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tanyanetral/bot/telegram/telegramtest"
)

// fate is an update in one line.
func fate(u telegramtest.Update) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s x%d", u.Kind, u.Delivered)
	for _, note := range []struct {
		text string
		is   bool
	}{{"confirmed", u.Confirmed}, {"lost", u.Lost}, {"unanswered", u.Unanswered}, {"repeated", u.Repeated()}} {
		if note.is {
			b.WriteString(" " + note.text)
		}
	}
	for _, a := range u.Answers {
		fmt.Fprintf(&b, " [%s %s%s]", a.Method, a.Text, a.Refused)
	}
	return b.String()
}

func wantFates(t *testing.T, s *telegramtest.Server, want ...string) {
	t.Helper()
	var got []string
	for _, u := range s.Updates() {
		got = append(got, fate(u))
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

func TestAnsweredBeforeConfirmed(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	good := s.Person(42).Say("satu")
	s.Person(43).Say("dua")
	b.poll()
	b.send("chat_id=42", "text=A")
	b.poll(fmt.Sprint("offset=", good+2))
	b.send("chat_id=43", "text=B") // too late
	wantFates(t, s,
		"message x1 confirmed [sendMessage A]",
		"message x1 confirmed unanswered")
}

func TestAnsweredTwiceAfterACrash(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	first := s.Person(42).Say("satu")
	s.Person(42).Say("dua")
	b.poll()
	b.send("chat_id=42", "text=A")
	b.send("chat_id=42", "text=B")
	b.poll() // the bot crashed before it confirmed
	b.send("chat_id=42", "text=A")
	b.send("chat_id=42", "text=B, lain")
	b.poll(fmt.Sprint("offset=", first+2))
	b.send("chat_id=42", "text=pengingat")
	wantFates(t, s,
		"message x2 confirmed repeated [sendMessage A] [sendMessage A]",
		"message x2 confirmed [sendMessage B] [sendMessage B, lain]")
}

func TestLongAnswerInTwoMessages(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	s.Person(42).Say("satu")
	b.poll()
	b.send("chat_id=42", "text=A")
	b.send("chat_id=42", "text=B")
	wantFates(t, s, "message x1 [sendMessage A] [sendMessage B]")
}

func TestRefusedAnswers(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	first := s.Person(42).Say("satu")
	s.Person(42).Say("dua")
	b.poll()
	b.call("sendMessage", "chat_id=42", "text=<A", "parse_mode=HTML")
	b.send("chat_id=42", "text=A") // once more, as plain text
	s.Trouble(telegramtest.Blocked(), telegramtest.When{})
	b.call("sendMessage", "chat_id=42", "text=B")
	s.Trouble(telegramtest.ServerError(500), telegramtest.When{}) // behind the older trouble
	b.call("getUpdates", fmt.Sprint("offset=", first+2))
	wantFates(t, s,
		`message x1 [sendMessage <ABad Request: can't parse entities: Unclosed start tag "a" at byte offset 0] [sendMessage A]`,
		"message x1 [sendMessage BForbidden: bot was blocked by the user]")
}

func TestAnswersThatNameTheirUpdate(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{AnswerTo: func(m telegramtest.Message) int64 {
		if m.Text == "kepada yang ketiga" {
			return 700_000_003
		}
		return 0
	}})
	card := b.send("chat_id=42", "text=Kartu", keyboard(`{"text":"A","callback_data":"a"}`)) // message 1
	s.Person(42).Say("satu")
	s.Person(42).Say("dua") // message 3
	s.Person(42).Say("tiga")
	s.Person(42).Press(card, "A")
	query := last(b).Callback.ID // forgets the others, which stay open
	s.Person(42).Query("boleh", "")
	inline := last(b).Inline.ID
	b.send("chat_id=42", "text=kepada yang kedua", `reply_parameters={"message_id":3}`)
	b.send("chat_id=42", "text=kepada yang ketiga")
	b.must("answerCallbackQuery", "callback_query_id="+query, "text=ya")
	b.must("editMessageText", "chat_id=42", fmt.Sprint("message_id=", card), "text=Kartu baru")
	b.must("answerInlineQuery", "inline_query_id="+inline, "results=[]")
	b.call("answerInlineQuery", "inline_query_id=1", "results=[]") // belongs to none
	wantFates(t, s,
		"message x0 confirmed unanswered",
		"message x0 confirmed unanswered [sendMessage kepada yang kedua]",
		"message x0 confirmed unanswered [sendMessage kepada yang ketiga]",
		"callback_query x1 confirmed unanswered [answerCallbackQuery ya] [editMessageText Kartu baru]",
		"inline_query x1 [answerInlineQuery []]")
}

func TestWaitSeesEachChange(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	var sending sync.WaitGroup
	defer sending.Wait()
	sending.Go(func() {
		for i := range 20 {
			b.send("chat_id=42", fmt.Sprint("text=", i))
		}
	})
	sent, err := s.Chat(42).WaitSent(soon(t), 20)
	if err != nil || len(sent) != 20 || sent[19].Text != "19" {
		t.Errorf("got %d messages and %v", len(sent), err)
	}
}

func TestWaitGivesUp(t *testing.T) {
	_, s := newBot(t, telegramtest.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := s.Wait(ctx, func() bool { return false }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestRefusalsAndViolationsAreBounded(t *testing.T) {
	s, err := telegramtest.New(telegramtest.Options{InMemory: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b := bot{t, s, s.Client()}
	for i := range 1050 {
		b.call("sendMessage", fmt.Sprint("chat_id=", i+1), "colour=red")
	}
	got := s.Refusals()
	if len(got) > 1000 || len(got) < 900 || got[len(got)-1].Chat != 1050 {
		t.Errorf("%d refusals are kept, the last one of chat %d", len(got), got[len(got)-1].Chat)
	}
	if got := len(s.Violations()); got != 1000 {
		t.Errorf("%d violations are kept, want 1000", got)
	}
}
