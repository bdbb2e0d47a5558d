package knowledge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

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
	for _, bad := range []string{"", "2024-02-30", "29-02-2024", "besok"} {
		if _, err := knowledge.ParseDate(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
