package telegramtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tanyanetral/bot/telegram/telegramtest"
)

const (
	group      = -500
	supergroup = -1001234567890
)

func keyboard(buttons string) string { return `reply_markup={"inline_keyboard":[[` + buttons + `]]}` }

func TestRequestsAreChecked(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	b.send("chat_id=42", "text=pesan", keyboard(`{"text":"A","callback_data":"a"}`)) // 1
	s.Person(42).Say("pesan orang")                                                  // 2
	b.must("sendPhoto", "chat_id=42", "photo=https://contoh.id/kartu.png")           // 3
	tests := []struct {
		name, method string
		params       []string
		want         string // after "Bad Request: ", empty if all is well
	}{
		{"text", "sendMessage", []string{"chat_id=42", "text=halo"}, ""},
		{"no chat", "sendMessage", []string{"text=halo"}, "chat_id is empty"},
		{"username", "sendMessage", []string{"chat_id=@budi", "text=halo"}, "chat not found"},
		{"no text", "sendMessage", []string{"chat_id=42"}, "message text is empty"},
		{"only space", "sendMessage", []string{"chat_id=42", "text= \n"}, "message text is empty"},
		{"only markup", "sendMessage", []string{"chat_id=42", "text=<b></b>", "parse_mode=HTML"}, "message text is empty"},
		{"4096 characters", "sendMessage", []string{"chat_id=42", "text=" + strings.Repeat("é", 4096)}, ""},
		{"4097 characters", "sendMessage", []string{"chat_id=42", "text=" + strings.Repeat("é", 4097)}, "message is too long"},
		{"emoji count twice", "sendMessage", []string{"chat_id=42", "text=" + strings.Repeat("👍", 2049)}, "message is too long"},
		{"markup does not count", "sendMessage",
			[]string{"chat_id=42", "parse_mode=html", "text=" + strings.Repeat("<b>&lt;</b>", 4096)}, ""},
		{"bad markup", "sendMessage", []string{"chat_id=42", "text=a < b", "parse_mode=HTML"},
			`can't parse entities: Unsupported start tag "" at byte offset 2`},
		{"markup without parse_mode", "sendMessage", []string{"chat_id=42", "text=a < b"}, ""},
		{"reply", "sendMessage", []string{"chat_id=42", "text=x", `reply_parameters={"message_id":2}`}, ""},
		{"reply to nothing", "sendMessage", []string{"chat_id=42", "text=x", `reply_parameters={"message_id":99}`},
			"message to be replied not found"},
		{"reply to nothing, allowed", "sendMessage", []string{"chat_id=42", "text=x",
			`reply_parameters={"message_id":99,"allow_sending_without_reply":true}`}, ""},
		{"old reply", "sendMessage", []string{"chat_id=42", "text=x", "reply_to_message_id=99"}, "message to be replied not found"},
		{"old reply, allowed", "sendMessage",
			[]string{"chat_id=42", "text=x", "reply_to_message_id=99", "allow_sending_without_reply=true"}, ""},

		{"data of 64 bytes", "sendMessage", []string{"chat_id=42", "text=x",
			keyboard(`{"text":"A","callback_data":"` + strings.Repeat("é", 32) + `"}`)}, ""},
		{"data of 65 bytes", "sendMessage", []string{"chat_id=42", "text=x",
			keyboard(`{"text":"A","callback_data":"` + strings.Repeat("a", 65) + `"}`)}, "BUTTON_DATA_INVALID"},
		{"no data", "sendMessage", []string{"chat_id=42", "text=x", keyboard(`{"text":"A","callback_data":""}`)}, "BUTTON_DATA_INVALID"},
		{"no label", "sendMessage", []string{"chat_id=42", "text=x", keyboard(`{"text":"","callback_data":"a"}`)},
			"inline keyboard button text must be non-empty"},
		{"no action", "sendMessage", []string{"chat_id=42", "text=x", keyboard(`{"text":"A"}`)},
			"can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"copy of 257", "sendMessage", []string{"chat_id=42", "text=x",
			keyboard(`{"text":"A","copy_text":{"text":"` + strings.Repeat("a", 257) + `"}}`)}, "BUTTON_COPY_TEXT_INVALID"},
		{"URL", "sendMessage", []string{"chat_id=42", "text=x", keyboard(`{"text":"A","url":"https://wa.me/?text=a%20b"}`)}, ""},
		{"URL of Telegram", "sendMessage", []string{"chat_id=42", "text=x", keyboard(`{"text":"A","url":"tg://user?id=1"}`)}, ""},
		{"URL without scheme", "sendMessage", []string{"chat_id=42", "text=x", keyboard(`{"text":"A","url":"t.me/x"}`)}, ""},
		{"URL of no host", "sendMessage", []string{"chat_id=42", "text=x", keyboard(`{"text":"A","url":"http://localhost/"}`)},
			"inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL"},
		{"URL with space", "sendMessage", []string{"chat_id=42", "text=x", keyboard(`{"text":"A","url":"https://a.id/b c"}`)},
			"inline keyboard button URL 'https://a.id/b c' is invalid: Wrong HTTP URL"},
		{"URL of another scheme", "sendMessage", []string{"chat_id=42", "text=x", keyboard(`{"text":"A","url":"ftp://a.id"}`)},
			"inline keyboard button URL 'ftp://a.id' is invalid: Wrong HTTP URL"},
		{"101 buttons", "sendMessage", []string{"chat_id=42", "text=x",
			`reply_markup={"keyboard":[[` + strings.Repeat(`"A",`, 100) + `"A"]]}`}, "reply markup is too long"},

		{"photo of before", "sendPhoto", []string{"chat_id=42", "photo=AgACAgUAAxkBAAIB1"}, ""},
		{"photo of nowhere", "sendPhoto", []string{"chat_id=42", "photo=AgACAgUAAxkBAAIB99"}, "wrong file identifier/HTTP URL specified"},
		{"no photo", "sendPhoto", []string{"chat_id=42"}, "there is no photo in the request"},
		{"photo not attached", "sendPhoto", []string{"chat_id=42", "photo=attach://x"}, "there is no photo in the request"},
		{"caption of 1025", "sendPhoto", []string{"chat_id=42", "photo=https://a.id/b.png", "caption=" + strings.Repeat("a", 1025)},
			"message caption is too long"},

		{"edit", "editMessageText", []string{"chat_id=42", "message_id=1", "text=baru"}, ""},
		{"edit to the same", "editMessageText", []string{"chat_id=42", "message_id=1", "text=baru"},
			"message is not modified: specified new message content and reply markup are exactly the same as a current content " +
				"and reply markup of the message"},
		{"edit of nothing", "editMessageText", []string{"chat_id=42", "message_id=99", "text=baru"}, "message to edit not found"},
		{"edit in another chat", "editMessageText", []string{"chat_id=43", "message_id=1", "text=baru"}, "message to edit not found"},
		{"edit of a person's", "editMessageText", []string{"chat_id=42", "message_id=2", "text=baru"}, "message can't be edited"},
		{"edit of no id", "editMessageText", []string{"chat_id=42", "text=baru"}, "message identifier is not specified"},
		{"edit of no chat", "editMessageText", []string{"message_id=1", "text=baru"}, "chat_id is empty"},
		{"edit to nothing", "editMessageText", []string{"chat_id=42", "message_id=1"}, "message text is empty"},
		{"text of a photo", "editMessageText", []string{"chat_id=42", "message_id=3", "text=baru"},
			"there is no text in the message to edit"},
		{"caption of a photo", "editMessageCaption", []string{"chat_id=42", "message_id=3", "caption=baru"}, ""},
		{"caption of a text", "editMessageCaption", []string{"chat_id=42", "message_id=1", "caption=baru"},
			"there is no caption in the message to edit"},
		{"keyboard", "editMessageReplyMarkup", []string{"chat_id=42", "message_id=1", keyboard(`{"text":"B","callback_data":"b"}`)}, ""},
		{"no keyboard", "editMessageReplyMarkup", []string{"chat_id=42", "message_id=1"}, ""},
		{"empty keyboard", "editMessageReplyMarkup", []string{"chat_id=42", "message_id=1", `reply_markup={"inline_keyboard":[]}`},
			"message is not modified: specified new message content and reply markup are exactly the same as a current content " +
				"and reply markup of the message"},
		{"edit with a bad button", "editMessageText", []string{"chat_id=42", "message_id=1", "text=y", keyboard(`{"text":"A"}`)},
			"can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"edit in the chat of a username", "editMessageText", []string{"chat_id=@budi", "message_id=1", "text=y"}, "chat not found"},
		{"edit of an inline message", "editMessageText", []string{"inline_message_id=x", "text=baru"}, ""},

		{"delete", "deleteMessage", []string{"chat_id=42", "message_id=1"}, ""},
		{"delete again", "deleteMessage", []string{"chat_id=42", "message_id=1"}, "message to delete not found"},
		{"delete no id", "deleteMessage", []string{"chat_id=42"}, "message identifier is not specified"},
		{"edit of a deleted one", "editMessageText", []string{"chat_id=42", "message_id=1", "text=x"}, "message to edit not found"},
		{"typing", "sendChatAction", []string{"chat_id=42", "action=typing"}, ""},
		{"sleeping", "sendChatAction", []string{"chat_id=42", "action=sleeping"}, "wrong parameter action in request"},
		{"made-up press", "answerCallbackQuery", []string{"callback_query_id=1"},
			"query is too old and response timeout expired or query ID is invalid"},
		{"made-up query", "answerInlineQuery", []string{"inline_query_id=1", "results=[]"},
			"query is too old and response timeout expired or query ID is invalid"},
		{"leave a person", "leaveChat", []string{"chat_id=42"}, "chat member status can't be changed in private chats"},
		{"chat of a username", "getChat", []string{"chat_id=@budi"}, "chat not found"},
		{"member of nobody", "getChatMember", []string{"chat_id=42"}, "user_id is empty"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := b.call(test.method, test.params...)
			if test.want == "" && !got.OK {
				t.Errorf("refused: %s", got.Description)
			}
			if test.want != "" {
				wantError(t, got, 400, "Bad Request: "+test.want)
			}
		})
	}
}

