package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// reminderID is that of a reminder of plan.
const reminderID = "2026-11-24-00000000000000aa"

// plan has two reminders go out, as an administrator left them.
func plan(state store.Store) func(from, to time.Time) []bot.Upcoming {
	at := time.Date(2026, time.November, 24, 7, 0, 0, 0, jakarta)
	reminders := []bot.Upcoming{
		{
			ID: reminderID, Rule: "uji/masa-tenang", Title: "Masa tenang, Pemilu Uji", Text: "Masa tenang dimulai hari ini.", Topic: "medsos-like",
			To: store.Audience{Stages: true}, At: at, Until: at.Add(14 * time.Hour), Zone: "Asia/Jakarta",
		},
		{
			ID: "2026-11-27-00000000000000bb", Rule: "uji/coblosan", Title: "Pemungutan suara, Pemilu Uji", Text: "Pemungutan suara hari ini.",
			To: store.Audience{Status: "PNS", Timezone: "Asia/Makassar"}, At: at.AddDate(0, 0, 3), Until: at.AddDate(0, 0, 3).Add(14 * time.Hour), Zone: "Asia/Makassar",
		},
	}
	return func(from, to time.Time) (upcoming []bot.Upcoming) {
		for _, u := range reminders {
			err := state.View(func(tx store.Tx) error {
				d, err := tx.Delivery(u.ID)
				if err == nil {
					u.At, u.State = d.Start, string(d.State)
				}
				return err
			})
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				panic(err)
			}
			if u.At.After(from) && !u.At.After(to) {
				upcoming = append(upcoming, u)
			}
		}
		return upcoming
	}
}

// TestMadeUpActionsOfAdministrators: nothing goes out, and nothing breaks.
func TestMadeUpActionsOfAdministrators(t *testing.T) {
	const gone = "Pilihan itu sudah tidak ada"
	const none = "Siaran atau pengingat itu tidak ada"
	tests := map[string]string{
		"b":                                gone + "|Siaran", // the beginning of a broadcast
		"b:x":                              gone,
		"b:send:":                          none,
		"b:send:b-20261122020000-00000000": none,
		"b:again:../../x":                  none,
		"b:to:":                            none,
		"b:to:b-1:semua":                   none,
		"b:to:b-1:raja":                    none,
		"b:to:b-1:unit":                    none,
		"b:at:b-1:sekarang":                none,
		"b:at::":                           none,
		"b:drop:b-1":                       none,
		"b:drop:":                          "Baik, tidak ada yang dikirim.",
		"b:topic:tidak-ada":                "Tidak ada topik|Kartu topik yang mana?",
		"b:topic:":                         "Siapa penerimanya?|masih kosong",
		"b:pause:b-1":                      none,
		"b:resume:\xff":                    none,
		"b:cancel:" + reminderID:           none,
		"b:csv:b-1":                        none,
		"b:demo:x":                         "Ini pratinjau",
		"r:x":                              gone,
		"r:see:":                           none,
		"r:see:b-1":                        none,
		"r:skip:b-1":                       none,
		"r:move:b-1":                       none,
		"r:move:" + reminderID:             "Jam berapa dikirim pada 24 November 2026?",
	}
	for id, want := range tests {
		w := newWorld(t)
		reply := w.pressAs(admin, id)
		checkForm(t, reply)
		got := shown(reply)
		if !slices.ContainsFunc(strings.Split(want, "|"), func(part string) bool { return strings.Contains(got, part) }) {
			t.Errorf("%.40q: got %q, want %q", id, got, want)
		}
		if all := w.active(); len(all) > 1 || len(all) == 1 && all[0].State != store.Draft {
			t.Errorf("%.40q: got deliveries %+v", id, all)
		}
		if len(w.audit()) > 0 {
			t.Errorf("%.40q: got audit %q", id, w.audit())
		}
	}
}

