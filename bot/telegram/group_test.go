package telegram_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tanyanetral/bot/telegram"
	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/store"
)

const (
	group      = -5001
	supergroup = -1001234567890
)

func TestGroupIsAnsweredOnlyWhenItSpeaksToTheBot(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		tests := []struct {
			text   string
			answer bool
		}{
			{likeQuestion, false},
			{"@fake_bot " + likeQuestion, true},
			{likeQuestion + " @FAKE_BOT", true},
			{"tanya @fake_bot: " + likeQuestion, true},
			{"@other_bot " + likeQuestion, false},
			{"fake_bot " + likeQuestion, false},
			{"surel ke nama@fake_bot.id", false},
			{"/topik", true},
			{"/topik@fake_bot", true},
			{"/topik@other_bot", false},
			{"/ban", false},
			{"/ban@fake_bot", true},
			{"lihat /topik", false},
			{"😀😀 @fake_bot " + likeQuestion, true},
		}
		for i, test := range tests {
			chat := int64(group - i)
			w.Person(42).In(chat).Say(test.text)
			w.settle()
			if got := w.Chat(chat).Sent(); (len(got) == 1) != test.answer || len(got) > 1 {
				t.Errorf("%q: got %d replies, want an answer: %v", test.text, len(got), test.answer)
			} else if test.answer && got[0].ReplyTo == 0 {
				t.Errorf("%q: the reply does not say to what", test.text)
			}
		}
	})
}

func TestCaptionInAGroupIsReadLikeAText(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		for i, test := range []struct {
			caption, entities string
			answer            bool
		}{
			{"@fake_bot " + likeQuestion, `[{"type":"mention","offset":0,"length":9}]`, true},
			{likeQuestion, `[]`, false},
		} {
			chat := int64(group - i)
			w.PushRaw(fmt.Sprintf(`{"message":{"message_id":1,"date":1700000000,"chat":{"id":%d,"type":"group"},"from":{"id":42,"first_name":"Nama"},
				"photo":[{"file_id":"a","width":1,"height":1}],"caption":%q,"caption_entities":%s}}`, chat, test.caption, test.entities))
			w.settle()
			if got := w.sent(chat); (len(got) == 1 && strings.Contains(got[0], "Dilarang")) != test.answer {
				t.Errorf("%q: got %q", test.caption, got)
			}
		}
	})
}

func TestReplyToTheBotInAGroupGoesOn(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.Person(42).In(group).Say("@fake_bot " + likeQuestion)
		w.settle()
		card := w.last(group)
		w.Person(43).In(group).Reply(card.ID, "sanksinya apa?")
		w.settle()
		if got := w.last(group); got.ID == card.ID || !strings.Contains(strings.ToLower(got.Text), "sanksi") {
			t.Errorf("got %q", got.Text)
		}
		// A mention alone, in reply to somebody's question, asks that question.
		w.Person(44).In(group - 1).Say("apakah " + likeQuestion)
		w.settle()
		w.Person(45).In(group-1).Reply(1, "@fake_bot")
		w.settle()
	})
}

// TestGroupNeverSeesWhatIsPrivate asks in private, then in the group.
func TestGroupNeverSeesWhatIsPrivate(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.Person(42).Say(likeQuestion)
		w.settle()
		for _, text := range []string{"/data_saya", "/profil", "/langganan", "/berhenti", "/hapus_data", "@fake_bot 1", "@fake_bot sanksinya apa?"} {
			w.Person(42).In(group).Say(text)
			w.pass(time.Minute)
			base, _ := embedded()
			topic, _ := base.Topic(likeTopic)
			if got := w.last(group); strings.Contains(got.Text, topic.Title) {
				t.Errorf("%s: the group reads %q", text, got.Text)
			}
		}
		if w.person("42").FirstSeen == "" {
			t.Error("the group deleted what is private")
		}
		private := false
		for _, row := range w.Chat(group).Sent()[0].Buttons {
			for _, b := range row {
				private = private || strings.HasPrefix(b.URL, "https://t.me/fake_bot?start=")
			}
		}
		if !private {
			t.Error("the private way is not offered")
		}
	})
}

