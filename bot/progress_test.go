package bot_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"tanyanetral/store"
)

func TestProgress(t *testing.T) {
	w := newWorld(t)
	start := w.now
	d := store.Delivery{
		ID: "b-1", Kind: store.Broadcast, State: store.Running, Start: start, Complete: true,
		Text: "Besok masa tenang dimulai.\nTahan jempol Anda, juga di grup keluarga dan di akun pribadi.", Topic: "medsos-like",
		Total: 10000, Counts: map[store.Outcome]int{store.Delivered: 4000, store.Unreachable: 100, store.Refused: 20},
	}
	change := func(f func(*store.Delivery)) store.Delivery { d := d; f(&d); return d }
	const about = "\n\n• Isi: Besok masa tenang dimulai. Tahan jempol Anda, juga di grup k…\n• Penerima: semua pelanggan\n• Mulai: Minggu, 22 November 2026 pukul 09.00 WIB"
	const id = "\n\nMelihatnya lagi: /pengingat b-1"
	const running = "\n\n[⏸ Jeda|b:pause:b-1] [⏹ Batalkan|b:cancel:b-1]"
	const counted = "\n\nHasil (dibulatkan):\n• Terkirim: 4.000\n• Tidak terjangkau (memblokir bot, atau akunnya tidak ada lagi): 100\n• Ditolak oleh kanalnya: 20"
	tests := map[string]struct {
		d    store.Delivery
		want string
	}{
		"running": {d, "Siaran sedang dikirim\n\n▓▓▓▓░░░░░░ 4.120/10.000" + counted + about + id + running},
		"its set is not complete": {
			change(func(d *store.Delivery) { d.Complete, d.Counts = false, nil }),
			"Siaran sedang dikirim\n\n░░░░░░░░░░ 0/10.000 (daftar penerima masih disusun)\n\nHasil (dibulatkan):\n• Terkirim: 0" + about + id + running,
		},
		"scheduled": {
			change(func(d *store.Delivery) { d.State, d.Total, d.Counts = store.Scheduled, 0, nil }),
			"Siaran dijadwalkan" + about + id + running,
		},
		"paused": {
			change(func(d *store.Delivery) { d.State = store.Paused }),
			"Siaran dijeda\n\n▓▓▓▓░░░░░░ 4.120/10.000" + counted + about + id + "\n\n[▶️ Lanjutkan|b:resume:b-1] [⏹ Batalkan|b:cancel:b-1]",
		},
		"done": {
			change(func(d *store.Delivery) {
				d.State, d.Ended = store.Done, start.Add(125*time.Minute+30*time.Second)
				d.Counts = map[store.Outcome]int{store.Delivered: 9800, store.Unreachable: 100, store.Refused: 20, store.Unsubscribed: 50, store.TooLate: 30}
			}),
			"Siaran sudah selesai\n\n▓▓▓▓▓▓▓▓▓▓ 10.000/10.000\n\nHasil (dibulatkan):\n• Terkirim: 9.800\n• Tidak terjangkau (memblokir bot, atau akunnya tidak ada lagi): 100\n• Ditolak oleh kanalnya: 20\n• Berhenti berlangganan sebelum gilirannya: 50\n• Terlambat: tidak berlaku lagi saat gilirannya: 30" +
				about + "\n• Berakhir: Minggu, 22 November 2026 pukul 11.05 WIB\n• Lamanya: 2 jam 5 menit" + id + "\n\n[📄 Laporan (CSV)|b:csv:b-1]",
		},
		"cancelled": {
			change(func(d *store.Delivery) { d.State, d.Ended = store.Cancelled, start.Add(59*time.Second) }),
			"Siaran dibatalkan\n\n▓▓▓▓░░░░░░ 4.120/10.000" + counted + "\n• Tidak dikirim: 5.880" + about + "\n• Berakhir: Minggu, 22 November 2026 pukul 09.00 WIB\n• Lamanya: kurang dari satu menit" + id + "\n\n[📄 Laporan (CSV)|b:csv:b-1]",
		},
		"skipped": {
			store.Delivery{ID: "b-1", Kind: store.Reminder, State: store.Skipped, Start: start, Ended: start, Topic: "medsos-like", To: store.Audience{Status: "PNS", Stages: true}, Note: "Bot tidak berjalan."},
			"Pengingat dilewati\n\n• Isi: Bolehkah menyukai (like) unggahan calon atau partai?\n• Penerima: pelanggan PNS, termasuk pelanggan tahapan\n• Mulai: Minggu, 22 November 2026 pukul 09.00 WIB\n• Berakhir: Minggu, 22 November 2026 pukul 09.00 WIB\n• Catatan: Bot tidak berjalan." + id,
		},
		"few of many": {
			change(func(d *store.Delivery) {
				d.State, d.Ended, d.Total = store.Done, start.Add(20*time.Minute), 9
				d.Counts = map[store.Outcome]int{store.Delivered: 8, store.Unsubscribed: 1}
			}),
			"Siaran sudah selesai\n\n▓▓▓▓▓▓▓▓▓▓ 5/5\n\nHasil (dibulatkan):\n• Terkirim: 5\n• Berhenti berlangganan sebelum gilirannya: kurang dari 5" +
				about + "\n• Berakhir: Minggu, 22 November 2026 pukul 09.20 WIB\n• Lamanya: 20 menit" + id + "\n\n[📄 Laporan (CSV)|b:csv:b-1]",
		},
		"few": {
			change(func(d *store.Delivery) {
				d.State, d.Ended, d.Photo, d.Text, d.Total = store.Done, start.Add(20*time.Minute), "AgAD", "Apel.", 4
				d.Counts = map[store.Outcome]int{store.Delivered: 3, store.Unreachable: 1}
			}),
			"Siaran sudah selesai\n\nkurang dari 5 orang\n\n• Isi: 🖼 Apel.\n• Penerima: semua pelanggan\n• Mulai: Minggu, 22 November 2026 pukul 09.00 WIB\n• Berakhir: Minggu, 22 November 2026 pukul 09.20 WIB\n• Lamanya: 20 menit" + id + "\n\n[📄 Laporan (CSV)|b:csv:b-1]",
		},
	}
	for name, test := range tests {
		reply := w.bot.Progress(test.d)
		checkForm(t, reply)
		if got := shown(reply); got != test.want {
			t.Errorf("%s: got\n%s\n\nwant\n%s", name, got, test.want)
		}
		if !reply.Replace {
			t.Errorf("%s: it is not edited in place", name)
		}
	}
}

