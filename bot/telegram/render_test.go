package telegram_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"tanyanetral/bot"
	"tanyanetral/bot/telegram/telegramtest"
)

func textBlock(s string) bot.Block { return bot.Block{Kind: bot.Text, Text: s} }

// TestLongReplies are split where a person would, and nothing is lost.
func TestLongReplies(t *testing.T) {
	word := strings.Repeat("kata ", 300) // 1,500 units
	tests := []struct {
		name   string
		blocks []bot.Block
		pages  int
	}{
		{"short", []bot.Block{{Kind: bot.Heading, Text: "Judul"}, textBlock("Isi.")}, 1},
		{"paragraphs move as a whole", []bot.Block{textBlock(word), textBlock(word), textBlock(word)}, 2},
		{"one long paragraph", []bot.Block{textBlock(strings.Repeat(word, 4))}, 2},
		{"lines", []bot.Block{{Kind: bot.Bullets, Items: slices.Repeat([]string{strings.Repeat("x", 90)}, 100)}}, 3},
		{"no space anywhere", []bot.Block{textBlock(strings.Repeat("x", 9000))}, 3},
		{"emoji count twice", []bot.Block{textBlock(strings.Repeat("😀", 4096))}, 2},
		{"exactly the limit", []bot.Block{textBlock(strings.Repeat("x", 4096))}, 1},
		{"markup in every letter", []bot.Block{{Kind: bot.Heading, Text: strings.Repeat("<&>", 2000)}}, 2},
		{"bold over pages", []bot.Block{{Kind: bot.Heading, Text: strings.Repeat("tebal ", 1500)}}, 3},
		{"control and direction marks", []bot.Block{textBlock("a\x00b\x1b[1mc\u202ed\r\n" + strings.Repeat("\u200f", 5000))}, 2},
		{"broken UTF-8", []bot.Block{textBlock("a\xff\xfeb")}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, telegramtest.Options{}, func(w *world) {
				w.start()
				w.settle()
				reply := bot.Reply{Blocks: test.blocks, Actions: []bot.Action{{ID: "t:x", Label: "Lanjut"}}}
				if _, err := w.channel.Send(context.Background(), bot.Message{To: key("42"), Reply: reply}); err != nil {
					t.Fatal(err)
				}
				sent := w.Chat(42).Sent()
				if len(sent) != test.pages {
					t.Errorf("got %d messages, want %d", len(sent), test.pages)
				}
				var got strings.Builder
				for i, m := range sent {
					if n := len(utf16.Encode([]rune(m.Text))); n > 4096 || n == 0 {
						t.Errorf("message %d has %d units", i, n)
					}
					if last := i == len(sent)-1; (len(m.Buttons) > 0) != last {
						t.Errorf("message %d of %d has %d rows of buttons", i, len(sent), len(m.Buttons))
					}
					got.WriteString(m.Text)
				}
				want := letters(reply.Blocks)
				if letters([]bot.Block{textBlock(got.String())}) != want {
					t.Error("letters were lost or added")
				}
			})
		})
	}
}

// letters is what people can see of blocks, without white space.
func letters(blocks []bot.Block) string {
	text := bot.Reply{Blocks: blocks}.Plain()
	return strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

func TestLongLabelsAreListedInTheText(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		w.settle()
		long := "Bolehkah menyukai unggahan calon di media sosial dari akun pribadi?"
		reply := bot.Reply{Blocks: []bot.Block{textBlock("Maksud Anda yang mana?")}, Offer: "Ketik nomornya:", Actions: []bot.Action{{ID: "t:a", Label: long}, {ID: "t:b", Label: "Pendek"}}}
		if _, err := w.channel.Send(context.Background(), bot.Message{To: key("42"), Reply: reply}); err != nil {
			t.Fatal(err)
		}
		got := w.last(42)
		if !strings.Contains(got.Text, "1. "+long) || !strings.Contains(got.Text, "2. Pendek") || got.Buttons[1][0].Text != "2. Pendek" {
			t.Errorf("got %s", got.String())
		}
	})
}

// FuzzRender sends whatever text: the fake checks length and markup as Telegram does.
func FuzzRender(f *testing.F) {
	f.Add("Judul <b>", "Isi & \u202e 😀", 3)
	f.Add(strings.Repeat("x", 5000), "\x00\n\n\n", 200)
	server, err := telegramtest.New(telegramtest.Options{Forget: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(server.Close)
	channel := connected(f, server)
	f.Fuzz(func(t *testing.T, heading, text string, repeat int) {
		if strings.TrimSpace(heading+text) == "" {
			return
		}
		text = strings.Repeat(text, max(0, min(repeat, 300)))
		reply := bot.Reply{Blocks: []bot.Block{{Kind: bot.Heading, Text: heading}, {Kind: bot.Bullets, Text: text, Items: []string{text, heading}}}}
		_, err := channel.Send(t.Context(), bot.Message{To: key("42"), Reply: reply})
		if err != nil {
			t.Fatal(err)
		}
		for _, refusal := range server.Refusals() {
			t.Fatalf("refused: %s", refusal.Description)
		}
	})
}
