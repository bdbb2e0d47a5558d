package reminder_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/bot/reminder"
	"tanyanetral/knowledge"
)

var embedded = sync.OnceValue(func() *knowledge.Base {
	base, problems := knowledge.Load(knowledge.Embedded())
	if len(problems) > 0 {
		panic(problems[0])
	}
	return base
})

// region is the embedded knowledge with a region's elections and reminders.
func region(t *testing.T, elections, reminders string) *knowledge.Base {
	t.Helper()
	folder := fstest.MapFS{"elections/x.yaml": {Data: []byte(elections)}, "reminders/x.yaml": {Data: []byte(reminders)}}
	base, problems := knowledge.Load(knowledge.Embedded(), knowledge.Folder{Name: "daerah", Files: folder})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return base
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// year is the plan of a whole year, in the westernmost timezone.
func year(t *testing.T, base *knowledge.Base, year int) []reminder.Occurrence {
	t.Helper()
	return reminder.Plan(base, moment(t, fmt.Sprintf("%d-12-31T23:59:59+07:00", year-1)), moment(t, fmt.Sprintf("%d-12-31T23:59:59+07:00", year)))
}

// list writes a line for each occurrence.
func list(plan []reminder.Occurrence) string {
	var b strings.Builder
	for _, o := range plan {
		fmt.Fprintf(&b, "%s %s %s %s\n", o.At.Format(time.RFC3339), o.Until.Format("01-02T15:04"), o.Key(), o.Topic)
	}
	return b.String()
}

func TestEmbeddedRemindersOfPemilu2024(t *testing.T) {
	const want = `2023-05-01T08:00:00+07:00 05-01T21:00 pemilu-2024/pendaftaran-mulai/2023-05-01 periode-sebelum-kampanye
2023-10-27T08:00:00+07:00 11-02T21:00 pemilu-2024/penetapan-h-7/2023-10-27 beda-kode-etik-disiplin
2023-11-03T08:00:00+07:00 11-03T21:00 pemilu-2024/penetapan-hari-ini/2023-11-03 beda-kode-etik-disiplin
2023-11-13T08:00:00+07:00 11-13T21:00 pemilu-2024/penetapan-presiden-hari-ini/2023-11-13 beda-kode-etik-disiplin
2023-11-28T08:00:00+07:00 11-28T21:00 pemilu-2024/kampanye-mulai/2023-11-28 periode-masa-kampanye
2023-12-01T08:00:00+07:00 12-07T21:00 pemilu-2024/kampanye-mingguan/2023-12-01 medsos-like
2023-12-08T08:00:00+07:00 12-14T21:00 pemilu-2024/kampanye-mingguan/2023-12-08 foto-bersama-calon
2023-12-15T08:00:00+07:00 12-21T21:00 pemilu-2024/kampanye-mingguan/2023-12-15 kampanye-hadir-pasif
2023-12-22T08:00:00+07:00 12-28T21:00 pemilu-2024/kampanye-mingguan/2023-12-22 medsos-share
2023-12-29T08:00:00+07:00 01-04T21:00 pemilu-2024/kampanye-mingguan/2023-12-29 atribut-pakai
2024-01-05T08:00:00+07:00 01-11T21:00 pemilu-2024/kampanye-mingguan/2024-01-05 medsos-grup-pemenangan
2024-01-12T08:00:00+07:00 01-18T21:00 pemilu-2024/kampanye-mingguan/2024-01-12 fasilitas-kendaraan
2024-01-19T08:00:00+07:00 01-25T21:00 pemilu-2024/kampanye-mingguan/2024-01-19 keluarga-calon-bantu
2024-01-26T08:00:00+07:00 02-01T21:00 pemilu-2024/kampanye-mingguan/2024-01-26 medsos-comment
2024-02-02T08:00:00+07:00 02-08T21:00 pemilu-2024/kampanye-mingguan/2024-02-02 medsos-status
2024-02-08T08:00:00+07:00 02-10T21:00 pemilu-2024/masa-tenang-h-3/2024-02-08 medsos-umum
2024-02-09T08:00:00+07:00 02-09T21:00 pemilu-2024/kampanye-mingguan/2024-02-09 arahkan-pilihan
2024-02-11T07:00:00+07:00 02-11T21:00 pemilu-2024/masa-tenang-mulai/2024-02-11 masa-tenang
2024-02-14T06:30:00+07:00 02-14T21:00 pemilu-2024/pemungutan-suara-hari-ini/2024-02-14 foto-bilik-suara
2024-02-15T08:00:00+07:00 02-15T21:00 pemilu-2024/pemungutan-suara-sesudahnya/2024-02-15 setelah-pencoblosan
`
	plan := reminder.Plan(embedded(), moment(t, "2023-01-01T00:00:00+07:00"), moment(t, "2024-04-30T00:00:00+07:00"))
	if diff := cmp.Diff(want, list(plan)); diff != "" {
		t.Error(diff)
	}
}

func TestEmbeddedRemindersOfPilkada2024(t *testing.T) {
	const want = `2024-05-05T08:00:00+07:00 05-05T21:00 pilkada-2024/dukungan-perseorangan-mulai/2024-05-05 dukungan-ktp
2024-08-27T08:00:00+07:00 08-27T21:00 pilkada-2024/pendaftaran-mulai/2024-08-27 periode-sebelum-kampanye
2024-09-15T08:00:00+07:00 09-21T21:00 pilkada-2024/penetapan-h-7/2024-09-15 beda-kode-etik-disiplin
2024-09-22T08:00:00+07:00 09-22T21:00 pilkada-2024/penetapan-hari-ini/2024-09-22 beda-kode-etik-disiplin
2024-09-25T08:00:00+07:00 09-25T21:00 pilkada-2024/kampanye-mulai/2024-09-25 periode-masa-kampanye
2024-09-28T08:00:00+07:00 10-04T21:00 pilkada-2024/kampanye-mingguan/2024-09-28 medsos-like
2024-10-05T08:00:00+07:00 10-11T21:00 pilkada-2024/kampanye-mingguan/2024-10-05 foto-bersama-calon
2024-10-12T08:00:00+07:00 10-18T21:00 pilkada-2024/kampanye-mingguan/2024-10-12 kampanye-hadir-pasif
2024-10-19T08:00:00+07:00 10-25T21:00 pilkada-2024/kampanye-mingguan/2024-10-19 medsos-share
2024-10-26T08:00:00+07:00 11-01T21:00 pilkada-2024/kampanye-mingguan/2024-10-26 atribut-pakai
2024-11-02T08:00:00+07:00 11-08T21:00 pilkada-2024/kampanye-mingguan/2024-11-02 medsos-grup-pemenangan
2024-11-09T08:00:00+07:00 11-15T21:00 pilkada-2024/kampanye-mingguan/2024-11-09 fasilitas-kendaraan
2024-11-16T08:00:00+07:00 11-22T21:00 pilkada-2024/kampanye-mingguan/2024-11-16 keluarga-calon-bantu
2024-11-21T08:00:00+07:00 11-23T21:00 pilkada-2024/masa-tenang-h-3/2024-11-21 medsos-umum
2024-11-23T08:00:00+07:00 11-23T21:00 pilkada-2024/kampanye-mingguan/2024-11-23 medsos-comment
2024-11-24T07:00:00+07:00 11-24T21:00 pilkada-2024/masa-tenang-mulai/2024-11-24 masa-tenang
2024-11-27T06:30:00+07:00 11-27T21:00 pilkada-2024/pemungutan-suara-hari-ini/2024-11-27 foto-bilik-suara
2024-11-28T08:00:00+07:00 11-28T21:00 pilkada-2024/pemungutan-suara-sesudahnya/2024-11-28 setelah-pencoblosan
`
	plan := reminder.Plan(embedded(), moment(t, "2024-04-30T00:00:00+07:00"), moment(t, "2025-12-31T00:00:00+07:00"))
	if diff := cmp.Diff(want, list(plan)); diff != "" {
		t.Error(diff)
	}
}

// No date of a coming election is fixed, so nothing may be planned for one.
func TestNothingIsPlannedForElectionsWithoutDates(t *testing.T) {
	plan := reminder.Plan(embedded(), moment(t, "2025-01-01T00:00:00+07:00"), moment(t, "2035-01-01T00:00:00+07:00"))
	if len(plan) > 0 {
		t.Errorf("got %s", list(plan))
	}
}

func TestPlanIsAfterFromUpToTo(t *testing.T) {
	at := moment(t, "2024-11-24T07:00:00+07:00")
	tests := []struct {
		from, to time.Duration
		want     int
	}{
		{-time.Nanosecond, 0, 1},
		{0, time.Hour, 0},
		{-time.Hour, -time.Nanosecond, 0},
		{-time.Hour, time.Hour, 1},
		{time.Hour, -time.Hour, 0},
		{0, 0, 0},
	}
	for _, test := range tests {
		if plan := reminder.Plan(embedded(), at.Add(test.from), at.Add(test.to)); len(plan) != test.want {
			t.Errorf("from %v to %v: got %q, want %d occurrences", test.from, test.to, list(plan), test.want)
		}
	}
}

// Three regions vote on the same day, each in its own timezone, beside an
// election of the country.
const threeRegions = `
- {id: psu-barat, name: PSU, region: Barat, timezone: Asia/Jakarta, source: pkpu-2-2024, stages: [{id: coblosan, name: Pemungutan suara ulang, from: 2028-02-29, to: 2028-02-29}]}
- {id: psu-tengah, name: PSU, region: Tengah, timezone: Asia/Makassar, source: pkpu-2-2024, stages: [{id: coblosan, name: Pemungutan suara ulang, from: 2028-02-29, to: 2028-02-29}]}
- {id: psu-timur, name: PSU, region: Timur, timezone: Asia/Jayapura, source: pkpu-2-2024, stages: [{id: coblosan, name: Pemungutan suara ulang, from: 2028-02-29, to: 2028-02-29}]}
- {id: nasional, name: Pemilu, timezone: Asia/Jakarta, source: pkpu-2-2024, stages: [{id: coblosan, name: Pemungutan suara, from: 2028-02-29, to: 2028-02-29}]}
`

func TestRegionsAreRemindedAtTheirOwnTime(t *testing.T) {
	base := region(t, threeRegions, `
- {id: pagi, stage: coblosan, at: 06.00, text: Pagi.}
- {id: sesudah, stage: coblosan, edge: selesai, days: 1, at: 20.59, text: Sesudah.}
- {id: tengah-saja, election: psu-tengah, stage: coblosan, days: -1, at: 08.00, text: Besok.}
`)
	const want = `2028-02-28T08:00:00+08:00 02-28T21:00 psu-tengah/tengah-saja/2028-02-28 
2028-02-29T06:00:00+09:00 02-29T21:00 psu-timur/pagi/2028-02-29 
2028-02-29T06:00:00+08:00 02-29T21:00 psu-tengah/pagi/2028-02-29 
2028-02-29T06:00:00+07:00 02-29T21:00 nasional/pagi/2028-02-29 
2028-02-29T06:00:00+07:00 02-29T21:00 psu-barat/pagi/2028-02-29 
2028-03-01T20:59:00+09:00 03-01T21:00 psu-timur/sesudah/2028-03-01 
2028-03-01T20:59:00+08:00 03-01T21:00 psu-tengah/sesudah/2028-03-01 
2028-03-01T20:59:00+07:00 03-01T21:00 nasional/sesudah/2028-03-01 
2028-03-01T20:59:00+07:00 03-01T21:00 psu-barat/sesudah/2028-03-01 
`
	if diff := cmp.Diff(want, list(year(t, base, 2028))); diff != "" {
		t.Error(diff)
	}
}

func TestPlanOverYearEndsLeapDaysAndStagesOfOneDay(t *testing.T) {
	base := region(t, `
- id: uji
  name: Uji
  timezone: Asia/Jakarta
  source: pkpu-2-2024
  stages:
    - {id: panjang, name: Panjang, from: 2027-12-30, to: 2028-01-04}
    - {id: sehari, name: Sehari, from: 2028-03-01, to: 2028-03-01}
`, `
- {id: dua-harian, stage: panjang, days: -2, every: 2, at: 08.00, text: Dua harian.}
- {id: sehari-sebelum, stage: sehari, days: -1, at: 08.00, text: Kabisat.}
- {id: tiga-sebelum-selesai, stage: sehari, edge: selesai, days: -3, every: 3, at: 08.00, text: "Tinggal {{hari_lagi}}."}
- {id: setahun-sebelum, stage: sehari, days: -365, at: 08.00, text: Jauh.}
- {id: dimatikan, stage: sehari, at: 08.00, text: Tidak dikirim., off: true}
`)
	const want = `2027-03-02T08:00:00+07:00 03-02T21:00 uji/setahun-sebelum/2027-03-02 
2027-12-28T08:00:00+07:00 12-28T21:00 uji/dua-harian/2027-12-28 
2027-12-30T08:00:00+07:00 12-30T21:00 uji/dua-harian/2027-12-30 
2028-01-01T08:00:00+07:00 01-01T21:00 uji/dua-harian/2028-01-01 
2028-01-03T08:00:00+07:00 01-03T21:00 uji/dua-harian/2028-01-03 
2028-02-27T08:00:00+07:00 02-29T21:00 uji/tiga-sebelum-selesai/2028-02-27 
2028-02-29T08:00:00+07:00 02-29T21:00 uji/sehari-sebelum/2028-02-29 
2028-03-01T08:00:00+07:00 03-01T21:00 uji/tiga-sebelum-selesai/2028-03-01 
`
	if diff := cmp.Diff(want, list(append(year(t, base, 2027), year(t, base, 2028)...))); diff != "" {
		t.Error(diff)
	}
}

func TestMovedStageIsRemindedOfUnderItsNewDay(t *testing.T) {
	const rule = "- {id: hari-h, stage: coblosan, at: 08.00, text: Hari ini.}\n"
	before := year(t, region(t, threeRegions, rule), 2028)
	after := year(t, region(t, strings.ReplaceAll(threeRegions, "2028-02-29", "2028-03-02"), rule), 2028)
	for i, day := range []string{"2028-02-29", "2028-03-02"} {
		plan := [][]reminder.Occurrence{before, after}[i]
		if len(plan) != 4 || slices.ContainsFunc(plan, func(o reminder.Occurrence) bool { return !strings.HasSuffix(o.Key(), "/hari-h/"+day) }) {
			t.Errorf("got %s, want four keys of %s", list(plan), day)
		}
	}
}

func TestKeyStaysWhatItIsWhenTheRuleIsMended(t *testing.T) {
	before := year(t, region(t, threeRegions, "- {id: hari-h, stage: coblosan, at: 08.00, text: Hari ini.}\n"), 2028)
	after := year(t, region(t, threeRegions, "- {id: hari-h, election: psu-timur, stage: coblosan, edge: selesai, at: 10.15, text: Hari pemungutan suara., topics: [medsos-like], to: {status: PNS}}\n"), 2028)
	if got, want := after[0].Key(), before[0].Key(); got != want || len(after) != 1 {
		t.Errorf("got %q in %s, want %q", got, list(after), want)
	}
	if after[0].ID() != before[0].ID() {
		t.Errorf("got id %q, want %q", after[0].ID(), before[0].ID())
	}
}

func TestIDsAreShortAndOrderedByDay(t *testing.T) {
	plan := reminder.Plan(embedded(), moment(t, "2023-01-01T00:00:00+07:00"), moment(t, "2025-01-01T00:00:00+07:00"))
	form := regexp.MustCompile(`^[a-z0-9-]{1,40}$`)
	seen := map[string]bool{}
	last := ""
	for _, o := range plan {
		id := o.ID()
		if !form.MatchString(id) || seen[id] || id[:len(time.DateOnly)] < last {
			t.Errorf("%s: id %q after %q", o.Key(), id, last)
		}
		seen[id], last = true, id[:len(time.DateOnly)]
	}
	if len(seen) != 38 {
		t.Errorf("got %d ids, want 38", len(seen))
	}
}

// overlapping are three elections in three timezones that run at the same time.
const overlapping = `
- {id: barat, name: Barat, timezone: Asia/Jakarta, source: pkpu-2-2024, stages: [
    {id: panjang, name: Panjang, from: 2027-12-01, to: 2028-02-29}, {id: sehari, name: Sehari, from: 2028-03-01, to: 2028-03-01}, {id: pendek, name: Pendek, from: 2028-03-02, to: 2028-03-04}]}
- {id: tengah, name: Tengah, region: Tengah, timezone: Asia/Makassar, source: pkpu-2-2024, stages: [
    {id: panjang, name: Panjang, from: 2028-01-15, to: 2028-03-31}, {id: sehari, name: Sehari, from: 2028-12-31, to: 2028-12-31}]}
- {id: timur, name: Timur, region: Timur, timezone: Asia/Jayapura, source: pkpu-2-2024, stages: [
    {id: sehari, name: Sehari, from: 2028-02-29, to: 2028-02-29}, {id: panjang, name: Panjang, from: 2028-03-01, to: 2028-12-20}, {id: pendek, name: Pendek, from: 2028-12-30, to: 2029-01-02}]}
`

// rules are random reminders; Load refuses what they must not be.
func rules(random *rand.Rand, n int) string {
	var b strings.Builder
	pick := func(values ...string) string { return values[random.IntN(len(values))] }
	for i := range n {
		stage, text, days, every := pick("panjang", "panjang", "pendek", "sehari"), pick("Teks.", "Sampai {{hari_lagi}}."), random.IntN(90)-60, 0
		if random.IntN(2) == 0 {
			days, every = -random.IntN(40), 1+random.IntN(20)
		} else if strings.Contains(text, "hari_lagi") {
			days = -random.IntN(60)
		}
		fmt.Fprintf(&b, "- {id: acak-%d, election: %q, stage: %s, edge: %s, days: %d, every: %d, at: %02d.%02d, text: %q, topics: [%s]}\n", i,
			pick("", "", "timur"), stage, pick("mulai", "selesai"), days, every, 6+random.IntN(15), random.IntN(60), text,
			pick("", "medsos-like", map[bool]string{true: "medsos-like, medsos-share, medsos-comment", false: "masa-tenang"}[every > 0]))
	}
	return b.String()
}

// number counts days, without a timezone.
func number(d knowledge.Date) int {
	at, err := time.Parse(time.DateOnly, d.String())
	if err != nil {
		panic(err) // unreachable: a Date writes itself so
	}
	return int(at.Unix() / 86400)
}

func date(number int) string {
	return time.Unix(int64(number)*86400, 0).UTC().Format(time.DateOnly)
}

// goesOut asks of one day whether a reminder goes out on it.
func goesOut(r knowledge.Reminder, s knowledge.Stage, day int) bool {
	first := map[knowledge.Edge]int{knowledge.Mulai: number(s.From), knowledge.Selesai: number(s.To)}[r.Edge] + r.Days
	if r.Every == 0 {
		return day == first
	}
	return day >= first && day <= number(s.To) && (day-first)%r.Every == 0
}

// inDays says how far a day is away.
func inDays(n int) string {
	switch n {
	case 0:
		return "hari ini"
	case 1:
		return "besok"
	}
	return fmt.Sprint(n, " hari lagi")
}

// naive is what is planned for one day, found without the functions that Plan rests on.
func naive(r knowledge.Reminder, e knowledge.Election, s knowledge.Stage, day int) string {
	counted := number(s.To)
	if r.Every == 0 && r.Edge == knowledge.Mulai {
		counted = number(s.From)
	}
	last, text := day, r.Text
	if strings.Contains(text, "{{hari_lagi}}") {
		for next := day + 1; next < counted && !goesOut(r, s, next); next++ {
			last = next
		}
		text = strings.ReplaceAll(text, "{{hari_lagi}}", inDays(counted-day))
	}
	topic := ""
	if len(r.Topics) > 0 {
		before := 0
		for d := day - 500; d < day; d++ {
			if goesOut(r, s, d) {
				before++
			}
		}
		topic = r.Topics[before%len(r.Topics)]
	}
	offset := map[string]string{"Asia/Jakarta": "+07:00", "Asia/Makassar": "+08:00", "Asia/Jayapura": "+09:00"}[e.Timezone]
	return fmt.Sprintf("%sT%s:00%s %s %s/%s/%s %s %s", date(day), strings.Replace(r.At.String(), ".", ":", 1), offset, date(last), e.ID, r.ID, date(day), topic, text)
}

// The plan of a year is what asking of each of its days gives, one reminder,
// election and stage after the other.
func TestPlanAgreesWithLookingAtEachDay(t *testing.T) {
	for seed := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, 28))
		base := region(t, overlapping, rules(random, 100))
		var want []string
		for day := number(knowledge.NewDate(2028, time.January, 1)); day <= number(knowledge.NewDate(2028, time.December, 31)); day++ {
			for _, r := range base.Reminders {
				for _, e := range base.Elections {
					for _, s := range e.Stages {
						if s.ID == r.Stage && (r.Election == "" || r.Election == e.ID) && goesOut(r, s, day) {
							want = append(want, naive(r, e, s, day))
						}
					}
				}
			}
		}
		var got []string
		last := time.Time{}
		for _, o := range windows(t, base, random) {
			text, ok := o.Text(o.At)
			if !ok || o.At.Before(last) || o.Until.Format("15:04:05.999999999") != "21:00:00" {
				t.Errorf("seed %d, %s: %v after %v, until %v, %v", seed, o.Key(), o.At, last, o.Until, ok)
			}
			last = o.At
			got = append(got, fmt.Sprintf("%s %s %s %s %s", o.At.Format(time.RFC3339), o.Until.Format(time.DateOnly), o.Key(), o.Topic, text))
		}
		slices.Sort(want)
		slices.Sort(got)
		if len(got) < 500 {
			t.Errorf("seed %d: only %d occurrences were compared", seed, len(got))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
	}
}

// windows plans the year 2028 in windows of any length, one after the other.
// From midnight to midnight is the same in all timezones, for nights are quiet.
func windows(t *testing.T, base *knowledge.Base, random *rand.Rand) []reminder.Occurrence {
	t.Helper()
	var all []reminder.Occurrence
	end := moment(t, "2028-12-31T23:59:59+07:00")
	for from := moment(t, "2027-12-31T23:59:59+07:00"); from.Before(end); {
		to := from.Add(time.Duration(random.Int64N(int64(30 * 24 * time.Hour))))
		if to.After(end) {
			to = end
		}
		all = append(all, reminder.Plan(base, from, to)...)
		from = to
	}
	return all
}