func TestMessageIsRemembered(t *testing.T) {
	c := newClock()
	b, s := newBot(t, telegramtest.Options{Now: c.Now})
	s.Person(42).Say("boleh?")
	markup := `{"inline_keyboard":[[{"text":"Topik","callback_data":"t:1"},{"text":"Bagikan","switch_inline_query":"t"}],` +
		`[{"text":"Salin","copy_text":{"text":"isi"}},{"text":"Buka","url":"https://a.id"},` +
		`{"text":"Pilih","switch_inline_query_chosen_chat":{"query":"q","allow_user_chats":true}}]]}`
	id := b.send("chat_id=42", "parse_mode=HTML", "text=<b>Boleh</b> &amp; sah\nbaris dua", `reply_parameters={"message_id":1}`,
		"reply_markup="+markup, "disable_notification=true", `link_preview_options={"is_disabled":true}`)
	got := s.Chat(42).Sent()[0]
	want := telegramtest.Message{ID: 2, Chat: 42, Text: "Boleh & sah\nbaris dua", HTML: "<b>Boleh</b> &amp; sah\nbaris dua", ReplyTo: 1}
	if got.ID != id || got.ID != want.ID || got.Chat != want.Chat || got.Text != want.Text || got.HTML != want.HTML ||
		got.ReplyTo != want.ReplyTo || got.Markup != markup || !got.Time.Equal(c.now) || got.Params["disable_notification"] != "true" {
		t.Errorf("got %+v, want %+v", got, want)
	}
	c.advance(time.Minute)
	b.must("editMessageText", "chat_id=42", "message_id=2", "text=Tidak boleh")
	b.must("deleteMessage", "chat_id=42", "message_id=1")
	conversation := "1 42 (deleted): boleh?\n2 bot (to 1) (edited): Tidak boleh\n"
	if got := s.Chat(42).String(); got != conversation {
		t.Errorf("got\n%swant\n%s", got, conversation)
	}
	want2 := telegramtest.Edit{Text: got.Text, HTML: got.HTML, Markup: markup, Time: c.now}
	if edits := s.Chat(42).Sent()[0].Edits; len(edits) != 1 || edits[0] != want2 {
		t.Errorf("edits: %+v, want %+v", edits, want2)
	}
	if got.Buttons[0][0].Data != "t:1" || len(got.Edits) != 0 {
		t.Errorf("an earlier copy was changed: %+v", got)
	}
}

