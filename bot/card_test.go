package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tanyanetral/bot"
)

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
		if n := utf8.RuneCountInString(card.Plain()); n > 4000 {
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

// TestWhatIsSharedStandsAlone: what is passed on holds the whole answer, for a
// part of one may say the opposite.
func TestWhatIsSharedStandsAlone(t *testing.T) {
	w := newWorld(t)
	w.bot.Learn(regional()) // has a topic with a long title and a long answer
	for _, topic := range w.bot.Knowledge().Topics {
		reply := w.press("t:" + topic.ID)
		checkForm(t, reply)
		button, ok := control(reply, "↗️ Bagikan")
		if !ok {
			t.Fatalf("%s: cannot be shared", topic.ID)
		}
		ways := w.press(button.ID)
		checkForm(t, ways)
		share, ok := control(ways, "Ke chat Telegram")
		if !ok || share.Kind != bot.Share || share.ID != "t_"+topic.ID {
			t.Fatalf("%s: shared as %+v", topic.ID, share)
		}
		if other, ok := control(ways, "Ke WhatsApp"); !ok || other.Kind != bot.ShareWhatsApp || other.Text != share.Text {
			t.Errorf("%s: shared to WhatsApp as %+v", topic.ID, other)
		}
		copied, ok := control(ways, "Salin ringkasnya")
		if !ok || copied.Kind != bot.Copy || utf8.RuneCountInString(copied.Text) > 256-60 || !strings.HasPrefix(copied.Text, bot.VerdictLine(topic.Verdict)) {
			t.Errorf("%s: copied as %+v", topic.ID, copied)
		}
		if n := utf8.RuneCountInString(share.Text); n > 700 {
			t.Errorf("%s: %d letters to share", topic.ID, n)
		}
		for _, part := range []string{bot.VerdictLine(topic.Verdict), topic.Answer} {
			if !strings.Contains(share.Text, part) {
				t.Errorf("%s: what is shared does not say %q", topic.ID, part)
			}
		}
		if topic.ID != longTopic && (!strings.Contains(share.Text, topic.Title) || !strings.Contains(share.Text, "Dasar: ")) {
			t.Errorf("%s: shared without title or basis: %s", topic.ID, share.Text)
		}
	}
}

// TestEveryTopicCanBeBrowsed opens each topic that /topik offers, page by page.
func TestEveryTopicCanBeBrowsed(t *testing.T) {
	w := newWorld(t)
	opened := map[string]bool{}
	for i := range w.say("/topik").Actions {
		w.say("/topik")
		page := w.say(fmt.Sprint(i + 1))
		for more := true; more; {
			for _, action := range page.Actions {
				opened[w.press(action.ID).Result.Topic] = true
			}
			var next bot.Action
			if next, more = control(page, "Berikutnya ›"); more {
				page = w.press(next.ID)
			}
		}
	}
	for _, topic := range w.bot.Knowledge().Topics {
		if !opened[topic.ID] {
			t.Errorf("%s is not to be found", topic.ID)
		}
	}
}

// control returns the button with a label.
func control(r bot.Reply, label string) (bot.Action, bool) {
	all := slices.Concat(r.Controls...)
	i := slices.IndexFunc(all, func(a bot.Action) bool { return a.Label == label })
	if i < 0 {
		return bot.Action{}, false
	}
	return all[i], true
}

// TestWaysToPickANumber: people name what was offered in many ways.
func TestWaysToPickANumber(t *testing.T) {
	w := newWorld(t)
	say := func(text string) string { return w.say(text).Plain() }
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
