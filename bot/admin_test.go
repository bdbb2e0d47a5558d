package bot_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// crowd keeps people, so many of each kind.
func (w *world) crowd(kinds map[string]int, person func(kind string) store.Person) {
	w.Helper()
	err := w.state.Update(func(tx store.Tx) error {
		for kind, n := range kinds {
			for i := range n {
				p := person(kind)
				p.FirstSeen, p.LastSeen = "2026-11-01", "2026-11-22"
				if err := tx.PutPerson(store.Key{Channel: "uji", ID: fmt.Sprint(kind, i)}, p); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

// asked logs questions; id is "2026-11-20" and a number.
func (w *world) asked(questions ...store.Question) {
	w.Helper()
	err := w.state.Update(func(tx store.Tx) error {
		for i, q := range questions {
			q.ID = fmt.Sprintf("%s-%016x", q.ID, i)
			if err := tx.LogQuestion(q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

func times(n int, q store.Question) []store.Question { return slices.Repeat([]store.Question{q}, n) }

func (w *world) admin(text string) string {
	w.Helper()
	return w.do(bot.Event{Chat: admin, Person: admin, Text: text}).Plain()
}

func TestStatistics(t *testing.T) {
	w := newWorld(t)
	w.crowd(map[string]int{"PNS": 1203, "PPPK": 12, "non-ASN": 4}, func(kind string) store.Person {
		p := store.Person{Status: kind}
		switch kind {
		case "PNS":
			p.Unit, p.Subscription = "Dinas Kesehatan", store.AllReminders
		case "PPPK":
			p.Unit = "DINAS KESEHATAN"
		default:
			p.Unit, p.Subscription = "Desa Kecil", store.StagesOnly
		}
		return p
	})
	w.asked(slices.Concat(
		times(617, store.Question{ID: "2026-11-20", Outcome: "answer", Topics: []string{"medsos-like"}}),
		times(7, store.Question{ID: "2026-11-19", Outcome: "answer", Topics: []string{"golput-asn", "hak-pilih-asn"}}),
		times(4, store.Question{ID: "2026-11-18", Outcome: "answer", Topics: []string{"foto-bersama-calon"}}),
		times(19, store.Question{ID: "2026-11-22", Outcome: "unknown", Text: "x"}),
		times(3, store.Question{ID: "2026-11-21", Outcome: "choices", Topics: []string{"sanksi-umum"}}),
		times(50, store.Question{ID: "2026-10-23", Outcome: "unknown", Text: "terlalu lama"}),
	)...)
	if err := w.state.Update(func(tx store.Tx) error { return tx.AddVotes("medsos-like", store.Tally{Helpful: 23, NotHelpful: 3}) }); err != nil {
		t.Fatal(err)
	}
	want := `Statistik

Pertanyaan dalam 30 hari terakhir: 650
• Langsung dijawab: 625
• Ditanya balik: kurang dari 5
• Belum ada jawabannya: 15

Pemakai: 1215
• Berlangganan semua pengingat: 1200
• Berlangganan perubahan tahapan: kurang dari 5

Topik yang paling sering:
• Bolehkah menyukai (like) unggahan calon atau partai?: 615
• Bolehkah ASN tidak menggunakan hak pilih (golput)?: 5
• Apakah ASN punya hak pilih?: 5

Status pemakai:
• PNS: 1200
• PPPK: 10

Unit kerja pemakai:
• Dinas Kesehatan: 1215

Jawaban yang dinilai membantu:
• Bolehkah menyukai (like) unggahan calon atau partai?: 20

Semua angka dibulatkan ke bawah ke kelipatan 5, dan kelompok yang lebih kecil tidak disebut, agar tidak seorang pun dikenali.`
	if diff := cmp.Diff(want, w.admin("/statistik")); diff != "" {
		t.Error(diff)
	}
	if got := w.admin("/statistik 31"); !strings.Contains(got, "Pertanyaan dalam 31 hari terakhir: 700") {
		t.Errorf("got %s", got)
	}
	if got := w.admin("/statistik 1"); !strings.Contains(got, "Pertanyaan dalam 1 hari terakhir: 15\n") {
		t.Errorf("got %s", got)
	}
}

// TestStatisticsNeverTellOfFew: no number tells two states apart that differ by
// a group of fewer than five, if the state is not at a step of five; and whatever
// the state, every number is a multiple of five.
func TestStatisticsNeverTellOfFew(t *testing.T) {
	numbers := regexp.MustCompile(`: (\d+)(?:\n|$)`)
	for n := range 13 {
		w := newWorld(t)
		w.crowd(map[string]int{"PNS": 20, "PPPK": n}, func(kind string) store.Person { return store.Person{Status: kind, Unit: "Unit " + kind} })
		got := w.admin("/statistik")
		for _, m := range numbers.FindAllStringSubmatch(got, -1) {
			if !strings.HasSuffix(m[1], "0") && !strings.HasSuffix(m[1], "5") {
				t.Errorf("%d: an exact number: %s", n, got)
			}
		}
		if shown := strings.Contains(got, "PPPK"); shown != (n >= 5) {
			t.Errorf("a group of %d is shown: %v", n, shown)
		}
	}
}

// TestStatisticsOfManyUnits: what people type has no end, what is counted has.
func TestStatisticsOfManyUnits(t *testing.T) {
	w := newWorld(t)
	kinds := map[string]int{}
	for i := range 1500 {
		kinds[fmt.Sprintf("unit %04d", i)] = 1
	}
	kinds["zzz besar"] = 30 // comes after more than 1000 others
	kinds["aaa besar"] = 30
	w.crowd(kinds, func(kind string) store.Person { return store.Person{Unit: kind} })
	got := w.admin("/statistik")
	if !strings.Contains(got, "aaa besar: 30") || strings.Contains(got, "unit 0") || !strings.Contains(got, "Pemakai: 1560") {
		t.Errorf("got %s", got)
	}
}

func TestUnanswered(t *testing.T) {
	w := newWorld(t)
	if got := w.admin("/belum_terjawab"); !strings.Contains(got, "Tidak ada pertanyaan") {
		t.Errorf("got %s", got)
	}
	questions := []store.Question{
		{ID: "2026-11-01", Outcome: "unknown", Text: "Bolehkah naik haji?"},
		{ID: "2026-11-20", Outcome: "unknown", Text: "bolehkah   naik haji!!\n\u202e"},
		{ID: "2026-11-21", Outcome: "choices", Text: "sanksinya apa"},
		{ID: "2026-11-22", Outcome: "answer", Text: "boleh like"},
		{ID: "2026-10-20", Outcome: "unknown", Text: "terlalu lama"},
	}
	for i := range 30 {
		questions = append(questions, store.Question{ID: fmt.Sprintf("2026-11-%02d", 2+i%9), Outcome: "unknown", Text: fmt.Sprintf("hanya sekali %d %s", i, strings.Repeat("panjang ", 50))})
	}
	w.asked(questions...)
	got := w.do(bot.Event{Chat: admin, Person: admin, Text: "/belum_terjawab"})
	checkForm(t, got)
	list := got.Blocks[1]
	if len(list.Items) != 20 || !strings.Contains(list.Text, "20 dari 32") {
		t.Fatalf("got %d of: %s", len(list.Items), list.Text)
	}
	want := []string{"bolehkah naik haji!! (2 kali, belum ada jawaban, terakhir 20 November 2026)", "sanksinya apa (1 kali, ditanya balik, terakhir 21 November 2026)"}
	if diff := cmp.Diff(want, list.Items[:2]); diff != "" {
		t.Error(diff)
	}
	for _, item := range list.Items {
		if strings.Contains(item, "boleh like") || strings.Contains(item, "terlalu lama") || len(item) > 200 {
			t.Errorf("got %q", item)
		}
	}
}

// TestCommandsOfAdministrators: everybody else gets exactly the reply for a
// command that there is not.
func TestCommandsOfAdministrators(t *testing.T) {
	w := newWorld(t)
	unknown := shown(w.say("/tidak_ada"))
	for _, c := range bot.Commands() {
		if !c.Admin {
			continue
		}
		for name, e := range map[string]bot.Event{
			"anybody":                  {Chat: me, Person: me},
			"anybody in a group":       {Chat: group, Group: true, Person: me},
			"an administrator there":   {Chat: group, Group: true, Person: admin},
			"nobody":                   {Chat: me},
			"nobody in a group":        {Chat: group, Group: true},
			"a group with such an id":  {Chat: admin, Group: true, Person: me},
			"another channel's number": {Chat: store.Key{Channel: "lain", ID: admin.ID}, Person: store.Key{Channel: "lain", ID: admin.ID}},
		} {
			for _, text := range []string{"/" + c.Name, "/" + c.Name + "@tanyanetral_bot 7", "/start " + c.Name} {
				e.Text = text
				got, unknown := shown(w.do(e)), unknown
				if e.Group && !strings.Contains(text, "@") { // it may be for another bot
					unknown = shown(bot.Reply{})
				}
				if strings.HasPrefix(text, "/start") {
					if strings.Contains(got, "Statistik") || strings.Contains(got, "Dasbor") || strings.Contains(got, "terjawab dalam") || strings.Contains(got, "Siaran") || strings.Contains(got, "akan dikirim") {
						t.Errorf("%s, %s: got %q", name, text, got)
					}
				} else if got != unknown {
					t.Errorf("%s, %s: got %q", name, text, got)
				}
			}
		}
		if got := w.admin("/" + c.Name); got == unknown {
			t.Errorf("%s is unknown to administrators", c.Name)
		}
	}
}

func TestDashboardWithoutService(t *testing.T) {
	w := newWorld(t)
	w.bot.Status = nil
	if got := w.admin("/dasbor"); !strings.Contains(got, "tidak tersedia") {
		t.Errorf("got %s", got)
	}
}

// TestCommands: names and descriptions are what Telegram takes, and each command is answered.
func TestCommands(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	seen := map[string]bool{}
	w := newWorld(t)
	unknown := w.admin("/tidak_ada")
	for _, c := range bot.Commands() {
		if !name.MatchString(c.Name) || c.Description == "" || len(c.Description) > 256 || seen[c.Name] {
			t.Errorf("%+v", c)
		}
		seen[c.Name] = true
		if got := w.admin("/" + strings.ToUpper(c.Name)); got == unknown || got == "" {
			t.Errorf("/%s is not answered", c.Name)
		}
		inHelp := strings.Contains(w.admin("/bantuan"), "/"+c.Name+":")
		if inHelp == (c.Name == "start" || c.Name == "bantuan") {
			t.Errorf("/%s in the help of administrators: %v", c.Name, inHelp)
		}
		if c.Admin && strings.Contains(w.say("/bantuan").Plain(), "/"+c.Name) {
			t.Errorf("/%s in everybody's help", c.Name)
		}
	}
	for _, required := range []string{"start", "bantuan", "topik", "cari", "tahapan", "langganan", "berhenti", "profil", "kuis", "lapor", "kontak", "data_saya", "hapus_data", "siaran", "pengingat", "statistik", "belum_terjawab", "dasbor"} {
		if !seen[required] {
			t.Errorf("there is no /%s: %v", required, slices.Sorted(maps.Keys(seen)))
		}
	}
	for _, alias := range [][2]string{{"/help", "/bantuan"}, {"/settings", "/profil"}} {
		if a, b := shown(w.say(alias[0])), shown(w.say(alias[1])); a != b {
			t.Errorf("%s is not %s", alias[0], alias[1])
		}
	}
}
