package reminder_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"tanyanetral/bot/reminder"
	"tanyanetral/knowledge"
)

// named returns the first occurrence whose key begins so.
func named(t *testing.T, plan []reminder.Occurrence, key string) reminder.Occurrence {
	t.Helper()
	for _, o := range plan {
		if strings.HasPrefix(o.Key(), key) {
			return o
		}
	}
	t.Fatalf("%s is not planned", key)
	return reminder.Occurrence{}
}

func TestEmbeddedRemindersBeginWithWhatHappensWhen(t *testing.T) {
	plan := reminder.Plan(embedded(), moment(t, "2023-01-01T00:00:00+07:00"), moment(t, "2025-01-01T00:00:00+07:00"))
	for key, want := range map[string]string{
		"pemilu-2024/pendaftaran-mulai":               "Pengajuan calon anggota DPR dan DPRD Pemilu 2024 dimulai hari ini.",
		"pemilu-2024/penetapan-h-7":                   "Penetapan daftar calon tetap anggota DPR, DPD, dan DPRD Pemilu 2024 berlangsung 7 hari lagi, pada 3 November 2023.",
		"pemilu-2024/penetapan-hari-ini":              "Penetapan daftar calon tetap anggota DPR, DPD, dan DPRD Pemilu 2024 berlangsung hari ini.",
		"pemilu-2024/penetapan-presiden-hari-ini":     "Penetapan pasangan calon presiden dan wakil presiden Pemilu 2024 berlangsung hari ini.",
		"pilkada-2024/dukungan-perseorangan-mulai":    "Pemenuhan syarat dukungan pasangan calon perseorangan Pilkada 2024 dimulai hari ini.",
		"pilkada-2024/pendaftaran-mulai":              "Pendaftaran pasangan calon Pilkada 2024 dimulai hari ini.",
		"pilkada-2024/penetapan-hari-ini":             "Penetapan pasangan calon Pilkada 2024 berlangsung hari ini.",
		"pilkada-2024/kampanye-mulai":                 "Masa kampanye Pilkada 2024 dimulai hari ini.",
		"pilkada-2024/kampanye-mingguan/2024-09-28":   "Masa kampanye Pilkada 2024 berakhir 56 hari lagi, tetapi kewajiban netral Anda tetap.",
		"pilkada-2024/kampanye-mingguan/2024-11-23":   "Masa kampanye Pilkada 2024 berakhir hari ini, tetapi kewajiban netral Anda tetap.",
		"pemilu-2024/kampanye-mingguan/2024-02-09":    "Masa kampanye Pemilu 2024 berakhir besok, tetapi kewajiban netral Anda tetap.",
		"pilkada-2024/masa-tenang-h-3":                "Masa tenang Pilkada 2024 mulai 3 hari lagi, 24 November 2024.",
		"pilkada-2024/masa-tenang-mulai":              "Masa tenang Pilkada 2024 dimulai hari ini: tidak ada kampanye dalam bentuk apa pun.",
		"pilkada-2024/pemungutan-suara-hari-ini":      "Pemungutan suara Pilkada 2024 hari ini.",
		"pilkada-2024/pemungutan-suara-sesudahnya/20": "Pemungutan suara Pilkada 2024 sudah berlangsung, kewajiban netral Anda berlanjut:",
	} {
		o := named(t, plan, key)
		if text, ok := o.Text(o.At); !ok || !strings.HasPrefix(text, want+" ") {
			t.Errorf("%s: got %q, %v", key, text, ok)
		}
	}
}

