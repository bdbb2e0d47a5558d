package telegram_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tanyanetral/bot"
	"tanyanetral/bot/telegram"
	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/store"
)

// TestSendingThroughTroubles: a question is answered whatever goes wrong for a
// while, and given up only where nothing can be done.
func TestSendingThroughTroubles(t *testing.T) {
	html := telegramtest.HTMLError
	tests := []struct {
		name    string
		effect  telegramtest.Effect
		times   int
		replies int // accepted
		ends    bool
	}{
		{"no trouble", telegramtest.Slow(time.Millisecond), 1, 1, false},
		{"a gateway answers in HTML", html(502), 3, 1, false},
		{"the server fails", telegramtest.ServerError(500), 3, 1, false},
		{"the connection is cut before", telegramtest.CutBefore(), 2, 1, false},
		{"the connection is cut after", telegramtest.CutAfter(), 1, 2, false}, // cannot be told from before
		{"the server stalls", telegramtest.Stall(), 1, 1, false},
		{"the answer comes late", telegramtest.Slow(5 * time.Second), 1, 1, false},
		{"too many requests", telegramtest.TooManyRequests(7), 1, 1, false},
		{"too many requests without a number", telegramtest.Error(429, "Too Many Requests: retry later"), 2, 1, false},
		{"blocked", telegramtest.Blocked(), 1, 0, true},
		{"deactivated", telegramtest.Deactivated(), 1, 0, true},
		{"chat not found", telegramtest.ChatNotFound(), 1, 0, true},
		{"refused", telegramtest.Error(400, "Bad Request: not enough rights to send text messages to the chat"), 1, 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, telegramtest.Options{}, func(w *world) {
				w.subscribe("42")
				w.Trouble(test.effect, telegramtest.When{Method: "sendMessage", Times: test.times})
				w.start()
				w.Person(42).Say(likeQuestion)
				w.pass(2 * time.Minute)
				if got := len(w.sent(42)); got != test.replies {
					t.Errorf("got %d replies, want %d\n%s", got, test.replies, w.log)
				}
				if n := w.Pending(); n != 0 {
					t.Errorf("%d updates are not confirmed", n)
				}
				if got := w.person("42").Subscription; (got == store.NoReminders) != test.ends {
					t.Errorf("the subscription is %q", got)
				}
				if n := w.Counts().Early; n > 0 {
					t.Errorf("%d requests during the pause that Telegram wanted", n)
				}
				w.Person(43).Say(likeQuestion)
				w.settle()
				if got := len(w.sent(43)); got != 1 {
					t.Errorf("afterwards somebody else got %d replies", got)
				}
			})
		})
	}
}

func TestMarkupThatDoesNotParseIsSentPlain(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.Trouble(telegramtest.Error(400, "Bad Request: can't parse entities: Unsupported start tag"), telegramtest.When{Method: "sendMessage", Times: 1})
		w.start()
		w.Person(42).Say(likeQuestion)
		w.settle()
		got := w.last(42)
		if got.Params["parse_mode"] != "" || !strings.HasPrefix(got.Text, "⛔ Dilarang") || len(got.Buttons) == 0 {
			t.Errorf("got %+v", got.Params)
		}
		if n := w.log.lines("level=ERROR", "does not parse"); n != 1 {
			t.Errorf("the log has %d lines about it", n)
		}
		w.metric("tanyanetral_markup_defects_total", 1)
	})
}

// TestConfirmedOnlyAfterTheReply holds the reply back.
func TestConfirmedOnlyAfterTheReply(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		end := w.Trouble(telegramtest.ServerError(503), telegramtest.When{Method: "sendMessage", Chat: 42})
		w.start()
		w.Person(42).Say("halo")
		w.Person(43).Say("halo")
		w.pass(20 * time.Second)
		if len(w.sent(43)) != 1 {
			t.Error("the chat without trouble waits for the other")
		}
		if n := w.Pending(); n != 2 {
			t.Errorf("%d updates are unconfirmed, want both: the first is not answered", n)
		}
		w.stop()
		w.start()
		w.pass(time.Second)
		end()
		w.pass(time.Minute)
		if a, b := len(w.sent(42)), len(w.sent(43)); a != 1 || b != 1 {
			t.Errorf("got %d and %d replies, want 1 and 1", a, b)
		}
		if n := w.Pending(); n != 0 {
			t.Errorf("%d updates are unconfirmed", n)
		}
		for _, u := range w.Updates() {
			if u.Unanswered {
				t.Errorf("update %d was confirmed without an answer", u.ID)
			}
		}
	})
}

