package telegram_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tanyanetral/bot"
	"tanyanetral/bot/telegram"
	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/store/memory"
)

// hostile are updates that no friendly client sends. %d is the time.
var hostile = []string{
	`{}`,
	`{"message":null}`,
	`{"message":{}}`,
	`{"message":[]}`,
	`{"message":"x"}`,
	`{"message":{"message_id":1,"date":%d,"text":"halo"}}`,
	`{"message":{"message_id":1,"date":%d,"chat":null,"from":null,"text":"halo"}}`,
	`{"message":{"message_id":1,"date":%d,"chat":{"id":66,"type":"private"},"text":"halo"}}`,
	`{"message":{"message_id":1,"date":%d,"chat":{"id":66,"type":"private"},"from":{"id":67},"text":"/hapus_data"}}`,
	`{"message":{"message_id":1,"date":%d,"chat":{"id":66,"type":"private"},"from":{"id":66,"is_bot":true},"text":"halo"}}`,
	`{"message":{"message_id":1,"date":%d,"chat":{"id":0,"type":"private"},"from":{"id":0},"text":"halo"}}`,
	`{"message":{"message_id":1,"date":%d,"chat":{"id":1e40,"type":"private"},"from":{"id":1e40},"text":"halo"}}`,
	`{"message":{"message_id":1,"date":%d,"chat":{"id":"66","type":"private"},"from":{"id":66},"text":"halo"}}`,
	`{"message":{"message_id":"a","date":"b","chat":{"id":66,"type":7},"from":{"id":66},"text":{"a":1}}}`,
	`{"message":{"message_id":9223372036854775807,"date":9223372036854775807,"chat":{"id":66,"type":"private"},"from":{"id":66},"text":"halo"}}`,
	`{"message":{"message_id":-1,"date":-9223372036854775808,"chat":{"id":66,"type":"private"},"from":{"id":66},"text":"halo"}}`,
	`{"message":{"message_id":1,"date":%d,"chat":{"id":66,"type":"private"},"from":{"id":66},"entities":[{"type":"mention","offset":-5,"length":99999},{"type":"bot_command","offset":2147483647,"length":2147483647},{"type":"text_mention","offset":0,"length":1}],"text":"halo"}}`,
	`{"message":{"message_id":1,"date":%d,"chat":{"id":-66,"type":"group"},"from":{"id":66},"entities":[{"type":"mention","offset":-5,"length":99999},{"type":"text_mention","offset":0,"length":2},{"type":"mention","offset":9223372036854775807,"length":9223372036854775807}],"text":"halo"}}`,
	`{"message":{"message_id":1,"date":%d,"chat":{"id":-66,"type":"group"},"from":{"id":66},"reply_to_message":{},"text":"halo"}}`,
	`{"message":{"message_id":1,"date":%d,"chat":{"id":-66,"type":"group"},"from":{"id":66},"migrate_to_chat_id":66}}`,
	`{"message":{"message_id":1,"date":%d,"chat":{"id":-66,"type":"martian"},"from":{"id":66},"text":"halo"}}`,
	`{"edited_message":{"message_id":1,"chat":{"id":66,"type":"private"},"from":{"id":66}}}`,
	`{"callback_query":{}}`,
	`{"callback_query":{"id":"1"}}`,
	`{"callback_query":{"id":"1","from":{"id":66},"data":"t:medsos-like"}}`,
	`{"callback_query":{"id":"1","from":{"id":66},"message":{},"data":"t:medsos-like"}}`,
	`{"callback_query":{"id":"1","from":{"id":67},"message":{"message_id":1,"chat":{"id":66,"type":"private"}},"data":"l:all"}}`,
	`{"callback_query":{"id":"1","from":{"id":66},"inline_message_id":"x","data":"t:medsos-like"}}`,
	`{"my_chat_member":{}}`,
	`{"my_chat_member":{"chat":{"id":66,"type":"private"},"new_chat_member":{"status":"martian"}}}`,
	`{"inline_query":{"id":"1","query":"like"}}`,
	`{"channel_post":{"message_id":1,"chat":{"id":-66,"type":"channel"},"text":"halo"}}`,
	`{"something_new":{"message_id":1}}`,
}

