package telegramtest_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"tanyanetral/bot/telegram/telegramtest"
)

// message is a person's message as the bot gets it.
type message struct {
	ID       int `json:"message_id"`
	From     struct{ ID int64 }
	Sender   struct{ ID int64 } `json:"sender_chat"`
	Chat     struct{ Type string }
	Text     string
	Entities []struct {
		Type           string
		Offset, Length int
	}
	ReplyTo struct {
		ID   int `json:"message_id"`
		From struct {
			IsBot bool `json:"is_bot"`
		}
	} `json:"reply_to_message"`
}

// content is what the last update says under the name of its kind.
func content(b bot, kind string, v any) {
	b.t.Helper()
	var got []map[string]json.RawMessage
	decode(b.t, b.must("getUpdates", "offset=-1").Result, &got)
	if len(got) != 1 || got[0][kind] == nil {
		b.t.Fatalf("got %s, want one %s", got, kind)
	}
	decode(b.t, got[0][kind], v)
}

func TestMessageOfAPerson(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	s.Person(42).Say("👍 /cari@fake_bot kaos @fake_bot a@b.id")
	var m message
	content(b, "message", &m)
	if m.From.ID != 42 || m.Chat.Type != "private" || m.ID != 1 || m.Sender.ID != 0 {
		t.Errorf("got %+v", m)
	}
	want := `[{bot_command 3 14} {mention 23 9}]` // the emoji counts twice
	if got := fmt.Sprint(m.Entities); got != want {
		t.Errorf("got entities %s, want %s", got, want)
	}
}

func TestReplyInAGroup(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	id := b.send(fmt.Sprint("chat_id=", supergroup), "text=Jawaban")
	s.Person(42).In(supergroup).Reply(id, "kalau istri saya?")
	var m message
	content(b, "message", &m)
	if m.From.ID != 42 || m.Chat.Type != "supergroup" || m.ReplyTo.ID != id || !m.ReplyTo.From.IsBot {
		t.Errorf("got %+v, want a reply to the bot", m)
	}
}

func TestReplyToAPerson(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	s.Person(42).In(group).Say("halo")
	s.Person(43).In(group).Reply(1, "halo juga")
	var m message
	content(b, "message", &m)
	if m.ReplyTo.ID != 1 || m.ReplyTo.From.IsBot {
		t.Errorf("got %+v, want a reply to a person", m)
	}
}

func TestAnonymousAdministrator(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	s.Anonymous(supergroup).Say("/siaran")
	var m message
	content(b, "message", &m)
	if m.From.ID != telegramtest.GroupAnonymousBot || m.Sender.ID != supergroup {
		t.Errorf("got %+v, want the group's anonymous bot", m)
	}
}

func TestEditedMessage(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	s.Person(42).Say("boelh?")
	s.Person(42).Edit(1, "boleh?")
	var m message
	content(b, "edited_message", &m)
	if m.ID != 1 || m.Text != "boleh?" {
		t.Errorf("got %+v", m)
	}
	if got := s.Chat(42).String(); got != "1 42 (edited): boleh?\n" {
		t.Errorf("got %s", got)
	}
}

func TestChannelPost(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	s.Chat(supergroup).Post("pengumuman")
	var m message
	content(b, "channel_post", &m)
	if m.Text != "pengumuman" || m.Chat.Type != "channel" || m.From.ID != 0 || m.Sender.ID != supergroup {
		t.Errorf("got %+v", m)
	}
}

func TestMedia(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	for _, kind := range []string{"photo", "voice", "sticker", "location", "contact", "document"} {
		s.Person(42).Media(kind, "ini @fake_bot")
		var m map[string]json.RawMessage
		content(b, "message", &m)
		if m[kind] == nil || m["text"] != nil || m["entities"] != nil || string(m["caption"]) != `"ini @fake_bot"` {
			t.Errorf("%s: got %s", kind, m)
		}
	}
}
