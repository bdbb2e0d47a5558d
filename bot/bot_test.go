package bot_test

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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

// Who takes part in the tests.
var (
	me     = store.Key{Channel: "uji", ID: "1"}
	other  = store.Key{Channel: "uji", ID: "2"}
	admin  = store.Key{Channel: "uji", ID: "9"}
	second = store.Key{Channel: "uji", ID: "8"} // administrator
	group  = store.Key{Channel: "uji", ID: "-100"}
)

// options are those of a bot in a test, with a clock that the test sets.
func options(state store.Store, now *time.Time) bot.Options {
	return bot.Options{
		Store: state, Zone: jakarta, Now: func() time.Time { return *now }, Random: random(1),
		Admins: []store.Key{admin, second}, LogQuestions: true,
		Status:   func() []string { return []string{"Telegram: tersambung", "Menunggu: 0"} },
		Upcoming: plan(state),
	}
}

func random(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

// world is a bot with its state, for tests that look at it.
type world struct {
	*testing.T
	bot   *bot.Bot
	state store.Store
	now   time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, state: &memory.Store{}, now: time.Date(2026, time.November, 22, 9, 0, 0, 0, jakarta)}
	w.bot = bot.New(options(w.state, &w.now))
	w.bot.Learn(embedded())
	return w
}

// do has an event answered and saved.
func (w *world) do(e bot.Event) bot.Reply {
	w.Helper()
	reply, err := w.bot.Answer(e)
	if err != nil {
		w.Fatal(err)
	}
	return reply
}

// say is what I write in my own conversation, and press what I press there.
func (w *world) say(text string) bot.Reply { return w.do(bot.Event{Chat: me, Person: me, Text: text}) }
func (w *world) press(id string) bot.Reply { return w.do(bot.Event{Chat: me, Person: me, Action: id}) }

// pressAs is what somebody else presses in a conversation of their own.
func (w *world) pressAs(who store.Key, id string) bot.Reply {
	return w.do(bot.Event{Chat: who, Person: who, Action: id})
}

// person is what is kept of somebody.
func (w *world) person(key store.Key) (p store.Person) {
	w.Helper()
	err := w.state.View(func(tx store.Tx) (err error) {
		p, err = tx.Person(key)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return p
}

// TestConversations plays the dialogues of testdata. "> " is what somebody says,
// see readEvent, "@ 2024-10-01T08:00:00+07:00" sets the clock, "+ 7 PNS WITA Dinas
// Kesehatan" has so many people subscribe, "# " is a remark, and what follows is what the person reads, see shown. The bot and its state
// file are closed and opened again between any two turns, so that a restart is
// tested at every point.
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
	chance := random(2)
	buttons := map[string]string{} // ids by label, as they were last shown
	var out strings.Builder
	for line := range strings.Lines(script) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "# ") {
			fmt.Fprintf(&out, "%s\n", line)
			continue
		}
		if clock, ok := strings.CutPrefix(line, "@ "); ok {
			var err error
			if now, err = time.Parse(time.RFC3339, clock); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "%s\n", line)
			continue
		}
		if !strings.HasPrefix(line, ">") && !strings.HasPrefix(line, "+") {
			continue
		}
		state, err := bolt.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if line[0] == '+' {
			subscribe(t, state, line)
			if err := state.Close(); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "%s\n", line)
			continue
		}
		event := readEvent(t, strings.TrimPrefix(line[1:], " "))
		if id, ok := buttons[event.Action]; ok {
			event.Action = id
		}
		o := options(state, &now)
		o.Random = chance
		b := bot.New(o)
		b.Learn(base, matcher)
		reply, err := b.Answer(event)
		if err != nil {
			t.Error(err)
		}
		if err := state.Close(); err != nil {
			t.Error(err)
		}
		checkForm(t, reply)
		for _, a := range append(slices.Concat(reply.Controls...), reply.Actions...) {
			buttons[a.Label] = a.ID
		}
		fmt.Fprintf(&out, "%s\n%s\n\n", line, shown(reply))
		now = now.Add(time.Minute)
	}
	return out.String()
}

