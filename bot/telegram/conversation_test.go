package telegram_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tanyanetral/bot/telegram"
	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/store"
)

func key(id string) store.Key { return store.Key{Channel: "telegram", ID: id} }

func (w *world) person(id string) store.Person {
	w.t.Helper()
	var p store.Person
	err := w.store.View(func(tx store.Tx) (err error) { p, err = tx.Person(key(id)); return err })
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		w.t.Fatal(err)
	}
	return p
}

func (w *world) subscribe(id string) {
	w.t.Helper()
	err := w.store.Update(func(tx store.Tx) error {
		return tx.PutPerson(key(id), store.Person{Subscription: store.AllReminders, FirstSeen: "2000-01-01"})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestQuestionGetsItsCardWithButtons(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.Person(42).Say(likeQuestion)
		w.settle()
		card := w.last(42)
		if !strings.Contains(card.HTML, "<b>⛔ Dilarang · ") || !strings.Contains(card.HTML, "<i>Dasar: ") {
			t.Errorf("got %s", card.HTML)
		}
		base, _ := embedded()
		topic, _ := base.Topic(likeTopic)
		var labels []string
		for _, row := range card.Buttons {
			for _, b := range row {
				labels = append(labels, b.Text)
				if b.Data == "" && b.URL == "" {
					t.Errorf("the button %q does nothing", b.Text)
				}
				if b.URL != "" && !strings.Contains(b.URL, "t.me%2Ffake_bot%3Fstart%3Dt_"+likeTopic) {
					t.Errorf("the button %q leads to %s", b.Text, b.URL)
				}
			}
		}
		related, _ := base.Topic(topic.Related[0])
		for _, want := range []string{related.Title, "👍", "👎", "Bagikan", "Kabari"} {
			if !slices.ContainsFunc(labels, func(l string) bool { return strings.Contains(l, want) }) {
				t.Errorf("no button says %q: %q", want, labels)
			}
		}
		w.Person(42).Press(card.ID, related.Title)
		w.settle()
		if got := w.last(42).Text; !strings.Contains(got, related.Title) {
			t.Errorf("the button of a related topic brought %q", got)
		}
	})
}

// TestEveryButtonIsAnswered presses good and bad buttons: each stops to spin, and only one's own counts.
func TestEveryButtonIsAnswered(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.Person(42).Say(likeQuestion)
		w.settle()
		card := w.last(42).ID
		presses := []string{
			"t:" + likeTopic, "t:tidak-ada", "v:" + likeTopic + ":+", "k:medsos", "k:medsos:999", "k::", "", "x", ":", "t:", "v:", "w:", strings.Repeat("t", 64),
			"t:<b>", "p:status:admin", "q:" + likeTopic + ":boleh", "\x00\u202e", "p:unit", "l:all",
		}
		n := 0
		for _, data := range presses {
			w.Person(42).PressData(card, data)
			w.pass(4 * time.Second)
			n++
			if got := w.Counts().Callbacks; got != n {
				t.Errorf("after pressing %q: %d of %d presses answered", data, got, n)
			}
		}
	})
}

func TestButtonsWorkAfterARestart(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.Person(42).Say("/topik")
		w.settle()
		list := w.last(42)
		w.stop()
		w.start()
		first := list.Buttons[0][0].Text
		w.Person(42).Press(list.ID, first)
		w.settle()
		edited := w.last(42)
		if edited.ID != list.ID || len(edited.Edits) != 1 {
			t.Errorf("the list was not edited in place: %s", w.Chat(42))
		}
	})
}

func TestDeepLinkOpensTheTopic(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.Person(42).Say("/start t_" + likeTopic)
		w.Person(43).Say("/start t_tidak-ada")
		w.Person(44).Say("/start <b>&\u202e")
		w.settle()
		base, _ := embedded()
		topic, _ := base.Topic(likeTopic)
		if got := w.last(42).Text; !strings.Contains(got, topic.Title) {
			t.Errorf("got %q", got)
		}
		for _, chat := range []int64{43, 44} {
			if got := w.sent(chat); len(got) != 1 {
				t.Errorf("a made-up link got %q", got)
			}
		}
	})
}

func TestEditedMessageIsAnsweredAnewOnce(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.Person(42).Say("halo")
		w.settle()
		message := w.last(42).ID - 1
		for i := range 3 {
			w.Person(42).Edit(message, likeQuestion+strings.Repeat("?", i))
			w.pass(time.Second)
		}
		if got := w.sent(42); len(got) != 2 || !strings.Contains(got[1], "Dilarang") {
			t.Errorf("got %q", got)
		}
	})
}

func TestOtherKindsOfMessagesGetAHint(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		kinds := []string{"photo", "voice", "sticker", "location", "contact", "document"}
		for i, kind := range kinds {
			w.Person(int64(100+i)).Media(kind, "")
		}
		w.Person(200).Media("photo", "boleh ga?")
		w.settle()
		for i, kind := range kinds {
			if got := w.sent(int64(100 + i)); len(got) != 1 {
				t.Errorf("%s got %q", kind, got)
			}
		}
		if got := w.sent(200); len(got) != 1 {
			t.Errorf("a photo with a caption got %q", got)
		}
	})
}