func TestLateTextIsRightOrNotSent(t *testing.T) {
	base := region(t, `
- id: uji
  name: Uji
  timezone: Asia/Jayapura
  source: pkpu-2-2024
  stages:
    - {id: tenang, name: Masa tenang, from: 2028-03-01, to: 2028-03-03}
`, `
- {id: hitung, stage: tenang, days: -3, at: 08.00, text: "Mulai {{hari_lagi}}."}
- {id: hari-itu, stage: tenang, days: -1, at: 08.00, text: "Mulai besok."}
- {id: harian, stage: tenang, every: 2, at: 08.00, text: "Selesai {{hari_lagi}}."}
`)
	plan := year(t, base, 2028)
	tests := []struct {
		key, now, want string // want is "" where it is not to be sent
	}{
		{"uji/hitung", "2028-02-01T08:00:00+09:00", "Mulai 3 hari lagi."}, // a preview
		{"uji/hitung", "2028-02-27T08:00:00+09:00", "Mulai 3 hari lagi."},
		{"uji/hitung", "2028-02-27T23:59:59+09:00", "Mulai 3 hari lagi."},
		{"uji/hitung", "2028-02-27T22:00:00+07:00", "Mulai 2 hari lagi."}, // past midnight there
		{"uji/hitung", "2028-02-29T20:59:59+09:00", "Mulai besok."},
		{"uji/hitung", "2028-02-29T21:00:00+09:00", ""},
		{"uji/hari-itu", "2028-02-29T20:59:59+09:00", "Mulai besok."},
		{"uji/hari-itu", "2028-02-29T21:00:00+09:00", ""},
		{"uji/hari-itu", "2030-01-01T08:00:00+09:00", ""},
		{"uji/harian/2028-03-01", "2028-03-02T12:00:00+09:00", "Selesai besok."},
		{"uji/harian/2028-03-01", "2028-03-03T08:00:00+09:00", ""}, // the next one says it
		{"uji/harian/2028-03-03", "2028-03-03T12:00:00+09:00", "Selesai hari ini."},
		{"uji/harian/2028-03-03", "2028-03-03T21:00:00+09:00", ""},
	}
	for _, test := range tests {
		text, ok := named(t, plan, test.key).Text(moment(t, test.now))
		if text != test.want || ok != (test.want != "") {
			t.Errorf("%s at %s: got %q, %v, want %q", test.key, test.now, text, ok, test.want)
		}
	}
}

// filled is the template with its variables replaced, read from left to right.
func filled(template string, values map[string]string) string {
	var b strings.Builder
next:
	for i := 0; i < len(template); {
		for v, value := range values {
			if strings.HasPrefix(template[i:], v) {
				b.WriteString(value)
				i += len(v)
				continue next
			}
		}
		b.WriteByte(template[i])
		i++
	}
	return b.String()
}

func FuzzText(f *testing.F) {
	for _, r := range embedded().Reminders {
		f.Add(r.Text, "Masa tenang", "Pilkada 2024", "", 3, 0)
	}
	f.Add("{{hari_lagi}}, {{tahapan}} {{pemilihan}} {{tanggal}}", "{{tanggal}}", "é", "Kota \xff", 1, 40)
	f.Add("{{{tahapan}}} {{", "}}", "{{hari_lagi}}", "", 0, 1)
	f.Add("ǆ", "", "", "", 1, 1)
	f.Fuzz(func(t *testing.T, template, stage, election, place string, daysBefore, hoursLate int) {
		day := knowledge.NewDate(2028, time.February, 29)
		at := time.Date(2028, time.February, 29-max(0, daysBefore%1000), 8, 0, 0, 0, time.FixedZone("WIT", 9*3600))
		o := reminder.Occurrence{
			Reminder: knowledge.Reminder{ID: "x", Text: template},
			Election: knowledge.Election{Name: election, Region: place},
			Stage:    knowledge.Stage{Name: stage, From: day, To: day},
			At:       at, Until: at.Add(48 * time.Hour),
		}
		now := at.Add(time.Duration(hoursLate%100) * time.Hour)
		text, ok := o.Text(now)
		if hoursLate%100 >= 48 {
			if ok || text != "" {
				t.Errorf("at %v, until %v: got %q, %v", now, o.Until, text, ok)
			}
			return
		}
		left := number(day) - number(knowledge.DateOf(at.Add(max(0, now.Sub(at)))))
		want := strings.TrimSpace(filled(template, map[string]string{
			"{{tahapan}}": stage, "{{pemilihan}}": o.Election.Title(), "{{tanggal}}": "29 Februari 2028",
			"{{hari_lagi}}": inDays(left),
		}))
		first, _ := utf8.DecodeRuneInString(want)
		if capital := string(unicode.ToUpper(first)); unicode.IsLower(first) {
			want = capital + want[utf8.RuneLen(first):]
		}
		if !ok || text != want {
			t.Errorf("got %q, %v, want %q", text, ok, want)
		}
	})
}