func TestConversationAsText(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	s.Person(42).Say("halo")
	s.Person(42).Media("photo", "ini")
	b.send("chat_id=42", "text=Satu\ndua", `reply_markup={"inline_keyboard":[[{"text":"A","callback_data":"a"},`+
		`{"text":"B","url":"https://b.id"}],[{"text":"C","copy_text":{"text":"c"}},{"text":"D","switch_inline_query":""}]]}`)
	b.send("chat_id=42", "text=Menu", `reply_markup={"keyboard":[["Ya",{"text":"Tidak"}]]}`)
	b.must("sendPhoto", "chat_id=42", "photo=https://a.id/b.png", "caption=Kartu")
	want := `1 42: halo
2 42 (photo): ini
3 bot: Satu
  dua
  [A | a] [B | https://b.id]
  [C | c] [D]
4 bot: Menu
  [Ya] [Tidak]
5 bot (photo): Kartu
`
	if got := s.Chat(42).String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestSupergroupsCountTheirOwnMessages(t *testing.T) {
	b, _ := newBot(t, telegramtest.Options{})
	for _, want := range []struct {
		chat int64
		id   int
	}{{42, 1}, {43, 2}, {group, 3}, {supergroup, 1}, {supergroup, 2}} {
		if got := b.send(fmt.Sprint("chat_id=", want.chat), "text=x"); got != want.id {
			t.Errorf("chat %d: got message %d, want %d", want.chat, got, want.id)
		}
	}
}

func TestOnlyKnownChats(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{OnlyKnownChats: true})
	wantError(t, b.call("sendMessage", "chat_id=42", "text=x"), 400, "Bad Request: chat not found")
	s.Person(42).Say("halo")
	b.send("chat_id=42", "text=x")
}

