package telegramtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tanyanetral/bot/telegram/telegramtest"
)

// pressed is a press of a button, or an inline query, as the bot gets it.
type pressed struct {
	UpdateID int64 `json:"update_id"`
	Callback struct {
		ID, Data string
		From     struct{ ID int64 }
		Message  struct {
			ID   int `json:"message_id"`
			Text string
			Date int64
		}
	} `json:"callback_query"`
	Inline struct {
		ID, Query, Offset string
		From              struct{ ID int64 }
	} `json:"inline_query"`
}

// last fetches the last update.
func last(b bot) pressed {
	b.t.Helper()
	var got []pressed
	decode(b.t, b.must("getUpdates", "offset=-1").Result, &got)
	if len(got) != 1 {
		b.t.Fatalf("got %d updates, want one", len(got))
	}
	return got[0]
}

func TestPressIsAnsweredOnce(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	id := b.send("chat_id=42", "text=Pilih", keyboard(`{"text":"Topik","callback_data":"t:1"}`))
	update := s.Person(42).Press(id, "Topik")
	got := last(b)
	if got.UpdateID != update || got.Callback.Data != "t:1" || got.Callback.From.ID != 42 ||
		got.Callback.Message.ID != id || got.Callback.Message.Text != "Pilih" {
		t.Errorf("got %+v", got)
	}
	query := "callback_query_id=" + got.Callback.ID
	wantError(t, b.call("answerCallbackQuery", query, "text="+strings.Repeat("a", 201)), 400, "Bad Request: MESSAGE_TOO_LONG")
	wantError(t, b.call("answerInlineQuery", "inline_query_id="+got.Callback.ID, "results=[]"), 400,
		"Bad Request: query is too old and response timeout expired or query ID is invalid")
	b.must("answerCallbackQuery", query, "text="+strings.Repeat("a", 200), "show_alert=true")
	wantError(t, b.call("answerCallbackQuery", query), 400,
		"Bad Request: query is too old and response timeout expired or query ID is invalid")
	want := []telegramtest.CallbackAnswer{{Update: update, Text: strings.Repeat("a", 200), Alert: true}}
	if got := s.CallbackAnswers(); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestPressOfOldAndForgedButtons(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	s.Person(42).PressData(99, "palsu")
	if got := last(b); got.Callback.Data != "palsu" || got.Callback.Message.ID != 99 || got.Callback.Message.Date != 0 {
		t.Errorf("got %+v, want an inaccessible message 99", got)
	}
	s.ExpireQueries()
	wantError(t, b.call("answerCallbackQuery", "callback_query_id="+last(b).Callback.ID), 400,
		"Bad Request: query is too old and response timeout expired or query ID is invalid")
}

func TestPressNeedsItsButton(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	id := b.send("chat_id=42", "text=Pilih", keyboard(`{"text":"Buka","url":"https://a.id"}`))
	for _, press := range []func(){
		func() { s.Person(42).Press(id, "Buka") },
		func() { s.Person(42).Press(99, "Topik") },
		func() { s.Person(42).Edit(id, "bukan punya saya") },
		func() { s.Person(42).Media("hologram", "") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("an impossible deed went through")
				}
			}()
			press()
		}()
	}
}

func TestInlineQueryIsAnswered(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	article := func(id string) string {
		return fmt.Sprintf(`{"type":"article","id":%q,"title":"T","input_message_content":{"message_text":"<b>x</b>","parse_mode":"HTML"}}`, id)
	}
	good := article("a") + `,{"type":"photo","id":"b","photo_url":"https://a.id/b","thumbnail_url":"https://a.id/b","caption":"Kartu"}`
	many := strings.Repeat(article("x")+",", 50) + article("x")
	tests := []struct {
		name   string
		params []string
		want   string
	}{
		{"too many", []string{"results=[" + many + "]"}, "RESULTS_TOO_MUCH"},
		{"no id", []string{"results=[" + article("") + "]"}, "RESULT_ID_INVALID"},
		{"long id", []string{"results=[" + article(strings.Repeat("é", 33)) + "]"}, "RESULT_ID_INVALID"},
		{"same id", []string{"results=[" + article("a") + "," + article("a") + "]"}, "RESULT_ID_DUPLICATE"},
		{"long offset", []string{"results=[]", "next_offset=" + strings.Repeat("a", 65)}, "NEXT_OFFSET_INVALID"},
		{"cache of the past", []string{"results=[]", "cache_time=-1"}, "CACHE_TIME_INVALID"},
		{"start parameter", []string{"results=[]", `button={"text":"Buka","start_parameter":"a b"}`}, "START_PARAM_INVALID"},
		{"no results", nil, "results is empty"},
		{"bad markup", []string{`results=[{"type":"article","id":"a","title":"T","input_message_content":{"message_text":"<b>","parse_mode":"HTML"}}]`},
			`can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"empty text", []string{`results=[{"type":"article","id":"a","title":"T","input_message_content":{"message_text":""}}]`},
			"message text is empty"},
		{"bad button", []string{`results=[{"type":"photo","id":"a","photo_url":"https://a.id/b","thumbnail_url":"https://a.id/b",` +
			`"caption":"c","reply_markup":{"inline_keyboard":[[{"text":"A"}]]}}]`},
			"can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"bad markup of a caption", []string{`results=[{"type":"photo","id":"a","photo_url":"https://a.id/b","thumbnail_url":"https://a.id/b",` +
			`"caption":"<b>","parse_mode":"HTML"}]`}, `can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"bad caption", []string{`results=[{"type":"photo","id":"a","photo_url":"https://a.id/b","thumbnail_url":"https://a.id/b",` +
			`"caption":"` + strings.Repeat("a", 1025) + `"}]`}, "message caption is too long"},
		{"good", []string{"results=[" + good + "]", "cache_time=0", "is_personal=true", "next_offset=2"}, ""},
		{"again", []string{"results=[]"}, "query is too old and response timeout expired or query ID is invalid"},
	}
	update := s.Person(42).Query("boleh", "1")
	query := last(b)
	if query.Inline.Query != "boleh" || query.Inline.Offset != "1" || query.Inline.From.ID != 42 {
		t.Errorf("got %+v", query)
	}
	for _, test := range tests {
		got := b.call("answerInlineQuery", append(test.params, "inline_query_id="+query.Inline.ID)...)
		switch {
		case test.want != "":
			wantError(t, got, 400, "Bad Request: "+test.want)
		case !got.OK:
			t.Errorf("%s: %s", test.name, got.Description)
		}
	}
	answers := s.InlineAnswers()
	if len(answers) != 1 {
		t.Fatalf("got %d answers, want 1", len(answers))
	}
	if a := answers[0]; a.Update != update || a.CacheTime != 0 || !a.Personal || a.NextOffset != "2" ||
		string(a.Results) != "["+good+"]" {
		t.Errorf("got %+v", a)
	}
	s.Person(42).Query("lagi", "")
	b.must("answerInlineQuery", "inline_query_id="+last(b).Inline.ID, "results=[]")
	if got := s.InlineAnswers()[1].CacheTime; got != 300 {
		t.Errorf("cache time is %d, want Telegram's 300", got)
	}
}
