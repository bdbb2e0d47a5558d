package bot_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tanyanetral/bot"
	"tanyanetral/store"
	"tanyanetral/store/memory"
)

// TestMadeUpActions: ids come from buttons of years ago, and from people who
// make them up. Nothing happens, to nobody.
func TestMadeUpActions(t *testing.T) {
	const gone = "Pilihan itu sudah tidak ada"
	tests := map[string]string{
		"":                                 "Silakan tulis pertanyaan Anda",
		"x":                                gone,
		":":                                gone,
		"t":                                gone,
		"t:":                               gone,
		"t:tidak-ada":                      gone,
		"t:medsos-like:1":                  gone,
		"T:medsos-like":                    gone,
		"v+:tidak-ada":                     gone,
		"v-:":                              gone,
		"v:medsos-like":                    gone,
		"w+:tidak-ada":                     gone,
		"w-:tidak-ada":                     "tidak akan dikabari lagi",
		"q+:":                              "sudah tidak ada",
		"q+:2026-11-22-0123456789abcdef":   "sudah tidak ada",
		"q-:2026-11-22-0123456789abcdef":   "tidak akan dikabari lagi",
		"q-:" + strings.Repeat("\xff", 61): "tidak akan dikabari lagi",
		"n:" + strings.Repeat("\xff", 62):  gone,
		"n:2026-11-22-0123456789ABCDEF":    gone,
		"n:":                               "Belum ada jawabannya",
		"k:tidak-ada":                      gone,
		"k:medsos:-7":                      "(1 dari 3)",
		"k:medsos:99999999999999999999":    "(3 dari 3)",
		"k:medsos:2:3:4":                   "(2 dari 3)",
		"p:status:raja":                    "Status yang dikenal",
		"p:hobi:memancing":                 "Yang dapat diubah",
		"p:unit:\u202e\x00 ":               "Silakan ketik unit kerja",
		"s:setiap-jam":                     "Sekarang: tidak berlangganan",
		"dw:" + strings.Repeat("x", 61):    "Semua yang disimpan tentang Anda",
		"dq:\x00":                          "Semua yang disimpan tentang Anda",
		"z:boleh":                          gone,
		"z:info:data-pribadi-bot":          gone,
		"z:boleh:data-pribadi-bot":         gone,
		"/hapus_data":                      gone,
		strings.Repeat("t:", 5000):         gone,
		"\x00\xff\u202e":                   gone,
	}
	for id, want := range tests {
		w := newWorld(t)
		reply := w.press(id)
		checkForm(t, reply)
		if got := shown(reply); !strings.Contains(got, want) {
			t.Errorf("%.40q: got %q, want %q", id, got, want)
		}
		p := w.person(me)
		if p.Status != "" || p.Unit != "" || len(p.Watches) > 0 || len(p.Votes) > 0 || len(w.votes()) > 0 {
			t.Errorf("%.40q changed the person: %+v", id, p)
		}
	}
}

// TestVotesCountEachPersonOnce: whatever is pressed, how often and where.
func TestVotesCountEachPersonOnce(t *testing.T) {
	w := newWorld(t)
	inGroup := func(who store.Key, id string) bot.Event {
		return bot.Event{Chat: group, Group: true, Person: who, Action: id}
	}
	steps := []struct {
		event bot.Event
		want  store.Tally
	}{
		{bot.Event{Chat: me, Person: me, Action: "v+:medsos-like"}, store.Tally{Helpful: 1}},
		{bot.Event{Chat: other, Person: other, Action: "v+:medsos-like"}, store.Tally{Helpful: 2}},
		{inGroup(me, "v-:medsos-like"), store.Tally{Helpful: 1, NotHelpful: 1}},
		{inGroup(store.Key{}, "v-:medsos-like"), store.Tally{Helpful: 1, NotHelpful: 1}},
		{bot.Event{Chat: me, Person: me, Action: "v-:medsos-like"}, store.Tally{Helpful: 1}},
		{inGroup(other, "v-:medsos-like"), store.Tally{NotHelpful: 1}},
		{inGroup(other, "v-:medsos-like"), store.Tally{}},
	}
	for i, step := range steps {
		w.do(step.event)
		if got := w.votes()["medsos-like"]; got != step.want {
			t.Errorf("step %d: got %+v, want %+v", i+1, got, step.want)
		}
	}
}

