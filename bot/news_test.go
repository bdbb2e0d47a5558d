package bot_test

import (
	"strings"
	"testing"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// TestNews has a person ask to be told about several things, and changes the
// knowledge.
func TestNews(t *testing.T) {
	w := newWorld(t)
	press := func(r bot.Reply, label string) bot.Reply {
		t.Helper()
		button, ok := control(r, label)
		if !ok {
			t.Fatalf("no button %q: %s", label, shown(r))
		}
		return w.press(button.ID)
	}
	press(w.say("berapa lama cuti haji"), "🔔 Kabari bila sudah ada")
	none := press(w.say("sanksinya apa bila saya memberi tahu pilihan saya"), "Bukan semuanya")
	press(none, "🔔 Kabari bila sudah ada")
	for _, topic := range []string{changedTopic, foundedTopic, "golput-asn"} {
		w.press("w+:" + topic)
	}
	kept := func() store.KeyedPerson { return store.KeyedPerson{Key: me, Person: w.person(me)} }
	if news := w.bot.News(kept()); len(news) != 0 {
		t.Errorf("nothing has changed, but: %s", shown(news[0].Reply))
	}

	w.bot.Learn(regional())
	want := [][]string{
		{"Pertanyaan yang Anda titipkan", "berapa lama cuti haji", "• " + "Bolehkah cuti haji pada masa kampanye?", "t:" + newTopic},
		{"berubah: Bolehkah menyukai", "Dulu: ⛔ Dilarang", "Sekarang: ⚠️ Boleh dengan syarat", "Dasar: ", "t:" + changedTopic},
		{"berubah: Bolehkah berkomentar", "Dasar hukumnya berubah", "tetap: ⛔ Dilarang", "t:" + foundedTopic},
	}
	news := w.bot.News(kept())
	if len(news) != len(want) {
		for _, n := range news {
			t.Log(shown(n.Reply))
		}
		t.Fatalf("got %d news, want %d", len(news), len(want))
	}
	for i, n := range news {
		checkForm(t, n.Reply)
		got := shown(n.Reply)
		for _, a := range n.Reply.Actions {
			got += "\n" + a.ID
		}
		if n.Reply.Offer != "" {
			t.Errorf("%d: what is not remembered is offered by number: %s", i, got)
		}
		for _, part := range want[i] {
			if !strings.Contains(got, part) {
				t.Errorf("%d: does not say %q:\n%s", i, part, got)
			}
		}
		w.tell(n)
		w.tell(n) // delivered twice, after a crash
	}
	if news := w.bot.News(kept()); len(news) != 0 {
		t.Errorf("told again: %s", shown(news[0].Reply))
	}

	// Back again: the verdict changes back, and the new topic is gone, which nobody watches.
	w.press("w+:" + newTopic)
	w.bot.Learn(embedded())
	var heads []string
	for _, n := range w.bot.News(kept()) {
		heads = append(heads, n.Reply.Blocks[0].Text)
		w.tell(n)
	}
	if len(heads) != 3 || !strings.Contains(heads[2], `"cuti-haji"`) || !strings.Contains(heads[2], "sudah tidak ada") {
		t.Errorf("got %q", heads)
	}
	if news := w.bot.News(kept()); len(news) != 0 {
		t.Errorf("told again: %s", shown(news[0].Reply))
	}
	for _, watch := range w.person(me).Watches {
		if watch.Topic == newTopic {
			t.Error("a topic that is gone is watched for ever")
		}
	}
}

func (w *world) tell(n bot.News) {
	w.Helper()
	err := w.state.Update(func(tx store.Tx) error {
		p, err := tx.Person(me)
		if err != nil {
			return err
		}
		n.Told(&p)
		return tx.PutPerson(me, p)
	})
	if err != nil {
		w.Fatal(err)
	}
}

// TestToldChangesNothingElse: the person may have changed since the news was made.
func TestToldChangesNothingElse(t *testing.T) {
	w := newWorld(t)
	w.press("w+:" + changedTopic)
	w.bot.Learn(regional())
	news := w.bot.News(store.KeyedPerson{Key: me, Person: w.person(me)})
	if len(news) != 1 {
		t.Fatalf("got %d news", len(news))
	}
	w.press("w-:" + changedTopic)
	w.say("/profil status PNS")
	w.tell(news[0])
	if p := w.person(me); len(p.Watches) != 0 || p.Status != "PNS" {
		t.Errorf("got %+v", p)
	}
}
