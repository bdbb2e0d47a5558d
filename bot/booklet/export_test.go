package booklet_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/bot/booklet"
	"tanyanetral/knowledge"
)

// fields is what sites rely on: names may be added, none may go.
const fields = `
categories: id title
contacts: for id name reach
regulations: date id name note revoked_by short status uncertain
topics.basis: articles date id name note revoked_by short status text uncertain
topics.changes.before: basis verdict verdict_text
topics.changes.since: basis verdict verdict_text
topics.changes: before date note since text
topics: answer basis category caution changes confidence id keywords points related sanction title verdict verdict_text verified
`

func TestJSONKeepsItsFields(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := booklet.JSON(&b, embedded()); err != nil {
		t.Fatal(err)
	}
	type object = map[string]any
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(b.Bytes(), &whole); err != nil {
		t.Fatal(err)
	}
	if got := string(whole["format"]); got != "1" {
		t.Errorf("got format %s", got)
	}
	var lines []string
	list := func(name string, objects []object) {
		for i, o := range objects {
			line := name + ": " + strings.Join(slices.Sorted(maps.Keys(o)), " ")
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
			for key, value := range o {
				if value == nil {
					t.Errorf("%s %d: %s is null", name, i, key)
				}
			}
		}
	}
	for name := range whole {
		var objects []object
		if err := json.Unmarshal(whole[name], &objects); err != nil {
			continue // the format
		}
		list(name, objects)
		for _, o := range objects {
			basis, _ := o["basis"].([]any)
			for _, citation := range basis {
				list(name+".basis", []object{citation.(object)})
			}
			changes, _ := o["changes"].([]any)
			for _, change := range changes {
				c := change.(object)
				list(name+".changes", []object{c})
				list(name+".changes.before", []object{c["before"].(object)})
				list(name+".changes.since", []object{c["since"].(object)})
			}
		}
	}
	slices.Sort(lines)
	if diff := cmp.Diff(strings.TrimSpace(fields), strings.Join(lines, "\n")); diff != "" {
		t.Errorf("fields changed (-want +got):\n%s", diff)
	}
}

func TestJSONHasEveryTopicWithItsBasis(t *testing.T) {
	t.Parallel()
	base := changed(func(topic *knowledge.Topic) {
		topic.Points, topic.Sanction = nil, ""
		topic.Basis = []knowledge.Citation{
			{Regulation: "pp-94-2021", Article: "Pasal 5"},
			{Regulation: "uu-5-2014"},
			{Regulation: "pp-94-2021", Article: "Pasal 8"},
			{Regulation: "se-panrb-1-2023"},
		}
	})
	var b bytes.Buffer
	if err := booklet.JSON(&b, base); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Topics []struct {
			ID     string
			Points []string
			Basis  []struct {
				ID       string
				Articles []string
				Text     string
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Topics) != len(base.Topics) {
		t.Fatalf("got %d topics, want %d", len(got.Topics), len(base.Topics))
	}
	for i, topic := range base.Topics {
		if got.Topics[i].ID != topic.ID {
			t.Errorf("topic %d: got %s, want %s", i, got.Topics[i].ID, topic.ID)
		}
	}
	var texts []string
	for _, c := range got.Topics[0].Basis {
		texts = append(texts, c.Text)
	}
	want := []string{
		"PP 94/2021 Pasal 5, Pasal 8 (berlaku)",
		"UU 5/2014 (sudah dicabut oleh UU 20/2023)",
		"SE MenPANRB 1/2023 (pastikan masih berlaku)",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("basis (-want +got):\n%s", diff)
	}
}

func TestJSONTellsTheWholeHistory(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := booklet.JSON(&b, changed(wasOtherwise)); err != nil {
		t.Fatal(err)
	}
	type said struct {
		Verdict     string
		VerdictText string `json:"verdict_text"`
		Basis       []string
	}
	type change struct {
		Date          string
		Before, Since said
		Note, Text    string
	}
	var got struct{ Topics []struct{ Changes []change } }
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	old, law := []string{"UU 5/2014 (sudah dicabut oleh UU 20/2023)"}, []string{"UU 20/2023 (berlaku)"}
	want := []change{
		{
			"2026-05-01", said{"bersyarat", "Boleh dengan syarat", law}, said{"dilarang", "Dilarang", law},
			"Edaran baru.", "Berubah 1 Mei 2026: dari Boleh dengan syarat menjadi Dilarang.",
		},
		{
			"2023-10-31", said{"bersyarat", "Boleh dengan syarat", old}, said{"bersyarat", "Boleh dengan syarat", law},
			"Undang-undang baru.", "Berubah 31 Oktober 2023: dasar hukumnya dari UU 5/2014 (sudah dicabut oleh UU 20/2023) menjadi UU 20/2023 (berlaku).",
		},
	}
	if diff := cmp.Diff(want, got.Topics[0].Changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestCSVOpensInASpreadsheet(t *testing.T) {
	t.Parallel()
	for _, title := range []string{"=1+1", "+62", "-1", "@SUM(A1)", " =1", "\t=1", "＝1"} {
		base := changed(func(topic *knowledge.Topic) {
			topic.Title, topic.Answer, topic.Points = title, "Ya; \"tidak\"\ndan", []string{"Satu.", "=dua"}
		})
		var b bytes.Buffer
		if err := booklet.CSV(&b, base); err != nil {
			t.Fatal(err)
		}
		text, ok := strings.CutPrefix(b.String(), "\ufeff")
		if !ok {
			t.Error("the mark of UTF-8 is missing")
		}
		r := csv.NewReader(strings.NewReader(text))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if want := "id kategori judul hasil jawaban butir sanksi catatan dasar diperiksa"; strings.Join(rows[0], " ") != want {
			t.Errorf("got columns %v", rows[0])
		}
		if len(rows) != 1+len(base.Topics) {
			t.Fatalf("got %d rows, want %d", len(rows), 1+len(base.Topics))
		}
		if rows[1][2] != "'"+title || rows[1][4] != base.Topics[0].Answer || rows[1][5] != "Satu.\n=dua" {
			t.Errorf("got %q", rows[1])
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
					t.Errorf("a formula: %q", cell)
				}
			}
		}
	}
}
