package knowledge_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata"

	"tanyanetral/knowledge"
)

func TestStagesOn(t *testing.T) {
	base, problems := embedded()
	if base == nil {
		t.Fatal(lines(problems))
	}
	tests := []struct {
		at, want string
	}{
		{"2024-09-25T00:00:00+07:00", "kampanye 59"},
		{"2024-11-23T23:59:59+07:00", "kampanye 0"},
		{"2024-11-24T00:00:00+07:00", "masa-tenang 2"},
		{"2024-11-26T18:00:00Z", "pemungutan-suara 0, rekapitulasi 19"}, // past midnight in Jakarta
		{"2024-09-24T12:00:00+07:00", ""},
		{"2026-11-22T12:00:00+07:00", ""},
	}
	for _, test := range tests {
		at, err := time.Parse(time.RFC3339, test.at)
		if err != nil {
			t.Fatal(err)
		}
		var running []string
		for _, s := range base.StagesOn(at) {
			if s.Phase == knowledge.Running {
				running = append(running, fmt.Sprint(s.Stage.ID, " ", s.Days))
			}
		}
		if got := strings.Join(running, ", "); got != test.want {
			t.Errorf("%s: got %q, want %q", test.at, got, test.want)
		}
	}
}

// A region repeats a vote in its own timezone while a stage of the country runs.
func TestStagesOfOverlappingElections(t *testing.T) {
	const elections = `
- id: psu-sukamaju
  name: "PSU 2024"
  region: "Kabupaten Sukamaju"
  timezone: Asia/Jayapura
  source: pkpu-2-2024
  stages:
    - {id: masa-tenang, name: "Masa tenang", from: 2024-10-01, to: 2024-10-03}
    - {id: pemungutan-suara, name: "Pemungutan suara ulang", from: 2024-10-04, to: 2024-10-04}
`
	folder := fstest.MapFS{"elections/psu.yaml": {Data: []byte(elections)}}
	base, problems := knowledge.Load(knowledge.Embedded(), knowledge.Folder{Name: "daerah", Files: folder})
	if len(problems) > 0 {
		t.Fatal(lines(problems))
	}
	tests := []struct {
		at, want string
	}{
		{"2024-09-30T21:59:59+07:00", "running kampanye Pilkada 2024 54, coming masa-tenang PSU 2024 di Kabupaten Sukamaju 1, coming pemungutan-suara PSU 2024 di Kabupaten Sukamaju 4"},
		{"2024-09-30T22:00:00+07:00", "running kampanye Pilkada 2024 54, running masa-tenang PSU 2024 di Kabupaten Sukamaju 2, coming pemungutan-suara PSU 2024 di Kabupaten Sukamaju 3"},
		{"2024-10-03T22:00:00+07:00", "running kampanye Pilkada 2024 51, past masa-tenang PSU 2024 di Kabupaten Sukamaju 0, running pemungutan-suara PSU 2024 di Kabupaten Sukamaju 0"},
		{"2024-10-05T12:00:00+07:00", "running kampanye Pilkada 2024 49, past masa-tenang PSU 2024 di Kabupaten Sukamaju 0, past pemungutan-suara PSU 2024 di Kabupaten Sukamaju 0"},
	}
	for _, test := range tests {
		at, err := time.Parse(time.RFC3339, test.at)
		if err != nil {
			t.Fatal(err)
		}
		var seen []string
		for _, s := range base.StagesOn(at) {
			if s.Election.ID == "psu-sukamaju" || s.Phase == knowledge.Running {
				phase := map[knowledge.StagePhase]string{knowledge.Past: "past", knowledge.Running: "running", knowledge.Coming: "coming"}[s.Phase]
				seen = append(seen, fmt.Sprint(phase, " ", s.Stage.ID, " ", s.Election.Title(), " ", s.Days))
			}
		}
		if got := strings.Join(seen, ", "); got != test.want {
			t.Errorf("%s: got %q, want %q", test.at, got, test.want)
		}
	}
}

func TestTitle(t *testing.T) {
	for _, test := range []struct{ name, region, want string }{
		{"Pilkada 2024", "", "Pilkada 2024"},
		{"Pilkada ulang 2025", "Kabupaten Bangka", "Pilkada ulang 2025 di Kabupaten Bangka"},
		{"PSU Kota Palopo", "Kota Palopo", "PSU Kota Palopo"},
	} {
		if got := (knowledge.Election{Name: test.name, Region: test.region}).Title(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestDate(t *testing.T) {
	d, err := knowledge.ParseDate("2024-02-29")
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Indonesian(); got != "29 Februari 2024" {
		t.Errorf("got %q", got)
	}
	if got := d.DaysUntil(knowledge.NewDate(2024, time.March, 1)); got != 1 {
		t.Errorf("got %d days, want 1", got)
	}
	if got := d.AddDays(-60).String() + " " + d.AddDays(366).String(); got != "2023-12-31 2025-03-01" {
		t.Errorf("got %q", got)
	}
	for _, bad := range []string{"", "2024-02-30", "29-02-2024", "besok"} {
		if _, err := knowledge.ParseDate(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