func TestMembership(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	tests := []struct {
		chat   int64
		after  string
		refuse string
	}{
		{42, "kicked", "Forbidden: bot was blocked by the user"},
		{42, "member", ""},
		{group, "kicked", "Forbidden: bot was kicked from the group chat"},
		{group, "member", ""},
		{supergroup, "left", "Forbidden: bot is not a member of the supergroup chat"},
		{supergroup, "administrator", ""},
	}
	for _, test := range tests {
		id := s.Person(42).In(test.chat).Member("member", test.after)
		var u []struct {
			Member struct {
				From struct{ ID int64 }
				Chat struct{ ID int64 }
				New  struct{ Status string } `json:"new_chat_member"`
			} `json:"my_chat_member"`
		}
		decode(t, b.must("getUpdates", fmt.Sprint("offset=", id)).Result, &u)
		if m := u[0].Member; m.Chat.ID != test.chat || m.From.ID != 42 || m.New.Status != test.after {
			t.Errorf("got %+v, want %+v", m, test)
		}
		got := b.call("sendMessage", fmt.Sprint("chat_id=", test.chat), "text=x")
		if test.refuse == "" && !got.OK {
			t.Errorf("%d %s: refused: %s", test.chat, test.after, got.Description)
		}
		if test.refuse != "" {
			wantError(t, got, 403, test.refuse)
		}
	}
	b.must("leaveChat", fmt.Sprint("chat_id=", group))
	wantError(t, b.call("sendMessage", fmt.Sprint("chat_id=", group), "text=x"), 403,
		"Forbidden: bot is not a member of the group chat")
}

func TestChatsAndMembers(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	s.Person(42).In(group).Status("administrator")
	for user, want := range map[int]string{42: "administrator", 43: "member"} {
		var got struct {
			Status string
			User   struct{ ID int }
		}
		decode(t, b.must("getChatMember", fmt.Sprint("chat_id=", group), fmt.Sprint("user_id=", user)).Result, &got)
		if got.Status != want || got.User.ID != user {
			t.Errorf("got %+v, want %s", got, want)
		}
	}
	for chat, want := range map[int64]string{42: "private", group: "group", supergroup: "supergroup"} {
		var got struct{ Type string }
		decode(t, b.must("getChat", fmt.Sprint("chat_id=", chat)).Result, &got)
		if got.Type != want {
			t.Errorf("%d: got %s, want %s", chat, got.Type, want)
		}
	}
}