// texts that are typed by nobody who means well.
func hostileTexts() []string {
	return []string{
		strings.Repeat("😀", 4096), "\u202e\u200f\u2066<b>&amp;</b>", "<script>alert(1)</script>", "</b></i><a href=\"x\">", strings.Repeat("a", 4096),
		strings.Repeat("/", 100), "/start " + strings.Repeat("t_", 2000), "/cari <b>" + strings.Repeat("&", 500), "/profil unit <b>&\u202e\n\n</b>", "/topik@fake_bot@fake_bot",
		"\x00\x01\x02", "%s%d%n%!", "{{.}}", "' OR 1=1 --", "../../etc/passwd", strings.Repeat("kata ", 800), "1" + strings.Repeat("0", 300), "９９９", "-1", "🏳️‍🌈👨‍👩‍👧‍👦",
	}
}

func TestHostileUpdatesHarmNobody(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.subscribe("66")
		w.start()
		for i, update := range hostile {
			if strings.Contains(update, "%d") {
				update = fmt.Sprintf(update, time.Now().Unix())
			}
			w.PushRaw(update)
			w.pass(5 * time.Second)
			if n := w.Pending(); n != 0 {
				t.Fatalf("%s: not confirmed\n%s", hostile[i], w.log)
			}
		}
		if got := w.person("66").Subscription; got == "" {
			t.Error("somebody acted for another person")
		}
		for i, text := range hostileTexts() {
			w.Person(int64(1000 + i)).Say(text)
			w.settle()
			w.pass(5 * time.Second)
			if n := len(w.sent(int64(1000 + i))); n == 0 {
				t.Errorf("%.40q got no answer", text)
			}
		}
		w.metric("tanyanetral_panics_total", 0)
		w.metric("tanyanetral_markup_defects_total", 0)
		w.metric("tanyanetral_messages_refused_total", 0)
		for _, secret := range []string{"halo", "alert", "Nama"} {
			if strings.Contains(w.log.String(), secret) {
				t.Errorf("the log holds %q of a message", secret)
			}
		}
	})
}

// connected returns a running channel of a bot without limits, on a server of its own process.
func connected(tb testing.TB, server *telegramtest.Server) *telegram.Channel {
	tb.Helper()
	base, matcher := embedded()
	state := &memory.Store{}
	b := bot.New(bot.Options{Store: state, Zone: time.UTC, Now: time.Now, Random: rand.Reader, LogQuestions: true})
	b.Learn(base, matcher)
	channel, err := telegram.New(telegram.Options{
		API: server.URL(), Token: server.Token(), Limits: telegram.NoLimits(), Bot: b, Ready: ready, Store: state, Log: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- channel.Run(ctx) }()
	tb.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			tb.Error(err)
		}
	})
	return channel
}

// FuzzUpdate sends updates of any form. Each must be confirmed, and none may
// make the bot send what Telegram refuses.
func FuzzUpdate(f *testing.F) {
	for _, update := range hostile {
		f.Add(strings.ReplaceAll(update, "%d", "1700000000"))
	}
	for _, text := range hostileTexts() {
		b, _ := json.Marshal(text) // a string is always JSON
		f.Add(fmt.Sprintf(`{"message":{"message_id":1,"date":1700000000,"chat":{"id":66,"type":"private"},"from":{"id":66},"text":%s}}`, b))
	}
	server, err := telegramtest.New(telegramtest.Options{Forget: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(server.Close)
	connected(f, server)
	f.Fuzz(func(t *testing.T, update string) {
		if !json.Valid([]byte(update)) || !strings.HasPrefix(strings.TrimSpace(update), "{") || strings.Contains(update, "update_id") {
			return
		}
		server.PushRaw(update)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if err := server.Wait(ctx, func() bool { return server.Pending() == 0 }); err != nil {
			t.Fatal(err)
		}
		for _, refusal := range server.Refusals() {
			if !strings.Contains(refusal.Description, "query is too old") && !strings.Contains(refusal.Description, "message to edit not found") {
				t.Fatalf("refused: %s", refusal.Description)
			}
		}
	})
}
