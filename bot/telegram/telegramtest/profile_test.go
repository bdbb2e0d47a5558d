package telegramtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tanyanetral/bot/telegram/telegramtest"
)

func TestCommandsPerScopeAndLanguage(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	scopes := map[string]string{
		"":                               "default",
		`{"type":"default"}`:             "default",
		`{"type":"all_private_chats"}`:   "all_private_chats",
		`{"type":"chat","chat_id":-100}`: "chat:-100",
		`{"type":"chat_member","chat_id":"-100","user_id":42}`: "chat_member:-100:42",
	}
	for scope, name := range scopes {
		for _, language := range []string{"", "id"} {
			set := fmt.Sprintf(`commands=[{"command":"bantuan","description":"%s %s"}]`, name, language)
			b.must("setMyCommands", set, "scope="+scope, "language_code="+language)
			want := []telegramtest.Command{{Command: "bantuan", Description: name + " " + language}}
			if got := s.Commands(name, language); !slices.Equal(got, want) {
				t.Errorf("%s %s: got %v, want %v", name, language, got, want)
			}
		}
	}
	b.must("deleteMyCommands", "language_code=id")
	if got := s.Commands("default", "id"); len(got) != 0 {
		t.Errorf("got %v after they were deleted", got)
	}
	if got := s.Commands("default", ""); len(got) != 1 {
		t.Errorf("commands of another language were deleted")
	}
}

func TestProfileIsChecked(t *testing.T) {
	b, _ := newBot(t, telegramtest.Options{})
	command := func(name, description string) string {
		return fmt.Sprintf(`commands=[{"command":%q,"description":%q}]`, name, description)
	}
	many := strings.Repeat(`{"command":"a","description":"b"},`, 100) + `{"command":"a","description":"b"}`
	tests := []struct {
		name, method, param, want string
	}{
		{"longest command", "setMyCommands", command(strings.Repeat("a", 32), strings.Repeat("é", 256)), ""},
		{"empty command", "setMyCommands", command("", "b"), "command must be non-empty"},
		{"long command", "setMyCommands", command(strings.Repeat("a", 33), "b"), "command length must not exceed 32"},
		{"upper case", "setMyCommands", command("Bantuan", "b"), "BOT_COMMAND_INVALID"},
		{"empty description", "setMyCommands", command("a", ""), "command description must be non-empty"},
		{"long description", "setMyCommands", command("a", strings.Repeat("é", 257)), "command description length must not exceed 256"},
		{"101 commands", "setMyCommands", "commands=[" + many + "]", "BOT_COMMANDS_TOO_MUCH"},
		{"unknown scope", "deleteMyCommands", `scope={"type":"everywhere"}`, "can't parse BotCommandScope: unsupported type specified"},
		{"unknown scope to set", "setMyCommands", command("a", "b") + `&scope={"type":"everywhere"}`,
			"can't parse BotCommandScope: unsupported type specified"},
		{"unknown language", "deleteMyCommands", "language_code=ind", "the specified language code is invalid"},
		{"name", "setMyName", "name=" + strings.Repeat("a", 64), ""},
		{"long name", "setMyName", "name=" + strings.Repeat("a", 65), "name is too long"},
		{"long description of the bot", "setMyDescription", "description=" + strings.Repeat("a", 513), "description is too long"},
		{"long short description", "setMyShortDescription", "short_description=" + strings.Repeat("a", 121), "short description is too long"},
		{"language of the name", "setMyName", "language_code=ID", "the specified language code is invalid"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := b.call(test.method, strings.Split(test.param, "&")...)
			if test.want == "" && !got.OK {
				t.Errorf("refused: %s", got.Description)
			}
			if test.want != "" {
				wantError(t, got, 400, "Bad Request: "+test.want)
			}
		})
	}
}

func TestProfilePerLanguage(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	b.must("setMyName", "name=Netral")
	b.must("setMyDescription", "description=Panjang", "language_code=id")
	b.must("setMyShortDescription", "short_description=Pendek", "language_code=id")
	for language, want := range map[string]telegramtest.Profile{
		"":   {Name: "Netral"},
		"id": {Description: "Panjang", ShortDescription: "Pendek"},
	} {
		if got := s.Profile(language); got != want {
			t.Errorf("%q: got %+v, want %+v", language, got, want)
		}
	}
}