func (w *world) active() (all []store.Delivery) {
	w.Helper()
	err := w.state.View(func(tx store.Tx) (err error) {
		all, err = tx.ActiveDeliveries()
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return all
}

// TestOnlyAdministratorsPressTheirButtons: not even an administrator in a group.
func TestOnlyAdministratorsPressTheirButtons(t *testing.T) {
	w := newWorld(t)
	d := w.draft("Satu", store.Audience{}, time.Time{})
	gone := shown(w.press("x"))
	for _, id := range []string{"b:", "b:send:" + d.ID, "b:again:" + d.ID, "b:drop:" + d.ID, "b:to:" + d.ID + ":pns", "b:at:" + d.ID + ":sekarang", "b:cancel:" + d.ID, "b:csv:" + d.ID, "b:demo", "b:topic:medsos-like", "r:", "r:log", "r:see:" + d.ID, "r:skip:" + reminderID, "r:move:" + reminderID} {
		for _, e := range []bot.Event{
			{Chat: me, Person: me}, {Chat: me}, {Chat: group, Group: true, Person: admin}, {Chat: group, Group: true, Person: me}, {Chat: group, Group: true},
			{Chat: store.Key{Channel: "lain", ID: admin.ID}, Person: store.Key{Channel: "lain", ID: admin.ID}},
		} {
			e.Action = id
			if got := shown(w.do(e)); got != gone {
				t.Errorf("%s by %+v: got %s", id, e.Person, got)
			}
		}
	}
	if got := w.delivery(d.ID); got.State != store.Draft || got.To != d.To {
		t.Errorf("kept %+v", got)
	}
}

// TestWhoIsAdministratorNoMore: what they were asked to type is a question then.
func TestWhoIsAdministratorNoMore(t *testing.T) {
	w := newWorld(t)
	w.admin("/siaran")
	w.bot.Admins = nil
	got := w.do(bot.Event{Chat: admin, Person: admin, Text: "boleh ga like postingan caleg"})
	if got.Result.Topic != "medsos-like" || len(w.active()) > 0 {
		t.Errorf("got %s", shown(got))
	}
	if got := w.do(bot.Event{Chat: admin, Person: admin, Attachment: true, Picture: "AgAD"}).Plain(); !strings.Contains(got, "hanya dapat membaca tulisan") {
		t.Errorf("got %s", got)
	}
}

// TestEditedMessagesAreNoAnswers: the text that was typed before is edited, while
// the time is asked for.
func TestEditedMessagesAreNoAnswers(t *testing.T) {
	w := newWorld(t)
	w.draft("Satu", store.Audience{}, time.Time{}) // brings people
	w.admin("/siaran")
	w.admin("Apel besok.")
	got := w.do(bot.Event{Chat: admin, Person: admin, Text: "Apel lusa.", Edited: "7"}).Plain()
	if !strings.Contains(got, "Pesan yang disunting") {
		t.Errorf("got %s", got)
	}
	if got := w.admin("semua"); !strings.Contains(got, "Kapan dikirim?") {
		t.Errorf("the question does not stand any more: got %s", got)
	}
}

// TestADraftThatWasConfirmedStaysSo: what is saved late does not take it back.
func TestADraftThatWasConfirmedStaysSo(t *testing.T) {
	w := newWorld(t)
	d := w.draft("Satu", store.Audience{}, time.Time{})
	for _, id := range []string{"b:to:" + d.ID + ":pns", "b:drop:" + d.ID} {
		turn, err := w.bot.Handle(bot.Event{Chat: admin, Person: admin, Action: id})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := w.state.Update(turn.Save); err != nil {
				t.Error(err)
			}
			if got := w.delivery(d.ID); got.State != store.Scheduled || got.To != d.To {
				t.Errorf("%s: kept %+v", id, got)
			}
		}()
	}
	if _, err := w.bot.Confirm(d.ID, "8", false); err != nil {
		t.Fatal(err)
	}
}

// TestSkipAndMove: decided once, by whom and when, and not once it has begun.
func TestSkipAndMove(t *testing.T) {
	w := newWorld(t)
	for range 2 { // the second time is the same event again
		if u, err := w.bot.Skip(reminderID, "9"); err != nil || u.State != string(store.Skipped) {
			t.Fatalf("got %+v, error %v", u, err)
		}
	}
	d := w.delivery(reminderID)
	at := time.Date(2026, time.November, 24, 7, 0, 0, 0, jakarta)
	if d.State != store.Skipped || d.Kind != store.Reminder || d.Rule != "uji/masa-tenang" || d.Note == "" || !d.Ended.Equal(w.now) || !d.Start.Equal(at) || !d.To.Stages || d.Topic != "medsos-like" || d.Text == "" {
		t.Errorf("kept %+v", d)
	}
	for range 2 {
		if u, err := w.bot.Move(reminderID, "terminal", at.Add(3*time.Hour)); err != nil || !u.At.Equal(at.Add(3*time.Hour)) {
			t.Fatalf("got %+v, error %v", u, err)
		}
	}
	d = w.delivery(reminderID)
	if d.State != store.Scheduled || !d.Start.Equal(at.Add(3*time.Hour)) || !d.Ended.IsZero() || d.Note != "" || !d.Until.Equal(at.Add(14*time.Hour)) {
		t.Errorf("kept %+v", d)
	}
	want := []string{"terminal move " + reminderID + " 2026-11-24T10:00:00+07:00", "9 skip " + reminderID + " 2026-11-24T07:00:00+07:00"}
	if diff := cmp.Diff(want, w.audit()); diff != "" {
		t.Error(diff)
	}
	for name, at := range map[string]time.Time{
		"the day before":   at.AddDate(0, 0, -1),
		"at night":         at.Add(-2 * time.Hour),
		"when it is over":  at.Add(14 * time.Hour),
		"the day after":    at.AddDate(0, 0, 1),
		"in another world": {},
	} {
		_, err := w.bot.Move(reminderID, "9", at)
		if _, ok := errors.AsType[bot.Mistake](err); !ok {
			t.Errorf("%s: got error %v", name, err)
		}
	}
	d.State = store.Running
	w.put(d)
	if _, err := w.bot.Skip(reminderID, "9"); err == nil || !strings.Contains(err.Error(), "Pengingat ini sedang dikirim.") {
		t.Errorf("once it has begun: got error %v", err)
	}
	if got := w.delivery(reminderID); got.State != store.Running {
		t.Errorf("kept %+v", got)
	}
}

// TestMoveToADayThatIsNamed: it is counted from today, not from the reminder's day.
func TestMoveToADayThatIsNamed(t *testing.T) {
	for typed, want := range map[string]string{
		"hari ini 10.00": "belum benar sebelum 24 November",
		"besok 10.00":    "belum benar sebelum 24 November",
		"lusa 10.00":     "Waktu: Selasa, 24 November 2026 pukul 10.00 WIB",
		"11.00":          "Waktu: Selasa, 24 November 2026 pukul 11.00 WIB",
	} {
		w := newWorld(t)
		w.pressAs(admin, "r:move:"+reminderID)
		if got := w.admin(typed); !strings.Contains(got, want) {
			t.Errorf("%q: got %s", typed, got)
		}
	}
}

// TestBroadcastsAreNoReminders: they are listed with them, but not skipped or moved.
func TestBroadcastsAreNoReminders(t *testing.T) {
	w := newWorld(t)
	d := w.draft("Satu", store.Audience{}, w.now.AddDate(0, 0, 1))
	if _, err := w.bot.Confirm(d.ID, "9", false); err != nil {
		t.Fatal(err)
	}
	d = w.delivery(d.ID)
	w.bot.Upcoming = func(time.Time, time.Time) []bot.Upcoming {
		return []bot.Upcoming{{ID: d.ID, Title: "Siaran", At: d.Start, State: string(d.State)}}
	}
	if got := w.admin("/pengingat"); strings.Count(got, "dijadwalkan") != 1 {
		t.Errorf("got %s", got)
	}
	for _, id := range []string{"r:skip:" + d.ID, "r:move:" + d.ID} {
		if got := shown(w.pressAs(admin, id)); !strings.Contains(got, "Siaran ini dijadwalkan.") && !strings.Contains(got, "Siaran dijadwalkan") {
			t.Errorf("%s: got %s", id, got)
		}
	}
	if got := w.delivery(d.ID); got.Kind != store.Broadcast || got.State != store.Scheduled {
		t.Errorf("kept %+v", got)
	}
}

// TestAgendaHasAnEnd: it fits a message, however much is planned.
func TestAgendaHasAnEnd(t *testing.T) {
	w := newWorld(t)
	w.bot.Upcoming = func(from, _ time.Time) (all []bot.Upcoming) {
		for i := range 40 {
			all = append(all, bot.Upcoming{
				ID: fmt.Sprintf("2026-11-23-%016x", i), Title: strings.Repeat("Tahapan yang panjang namanya ", 4), At: from.Add(time.Duration(i+1) * time.Hour),
				To: store.Audience{Unit: strings.Repeat("x", 80), Status: "non-ASN", Timezone: "Asia/Makassar", Stages: true},
			})
		}
		return all
	}
	reply := w.do(bot.Event{Chat: admin, Person: admin, Text: "/pengingat"})
	checkForm(t, reply)
	if got := reply.Plain(); len(reply.Actions) != 15 || !strings.Contains(got, "Dan 25 lagi sesudahnya.") || len([]rune(got)) > 8000 {
		t.Errorf("got %d letters: %s", len([]rune(got)), got)
	}
	w.bot.Upcoming = nil
	if got := w.admin("/pengingat"); !strings.Contains(got, "Rencana pengingat tidak tersedia") {
		t.Errorf("got %s", got)
	}
}

// TestHistory: the last first, whatever they are, and no drafts.
func TestHistory(t *testing.T) {
	w := newWorld(t)
	at := func(hours int) time.Time { return w.now.Add(time.Duration(hours-48) * time.Hour) }
	for _, d := range []store.Delivery{
		{ID: "b-20261120020000-00000001", Kind: store.Broadcast, State: store.Done, Text: "Siaran pertama", Start: at(1), Ended: at(2)},
		{ID: "2026-11-21-00000000000000aa", Kind: store.Reminder, State: store.Skipped, Text: "Terlewat", Start: at(3), Ended: at(3)},
		{ID: "2026-11-22-00000000000000bb", Kind: store.Reminder, State: store.Running, Text: "Berjalan", Start: at(5)},
		{ID: "b-20261120030000-00000002", Kind: store.Broadcast, State: store.Cancelled, Text: "Siaran kedua", Start: at(3), Ended: at(4)},
		{ID: "b-20261120040000-00000003", Kind: store.Broadcast, State: store.Draft, Text: "Rancangan", Created: w.now},
		{ID: "b-20261120050000-00000004", Kind: store.Broadcast, State: store.Cancelled, Text: "Rancangan yang dibatalkan", Ended: at(4)},
		{ID: "b-20261120060000-00000005", Kind: store.Broadcast, State: store.Scheduled, Text: "Nanti", Start: at(100)},
	} {
		w.put(d)
	}
	w.carry("b-20261120020000-00000001", map[store.Outcome]int{store.Delivered: 1180, store.Unreachable: 23}, 1203)
	w.carry("b-20261120030000-00000002", map[store.Outcome]int{store.Delivered: 3}, 4)
	err := w.state.Update(func(tx store.Tx) error {
		for i, e := range []store.AuditEntry{
			{By: "terminal", Action: "reload", Detail: "topics: 138"},
			{By: "8", Action: "cancel", Detail: "b-20261120030000-00000002"},
			{By: "9", Action: "other", Detail: "sesuatu"},
		} {
			e.At = at(i)
			if err := tx.WriteAudit(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `Riwayat

Pengiriman terakhir:
• Jumat, 20 November 2026 pukul 14.00 WIB: Pengingat "Berjalan", sedang dikirim
• Jumat, 20 November 2026 pukul 13.00 WIB: Siaran "Siaran kedua", dibatalkan, kurang dari 5 orang
• Jumat, 20 November 2026 pukul 12.00 WIB: Pengingat "Terlewat", dilewati
• Jumat, 20 November 2026 pukul 11.00 WIB: Siaran "Siaran pertama", sudah selesai, 1.180 dari sekitar 1.200 terkirim

Tindakan administrator:
• Jumat, 20 November 2026 pukul 11.00 WIB: Anda other: sesuatu
• Jumat, 20 November 2026 pukul 10.00 WIB: administrator 8 membatalkan: Siaran kedua
• Jumat, 20 November 2026 pukul 09.00 WIB: lewat terminal, memuat ulang pengetahuan: topics: 138

Melihat laporannya (ketik nomornya):
1. 20/11 14.00 Pengingat "Berjalan"
2. 20/11 13.00 Siaran "Siaran kedua"
3. 20/11 12.00 Pengingat "Terlewat"
4. 20/11 11.00 Siaran "Siaran pertama"`
	if diff := cmp.Diff(want, w.admin("/pengingat riwayat")); diff != "" {
		t.Error(diff)
	}
}
