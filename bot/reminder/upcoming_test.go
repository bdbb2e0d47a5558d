package reminder_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"tanyanetral/bot/reminder"
	"tanyanetral/knowledge"
	"tanyanetral/store"
	"tanyanetral/store/memory"
)

const (
	vote      = `[{id: psu, name: PSU, region: Kota Sukamaju, timezone: Asia/Makassar, source: pkpu-2-2024, stages: [{id: pungut, name: Pemungutan suara, from: 2027-04-20, to: 2027-04-20}]}]`
	reminders = `
- {id: pagi, stage: pungut, days: -3, at: 08.00, text: "{{tahapan}} {{hari_lagi}}."}
- {id: siang, stage: pungut, days: -2, at: 12.00, change: true, topics: [ikrar-netralitas], to: {status: PNS}, text: "{{tahapan}} {{tanggal}}."}
- {id: sore, stage: pungut, days: 0, at: 15.00, text: "Selesai."}
`
)

// upcoming lists what goes out in the month of the vote, a line each.
func upcoming(t *testing.T, base *knowledge.Base, s store.Store) string {
	t.Helper()
	all, err := reminder.Upcoming(base, s, moment(t, "2027-03-31T23:59:59+08:00"), moment(t, "2027-03-31T23:59:59+08:00"), moment(t, "2027-04-30T23:59:59+08:00"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, u := range all {
		fmt.Fprintf(&b, "%s %s %s: %s\n", u.At.Format("02 15.04-07"), cmp.Or(u.State, "planned"), u.Title, u.Text)
	}
	return b.String()
}

func put(t *testing.T, s store.Store, deliveries ...store.Delivery) {
	t.Helper()
	err := s.Update(func(tx store.Tx) error {
		for _, d := range deliveries {
			if err := tx.PutDelivery(d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestUpcomingIsThePlanWithWhatBecameOfIt(t *testing.T) {
	base := region(t, vote, reminders)
	plan := reminder.Plan(base, moment(t, "2027-04-01T00:00:00+08:00"), moment(t, "2027-05-01T00:00:00+08:00"))
	ids := map[string]string{}
	for _, o := range plan {
		ids[o.Reminder.ID] = o.ID()
	}
	const planned = `17 08.00+08 planned Pemungutan suara, PSU di Kota Sukamaju: Pemungutan suara 3 hari lagi.
18 12.00+08 planned Pemungutan suara, PSU di Kota Sukamaju: Pemungutan suara 20 April 2027.
20 15.00+08 planned Pemungutan suara, PSU di Kota Sukamaju: Selesai.
`
	tests := map[string]struct {
		deliveries []store.Delivery
		want       string // "" for what is planned
	}{
		"nothing was decided": {},
		"sent, skipped, paused": {
			deliveries: []store.Delivery{
				{ID: ids["pagi"], Kind: store.Reminder, State: store.Done, Start: plan[0].At, Text: "Seperti terkirim."},
				{ID: ids["siang"], Kind: store.Reminder, State: store.Skipped, Start: plan[1].At, Text: "Dilewati."},
				{ID: ids["sore"], Kind: store.Reminder, State: store.Paused, Start: plan[2].At, Text: "Selesai."},
			},
			want: `17 08.00+08 done Pemungutan suara, PSU di Kota Sukamaju: Seperti terkirim.
18 12.00+08 skipped Pemungutan suara, PSU di Kota Sukamaju: Dilewati.
20 15.00+08 paused Pemungutan suara, PSU di Kota Sukamaju: Selesai.
`,
		},
		"moved within the time, and out of it": {
			deliveries: []store.Delivery{
				{ID: ids["pagi"], Kind: store.Reminder, State: store.Scheduled, Start: moment(t, "2027-04-19T09:30:00+08:00"), Text: "Lama."},
				{ID: ids["sore"], Kind: store.Reminder, State: store.Scheduled, Start: moment(t, "2027-05-02T15:00:00+08:00"), Text: "Lama."},
			},
			want: `18 12.00+08 planned Pemungutan suara, PSU di Kota Sukamaju: Pemungutan suara 20 April 2027.
19 09.30+08 scheduled Pemungutan suara, PSU di Kota Sukamaju: Pemungutan suara besok.
`,
		},
		"broadcasts": {
			deliveries: []store.Delivery{
				{ID: "b-1", Kind: store.Broadcast, State: store.Scheduled, Start: moment(t, "2027-04-18T01:00:00Z"), Text: "Satu\ndua"},
				{ID: "b-2", Kind: store.Broadcast, State: store.Draft, Start: moment(t, "2027-04-18T01:00:00Z"), Text: "Belum dikonfirmasi"},
				{ID: "b-3", Kind: store.Broadcast, State: store.Cancelled, Start: moment(t, "2027-04-18T01:00:00Z"), Text: "Batal"},
				{ID: "b-4", Kind: store.Broadcast, State: store.Paused, Start: moment(t, "2027-04-30T01:00:00Z"), Text: strings.Repeat("Panjang. ", 10)},
				{ID: "b-5", Kind: store.Broadcast, State: store.Scheduled, Start: moment(t, "2027-05-30T01:00:00Z"), Text: "Kelak"},
			},
			want: `17 08.00+08 planned Pemungutan suara, PSU di Kota Sukamaju: Pemungutan suara 3 hari lagi.
18 01.00+00 scheduled Siaran "Satu dua": Satu
dua
18 12.00+08 planned Pemungutan suara, PSU di Kota Sukamaju: Pemungutan suara 20 April 2027.
20 15.00+08 planned Pemungutan suara, PSU di Kota Sukamaju: Selesai.
30 01.00+00 paused Siaran "Panjang. Panjang. Panjang. Panjang. Panjang. Panjang. Panjan…": ` + strings.Repeat("Panjang. ", 10) + `
`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := &memory.Store{}
			put(t, s, test.deliveries...)
			if diff := gocmp.Diff(cmp.Or(test.want, planned), upcoming(t, base, s)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A reminder that was moved from another month is found by its delivery.
func TestUpcomingFindsWhatWasMovedIntoTheTime(t *testing.T) {
	base := region(t, strings.ReplaceAll(vote, "2027-04-20", "2027-03-31"), `[{id: lusa, stage: pungut, days: -1, at: 08.00, text: "{{hari_lagi}}"}]`)
	s := &memory.Store{}
	before := reminder.Plan(base, moment(t, "2027-03-01T00:00:00+08:00"), moment(t, "2027-04-30T00:00:00+08:00"))
	put(t, s, store.Delivery{ID: before[0].ID(), Kind: store.Reminder, State: store.Scheduled, Start: moment(t, "2027-04-02T08:00:00+08:00"), Text: "Besok"})
	const want = "02 08.00+08 scheduled Pemungutan suara, PSU di Kota Sukamaju: Besok\n"
	if got := upcoming(t, base, s); got != want {
		t.Errorf("got %s", got)
	}
}

// What was due while nobody planned is not due any more; it never goes out.
func TestUpcomingCountsAsSkippedWhatWasNeverPlanned(t *testing.T) {
	base := region(t, vote, reminders)
	s := &memory.Store{}
	err := s.Update(func(tx store.Tx) error { return tx.SetPlannedUntil(moment(t, "2027-04-18T12:00:00+08:00")) })
	if err != nil {
		t.Fatal(err)
	}
	const want = `17 08.00+08 skipped Pemungutan suara, PSU di Kota Sukamaju: Pemungutan suara 3 hari lagi.
18 12.00+08 skipped Pemungutan suara, PSU di Kota Sukamaju: Pemungutan suara 20 April 2027.
20 15.00+08 planned Pemungutan suara, PSU di Kota Sukamaju: Selesai.
`
	if got := upcoming(t, base, s); got != want {
		t.Errorf("got %s", got)
	}
}

func TestUpcomingSaysToWhomAndWithWhat(t *testing.T) {
	base := region(t, vote, reminders)
	all, err := reminder.Upcoming(base, &memory.Store{}, moment(t, "2027-04-18T00:00:00+08:00"), moment(t, "2027-04-18T00:00:00+08:00"), moment(t, "2027-04-19T00:00:00+08:00"))
	if err != nil || len(all) != 1 {
		t.Fatalf("got %+v, %v", all, err)
	}
	got := all[0]
	if got.Rule != "psu/siang" || got.Topic != "ikrar-netralitas" || got.To != (store.Audience{Status: "PNS", Stages: true}) || got.Zone != "Asia/Makassar" {
		t.Errorf("got %+v", got)
	}
	if want := moment(t, "2027-04-18T21:00:00+08:00"); !got.Until.Equal(want) || got.At.Location().String() != "Asia/Makassar" {
		t.Errorf("at %v until %v", got.At, got.Until)
	}
}

func TestUpcomingBroadcastOfACardIsNamedAfterIt(t *testing.T) {
	s := &memory.Store{}
	start := moment(t, "2027-04-18T08:00:00+08:00")
	put(t, s, store.Delivery{ID: "b-1", Kind: store.Broadcast, State: store.Scheduled, Start: start, Topic: "golput-asn"})
	all, err := reminder.Upcoming(embedded(), s, start.Add(-1), start.Add(-1), start)
	if err != nil || len(all) != 1 {
		t.Fatalf("got %+v, %v", all, err)
	}
	topic, _ := embedded().Topic("golput-asn")
	if got, want := all[0].Title, "Siaran \""+string([]rune(topic.Title)[:20]); !strings.HasPrefix(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// faulty is a store that cannot be read.
type faulty struct{ store.Store }

func (faulty) View(func(store.Tx) error) error { return errFaulty }

var errFaulty = fmt.Errorf("disk")

func TestUpcomingTellsWhatIsWrongWithTheStore(t *testing.T) {
	_, err := reminder.Upcoming(embedded(), faulty{}, time.Time{}, time.Time{}, time.Time{}.AddDate(0, 0, 1))
	if want := "read what is to be delivered: disk"; fmt.Sprint(err) != want {
		t.Errorf("got %v", err)
	}
}
