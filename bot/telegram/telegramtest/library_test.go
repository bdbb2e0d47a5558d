package telegramtest_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tanyanetral/bot/telegram/telegramtest"
)

// The library's own requests must be understood, and the answers by the library.
func newLibrary(t *testing.T, opt telegramtest.Options) (*tgbotapi.BotAPI, *telegramtest.Server) {
	t.Helper()
	s := telegramtest.Start(t, opt)
	api, err := tgbotapi.NewBotAPIWithClient(s.Token(), s.URL()+"/bot%s/%s", s.Client())
	if err != nil {
		t.Fatal(err)
	}
	if api.Self.UserName != "fake_bot" {
		t.Fatalf("the library is %+v", api.Self)
	}
	return api, s
}

func TestLibraryGetsUpdates(t *testing.T) {
	api, s := newLibrary(t, telegramtest.Options{})
	s.Person(42).Say("/start t_foto")
	s.Person(42).In(supergroup).Say("@fake_bot boleh?")
	s.Person(42).Media("contact", "")
	s.Person(42).Member("member", "kicked")
	s.Person(42).Query("boleh", "")
	s.Chat(-600).Migrate(-1009)
	updates, err := api.GetUpdates(tgbotapi.UpdateConfig{Limit: 10, Timeout: 5, AllowedUpdates: []string{"message"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(updates) != 7 {
		t.Fatalf("got %d updates, want 7", len(updates))
	}
	if m := updates[0].Message; m.Command() != "start" || m.CommandArguments() != "t_foto" || !m.Chat.IsPrivate() {
		t.Errorf("command: %+v", m)
	}
	if m := updates[1].Message; !m.Chat.IsSuperGroup() || !m.Entities[0].IsMention() {
		t.Errorf("mention: %+v", m)
	}
	if updates[2].Message.Contact.UserID != 42 || updates[3].MyChatMember.NewChatMember.Status != "kicked" ||
		updates[4].InlineQuery.Query != "boleh" || updates[5].Message.MigrateToChatID != -1009 {
		t.Errorf("got %+v", updates[2:])
	}
}

func TestLibrarySendsAndEdits(t *testing.T) {
	api, s := newLibrary(t, telegramtest.Options{})
	m := tgbotapi.NewMessage(42, "<b>Boleh</b>")
	m.ParseMode = tgbotapi.ModeHTML
	m.DisableWebPagePreview = true
	m.ReplyMarkup = tgbotapi.NewInlineKeyboardMarkup(tgbotapi.NewInlineKeyboardRow(
		tgbotapi.NewInlineKeyboardButtonData("Topik", "t:1"), tgbotapi.NewInlineKeyboardButtonURL("Buka", "https://a.id")))
	sent, err := api.Send(m)
	if err != nil {
		t.Fatal(err)
	}
	if sent.Text != "Boleh" || sent.ReplyMarkup.InlineKeyboard[0][0].Text != "Topik" || !sent.From.IsBot {
		t.Errorf("got %+v", sent)
	}
	s.Person(42).Press(sent.MessageID, "Topik")
	updates, err := api.GetUpdates(tgbotapi.UpdateConfig{})
	if err != nil {
		t.Fatal(err)
	}
	press := updates[0].CallbackQuery
	if _, err := api.Request(tgbotapi.NewCallback(press.ID, "Baik")); err != nil {
		t.Error(err)
	}
	if _, err := api.Send(tgbotapi.NewEditMessageText(42, press.Message.MessageID, "Topik")); err != nil {
		t.Error(err)
	}
	_, err = api.Request(tgbotapi.NewSetMyCommandsWithScopeAndLanguage(
		tgbotapi.NewBotCommandScopeAllPrivateChats(), "id", tgbotapi.BotCommand{Command: "bantuan", Description: "Bantuan"}))
	if err != nil || len(s.Commands("all_private_chats", "id")) != 1 {
		t.Errorf("commands: %v, %v", s.Commands("all_private_chats", "id"), err)
	}
	if got, want := s.Chat(42).String(), "1 bot (edited): Topik\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLibraryUploadsPhotos(t *testing.T) {
	api, s := newLibrary(t, telegramtest.Options{})
	photo := tgbotapi.NewPhoto(42, tgbotapi.FileBytes{Name: "kartu.png", Bytes: picture(800, 600)})
	photo.Caption = "Kartu"
	sent, err := api.Send(photo)
	if err != nil {
		t.Fatal(err)
	}
	again, err := api.Send(tgbotapi.NewPhoto(42, tgbotapi.FileID(sent.Photo[0].FileID)))
	if err != nil {
		t.Fatal(err)
	}
	if sent.Caption != "Kartu" || again.Photo[0].FileID != sent.Photo[0].FileID {
		t.Errorf("got %+v, then %+v", sent, again)
	}
	if got := len(s.Chat(42).Sent()[0].Photo); got != len(picture(800, 600)) {
		t.Errorf("%d bytes arrived", got)
	}
}

func TestLibraryAnswersInlineQueries(t *testing.T) {
	api, s := newLibrary(t, telegramtest.Options{})
	s.Person(42).Query("boleh", "")
	updates, err := api.GetUpdates(tgbotapi.UpdateConfig{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.Request(tgbotapi.InlineConfig{
		InlineQueryID: updates[0].InlineQuery.ID, IsPersonal: true, SwitchPMText: "Tanya", SwitchPMParameter: "t_foto",
		Results: []any{tgbotapi.NewInlineQueryResultArticleHTML("foto", "Foto", "<b>Boleh</b>")},
	})
	if err != nil || len(s.InlineAnswers()) != 1 {
		t.Errorf("got %d answers, %v", len(s.InlineAnswers()), err)
	}
}

func TestLibraryMeetsTrouble(t *testing.T) {
	api, s := newLibrary(t, telegramtest.Options{})
	s.Trouble(telegramtest.TooManyRequests(3), telegramtest.When{Method: "sendMessage", Times: 1})
	_, err := api.Send(tgbotapi.NewMessage(42, "x"))
	if e, ok := err.(*tgbotapi.Error); !ok || e.Code != 429 || e.RetryAfter != 3 {
		t.Errorf("got %#v, want 429", err)
	}
	s.Trouble(telegramtest.HTMLError(502), telegramtest.When{Method: "getMe", Times: 1})
	if _, err := api.GetMe(); err == nil || err.Error() != "invalid character '<' looking for beginning of value" {
		t.Errorf("got %v, want the error of JSON", err)
	}
}

// A person asks, the bot answers, and the conversation is compared.
func ExampleNew() {
	s, err := telegramtest.New(telegramtest.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()

	// The bot, somewhere else.
	api, err := tgbotapi.NewBotAPIWithClient(s.Token(), s.URL()+"/bot%s/%s", s.Client())
	if err != nil {
		fmt.Println(err)
		return
	}
	var answering sync.WaitGroup
	defer answering.Wait()
	answering.Go(func() {
		updates, err := api.GetUpdates(tgbotapi.UpdateConfig{Timeout: 30})
		if err != nil {
			fmt.Println(err)
			return
		}
		m := tgbotapi.NewMessage(updates[0].Message.Chat.ID, "Tidak. Kode etik ASN <i>melarangnya</i>.")
		m.ParseMode = tgbotapi.ModeHTML
		m.ReplyMarkup = tgbotapi.NewInlineKeyboardMarkup(
			tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData("Dasar hukum", "d:1")))
		if _, err := api.Send(m); err != nil {
			fmt.Println(err)
		}
	})

	s.Person(42).Say("boleh pakai kaos caleg?")
	if _, err := s.Chat(42).WaitSent(context.Background(), 1); err != nil {
		fmt.Println(err)
	}
	fmt.Print(s.Chat(42))
	// Output:
	// 1 42: boleh pakai kaos caleg?
	// 2 bot: Tidak. Kode etik ASN melarangnya.
	//   [Dasar hukum | d:1]
}
