package bot

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tanyanetral/knowledge/match"
	"tanyanetral/store"
)

const (
	maxUnanswered = 20  // questions that are listed
	maxListed     = 120 // letters of each
)

// alike are questions that differ in nothing but signs and capitals.
type alike struct {
	number int
	last   store.Question
}

// unanswered lists the questions that had no answer, the most frequent first.
func (t *turn) unanswered() (Reply, error) {
	groups := map[string]alike{}
	err := t.bot.eachQuestion(t.now, usualDays, func(q store.Question) {
		if q.Outcome != string(match.Answer) {
			key := lettersOf(q.Text)
			groups[key] = alike{groups[key].number + 1, q}
		}
	})
	if err != nil {
		return Reply{}, err
	}
	if len(groups) == 0 {
		return say("Tidak ada pertanyaan yang belum terjawab dalam %d hari terakhir.", usualDays), nil
	}
	sorted := slices.SortedFunc(maps.Values(groups), func(a, b alike) int {
		return cmp.Or(cmp.Compare(b.number, a.number), strings.Compare(b.last.ID, a.last.ID))
	})
	var items []string
	for _, g := range sorted[:min(maxUnanswered, len(sorted))] {
		what := "belum ada jawaban"
		if g.last.Outcome == string(match.Choices) {
			what = "ditanya balik"
		}
		items = append(items, fmt.Sprintf("%s (%d kali, %s, terakhir %s)", clean(g.last.Text, maxListed), g.number, what, indonesianDay(g.last.Day())))
	}
	return Reply{Blocks: []Block{
		heading("Belum terjawab"),
		{Kind: Bullets, Text: fmt.Sprintf("Pertanyaan %d hari terakhir, disamarkan; %d dari %d:", usualDays, len(items), len(sorted)), Items: items},
	}}, nil
}

// lettersOf is the letters and digits of a text in lower case, its words apart by one space.
func lettersOf(s string) string {
	s = strings.ToLower(norm.NFKC.String(s))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }), " ")
}

// dashboard tells how the service is doing.
func (t *turn) dashboard() Reply {
	if t.bot.Status == nil {
		return say("Keadaan layanan tidak tersedia di sini.")
	}
	return Reply{Blocks: []Block{heading("Dasbor"), {Kind: Bullets, Items: t.bot.Status()}}}
}