// TestMessageThatAlwaysFailsStopsNobody: Telegram fails over one message for ever.
func TestMessageThatAlwaysFailsStopsNobody(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.Trouble(telegramtest.ServerError(500), telegramtest.When{Method: "sendMessage", Chat: 42})
		w.start()
		w.Person(42).Say("halo")
		for i := range 300 {
			w.Person(int64(1000 + i)).Say("halo")
		}
		w.pass(30 * time.Minute)
		for i := range 300 {
			if n := len(w.sent(int64(1000 + i))); n != 1 {
				t.Fatalf("chat %d got %d replies", 1000+i, n)
			}
		}
		if n := w.Pending(); n != 0 {
			t.Errorf("%d updates are unconfirmed", n)
		}
		if n := w.log.lines("level=WARN", "not delivered"); n != 1 {
			t.Errorf("the log says it %d times", n)
		}
	})
}

func TestOrderWithinAChat(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		for chat := int64(1); chat <= 30; chat++ {
			for i := range 10 {
				w.Person(chat).Say(fmt.Sprintf("/cari tidakada%dx", i))
			}
		}
		w.Trouble(telegramtest.ServerError(500), telegramtest.When{Method: "sendMessage", Probability: 0.2})
		w.start()
		for chat := int64(1); chat <= 30; chat++ {
			w.Person(chat).Say("/kontak")
		}
		w.pass(5 * time.Minute)
		for chat := int64(1); chat <= 30; chat++ {
			got := w.sent(chat)
			if len(got) != 11 || !strings.HasPrefix(got[10], "Kontak") || strings.HasPrefix(got[9], "Kontak") {
				t.Errorf("chat %d got %d replies, the last %.20q", chat, len(got), got[len(got)-1])
			}
		}
	})
}

func TestStartWithoutNetwork(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.Down()
		w.start()
		w.pass(10 * time.Minute)
		if err := w.channel.Health(); err == nil {
			t.Error("healthy without network")
		}
		if n := w.log.lines("cannot be reached"); n != 1 {
			t.Errorf("the log says it %d times:\n%s", n, w.log)
		}
		if err := w.Up(); err != nil {
			t.Fatal(err)
		}
		w.Person(42).Say("halo")
		w.pass(time.Minute)
		if len(w.sent(42)) != 1 {
			t.Error("no answer after the network came")
		}
		if err := w.channel.Health(); err != nil {
			t.Error(err)
		}
		w.Down()
		w.pass(3 * time.Minute)
		if err := w.Up(); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Minute)
		if n := w.log.lines("cannot be reached"); n != 2 {
			t.Errorf("after another outage the log says it %d times", n)
		}
		if n := w.log.lines("answers again"); n != 1 {
			t.Errorf("the log says %d times that it is over", n)
		}
	})
}

func TestRefusedTokenEndsTheBot(t *testing.T) {
	for _, method := range []string{"getMe", "getUpdates", "sendMessage"} {
		t.Run(method, func(t *testing.T) {
			inWorld(t, telegramtest.Options{}, func(w *world) {
				w.Trouble(telegramtest.Unauthorized(), telegramtest.When{Method: method})
				w.start()
				w.Person(42).Say("halo")
				err := <-w.ended
				w.cancel = nil
				if !errors.Is(err, telegram.ErrToken) {
					t.Errorf("got %v", err)
				}
				w.noToken(fmt.Sprint(err))
				if w.Pending() != 1 {
					t.Error("the question is confirmed, but was not answered")
				}
			})
		})
	}
}

