package match_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/knowledge/match"
)

// TestMemoFindsWhatItsMatcherFinds asks twice, with more in between than is remembered.
func TestMemoFindsWhatItsMatcherFinds(t *testing.T) {
	base, m := embedded()
	memo := match.NewMemo(m)
	questions := []string{"sanksinya apa?", "kalau istri saya?", "kalau PPPK?", "halo", "?", "Boleh like? Lapor ke mana?"}
	for _, topic := range base.Topics {
		questions = append(questions, topic.Title)
	}
	for range 2 {
		for _, question := range questions {
			for _, last := range []string{"", "medsos-like", base.Topics[0].ID, "medsos-like"} {
				want, got := m.Match(question, last), memo.Match(question, last)
				if diff := cmp.Diff(want, got, cmp.AllowUnexported(match.Result{})); diff != "" {
					t.Fatalf("%q after %q: %s", question, last, diff)
				}
			}
		}
		for i := range 5000 {
			memo.Match(fmt.Sprint("halo ", i), "")
		}
	}
}
