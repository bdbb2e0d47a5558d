package knowledge_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/knowledge"
)

// withHistory is the embedded knowledge and a region's topic that was otherwise before.
func withHistory(t *testing.T, id, history string) (*knowledge.Base, knowledge.Topic) {
	t.Helper()
	topic := strings.Replace(string(regionalTopic()), "id: apel-netralitas", "id: "+id, 1)
	topic = strings.Replace(topic, "  questions:\n", history+"  questions:\n", 1)
	folder := fstest.MapFS{"topics/daerah.yaml": {Data: []byte(topic)}}
	base, problems := knowledge.Load(knowledge.Embedded(), knowledge.Folder{Name: "daerah", Files: folder})
	if len(problems) > 0 {
		t.Fatal(lines(problems))
	}
	found, _ := base.Topic(id)
	return base, found
}

// told are changes as people read them.
func told(changes []knowledge.Change) []string {
	var lines []string
	for _, c := range changes {
		lines = append(lines, c.Sentence(knowledge.Verdict.Word)+" "+c.Note)
	}
	return lines
}

func TestChangesOfTheLastYear(t *testing.T) {
	base, topic := withHistory(t, "apel-netralitas", `  history:
    - {date: 2026-11-22, verdict: bersyarat, note: "Edaran baru."}
    - date: 2026-05-01
      basis: [{regulation: uu-5-2014, article: "Pasal 2"}, {regulation: pp-94-2021}]
      note: "Salah kutip."
    - {date: 2025-05-01, verdict: boleh, basis: [{regulation: pp-94-2021}], note: "Dahulu belum diatur."}
`)
	const (
		first  = "Berubah 1 Mei 2025: dari Boleh menjadi Boleh dengan syarat. Dahulu belum diatur."
		second = "Berubah 1 Mei 2026: dasar hukumnya dari UU 5/2014 Pasal 2 (sudah dicabut oleh UU 20/2023); PP 94/2021 (berlaku) menjadi UU 20/2023 Pasal 24 (berlaku). Salah kutip."
		third  = "Berubah 22 November 2026: dari Boleh dengan syarat menjadi Informasi. Edaran baru."
	)
	for _, c := range []struct {
		today knowledge.Date
		want  []string
	}{
		{knowledge.Date{}, nil},
		{knowledge.NewDate(2025, time.April, 30), nil},
		{knowledge.NewDate(2025, time.May, 1), []string{first}},
		{knowledge.NewDate(2026, time.May, 1), []string{second, first}},
		{knowledge.NewDate(2026, time.May, 2), []string{second}},
		{knowledge.NewDate(2026, time.November, 22), []string{third, second}},
		{knowledge.NewDate(2027, time.November, 22), []string{third}},
		{knowledge.NewDate(2027, time.November, 23), nil},
	} {
		if diff := cmp.Diff(c.want, told(base.Changes(topic, c.today))); diff != "" {
			t.Errorf("on %s (-want +got):\n%s", c.today, diff)
		}
	}
	if diff := cmp.Diff([]string{third, second, first}, told(base.History(topic))); diff != "" {
		t.Errorf("in all (-want +got):\n%s", diff)
	}
}

func TestChangeNamesOnlyWhatIsNew(t *testing.T) {
	day := knowledge.NewDate(2026, time.May, 1)
	said := func(v knowledge.Verdict, basis ...string) knowledge.Said {
		return knowledge.Said{Verdict: v, Basis: basis}
	}
	sign := func(v knowledge.Verdict) string { return "<" + string(v) + ">" }
	for want, c := range map[string]knowledge.Change{
		"Berubah 1 Mei 2026: dari <bersyarat> menjadi <dilarang>.":   {Date: day, Before: said(knowledge.Bersyarat, "A"), Since: said(knowledge.Dilarang, "B")},
		"Berubah 1 Mei 2026: dasar hukumnya dari A; B menjadi D.":    {Date: day, Before: said(knowledge.Info, "A", "B", "C"), Since: said(knowledge.Info, "C", "D")},
		"Berubah 1 Mei 2026: dasar hukumnya bertambah B; C.":         {Date: day, Before: said(knowledge.Info, "A"), Since: said(knowledge.Info, "B", "A", "C")},
		"Berubah 1 Mei 2026: dasar hukumnya tidak lagi memuat A; C.": {Date: day, Before: said(knowledge.Info, "A", "B", "C"), Since: said(knowledge.Info, "B")},
	} {
		if got := c.Sentence(sign); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestRegionTellsTheHistoryOfItsOwnAnswer: the history of the answer that a region
// takes the place of is not that of the region's answer.
func TestRegionTellsTheHistoryOfItsOwnAnswer(t *testing.T) {
	const id = "dasar-hukum-netralitas"
	for history, want := range map[string][]string{
		"": nil,
		"  history: [{date: 2026-01-05, verdict: dilarang, note: \"Edaran Sekda.\"}]\n": {"Berubah 5 Januari 2026: dari Dilarang menjadi Informasi. Edaran Sekda."},
	} {
		base, topic := withHistory(t, id, history)
		if diff := cmp.Diff(want, told(base.History(topic))); diff != "" {
			t.Error(diff)
		}
	}
}

// TestEmbeddedHistory holds all that the embedded answers say of their past, to
// be read when it changes.
func TestEmbeddedHistory(t *testing.T) {
	const file = "testdata/history.txt"
	base, _ := embedded()
	var b strings.Builder
	for _, topic := range base.Topics {
		for _, line := range told(base.History(topic)) {
			fmt.Fprintf(&b, "%s\n\t%s\n", topic.ID, line)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("history changed (-want +got; -update writes it):\n%s", diff)
	}
}