func TestConflictsSayWhichOfTheTwo(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.SetWebhook("https://example.org/hook")
		w.Person(42).Say("halo")
		w.start()
		w.pass(time.Minute)
		if len(w.sent(42)) != 1 {
			t.Error("the webhook still stands in the way")
		}
		if w.log.lines("webhook") == 0 {
			t.Errorf("the log does not say that it was a webhook:\n%s", w.log)
		}
		end := w.Trouble(telegramtest.Error(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"), telegramtest.When{Method: "getUpdates"})
		w.Person(42).Say("halo")
		w.pass(time.Minute)
		if n := w.log.lines("another program polls with the same token"); n != 1 {
			t.Errorf("the log says %d times that another program polls:\n%s", n, w.log)
		}
		if err := w.channel.Health(); err == nil || !strings.Contains(err.Error(), "program lain") {
			t.Errorf("health is %v", err)
		}
		end()
		w.pass(time.Minute)
		if len(w.sent(42)) < 2 {
			t.Error("no answer after the other program stopped")
		}
	})
}

func TestUpdatesAreHandledOnce(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		again := func(id int64) {
			w.PushRaw(fmt.Sprintf(`{"update_id":%d,"message":{"message_id":99,"date":%d,"chat":{"id":42,"type":"private"},"from":{"id":42},"text":"halo"}}`, id, time.Now().Unix()))
		}
		w.start()
		first := w.Person(42).Say("halo")
		w.settle()
		w.stop()
		again(first) // as if the confirmation had been lost
		w.start()
		w.pass(time.Minute)
		if n := len(w.sent(42)); n != 1 {
			t.Errorf("a repeated update got %d replies", n)
		}
		w.pass(49 * time.Hour)
		again(first)
		w.pass(time.Minute)
		if n := len(w.sent(42)); n != 2 {
			t.Errorf("days later the same id is another update, but there are %d replies", n)
		}
	})
}

func TestLowerIdsAfterAWeekOfSilence(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.Person(42).Say("halo")
		w.settle()
		w.pass(7 * 24 * time.Hour)
		w.Silence(17)
		for range 3 {
			w.Person(42).Say("halo")
			w.pass(2 * time.Minute)
		}
		if n := len(w.sent(42)); n != 4 {
			t.Errorf("got %d replies, want 4", n)
		}
	})
}

func TestStoppingIsCleanAndQuick(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		end := w.Trouble(telegramtest.Stall(), telegramtest.When{Method: "sendMessage", Chat: 42})
		w.start()
		w.Person(42).Say("halo")
		w.Person(43).Say("halo")
		w.settle()
		before := time.Now()
		w.stop()
		if took := time.Since(before); took > 10*time.Second {
			t.Errorf("took %s", took)
		}
		if n := w.Pending(); n == 0 {
			t.Error("the unanswered update was confirmed")
		}
		end()
		before = time.Now()
		w.start()
		w.settle()
		w.stop()
		if took := time.Since(before); took > time.Second {
			t.Errorf("with nothing to do took %s", took)
		}
		if a, b := len(w.sent(42)), len(w.sent(43)); a != 1 || b != 1 {
			t.Errorf("got %d and %d replies", a, b)
		}
		if n := w.Pending(); n != 0 {
			t.Errorf("%d updates are unconfirmed", n)
		}
	})
}

// failingStore fails as a full disk does, from some moment on.
type failingStore struct {
	store.Store
	failing bool
}

var errFull = errors.New("disk is full")

func (s *failingStore) Update(f func(store.Tx) error) error {
	if s.failing {
		return errFull
	}
	return s.Store.Update(f)
}

func TestFullDiskIsSaidAndSurvived(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		full := &failingStore{Store: w.store, failing: true}
		w.store = full
		w.start()
		w.Person(42).Say(likeQuestion)
		w.Person(43).Say("/hapus_data")
		w.settle()
		if n := len(w.sent(42)); n != 1 {
			t.Errorf("got %d replies: %q\n%s", n, w.sent(42), w.log)
		}
		if got := w.last(43).Text; !strings.HasPrefix(got, "Maaf, ada gangguan") {
			t.Errorf("got %q", got)
		}
		if err := w.channel.Health(); err == nil || !strings.Contains(err.Error(), "disk") {
			t.Errorf("health is %v", err)
		}
		w.Person(44).Say("/profil status PNS")
		w.settle()
		if got := w.last(44).Text; !strings.Contains(got, "belum tersimpan") {
			t.Errorf("a change that could not be kept: %q", got)
		}
		if w.log.lines("level=ERROR", "disk is full") == 0 {
			t.Error("the log does not say it")
		}
		full.failing = false
		w.Person(42).Say(likeQuestion)
		w.pass(time.Second)
		if n := len(w.sent(42)); n != 2 {
			t.Errorf("got %d replies", n)
		}
		if err := w.channel.Health(); err != nil {
			t.Error(err)
		}
	})
}