func TestFloodGetsOneNoticeAndNobodyElseNotices(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		for range 60 {
			w.Person(42).Say("halo")
		}
		w.Person(43).Say("halo")
		w.settle()
		got := w.sent(42)
		if len(got) != 21 || !strings.Contains(got[20], "terlalu banyak") {
			t.Fatalf("got %d replies, the last %q", len(got), got[len(got)-1])
		}
		if len(w.sent(43)) != 1 {
			t.Error("somebody else was not answered")
		}
		if n := w.Pending(); n > 0 {
			w.pass(time.Minute)
		}
		w.pass(time.Minute)
		w.Person(42).Say("halo")
		w.settle()
		if n := len(w.sent(42)); n != 22 {
			t.Errorf("after a minute: %d replies", n)
		}
	})
}

// TestFloodStopsNothingThatMustGoAtOnce: who writes too much can still end
// reminders and delete what is kept, and is told on the button that was pressed.
func TestFloodStopsNothingThatMustGoAtOnce(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.subscribe("42")
		w.start()
		for range 20 {
			w.Person(42).Say("halo")
		}
		w.settle()
		before := len(w.sent(42))
		w.Person(42).PressData(w.last(42).ID, "v+:"+likeTopic)
		w.settle()
		if got := w.CallbackAnswers(); len(w.sent(42)) != before || len(got) != 1 || got[0].Text == "" {
			t.Errorf("the press too many got %d messages and %+v", len(w.sent(42))-before, got)
		}
		w.Person(42).Say("/berhenti")
		w.settle()
		if got := w.person("42").Subscription; got != store.NoReminders {
			t.Errorf("the subscription is %q", got)
		}
		w.Person(42).Say("/hapus_data")
		w.settle()
		if got := w.person("42"); got.FirstSeen != "" {
			t.Errorf("still kept: %+v", got)
		}
	})
}

// TestUrgentFloodHoldsNobodyUp: what must be done at once is done however often
// it is said, but not answered so often.
func TestUrgentFloodHoldsNobodyUp(t *testing.T) {
	for _, chat := range []int64{42, supergroup} {
		inWorld(t, telegramtest.Options{Limits: telegramtest.RealLimits()}, func(w *world) {
			w.options = func(o *telegram.Options) { o.Limits = telegram.TelegramLimits(30) }
			w.start()
			for range 300 {
				w.Person(42).In(chat).Say("/Berhenti ya")
			}
			w.Person(43).Say("halo")
			w.pass(40 * time.Second)
			if n := len(w.sent(chat)); n > 25 {
				w.t.Errorf("%d replies in chat %d", n, chat)
			}
			if len(w.sent(43)) != 1 {
				w.t.Errorf("somebody else waits for chat %d", chat)
			}
			w.subscribe("42")
			w.Person(42).Say("/berhenti")
			w.pass(40 * time.Second)
			if got := w.person("42").Subscription; got != store.NoReminders {
				w.t.Errorf("the subscription is %q", got)
			}
		})
	}
}

func TestOldMessagesGetOneApology(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		old := time.Now().Add(-2 * time.Hour).Unix()
		for i := range 3 {
			w.PushRaw(fmt.Sprintf(`{"message":{"message_id":%d,"date":%d,"chat":{"id":42,"type":"private"},"from":{"id":42,"first_name":"Nama"},"text":"halo"}}`, i+1, old))
		}
		w.Person(43).Say("halo")
		w.start()
		w.settle()
		apologies := 0
		for _, text := range w.sent(42) {
			if strings.HasPrefix(text, "Maaf, pesan Anda baru sampai") {
				apologies++
			}
		}
		if n := len(w.sent(42)); n != 3 || apologies != 1 {
			t.Errorf("got %d replies with %d apologies", n, apologies)
		}
		if strings.HasPrefix(w.last(43).Text, "Maaf") {
			t.Error("a new message got an apology")
		}
		w.PushRaw(fmt.Sprintf(`{"edited_message":{"message_id":9,"date":%d,"edit_date":%d,"chat":{"id":44,"type":"private"},"from":{"id":44},"text":"halo"}}`, old, time.Now().Unix()))
		w.settle()
		if strings.HasPrefix(w.last(44).Text, "Maaf") {
			t.Error("an edit of today got an apology for the day of the message")
		}
	})
}

