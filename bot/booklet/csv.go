package booklet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"tanyanetral/knowledge"
)

var csvColumns = []string{"id", "kategori", "judul", "hasil", "jawaban", "butir", "sanksi", "catatan", "dasar", "diperiksa"}

// CSV writes the topics as a table that Excel opens with a double click: UTF-8
// with the mark by which Excel knows it, lines with CR LF, and cells apart by ';',
// which is what an Indonesian Excel expects since its decimals have the comma.
// Points stand on lines of their own within their cell. No cell is taken for a
// formula: where its text begins like one, an apostrophe stands before it.
func CSV(w io.Writer, base *knowledge.Base) error {
	titles := map[string]string{}
	for _, c := range base.Categories {
		titles[c.ID] = c.Title
	}
	rows := [][]string{csvColumns}
	for _, t := range base.Topics {
		row := []string{
			t.ID, titles[t.Category], t.Title, t.Verdict.Word(), t.Answer, strings.Join(t.Points, "\n"), t.Sanction,
			t.Confidence.Caution(), strings.Join(base.Citations(t), "; "), t.Verified.String(),
		}
		for i := range row {
			row[i] = inert(row[i])
		}
		rows = append(rows, row)
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write the knowledge as CSV: %w", err)
	}
	table := csv.NewWriter(w)
	table.Comma, table.UseCRLF = ';', true
	if err := table.WriteAll(rows); err != nil {
		return fmt.Errorf("write the knowledge as CSV: %w", err)
	}
	return nil
}

// inert is a cell that no spreadsheet takes for a formula. Some skip the white
// space before the sign, and some take its wide form for the sign.
func inert(cell string) string {
	if strings.IndexAny(strings.TrimSpace(cell), "=+-@＝＋－＠") == 0 {
		return "'" + cell
	}
	return cell
}