// panickingStore panics over one person.
type panickingStore struct{ store.Store }

func (s panickingStore) View(f func(store.Tx) error) error {
	return s.Store.View(func(tx store.Tx) error { return f(panickingTx{tx}) })
}

func (s panickingStore) Update(f func(store.Tx) error) error {
	return s.Store.Update(func(tx store.Tx) error { return f(panickingTx{tx}) })
}

type panickingTx struct{ store.Tx }

func (tx panickingTx) PutPerson(k store.Key, p store.Person) error {
	if k.ID == "14" {
		panic("another bug")
	}
	return tx.Tx.PutPerson(k, p)
}

func (tx panickingTx) Person(k store.Key) (store.Person, error) {
	if k.ID == "13" {
		panic("a bug")
	}
	return tx.Tx.Person(k)
}

func TestPanicCostsOneUpdate(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.store = panickingStore{w.store}
		w.start()
		w.Person(13).Say("halo") // fails while it is answered
		w.Person(14).Say("halo") // fails while it is saved
		w.Person(42).Say("halo")
		w.settle()
		for _, chat := range []int64{13, 14, 42} {
			if n := len(w.sent(chat)); n != 1 {
				t.Errorf("chat %d got %d replies", chat, n)
			}
		}
		if n := w.Pending(); n != 0 {
			w.pass(time.Minute)
			if n := w.Pending(); n != 0 {
				t.Errorf("%d updates come again for ever\n%s", n, w.log)
			}
		}
		w.metric("tanyanetral_panics_total", 2)
	})
}

// TestSenderTellsWhatIsFinal uses the door that reminders use.
func TestSenderTellsWhatIsFinal(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.settle()
		hello := bot.Reply{Blocks: []bot.Block{{Kind: bot.Text, Text: "Masa tenang mulai besok."}}}
		send := func(id string, replaces string) (string, error) {
			return w.channel.Send(w.t.Context(), bot.Message{To: key(id), Reply: hello, Priority: bot.ToRemind, Replaces: replaces})
		}
		reference, err := send("42", "")
		if err != nil || len(w.sent(42)) != 1 {
			t.Fatalf("got %v", err)
		}
		if again, err := send("42", reference); err != nil || again != reference || len(w.sent(42)) != 1 {
			t.Errorf("editing to the same: got %q, %v", again, err)
		}
		if again, err := send("42", "9999"); err != nil || again == reference || len(w.sent(42)) != 2 {
			t.Errorf("editing what is gone: got %q, %v", again, err)
		}
		report := bot.Reply{File: &bot.File{Name: "laporan.csv", Content: []byte("hasil;jumlah\n")}}
		if _, err := w.channel.Send(w.t.Context(), bot.Message{To: key("42"), Reply: report}); err != nil || string(w.last(42).Document) != "hasil;jumlah\n" {
			t.Errorf("a document: got %q, %v", w.last(42).Document, err)
		}
		w.subscribe("43")
		w.Trouble(telegramtest.Blocked(), telegramtest.When{Chat: 43})
		if _, err := send("43", ""); !errors.Is(err, bot.ErrUnreachable) {
			t.Errorf("blocked: got %v", err)
		}
		if got := w.person("43").Subscription; got != store.NoReminders {
			t.Errorf("the subscription is %q", got)
		}
		if _, err := send("bukan-angka", ""); !errors.Is(err, bot.ErrUnreachable) {
			t.Errorf("a key of another channel: got %v", err)
		}
		w.Trouble(telegramtest.Error(400, "Bad Request: some new reason"), telegramtest.When{Chat: 44})
		if _, err := send("44", ""); !errors.Is(err, bot.ErrRefused) {
			t.Errorf("refused: got %v", err)
		}
	})
}
