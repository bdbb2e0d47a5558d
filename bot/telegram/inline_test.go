package telegram_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/knowledge"
)

type inlineResult struct {
	ID, Title, Description string
	Content                struct {
		Text string `json:"message_text"`
	} `json:"input_message_content"`
	Markup struct {
		Rows [][]struct{ Text, URL string } `json:"inline_keyboard"`
	} `json:"reply_markup"`
}

// type asks an inline query and returns the answer with its results.
func (w *world) inline(query, offset string) (telegramtest.InlineAnswer, []inlineResult) {
	w.t.Helper()
	before := len(w.InlineAnswers())
	w.Person(42).Query(query, offset)
	w.settle()
	answers := w.InlineAnswers()
	if len(answers) != before+1 {
		w.t.Fatalf("%q: %d answers", query, len(answers)-before)
	}
	answer := answers[before]
	var results []inlineResult
	if err := json.Unmarshal(answer.Results, &results); err != nil {
		w.t.Fatal(err)
	}
	return answer, results
}

func TestInlineQueryBringsCardsToShare(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		for _, query := range []string{"like", "lik", "boleh ga asn like postingan caleg di instagram"} {
			_, results := w.inline(query, "")
			i := slices.IndexFunc(results, func(r inlineResult) bool { return r.ID == likeTopic })
			if i < 0 {
				t.Errorf("%q: the topic is not among %d results", query, len(results))
				continue
			}
			r := results[i]
			if !strings.HasPrefix(r.Title, "⛔ Dilarang · ") || r.Description == "" || !strings.Contains(r.Content.Text, "Dasar: ") || !strings.Contains(r.Content.Text, "Diperiksa ") {
				t.Errorf("%q: got %+v", query, r)
			}
			if got := r.Markup.Rows[0][0].URL; got != "https://t.me/fake_bot?start=t_"+likeTopic {
				t.Errorf("%q: the button leads to %s", query, got)
			}
		}
	})
}

func TestInlineQueryWithoutWordsShowsWhatIsAskedMost(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		for i := range 6 {
			w.Person(int64(100 + i)).Say("apakah bawaslu boleh memanggil asn")
			w.Person(int64(200 + i)).Say(likeQuestion)
			w.Person(int64(300 + i)).Say(likeQuestion)
		}
		w.Person(400).Say("bolehkah pns mencoblos")
		w.settle()
		answer, results := w.inline("", "")
		if len(results) < 5 || results[0].ID != likeTopic {
			t.Fatalf("got %d results, the first %q", len(results), results[0].ID)
		}
		// What one person asked must not be seen to have been asked.
		if results[1].ID == "hak-pilih-asn" {
			t.Error("a topic that one person asked for stands among the most asked")
		}
		seen := map[string]bool{}
		for offset, pages := "", 0; pages < 10; pages++ {
			answer, results = w.inline("", offset)
			for _, r := range results {
				if seen[r.ID] {
					t.Errorf("%s comes twice", r.ID)
				}
				seen[r.ID] = true
			}
			if offset = answer.NextOffset; offset == "" {
				break
			}
		}
		if len(seen) < 8 {
			t.Errorf("paging brought %d results", len(seen))
		}
	})
}

func TestInlineQueryThatFitsNothing(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		for _, query := range []string{"zzzzqqqq", "berapa harga cabai di pasar pagi ini ya", strings.Repeat("😀", 256), "<b>&\u202e", strings.Repeat("like ", 51)} {
			answer, results := w.inline(query, "")
			if len(results) == 0 && !strings.Contains(string(answer.Button), "start_parameter") {
				t.Errorf("%.20q: neither results nor a way on", query)
			}
		}
		for _, offset := range []string{"-1", "999999", "x", "9223372036854775808"} {
			if _, results := w.inline("like", offset); len(results) == 0 {
				t.Errorf("offset %q: no results", offset)
			}
		}
	})
}

// TestInlineCardsAreFreshInSeason: they name the days that are left.
func TestInlineCardsAreFreshInSeason(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.start()
		if answer, _ := w.inline("like", ""); answer.CacheTime != 300 {
			t.Errorf("out of season cached for %d seconds", answer.CacheTime)
		}
		// The clock of bubbles begins in 2000.
		election := fstest.MapFS{"elections/uji.yaml": {Data: []byte(`[{id: uji, name: Pemilihan Uji, timezone: Asia/Jakarta, source: pkpu-2-2024,
  stages: [{id: kampanye, name: Masa kampanye, from: 2000-01-01, to: 2000-01-20}]}]`)}}
		base, problems := knowledge.Load(knowledge.Embedded(), knowledge.Folder{Name: "uji", Files: election})
		if len(problems) > 0 {
			t.Fatal(problems[0])
		}
		_, matcher := embedded()
		w.bot.Learn(base, matcher)
		answer, results := w.inline("like", "")
		if answer.CacheTime != 60 || !strings.Contains(results[0].Content.Text, "Sekarang: Masa kampanye") {
			t.Errorf("in season cached for %d seconds: %.200s", answer.CacheTime, results[0].Content.Text)
		}
	})
}
