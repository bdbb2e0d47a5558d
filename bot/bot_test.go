package bot_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/bot"
	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
	"tanyanetral/store/bolt"
	"tanyanetral/store/memory"
)

var update = flag.Bool("update", false, "write the conversations as they came out")

// embedded is the knowledge of the program with its matcher, made once for all tests.
var embedded = sync.OnceValues(func() (*knowledge.Base, *match.Matcher) {
	base, problems := knowledge.Load(knowledge.Embedded())
	if len(problems) > 0 {
		panic(problems[0].String())
	}
	return base, match.New(base)
})

var jakarta = time.FixedZone("WIB", 7*60*60)

// TestConversations plays the dialogues of testdata. "> " is what the person
// types, "@ 2024-10-01T08:00:00+07:00" sets the clock, and what follows is what
// the person reads. The bot and its state file are closed and opened again
// between any two turns, so that a restart is tested at every point.
func TestConversations(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("got %d conversations, error %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(want))
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func play(t *testing.T, script string) string {
	t.Helper()
	base, matcher := embedded()
	dir := t.TempDir()
	now := time.Date(2026, time.November, 22, 9, 0, 0, 0, jakarta)
	person := store.Key{Channel: "uji", ID: "1"}
	var out strings.Builder
	for line := range strings.Lines(script) {
		line = strings.TrimSuffix(line, "\n")
		if clock, ok := strings.CutPrefix(line, "@ "); ok {
			var err error
			if now, err = time.Parse(time.RFC3339, clock); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "%s\n", line)
			continue
		}
		if !strings.HasPrefix(line, ">") {
			continue
		}
		text := strings.TrimPrefix(line[1:], " ")
		state, err := bolt.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		b := bot.New(base, matcher, state, jakarta, func() time.Time { return now })
		reply, err := b.Handle(bot.Event{Person: person, Text: text})
		if err != nil {
			t.Error(err)
		}
		if err := state.Close(); err != nil {
			t.Error(err)
		}
		fmt.Fprintf(&out, "%s\n%s\n\n", line, reply.Plain())
		now = now.Add(time.Minute)
	}
	return out.String()
}

// TestEveryTopicFitsOneMessage composes the card of every topic, in a season
// with running stages.
func TestEveryTopicFitsOneMessage(t *testing.T) {
	base, _ := embedded()
	season := time.Date(2024, time.November, 27, 9, 0, 0, 0, jakarta)
	for _, topic := range base.Topics {
		reply := bot.Card(base, topic, season)
		card := reply
		card.Actions, card.Offer = nil, ""
		// Telegram's limit, in UTF-16 units; letters beyond the first plane are few.
		if n := len([]rune(card.Plain())); n > 4000 {
			t.Errorf("%s: %d letters", topic.ID, n)
		}
		text := reply.Plain()
		for _, part := range slices.Concat([]string{topic.Title, topic.Answer, topic.Sanction, bot.VerdictLine(topic.Verdict), "Diperiksa"}, topic.Points) {
			if !strings.Contains(text, part) {
				t.Errorf("%s: the card does not say %q", topic.ID, part)
			}
		}
		if len(reply.Actions) == 0 {
			t.Errorf("%s: no related topic", topic.ID)
		}
	}
}

// TestEveryActionOfEveryCategoryOpens picks each number that /topik offers.
func TestEveryActionOfEveryCategoryOpens(t *testing.T) {
	base, matcher := embedded()
	b := bot.New(base, matcher, &memory.Store{}, jakarta, time.Now)
	person := store.Key{ID: "1"}
	say := func(text string) bot.Reply {
		t.Helper()
		reply, err := b.Handle(bot.Event{Person: person, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return reply
	}
	shown := 0
	for i := range say("/topik").Actions {
		say("/topik")
		for j := range say(fmt.Sprint(i + 1)).Actions {
			say("/topik")
			say(fmt.Sprint(i + 1))
			if reply := say(fmt.Sprint(j + 1)); reply.Blocks[0].Kind == bot.Heading && strings.Contains(reply.Blocks[0].Text, " · ") {
				shown++
			}
		}
	}
	if shown != len(base.Topics) {
		t.Errorf("got %d topics, want %d", shown, len(base.Topics))
	}
}

// TestWaysToPickANumber: people name what was offered in many ways.
func TestWaysToPickANumber(t *testing.T) {
	base, matcher := embedded()
	b := bot.New(base, matcher, &memory.Store{}, jakarta, time.Now)
	person := store.Key{ID: "1"}
	say := func(text string) string {
		t.Helper()
		reply, err := b.Handle(bot.Event{Person: person, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return reply.Plain()
	}
	say("/topik")
	want := say("2")
	for _, text := range []string{"2.", "2)", " 2 ", "no 2", "No. 2", "nomor 2", "yang kedua", "yg ke-2", "pilih 2", "#2", "２", "2️⃣", "kedua"} {
		say("/topik")
		if got := say(text); got != want {
			t.Errorf("%q: got %.60q", text, got)
		}
	}
	say("/topik")
	say("/kontak")
	if got := say("2"); !strings.Contains(got, "tidak ada pilihan bernomor") {
		t.Errorf("after something else was shown: got %.60q", got)
	}
	for _, text := range []string{"2024", "pasal 2 tentang apa", "dua", "nomor"} {
		say("/topik")
		if got := say(text); got == want {
			t.Errorf("%q was taken for a pick", text)
		}
	}
}

// brokenStore fails as a full disk does.
type brokenStore struct{ memory.Store }

var errFull = errors.New("disk is full")

func (*brokenStore) UpdatePerson(store.Key, func(*store.Person) error) error { return errFull }
func (*brokenStore) Forget(store.Key) (bool, error)                          { return false, errFull }

func TestStoreFailureIsSaidCalmly(t *testing.T) {
	base, matcher := embedded()
	b := bot.New(base, matcher, &brokenStore{}, jakarta, time.Now)
	for _, text := range []string{"boleh like postingan caleg?", "/hapus_data"} {
		reply, err := b.Handle(bot.Event{Text: text})
		if !errors.Is(err, errFull) {
			t.Errorf("%s: got error %v", text, err)
		}
		if got := reply.Plain(); !strings.Contains(got, "Maaf") || strings.Contains(got, "disk") {
			t.Errorf("%s: got %q", text, got)
		}
	}
}

// TestNothingOfTheQuestionIsKept asks a telling question and reads the state file.
func TestNothingOfTheQuestionIsKept(t *testing.T) {
	base, matcher := embedded()
	dir := t.TempDir()
	state, err := bolt.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	b := bot.New(base, matcher, state, jakarta, time.Now)
	if _, err := b.Handle(bot.Event{Person: store.Key{Channel: "uji", ID: "1"}, Text: "istri saya Zubaidah nyaleg, boleh saya temani daftar? NIP 198001012005011001"}); err != nil {
		t.Fatal(err)
	}
	if err := state.Close(); err != nil {
		t.Fatal(err)
	}
	b2, err := os.ReadFile(filepath.Join(dir, bolt.FileName))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Zubaidah", "198001012005011001", "temani"} {
		if strings.Contains(string(b2), secret) {
			t.Errorf("the state file holds %q", secret)
		}
	}
}