func TestProfileOfTheBotIsSet(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.admins = []store.Key{key("7")}
		// Telegram knows the administrator's chat only once they wrote to the bot.
		w.Trouble(telegramtest.ChatNotFound(), telegramtest.When{Method: "setMyCommands", Times: 1, Skip: 2})
		w.start()
		w.settle()
		profile := w.Profile("")
		if profile.Description == "" || profile.ShortDescription == "" {
			t.Errorf("got %+v", profile)
		}
		names := func(scope string) (names []string) {
			for _, c := range w.Commands(scope, "") {
				names = append(names, c.Command)
			}
			return names
		}
		private, group := names("all_private_chats"), names("all_group_chats")
		if !slices.Contains(private, "topik") || slices.Contains(private, "statistik") || !slices.Contains(private, "hapus_data") {
			t.Errorf("private chats have %q", private)
		}
		if !slices.Contains(group, "topik") || slices.Contains(group, "hapus_data") || slices.Contains(group, "statistik") {
			t.Errorf("groups have %q", group)
		}
		if got := names("chat:7"); len(got) != 0 {
			t.Errorf("an unknown chat has %q", got)
		}
		w.Person(7).Say("/start")
		w.settle()
		if got := names("chat:7"); !slices.Contains(got, "statistik") || !slices.Contains(got, "topik") {
			t.Errorf("the administrator has %q", got)
		}
	})
}

func TestOnlyAdministratorsHaveTheirCommands(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.admins = []store.Key{key("7")}
		w.start()
		w.Person(7).Say("/statistik")
		w.Person(42).Say("/statistik")
		w.Person(43).Say("/tidakada")
		w.settle()
		if w.last(42).Text != w.last(43).Text {
			t.Errorf("got %q, an unknown command %q", w.last(42).Text, w.last(43).Text)
		}
		if w.last(7).Text == w.last(43).Text {
			t.Error("the administrator got the reply for an unknown command")
		}
	})
}

func TestAnswerIsSharedInEveryWay(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.Person(42).Say(likeQuestion)
		w.settle()
		w.Person(42).Press(w.last(42).ID, "↗️ Bagikan")
		w.settle()
		ways := w.last(42)
		buttons := map[string]telegramtest.Button{}
		for _, row := range ways.Buttons {
			for _, b := range row {
				buttons[b.Text] = b
			}
		}
		link := "https://t.me/fake_bot?start=t_" + likeTopic
		if b := buttons["Ke chat Telegram"]; b.Query != "t_"+likeTopic && !strings.Contains(b.URL, "t_"+likeTopic) {
			t.Errorf("to a chat: %+v", b)
		}
		if b := buttons["Ke WhatsApp"]; !strings.HasPrefix(b.URL, "https://wa.me/?text=%2A") || len(b.URL) > 4000 {
			t.Errorf("to WhatsApp: %s", b.URL)
		}
		if b := buttons["Salin ringkasnya"]; !strings.HasSuffix(b.Copy, link) || len([]rune(b.Copy)) > 256 {
			t.Errorf("to copy: %q", b.Copy)
		}
		if b := buttons["Tautan"]; b.URL != link {
			t.Errorf("as a link: %s", b.URL)
		}
		w.Person(42).Press(ways.ID, "Gambar")
		w.Person(43).Say("/kartu " + likeTopic)
		w.settle()
		for _, chat := range []int64{42, 43} {
			if got := w.last(chat); !bytes.Equal(got.Photo, picture(len(likeTopic))) || !strings.HasPrefix(got.Text, "⛔ Dilarang") {
				t.Errorf("as a picture: %s", got.String())
			}
		}
		w.Trouble(telegramtest.Error(400, "Bad Request: IMAGE_PROCESS_FAILED"), telegramtest.When{Method: "sendPhoto"})
		w.Person(44).Say("/kartu " + likeTopic)
		w.settle()
		if got := w.last(44); !strings.HasPrefix(got.Text, "⛔ Dilarang") {
			t.Errorf("where no picture can be sent: %s", got.String())
		}
		// What is shared into a chat by an inline query is this answer.
		_, results := w.inline("t_"+likeTopic, "")
		if len(results) != 1 || results[0].ID != likeTopic {
			t.Errorf("got %d results", len(results))
		}
	})
}

func TestPhotoOfAnAdministratorBecomesABroadcast(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.admins = []store.Key{key("7")}
		w.subscribe("42")
		w.start()
		w.Person(7).Say("/siaran")
		w.settle()
		w.Person(7).Media("photo", "Apel netralitas besok.")
		w.settle()
		w.Person(42).Media("photo", "Apel netralitas besok.")
		w.settle()
		if got := w.last(42); got.FileID != "" {
			t.Errorf("somebody else's photo came back: %s", got.String())
		}
		for _, label := range []string{"Semua pelanggan", "Sekarang"} {
			if got := w.last(7); !slices.ContainsFunc(slices.Concat(got.Buttons...), func(b telegramtest.Button) bool { return strings.Contains(b.Text, label) }) {
				t.Fatalf("no button %q under %s", label, got.String())
			} else {
				for _, b := range slices.Concat(got.Buttons...) {
					if strings.Contains(b.Text, label) {
						w.Person(7).Press(got.ID, b.Text)
					}
				}
			}
			w.settle()
		}
		if got := w.last(7); got.FileID == "" || !strings.HasPrefix(got.Text, "Apel netralitas besok.") {
			t.Errorf("the preview is %s", got.String())
		}
	})
}
