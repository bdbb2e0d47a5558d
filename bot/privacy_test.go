package bot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"tanyanetral/bot"
	"tanyanetral/store"
	"tanyanetral/store/bolt"
)

// TestNothingOfAQuestionIsKeptButItsMaskedText asks telling questions, with the
// log on and off, and reads the state file.
func TestNothingOfAQuestionIsKeptButItsMaskedText(t *testing.T) {
	questions := []string{
		"istri saya nyaleg, boleh saya temani daftar? NIP 198001012005011001 zubaidah@contoh.go.id",
		"resep rendang dari @zubaidah, telepon 0812-3456-7890",
		"sanksinya apa https://contoh.id/zubaidah",
	}
	for _, logged := range []bool{true, false} {
		t.Run(fmt.Sprintf("log %v", logged), func(t *testing.T) {
			dir := t.TempDir()
			state, err := bolt.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			now := time.Date(2026, time.November, 22, 9, 0, 0, 0, jakarta)
			o := options(state, &now)
			o.LogQuestions = logged
			b := bot.New(o)
			b.Learn(embedded())
			for _, q := range questions {
				if _, err := b.Answer(bot.Event{Chat: me, Person: me, Text: q}); err != nil {
					t.Fatal(err)
				}
			}
			if err := state.Close(); err != nil {
				t.Fatal(err)
			}
			file, err := os.ReadFile(filepath.Join(dir, bolt.FileName))
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{"zubaidah", "198001012005011001", "3456"} {
				if strings.Contains(string(file), secret) {
					t.Errorf("the state file holds %q", secret)
				}
			}
			for _, word := range []string{"temani", "rendang", "sanksinya"} {
				if strings.Contains(string(file), word) != logged {
					t.Errorf("the state file holds %q: %v, want %v", word, !logged, logged)
				}
			}
		})
	}
}

// TestAllThatIsKeptIsShown fills every field of the records of a person, and
// looks for each in /data_saya. A new field fails it.
func TestAllThatIsKeptIsShown(t *testing.T) {
	w := newWorld(t)
	person := store.Person{
		Status: "PPPK", Unit: "Kecamatan Sukamaju", Timezone: "Asia/Makassar",
		Subscription: store.StagesOnly, Offered: true,
		Watches: []store.Watch{
			{Topic: "medsos-like", Seen: "boleh:0123456789abcdef"},
			{Question: "bolehkah naik haji", ID: "2026-10-17-0123456789abcdef", Seen: "golput-asn hak-pilih"},
		},
		Votes:     map[string]int{"golput-asn": 1, "foto-bersama-calon": -1},
		FirstSeen: "2026-10-01", LastSeen: "2026-11-21",
	}
	conversation := store.Conversation{
		Topic: "sanksi-umum", TopicTo: w.now.Add(5 * time.Minute), Told: true, Offered: []string{"t:a", "t:b", "t:c"}, Awaiting: "unit", Edited: "4711",
		Until: w.now.Add(10 * time.Minute),
	}
	shown := map[string][]string{
		"Person.Status":         {"Status: PPPK"},
		"Person.Unit":           {"Unit kerja: Kecamatan Sukamaju"},
		"Person.Timezone":       {"Zona waktu: WITA"},
		"Person.Subscription":   {"Pengingat: hanya perubahan tahapan"},
		"Person.Offered":        {"Tawaran pengingat disampaikan: sudah"},
		"Person.Watches":        {"Kabar yang Anda minta:"},
		"Person.Votes":          {"👍 Bolehkah ASN tidak menggunakan hak pilih (golput)?", "👎 Bolehkah berfoto bersama calon atau tim sukses?"},
		"Person.FirstSeen":      {"Pertama memakai bot: 1 Oktober 2026"},
		"Person.LastSeen":       {"Terakhir memakai bot: 21 November 2026"},
		"Watch.Topic":           {"Bolehkah menyukai (like) unggahan calon atau partai?"},
		"Watch.Seen":            {"yang Anda ketahui: ✅ Boleh", "selain 2 topik"},
		"Watch.Question":        {"bolehkah naik haji"},
		"Watch.ID":              {"ditanyakan 17 Oktober 2026"},
		"Conversation.Topic":    {"Topik terakhir: Apa saja sanksi pelanggaran netralitas ASN?"},
		"Conversation.TopicTo":  {"(sampai pukul 10.05)"},
		"Conversation.Told":     {"pesan terakhir adalah jawabannya"},
		"Conversation.Offered":  {"Pilihan bernomor yang terakhir ditawarkan: 3"},
		"Conversation.Awaiting": {"Yang sedang ditunggu dari Anda: unit"},
		"Conversation.Edited":   {"suntingan yang terakhir dijawab: 4711"},
		"Conversation.Until":    {"diingat sampai pukul 10.10"}, // in the person's own timezone
	}
	err := w.state.Update(func(tx store.Tx) error {
		if err := tx.PutConversation(me, conversation); err != nil {
			return err
		}
		return tx.PutPerson(me, person)
	})
	if err != nil {
		t.Fatal(err)
	}
	reply := w.say("/data_saya").Plain()
	for _, record := range []any{person, conversation, store.Watch{}} {
		kind := reflect.TypeOf(record)
		for i := range kind.NumField() {
			name := kind.Name() + "." + kind.Field(i).Name
			if len(shown[name]) == 0 {
				t.Errorf("/data_saya says nothing of %s", name)
			}
			if v := reflect.ValueOf(record).Field(i); kind.Name() != "Watch" && v.IsZero() {
				t.Errorf("the test leaves %s empty", name)
			}
			for _, want := range shown[name] {
				if !strings.Contains(reply, want) {
					t.Errorf("/data_saya does not say %q, for %s", want, name)
				}
			}
		}
	}
	if t.Failed() {
		t.Log(reply)
	}
}

