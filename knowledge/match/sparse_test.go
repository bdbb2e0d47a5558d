package match

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSparseKeepsEveryEntry(t *testing.T) {
	rows := [][]indexed{
		{{0, 1}, {1, 2}, {7, -3}},
		{},
		{{maxGap - 1, 4}},
		{{maxGap, 5}, {2 * maxGap, 6}}, // gaps that two bytes just hold
		{{maxGap + 1, 7}, {5*maxGap + 3, 8}, {5*maxGap + 4, 9}},
		{{0, 10}},
	}
	const columns = 6 * maxGap
	// Rows in turn, first entries first: the order in which postings come.
	m := newSparse(len(rows), func(add func(row, column int32, value float32)) {
		for i := range 3 {
			for row, entries := range rows {
				if i < len(entries) {
					add(int32(row), entries[i].index, entries[i].value)
				}
			}
		}
	})
	for row, want := range rows {
		if diff := cmp.Diff(want, m.appendRow([]indexed{}, row), cmp.AllowUnexported(indexed{})); diff != "" {
			t.Errorf("row %d: %s", row, diff)
		}
		got, sum := make([]float32, columns), make([]float32, columns)
		m.addRow(int32(row), 0.5, got)
		for _, e := range want {
			sum[e.index] = e.value * 0.5
		}
		if !slices.Equal(got, sum) {
			t.Errorf("row %d adds something else", row)
		}
	}
}

func TestRowsKeepWeightsWhenTheyGrow(t *testing.T) {
	const classes = 40
	m := newLearner([]int32{2, 6, 1000}, classes) // rows that begin small, with room, and dense
	for feature := range m.rows {
		r := &m.rows[feature]
		want := []indexed{}
		for n := range int32(classes) {
			class := n * 7 % classes // in no order
			weight, squares := r.at(class, classes)
			if *weight != 0 || *squares != firstSquares {
				t.Fatalf("class %d begins with weight %v, squares %v", class, *weight, *squares)
			}
			*weight, *squares = float32(class+1), float32(class+2)
			want = append(want, indexed{class, float32(class + 1)})
			slices.SortFunc(want, func(a, b indexed) int { return int(a.index - b.index) })
			got := m.model().weights.appendRow(nil, feature)
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(indexed{})); diff != "" {
				t.Fatalf("feature %d after %d classes: %s", feature, n+1, diff)
			}
		}
		for class := range int32(classes) {
			if _, squares := r.at(class, classes); *squares != float32(class+2) {
				t.Errorf("class %d lost its squares: %v", class, *squares)
			}
		}
	}
}
