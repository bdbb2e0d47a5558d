package knowledge_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/knowledge"
)

func TestWordsOfVerdictsAndConfidences(t *testing.T) {
	for verdict, want := range map[knowledge.Verdict]string{
		knowledge.Boleh: "Boleh", knowledge.Bersyarat: "Boleh dengan syarat", knowledge.Dilarang: "Dilarang", knowledge.Info: "Informasi",
		"": "", "mungkin": "",
	} {
		if got := verdict.Word(); got != want {
			t.Errorf("verdict %q: got %q, want %q", verdict, got, want)
		}
	}
	for confidence, want := range map[knowledge.Confidence]string{
		knowledge.Kuat:      "",
		knowledge.Cukup:     "Catatan: sumber tentang hal ini terbatas atau tidak seragam. Pastikan ke BKPSDMD sebelum bertindak.",
		knowledge.Inferensi: "Catatan: belum ditemukan aturan tertulis khusus tentang hal ini; jawaban disimpulkan dari aturan lain. Bila ragu, tanyakan dahulu ke BKPSDMD.",
	} {
		if got := confidence.Caution(); got != want {
			t.Errorf("confidence %q: got %q, want %q", confidence, got, want)
		}
	}
}

func TestAnswersGoStaleAfterAYear(t *testing.T) {
	topic := knowledge.Topic{Verified: knowledge.NewDate(2025, time.November, 22)}
	const fresh, stale = "Diperiksa 22 November 2025.", "Diperiksa 22 November 2025. Sudah lebih dari setahun: pastikan tidak ada aturan baru."
	for _, c := range []struct {
		today knowledge.Date
		want  string
	}{
		{knowledge.Date{}, fresh},
		{topic.Verified, fresh},
		{topic.Verified.AddDays(365), fresh},
		{topic.Verified.AddDays(366), stale},
	} {
		if got := topic.Checked(c.today); got != c.want || topic.Stale(c.today) != (c.want == stale) {
			t.Errorf("on %s: got %q, stale %t", c.today, got, topic.Stale(c.today))
		}
	}
}

func TestCitationsNameEachRegulationOnceWithItsState(t *testing.T) {
	base, _ := embedded()
	topic := knowledge.Topic{Basis: []knowledge.Citation{
		{Regulation: "pp-94-2021", Article: "Pasal 5"},
		{Regulation: "uu-5-2014"},
		{Regulation: "se-panrb-1-2023", Article: "angka 2"},
		{Regulation: "pp-94-2021", Article: "Pasal 8"},
		{Regulation: "pp-94-2021"},
	}}
	want := []string{"PP 94/2021 Pasal 5, Pasal 8 (berlaku)", "UU 5/2014 (sudah dicabut oleh UU 20/2023)", "SE MenPANRB 1/2023 angka 2 (pastikan masih berlaku)"}
	if diff := cmp.Diff(want, base.Citations(topic)); diff != "" {
		t.Error(diff)
	}
	brief := []string{"PP 94/2021 (berlaku)", "UU 5/2014 (sudah dicabut oleh UU 20/2023)", "SE MenPANRB 1/2023 (pastikan masih berlaku)"}
	if diff := cmp.Diff(brief, base.BriefCitations(topic)); diff != "" {
		t.Error(diff)
	}
}
