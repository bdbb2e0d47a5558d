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
	for range 2 {
		for _, topic := range base.Topics {
			for _, last := range []string{"", "medsos-like"} {
				want, got := m.Match(topic.Title, last), memo.Match(topic.Title, last)
				if diff := cmp.Diff(want, got, cmp.AllowUnexported(match.Result{})); diff != "" {
					t.Fatalf("%q after %q: %s", topic.Title, last, diff)
				}
			}
		}
		for i := range 5000 {
			memo.Match(fmt.Sprint("halo ", i), "")
		}
	}
}