// TestPressesAtOnceCountOnce: two presses of one person, in two conversations,
// are answered before either is saved; and one is saved twice.
func TestPressesAtOnceCountOnce(t *testing.T) {
	w := newWorld(t)
	var turns []bot.Turn
	for _, e := range []bot.Event{
		{Chat: me, Person: me, Action: "v+:medsos-like"},
		{Chat: group, Group: true, Person: me, Action: "v+:medsos-like"},
		{Chat: group, Group: true, Person: me, Action: "w+:medsos-like"},
		{Chat: me, Person: me, Action: "w+:medsos-like"},
	} {
		turn, err := w.bot.Handle(e)
		if err != nil {
			t.Fatal(err)
		}
		turns = append(turns, turn, turn)
	}
	for _, turn := range turns {
		if err := w.state.Update(turn.Save); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.votes()["medsos-like"]; got != (store.Tally{Helpful: 1}) {
		t.Errorf("got %+v", got)
	}
	if got := w.person(me).Watches; len(got) != 1 {
		t.Errorf("got watches %+v", got)
	}
}

// TestNothingIsSavedBeforeTheReply: an event whose reply was not accepted comes
// again, and must find everything as it was.
func TestNothingIsSavedBeforeTheReply(t *testing.T) {
	w := newWorld(t)
	for _, e := range []bot.Event{
		{Text: "boleh ga like postingan caleg"}, {Text: "/profil status PNS"}, {Text: "/langganan semua"},
		{Action: "v+:medsos-like"}, {Action: "w+:medsos-like"}, {Text: "/topik"}, {Text: "/profil unit"},
	} {
		e.Chat, e.Person = me, me
		first, err := w.bot.Handle(e)
		if err != nil {
			t.Fatal(err)
		}
		w.isForgotten(me)
		second, err := w.bot.Handle(e)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := shown(first.Reply), shown(second.Reply); a != b {
			t.Errorf("%+v: first %q, then %q", e, a, b)
		}
	}
}

// TestWatchesHaveAnEnd: a person can ask to be told about 20 things.
func TestWatchesHaveAnEnd(t *testing.T) {
	w := newWorld(t)
	for i, topic := range w.bot.Knowledge().Topics[:21] {
		notice := w.press("w+:" + topic.ID).Notice
		if full := strings.Contains(notice, "paling banyak 20"); full != (i == 20) {
			t.Errorf("%d: got %q", i+1, notice)
		}
	}
	if got := len(w.person(me).Watches); got != 20 {
		t.Errorf("got %d watches", got)
	}
	w.press("w-:" + w.bot.Knowledge().Topics[3].ID)
	w.press("w+:" + w.bot.Knowledge().Topics[20].ID)
	if got := len(w.person(me).Watches); got != 20 {
		t.Errorf("got %d watches after one was exchanged", got)
	}
	checkForm(t, w.say("/data_saya"))
}

// TestGroupsKeepNobody: who only speaks in a group is not kept, nor is a
// conversation of its own.
func TestGroupsKeepNobody(t *testing.T) {
	w := newWorld(t)
	for _, text := range []string{"boleh ga like postingan caleg", "kalo komen doang", "1", "/kuis", "halo", "/profil"} {
		w.do(bot.Event{Chat: group, Group: true, Person: me, Text: text})
	}
	w.isForgotten(me)
	w.do(bot.Event{Chat: group, Group: true, Joined: true})
}

// TestPlaceOfWorkIsCleaned: what people type is shown to others later.
func TestPlaceOfWorkIsCleaned(t *testing.T) {
	tests := map[string]string{
		"Dinas\u202e Kesehatan":    "Dinas Kesehatan",
		"  Dinas \n\t Kesehatan  ": "Dinas Kesehatan",
		"Dinas\u200b\x00\x1b[31m":  "Dinas[31m",
		"Dinas\xffKesehatan":       "DinasKesehatan",
		strings.Repeat("x", 200):   strings.Repeat("x", 80),
		strings.Repeat("é", 200):   strings.Repeat("é", 80),
	}
	for typed, want := range tests {
		w := newWorld(t)
		w.say("/profil unit " + typed)
		if got := w.person(me).Unit; got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
}

// brokenStore fails as a full disk does.
type brokenStore struct{ memory.Store }

var errFull = errors.New("disk is full")

func (*brokenStore) Update(func(store.Tx) error) error { return errFull }

// unreadableStore fails as a damaged disk does.
type unreadableStore struct{ memory.Store }

func (*unreadableStore) View(func(store.Tx) error) error { return errFull }

func TestStoreFailureIsSaidCalmly(t *testing.T) {
	events := []bot.Event{
		{Text: "boleh like postingan caleg?"}, {Text: "/hapus_data"}, {Action: "v+:medsos-like"},
		{Action: "q+:2026-11-22-0123456789abcdef"}, {Text: "/kuis"},
	}
	now := time.Date(2026, time.November, 22, 9, 0, 0, 0, jakarta)
	for _, state := range []store.Store{&brokenStore{}, &unreadableStore{}} {
		b := bot.New(options(state, &now))
		b.Learn(embedded())
		for _, e := range events {
			e.Chat, e.Person = me, me
			reply, err := b.Answer(e)
			if !errors.Is(err, errFull) {
				t.Errorf("%T, %+v: got error %v", state, e, err)
			}
			if got := reply.Plain(); !strings.Contains(got, "Maaf") || strings.Contains(got, "disk") {
				t.Errorf("%T, %+v: got %q", state, e, got)
			}
		}
	}
}

// TestErrorsOfTheRandomSource: no question is logged under an id that is no id.
func TestErrorsOfTheRandomSource(t *testing.T) {
	now := time.Date(2026, time.November, 22, 9, 0, 0, 0, jakarta)
	o := options(&memory.Store{}, &now)
	o.Random = strings.NewReader("")
	b := bot.New(o)
	b.Learn(embedded())
	for _, text := range []string{"boleh like postingan caleg?", "/kuis"} {
		turn, err := b.Handle(bot.Event{Chat: me, Person: me, Text: text})
		if err == nil || !strings.Contains(turn.Reply.Plain(), "Maaf") {
			t.Errorf("%s: got %q, error %v", text, turn.Reply.Plain(), err)
		}
		if turn.Save == nil {
			t.Errorf("%s: nothing to save with", text)
		}
	}
}

// TestWhatChannelsSay are the replies that channels send of their own.
func TestWhatChannelsSay(t *testing.T) {
	for name, reply := range map[string]bot.Reply{"too many": bot.TooMany(), "crashed": bot.Crashed()} {
		if reply.Silent() || len(reply.Actions) > 0 {
			t.Errorf("%s: %s", name, shown(reply))
		}
	}
	if got := fmt.Sprint(bot.TooMany().Plain()); !strings.Contains(got, "terlalu banyak dalam satu menit") {
		t.Errorf("got %q", got)
	}
}