// TestForgettingIsAtOnce: the deletion does not wait for the reply to arrive, and
// what the turn would save is not saved.
func TestForgettingIsAtOnce(t *testing.T) {
	w := newWorld(t)
	w.say("/profil status PNS")
	w.say("boleh ga like postingan caleg")
	w.press("v+:medsos-like")
	w.do(bot.Event{Chat: other, Person: other, Action: "v+:medsos-like"})

	for range 2 { // the second time is the same event again, after a crash
		turn, err := w.bot.Handle(bot.Event{Chat: me, Person: me, Text: "/hapus_data"})
		if err != nil {
			t.Fatal(err)
		}
		w.isForgotten(me)
		if err := w.state.Update(turn.Save); err != nil {
			t.Fatal(err)
		}
		w.isForgotten(me)
	}
	if got := w.votes()["medsos-like"]; got != (store.Tally{Helpful: 1}) {
		t.Errorf("got votes %+v, want only the other person's", got)
	}
	if got := w.person(other).Votes; len(got) != 1 {
		t.Errorf("the other person's votes: %v", got)
	}
}

func (w *world) isForgotten(key store.Key) {
	w.Helper()
	err := w.state.View(func(tx store.Tx) error {
		if p, err := tx.Person(key); err == nil {
			w.Errorf("kept: %+v", p)
		}
		c, err := tx.Conversation(key)
		if c.Topic != "" || !c.Until.IsZero() {
			w.Errorf("kept: %+v", c)
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) votes() (votes map[string]store.Tally) {
	w.Helper()
	err := w.state.View(func(tx store.Tx) (err error) {
		votes, err = tx.Votes()
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return votes
}

// TestAGroupNeverShowsPrivateState has one person with everything set talk in a
// group, and compares with what somebody unknown sees there.
func TestAGroupNeverShowsPrivateState(t *testing.T) {
	said := []bot.Event{
		{Text: "boleh ga like postingan caleg"}, {Text: "kalau saya?"}, {Text: "1"}, {Text: "resep rendang"},
		{Action: "t:medsos-like"}, {Text: "/profil"}, {Text: "/data_saya"}, {Text: "/langganan"}, {Text: "/berhenti"},
		{Text: "/hapus_data"}, {Text: "/settings"}, {Text: "/bantuan"}, {Text: "/start profil"}, {Text: "/statistik"},
		{Text: "/start data_saya"}, {Text: "/tahapan"}, {Action: "d:"}, {Action: "p:"}, {Action: "p:unit:x"}, {Action: "s:"},
		{Action: "dw:golput-asn"}, {Action: "dq:2026-10-17-0123456789abcdef"},
	}
	in := func(known bool) (replies []string) {
		w := newWorld(t)
		if known {
			w.say("/profil status PPPK")
			w.say("/profil unit Kecamatan Rahasia")
			w.say("/profil zona WIT")
			w.say("/langganan semua")
			w.say("apa sanksi asn yang tidak netral")
			w.press("v+:medsos-like")
			w.press("w+:medsos-like")
			w.press("w+:golput-asn")
		}
		for _, e := range said {
			e.Chat, e.Person, e.Group = group, me, true
			replies = append(replies, shown(w.do(e)))
		}
		if known {
			if p := w.person(me); p.Status != "PPPK" || p.Unit != "Kecamatan Rahasia" || p.Subscription != store.AllReminders || len(p.Watches) != 2 {
				t.Errorf("the group changed the person: %+v", p)
			}
		}
		return replies
	}
	ids := regexp.MustCompile(`2026-11-22-[0-9a-f]{16}`) // of questions: random
	known, unknown := in(true), in(false)
	for i := range said {
		if ids.ReplaceAllString(known[i], "ID") != ids.ReplaceAllString(unknown[i], "ID") {
			t.Errorf("%+v: who asks shows in the group:\n%s\n\n%s", said[i], known[i], unknown[i])
		}
		if strings.Contains(known[i], "Rahasia") {
			t.Errorf("%+v: got %s", said[i], known[i])
		}
	}
}
