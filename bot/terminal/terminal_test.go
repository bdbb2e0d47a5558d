package terminal_test

import (
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/bot"
	"tanyanetral/bot/terminal"
	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store/memory"
)

var reply = bot.Reply{
	Blocks: []bot.Block{
		{Kind: bot.Heading, Text: "⛔ Dilarang · Bolehkah?"},
		{Kind: bot.Text, Text: "Tidak boleh, walau hanya satu kali dan dari akun pribadi."},
		{Kind: bot.Bullets, Items: []string{"Berlaku juga pada hari libur.", "Pendek."}},
		{Kind: bot.Citation, Text: "Dasar: SKB."},
	},
	Offer:   "Topik terkait:",
	Actions: []bot.Action{{ID: "t:x", Label: "Bolehkah membagikan konten kampanye?"}},
}

func TestRender(t *testing.T) {
	tests := []struct {
		name  string
		style terminal.Style
		want  string
	}{
		{"plain", terminal.Style{}, "⛔ Dilarang · Bolehkah?\n\nTidak boleh, walau hanya satu kali dan dari akun pribadi.\n\n• Berlaku juga pada hari libur.\n• Pendek.\n\nDasar: SKB.\n\nTopik terkait:\n1. Bolehkah membagikan konten kampanye?"},
		{"wrapped", terminal.Style{Width: 28}, "⛔ Dilarang · Bolehkah?\n\nTidak boleh, walau hanya\nsatu kali dan dari akun\npribadi.\n\n• Berlaku juga pada hari\n  libur.\n• Pendek.\n\nDasar: SKB.\n\nTopik terkait:\n1. Bolehkah membagikan\n   konten kampanye?"},
		{"coloured", terminal.Style{Color: true}, "\x1b[1m⛔ Dilarang · Bolehkah?\x1b[0m\n\nTidak boleh, walau hanya satu kali dan dari akun pribadi.\n\n• Berlaku juga pada hari libur.\n• Pendek.\n\n\x1b[2mDasar: SKB.\x1b[0m\n\nTopik terkait:\n1. Bolehkah membagikan konten kampanye?"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.style.Render(reply)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPipeReadsLongLinesAndTheLastOne(t *testing.T) {
	long := strings.Repeat("x", 3<<20)
	lines := terminal.NewPipe(strings.NewReader("satu\n" + long + "\n\ntanpa akhir"))
	var got []int
	for {
		line, err := lines.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, len(line))
	}
	if len(got) != 4 || got[0] != 4 || got[1] < 1<<20 || got[1] > 2<<20 || got[2] != 0 || got[3] != 11 {
		t.Errorf("got lines of lengths %v", got)
	}
}

// failing is a screen that is gone.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestChatEndsWhereTheScreenIsGone(t *testing.T) {
	base, problems := knowledge.Load(knowledge.Embedded())
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	b := bot.New(bot.Options{Store: &memory.Store{}, Zone: time.UTC, Now: time.Now, Random: rand.Reader})
	b.Learn(base, match.New(base))
	err := terminal.Chat(b, terminal.NewPipe(strings.NewReader("halo\nhalo\n")), failing{}, terminal.Style{}, func(err error) { t.Error(err) })
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got error %v", err)
	}
	var out strings.Builder
	if err := terminal.Chat(b, terminal.NewPipe(strings.NewReader("halo\n/keluar\nhalo\n")), &out, terminal.Style{}, func(err error) { t.Error(err) }); err != nil {
		t.Error(err)
	}
	if n := strings.Count(out.String(), "Halo!"); n != 1 || !utf8.ValidString(out.String()) {
		t.Errorf("got %d greetings", n)
	}
}