func TestDeletingIsLimited(t *testing.T) {
	c := newClock()
	b, s := newBot(t, telegramtest.Options{Now: c.Now})
	s.Person(42).In(group).Say("halo") // 1
	b.send(fmt.Sprint("chat_id=", group), "text=x")
	toGroup := fmt.Sprint("chat_id=", group)
	wantError(t, b.call("deleteMessage", toGroup, "message_id=1"), 400, "Bad Request: message can't be deleted")
	s.Person(42).In(group).Member("member", "administrator")
	b.must("deleteMessage", toGroup, "message_id=1")
	c.advance(49 * time.Hour)
	wantError(t, b.call("deleteMessage", toGroup, "message_id=2"), 400, "Bad Request: message can't be deleted")
}

func TestMigration(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	s.Chat(group).Migrate(supergroup)
	var got []struct {
		Message struct {
			Chat struct{ ID int64 }
			To   int64 `json:"migrate_to_chat_id"`
			From int64 `json:"migrate_from_chat_id"`
		}
	}
	decode(t, b.must("getUpdates").Result, &got)
	if len(got) != 2 || got[0].Message.To != supergroup || got[0].Message.Chat.ID != group ||
		got[1].Message.From != group || got[1].Message.Chat.ID != supergroup {
		t.Errorf("got %+v", got)
	}
	refused := b.call("sendMessage", fmt.Sprint("chat_id=", group), "text=x")
	wantError(t, refused, 400, "Bad Request: group chat was upgraded to a supergroup chat")
	if refused.Parameters.MigrateTo != supergroup {
		t.Errorf("got %+v, want %d", refused.Parameters, supergroup)
	}
	b.send(fmt.Sprint("chat_id=", supergroup), "text=x")
}

func TestForgetKeepsCountersOnly(t *testing.T) {
	var seen []string
	b, s := newBot(t, telegramtest.Options{Forget: true, OnMessage: func(m telegramtest.Message) {
		seen = append(seen, m.Text)
	}})
	s.Person(42).Say("halo")
	press := s.Person(42).PressData(7, "a")
	b.poll()
	b.send("chat_id=42", "text=satu", "reply_to_message_id=1")
	b.must("editMessageText", "chat_id=42", "message_id=1", "text=dua")
	b.must("deleteMessage", "chat_id=42", "message_id=1")
	b.must("answerCallbackQuery", fmt.Sprint("callback_query_id=", 1<<60+press))
	b.poll(fmt.Sprint("offset=", press+1))
	s.Person(42).Member("member", "kicked")
	wantError(t, b.call("sendMessage", "chat_id=42", "text=x"), 403, "Forbidden: bot was blocked by the user")
	want := telegramtest.Counts{Requests: 7, Messages: 1, Edits: 1, Callbacks: 1, Updates: 3, Confirmed: 2, Refused: 1}
	if got := s.Counts(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if len(s.Updates()) != 0 || s.Chat(42).String() != "" || len(s.CallbackAnswers()) != 0 {
		t.Error("something was remembered")
	}
	if want := []string{"satu", "dua"}; !slices.Equal(seen, want) {
		t.Errorf("OnMessage saw %q, want %q", seen, want)
	}
}

func TestUncheckedTakesAnything(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{Unchecked: true})
	b.send("chat_id=42", "text=<b>", "parse_mode=HTML", "colour=red", "reply_markup=x")
	b.send("chat_id=42", "text=a", "reply_parameters=x")
	if got := upload(t, s, "photo", []byte("teks")); !got.OK {
		t.Errorf("a photo was refused: %s", got.Description)
	}
	s.Person(42).Query("boleh", "")
	b.must("answerInlineQuery", "inline_query_id="+last(b).Inline.ID, "results=x")
	if got := s.Chat(42).Sent()[0].Text; got != "<b>" {
		t.Errorf("got %q, want the text as it was sent", got)
	}
}