// readEvent reads what somebody says: "text", or "[label]" or "[id]" for a
// button. Before it may stand who and where: "(grup, orang 2) text".
func readEvent(t *testing.T, said string) bot.Event {
	t.Helper()
	e := bot.Event{Chat: me, Person: me}
	if rest, ok := strings.CutPrefix(said, "("); ok {
		circumstances, rest, _ := strings.Cut(rest, ")")
		said = strings.TrimSpace(rest)
		for word := range strings.SplitSeq(circumstances, ", ") {
			switch word, of, _ := strings.Cut(word, " "); word {
			case "grup":
				e.Chat, e.Group = group, true
			case "orang":
				e.Person.ID = of
			case "anonim":
				e.Person = store.Key{}
			case "admin":
				e.Person = admin
			case "sunting":
				e.Edited = of
			case "terlambat":
				e.Late = true
			case "lampiran":
				e.Attachment = true
			case "foto":
				e.Attachment, e.Picture = true, of
			case "masuk":
				e.Joined = true
			default:
				t.Fatalf("what is %q?", word)
			}
		}
	}
	if !e.Group {
		e.Chat = e.Person
	}
	e.Text = said
	if id, ok := strings.CutPrefix(said, "["); ok {
		e.Text, e.Action = "", strings.TrimSuffix(id, "]")
	}
	return e
}

// subscribe keeps people who subscribe to everything: "+ 7 PNS WITA Dinas Kesehatan".
func subscribe(t *testing.T, state store.Store, line string) {
	t.Helper()
	words := strings.Fields(line)
	n, err := strconv.Atoi(words[1])
	if err != nil {
		t.Fatal(err)
	}
	p := store.Person{Subscription: store.AllReminders, FirstSeen: "2026-11-01", LastSeen: "2026-11-22", Status: words[2], Unit: strings.Join(words[4:], " ")}
	p.Timezone = map[string]string{"WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}[words[3]]
	err = state.Update(func(tx store.Tx) error {
		for i := range n {
			if err := tx.PutPerson(store.Key{Channel: "uji", ID: fmt.Sprint(line, i)}, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// shown is a reply with its buttons, each as [label|id]; « » is said over the
// button that was pressed.
func shown(r bot.Reply) string {
	var parts []string
	if r.Silent() {
		parts = append(parts, "(diam)")
	}
	if r.Notice != "" {
		parts = append(parts, "« "+r.Notice+" »")
	}
	if r.File != nil {
		parts = append(parts, fmt.Sprintf("(berkas %s%s)", r.File.Name, r.File.Reference))
	}
	if len(r.Blocks) > 0 {
		parts = append(parts, r.Plain())
	}
	var rows []string
	if len(r.Blocks) == 0 {
		for _, a := range r.Actions {
			rows = append(rows, button(a))
		}
	}
	for _, row := range r.Controls {
		var buttons []string
		for _, a := range row {
			buttons = append(buttons, button(a))
		}
		rows = append(rows, strings.Join(buttons, " "))
	}
	if len(rows) > 0 {
		parts = append(parts, strings.Join(rows, "\n"))
	}
	return strings.Join(parts, "\n\n")
}

func button(a bot.Action) string {
	return fmt.Sprintf("[%s|%s%s]", a.Label, map[bot.ActionKind]string{bot.Private: "pribadi ", bot.Share: "bagikan ", bot.ShareWhatsApp: "whatsapp ", bot.Copy: "salin "}[a.Kind], a.ID)
}

// checkForm makes sure that a reply keeps the limits that channels rely on.
func checkForm(t *testing.T, r bot.Reply) {
	t.Helper()
	if n := len([]rune(r.Notice)); n > 200 {
		t.Errorf("a notice of %d letters: %s", n, r.Notice)
	}
	for _, a := range append(slices.Concat(r.Controls...), r.Actions...) {
		if a.ID == "" || len(a.ID) > 64 || a.Label == "" {
			t.Errorf("action %q with label %q", a.ID, a.Label)
		}
		if (a.Kind == bot.Share || a.Kind == bot.ShareWhatsApp || a.Kind == bot.Copy) != (a.Text != "") {
			t.Errorf("action %q shares %q", a.ID, a.Text)
		}
	}
	for _, b := range r.Blocks {
		if strings.TrimSpace(b.Plain()) == "" {
			t.Errorf("an empty block in %q", r.Plain())
		}
	}
}
