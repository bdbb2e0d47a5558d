package telegramtest_test

import (
	"slices"
	"strings"
	"testing"

	"tanyanetral/bot/telegram/telegramtest"
)

func TestViolations(t *testing.T) {
	tests := []struct {
		name, method string
		params       []string
		want         []string // violations
		refused      string   // after "Bad Request: "
	}{
		{"old names", "sendMessage", []string{"disable_web_page_preview=true"}, nil, ""},
		{"unknown parameter", "sendMessage", []string{"colour=red"}, []string{"sendMessage: no such parameter: colour"}, ""},
		{"parameter of another method", "getUpdates", []string{"chat_id=42"}, []string{"getUpdates: no such parameter: chat_id"}, ""},
		{"number", "sendMessage", []string{"message_thread_id=satu"},
			[]string{`sendMessage: message_thread_id: "satu" is no Integer`}, `can't parse message_thread_id: "satu" is no Integer`},
		{"flag", "sendMessage", []string{"protect_content=ya"},
			[]string{`sendMessage: protect_content: "ya" is no Boolean`}, `can't parse protect_content: "ya" is no Boolean`},
		{"no JSON", "sendMessage", []string{"link_preview_options={"},
			[]string{"sendMessage: link_preview_options: no JSON: unexpected end of JSON input"},
			"can't parse link_preview_options: no JSON: unexpected end of JSON input"},
		{"nested field", "sendMessage", []string{`link_preview_options={"is_disabled":true,"colour":1}`},
			[]string{"sendMessage: link_preview_options: no such field of LinkPreviewOptions: colour"}, ""},
		{"nested type", "sendMessage", []string{`link_preview_options={"is_disabled":"ya"}`},
			[]string{"sendMessage: link_preview_options.is_disabled: Boolean expected"},
			"can't parse link_preview_options.is_disabled: Boolean expected"},
		{"field of a button", "sendMessage", []string{keyboard(`{"text":"A","callback_data":"a","colour":"red"}`)},
			[]string{`sendMessage: reply_markup.inline_keyboard[0][0]: no such field of InlineKeyboardButton: colour`,
				`sendMessage: button "A" has 2 actions`}, ""},
		{"two actions", "sendMessage", []string{keyboard(`{"text":"A","callback_data":"a","url":"https://a.id"}`)},
			[]string{`sendMessage: button "A" has 2 actions`}, ""},
		{"long row", "sendMessage", []string{keyboard(strings.Repeat(`{"text":"A","callback_data":"a"},`, 8) + `{"text":"A","callback_data":"a"}`)},
			[]string{"sendMessage: a row of 9 buttons is broken up: 8 are shown in one"}, ""},
		{"button without text", "sendMessage", []string{keyboard(`{"callback_data":"a"}`)},
			[]string{"sendMessage: reply_markup.inline_keyboard[0][0]: field text of InlineKeyboardButton is missing"},
			"can't parse reply_markup.inline_keyboard[0][0]: field text of InlineKeyboardButton is missing"},
		{"empty placeholder", "sendMessage", []string{`reply_markup={"force_reply":true,"input_field_placeholder":""}`},
			[]string{"sendMessage: input_field_placeholder has 1 to 64 characters"}, ""},
		{"nothing in a list", "sendMessage", []string{`reply_markup={"inline_keyboard":[null]}`},
			[]string{"sendMessage: reply_markup.inline_keyboard[0]: []InlineKeyboardButton expected"},
			"can't parse reply_markup.inline_keyboard[0]: []InlineKeyboardButton expected"},
		{"scope without chat", "deleteMyCommands", []string{`scope={"type":"chat"}`}, nil, ""},
		{"commands without description", "setMyCommands", []string{`commands=[{"command":"a"}]`},
			[]string{"setMyCommands: commands[0]: field description of BotCommand is missing"},
			"can't parse commands[0]: field description of BotCommand is missing"},
		{"not UTF-8", "sendMessage", []string{"text=\xff"}, []string{"sendMessage: text is not UTF-8"}, "strings must be encoded in UTF-8"},
		{"other markup", "sendMessage", []string{"parse_mode=MarkdownV2"},
			[]string{"sendMessage: this fake parses HTML only, not MarkdownV2"}, "unsupported parse_mode"},
		{"formatting that is lost", "sendMessage", []string{"parse_mode=HTML", "text=<code><b>x</b></code>"},
			[]string{"sendMessage: formatting is lost: <b> inside of <code> at byte offset 6"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := telegramtest.New(telegramtest.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			b := bot{t, s, s.Client()}
			params := test.params
			if test.method == "sendMessage" {
				params = append([]string{"chat_id=42", "text=halo"}, params...)
			}
			got := b.call(test.method, params...)
			if test.refused == "" && !got.OK {
				t.Errorf("refused: %s", got.Description)
			}
			if test.refused != "" {
				wantError(t, got, 400, "Bad Request: "+test.refused)
			}
			if got := s.Violations(); !slices.Equal(got, test.want) {
				t.Errorf("got violations %q, want %q", got, test.want)
			}
		})
	}
}