// TestReport: spreadsheets open it, and no person is in it.
func TestReport(t *testing.T) {
	w := newWorld(t)
	d := store.Delivery{
		ID: "b-1", Kind: store.Broadcast, By: "rahasia", State: store.Cancelled, Note: "Habis; \"waktunya\"", Text: "=1+1",
		To: store.Audience{Unit: "Dinas Kesehatan"}, Created: w.now.Add(-time.Hour), Start: w.now, Ended: w.now.Add(time.Hour),
		Progress: []store.Place{{Chat: store.Key{Channel: "uji", ID: "rahasia"}}}, Collected: store.Key{Channel: "uji", ID: "rahasia"},
		Total: 10000, Counts: map[store.Outcome]int{store.Delivered: 4000, store.Unreachable: 100, store.Refused: 20, store.Unsubscribed: 3, store.TooLate: 2},
	}
	read := func(d store.Delivery) string {
		t.Helper()
		report, ok := bytes.CutPrefix(w.bot.Report(d), []byte("\ufeff"))
		if !ok || !bytes.HasSuffix(report, []byte("\r\n")) {
			t.Errorf("Excel does not know it: %q", report)
		}
		table := csv.NewReader(bytes.NewReader(report))
		table.Comma = ';'
		rows, err := table.ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("got %d rows, error %v", len(rows), err)
		}
		var cells []string
		for i, name := range rows[0] {
			cells = append(cells, name+"="+rows[1][i])
		}
		return strings.Join(cells, "\n")
	}
	want := `id=b-1
jenis=Siaran
keadaan=dibatalkan
catatan=Habis; "waktunya"
penerima=pelanggan unit Dinas Kesehatan
dibuat=2026-11-22 08:00:00
mulai=2026-11-22 09:00:00
berakhir=2026-11-22 10:00:00
jumlah_penerima=10000
terkirim=4000
tidak_terjangkau=100
ditolak=20
berhenti_berlangganan=kurang dari 5
terlambat=kurang dari 5
tidak_dikirim=5875`
	if got := read(d); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	d.Total, d.Counts = 4, map[store.Outcome]int{store.Delivered: 1}
	if got := read(d); !strings.Contains(got, "jumlah_penerima=kurang dari 5\nterkirim=kurang dari 5\n") || strings.Contains(got, "=1\n") {
		t.Errorf("a report of few: %s", got)
	}
}

// TestNobodyTellsOfFew: no number, and no two of them, tell how many of fewer
// than five stopped, unless the rest is at a step of five.
func TestNobodyTellsOfFew(t *testing.T) {
	told := map[string]bool{}
	for n := 1; n < 5; n++ {
		w := newWorld(t)
		d := w.draft("Satu", store.Audience{}, time.Time{})
		d.State, d.Start, d.Ended = store.Done, w.now, w.now
		w.put(d)
		w.carry(d.ID, map[store.Outcome]int{store.Delivered: 24 - n, store.Unsubscribed: n}, 24)
		told[strings.Join([]string{
			shown(w.bot.Progress(w.delivery(d.ID))), string(w.bot.Report(w.delivery(d.ID))), w.admin("/pengingat riwayat"),
		}, "\n")] = true
	}
	if len(told) != 1 {
		t.Errorf("got %d different reports: %v", len(told), told)
	}
	for n, want := range map[int]string{0: "5", 1: "5", 2: "5", 3: "10"} { // 7 others
		w := newWorld(t)
		w.draft("Satu", store.Audience{}, time.Time{})
		w.crowd(map[string]int{"PPPK": n}, func(kind string) store.Person {
			return store.Person{Status: kind, Subscription: store.AllReminders}
		})
		if got := w.admin("/siaran semua | sekarang | Apel."); !strings.Contains(got, "Penerima: semua pelanggan, sekitar "+want+" orang") {
			t.Errorf("%d more: got %s", n, got)
		}
	}
}

// TestReportIsAFile of the conversation, too.
func TestReportIsAFile(t *testing.T) {
	w := newWorld(t)
	d := w.draft("Satu", store.Audience{}, time.Time{})
	d.State, d.Start, d.Ended = store.Done, w.now, w.now
	w.put(d)
	w.carry(d.ID, map[store.Outcome]int{store.Delivered: 7}, 7)
	button, ok := control(w.bot.Progress(w.delivery(d.ID)), "📄 Laporan (CSV)")
	if !ok {
		t.Fatal("no button")
	}
	file := w.pressAs(admin, button.ID).File
	if file == nil || file.Name != d.ID+".csv" || file.Picture || !bytes.Equal(file.Content, w.bot.Report(w.delivery(d.ID))) {
		t.Errorf("got %+v", file)
	}
}