func TestAnonymousAdministratorsAndChannelsAreNobody(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.admins = []store.Key{key(fmt.Sprint(telegramtest.GroupAnonymousBot))}
		w.start()
		w.Anonymous(group).Say("@fake_bot " + likeQuestion)
		w.settle()
		if got := w.sent(group); len(got) != 1 || !strings.Contains(got[0], "Dilarang") {
			t.Errorf("got %q", got)
		}
		w.Anonymous(group).Say("/statistik")
		w.settle()
		if got := w.person(fmt.Sprint(telegramtest.GroupAnonymousBot)); got.FirstSeen != "" {
			t.Errorf("a person was kept: %+v", got)
		}
		w.Chat(-1009999).Post("@fake_bot " + likeQuestion)
		w.settle()
		if got := w.sent(-1009999); len(got) != 0 {
			t.Errorf("a channel got %q", got)
		}
	})
}

func TestAddedAndRemoved(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.Person(42).In(group).Member("left", "member")
		w.settle()
		if got := w.sent(group); len(got) != 1 {
			t.Fatalf("after being added: %q", got)
		}
		w.Person(42).In(group).Member("member", "administrator")
		w.settle()
		if got := w.sent(group); len(got) != 1 {
			t.Errorf("after being made administrator: %q", got)
		}
		w.subscribe("42")
		w.subscribe(fmt.Sprint(group))
		w.Person(42).In(group).Member("administrator", "kicked")
		w.Person(42).Member("member", "kicked")
		w.settle()
		for _, id := range []string{"42", fmt.Sprint(group)} {
			if got := w.person(id).Subscription; got != store.NoReminders {
				t.Errorf("%s still has the subscription %q", id, got)
			}
		}
	})
}

func TestMigrationMovesTheRecords(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.subscribe(fmt.Sprint(group))
		w.Chat(group).Migrate(supergroup)
		w.settle()
		if got := w.person(fmt.Sprint(supergroup)).Subscription; got != store.AllReminders {
			t.Errorf("under the new id: %q", got)
		}
		if got := w.person(fmt.Sprint(group)); got.FirstSeen != "" {
			t.Errorf("under the old id: %+v", got)
		}
	})
}

func TestAnswerMovesWithItsGroup(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.subscribe(fmt.Sprint(group))
		w.Trouble(telegramtest.Migrated(supergroup), telegramtest.When{Method: "sendMessage", Chat: group})
		w.Person(42).In(group).Say("@fake_bot " + likeQuestion)
		w.settle()
		if got := w.sent(supergroup); len(got) != 1 {
			t.Errorf("got %q", got)
		}
		if got := w.person(fmt.Sprint(supergroup)).Subscription; got != store.AllReminders {
			t.Errorf("the subscription is %q", got)
		}
	})
}

// TestEphemeralAnswersFallBack: a server that does not know them shows the answer to the group.
func TestEphemeralAnswersFallBack(t *testing.T) {
	inWorld(t, telegramtest.Options{Unchecked: true}, func(w *world) {
		w.options = func(o *telegram.Options) { o.Ephemeral = true }
		w.start()
		w.Person(42).In(group).Say("@fake_bot " + likeQuestion)
		w.settle()
		got := w.last(group)
		if p := got.Params["ephemeral_message_parameters"]; p != `{"receiver_user_id":42}` {
			t.Errorf("got %q", p)
		}
		w.Trouble(telegramtest.Error(400, "Bad Request: EPHEMERAL_NOT_ALLOWED"), telegramtest.When{Method: "sendMessage", Times: 1})
		w.Person(42).In(group).Say("@fake_bot " + likeQuestion)
		w.settle()
		if again := w.last(group); again.ID == got.ID || again.Params["ephemeral_message_parameters"] != "" {
			t.Errorf("got %+v", again.Params)
		}
	})
}
