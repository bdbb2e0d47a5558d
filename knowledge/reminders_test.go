package knowledge_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/knowledge"
)

// reminderLines says of each reminder what the tests look at.
func reminderLines(base *knowledge.Base) map[string]string {
	lines := map[string]string{}
	for _, r := range base.Reminders {
		lines[r.ID] = fmt.Sprint(r.At, " ", r.Stage, " ", r.Off, " ", r.Text)
	}
	return lines
}

func TestRegionAddsOverridesAndSwitchesOffReminders(t *testing.T) {
	folder := fstest.MapFS{"reminders/daerah.yaml": {Data: []byte(`
- id: apel-kampanye
  election: pilkada-2024
  stage: kampanye
  at: 07:30
  to: {status: PPPK, unit: Kecamatan Sukamaju, timezone: Asia/Makassar}
  text: >-
    Apel netralitas
    hari ini.
- id: masa-tenang-mulai
  stage: masa-tenang
  at: "06.00"
  text: "Masa tenang."
- {id: kampanye-mingguan, off: true}
- {id: dukungan-perseorangan-mulai, off: true}
`)}}
	base, problems := knowledge.Load(knowledge.Embedded(), knowledge.Folder{Name: "daerah", Files: folder})
	if len(problems) > 0 {
		t.Fatal(lines(problems))
	}
	before, _ := embedded()
	want := reminderLines(before)
	want["apel-kampanye"] = "07.30 kampanye false Apel netralitas hari ini."
	want["masa-tenang-mulai"] = "06.00 masa-tenang false Masa tenang."
	for _, id := range []string{"kampanye-mingguan", "dukungan-perseorangan-mulai"} {
		want[id] = strings.Replace(want[id], "false", "true", 1)
	}
	if diff := cmp.Diff(want, reminderLines(base)); diff != "" {
		t.Error(diff)
	}
	added := base.Reminders[len(base.Reminders)-1]
	if want := (knowledge.Audience{Status: "PPPK", Unit: "Kecamatan Sukamaju", Timezone: "Asia/Makassar"}); added.To != want {
		t.Errorf("got audience %+v, want %+v", added.To, want)
	}
}

// A region that has no use for a reminder switches it off, even where it has
// taken away the stage that the reminder is about.
func TestReminderThatIsOffNeedsNoStage(t *testing.T) {
	const election = "- {id: pemilu-2024, name: Pemilu, timezone: Asia/Jakarta, source: pkpu-3-2022, stages: [{id: kampanye, name: Kampanye, from: 2023-11-28, to: 2024-02-10}]}\n"
	folder := fstest.MapFS{"elections/x.yaml": {Data: []byte(election)}}
	load := func() []knowledge.Problem {
		_, problems := knowledge.Load(knowledge.Embedded(), knowledge.Folder{Name: "daerah", Files: folder})
		return problems
	}
	if got := lines(load()); !strings.Contains(got, `tahapan "penetapan-presiden" tidak ada pada pemilihan mana pun`) {
		t.Errorf("got %q", got)
	}
	folder["reminders/x.yaml"] = &fstest.MapFile{Data: []byte("- {id: penetapan-presiden-hari-ini, off: true}\n")}
	if got := lines(load()); got != "" {
		t.Errorf("got %q, want no problem", got)
	}
}

func TestFill(t *testing.T) {
	stage := knowledge.Stage{ID: "masa-tenang", Name: "Masa tenang", From: knowledge.NewDate(2024, time.November, 24), To: knowledge.NewDate(2024, time.November, 26)}
	tests := []struct {
		text    string
		edge    knowledge.Edge
		every   int
		region  string
		today   knowledge.Date
		want    string
		because string
	}{
		{text: "{{tahapan}} {{pemilihan}} mulai {{hari_lagi}}, {{tanggal}}.", today: knowledge.NewDate(2024, time.November, 12),
			want: "Masa tenang Pilkada 2024 mulai 12 hari lagi, 24 November 2024."},
		{text: "mulai {{hari_lagi}}", edge: knowledge.Mulai, today: knowledge.NewDate(2024, time.November, 22), want: "Mulai 2 hari lagi"},
		{text: "Mulai {{hari_lagi}}.", today: knowledge.NewDate(2024, time.November, 23), want: "Mulai besok."},
		{text: "Mulai {{hari_lagi}}.", today: knowledge.NewDate(2024, time.November, 24), want: "Mulai hari ini."},
		{text: "{{hari_lagi}}, tahan jempol Anda.", today: knowledge.NewDate(2024, time.November, 23), want: "Besok, tahan jempol Anda.", because: "a text begins with a capital"},
		{text: "Selesai {{tanggal}}, {{hari_lagi}}.", edge: knowledge.Selesai, today: knowledge.NewDate(2024, time.November, 24), want: "Selesai 26 November 2024, 2 hari lagi."},
		{text: "Selesai {{hari_lagi}}.", every: 1, today: knowledge.NewDate(2024, time.November, 25), want: "Selesai besok.", because: "what repeats itself counts to the end"},
		{text: "{{pemilihan}}.", region: "Kabupaten Bangka", today: knowledge.NewDate(2024, time.November, 1), want: "Pilkada 2024 di Kabupaten Bangka."},
		{text: "  Tanpa variabel. \n", today: knowledge.NewDate(2024, time.November, 1), want: "Tanpa variabel."},
		{text: "", today: knowledge.NewDate(2024, time.November, 1), want: ""},
	}
	for _, test := range tests {
		r := knowledge.Reminder{Text: test.text, Edge: test.edge, Every: test.every}
		if got := r.Fill(knowledge.Election{Name: "Pilkada 2024", Region: test.region}, stage, test.today); got != test.want {
			t.Errorf("%q on %s: got %q, want %q %s", test.text, test.today, got, test.want, test.because)
		}
	}
}

// A name is data: what looks like a variable in it stays as it is.
func TestFillTakesNamesLiterally(t *testing.T) {
	r := knowledge.Reminder{Text: "{{tahapan}} {{tanggal}}"}
	stage := knowledge.Stage{Name: "{{tanggal}}", From: knowledge.NewDate(2024, time.May, 5)}
	if got, want := r.Fill(knowledge.Election{}, stage, stage.From), "{{tanggal}} 5 Mei 2024"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What is said of a reminder must be law of a topic that is there to read.
func TestEveryEmbeddedReminderCarriesATopic(t *testing.T) {
	base, problems := embedded()
	if base == nil {
		t.Fatal(lines(problems))
	}
	for _, r := range base.Reminders {
		if len(r.Topics) == 0 || r.Off || r.To != (knowledge.Audience{}) {
			t.Errorf("%s: topics %v, off %v, to %+v", r.ID, r.Topics, r.Off, r.To)
		}
		if strings.Contains(strings.ToLower(" "+r.Text), " kamu") {
			t.Errorf("%s is not courteous: %s", r.ID, r.Text)
		}
	}
}
