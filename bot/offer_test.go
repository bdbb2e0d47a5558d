package bot_test

import (
	"strings"
	"testing"

	"tanyanetral/store"
)

// TestANumberPicksFromTheLastMessageOnly: what was offered before changes nothing.
func TestANumberPicksFromTheLastMessageOnly(t *testing.T) {
	for _, offer := range []string{"/langganan", "/data_saya"} { // to subscribe, to end a watch
		for _, between := range []string{"f:medsos-like", "p:", "t:tidak-ada"} {
			w := newWorld(t)
			w.press("w+:medsos-like")
			w.say(offer)
			w.press(between)
			got := w.say("1").Plain()
			if p := w.person(me); !strings.Contains(got, "Sedang tidak ada pilihan bernomor") || p.Subscription != store.NoReminders || len(p.Watches) != 1 {
				t.Errorf("%s, %s, 1: got %s\nand %+v", offer, between, got, p)
			}
		}
	}
}

// TestAnOfferStands where nothing takes its place: a notice, buttons that are
// drawn anew, and a number that was not offered.
func TestAnOfferStands(t *testing.T) {
	w := newWorld(t)
	card := w.say("boleh ga like postingan caleg")
	w.press("v+:medsos-like")
	w.press("w+:medsos-like")
	w.press("q+:2026-11-22-0123456789abcdef")
	if got := w.say("99").Plain(); !strings.Contains(got, "Pilih nomor 1 sampai") {
		t.Errorf("got %s", got)
	}
	if got := w.say("1"); "t:"+got.Result.Topic != card.Actions[0].ID {
		t.Errorf("got %s", shown(got))
	}
}

// TestANumberMayBeAnHour where a time is asked for and nothing is offered.
func TestANumberMayBeAnHour(t *testing.T) {
	w := newWorld(t)
	w.draft("Satu", store.Audience{}, w.now) // brings people
	w.admin("/siaran")
	w.admin("Apel hari ini.")
	w.admin("semua")
	if got := w.admin("17"); !strings.Contains(got, "Waktu: Minggu, 22 November 2026 pukul 17.00 WIB") {
		t.Errorf("got %s", got)
	}

	move := func() { w.pressAs(admin, "r:move:"+reminderID) }
	move()
	if got := w.admin("10"); !strings.Contains(got, "Waktu: Selasa, 24 November 2026 pukul 10.00 WIB") {
		t.Errorf("got %s", got)
	}
	move()
	w.pressAs(admin, "r:") // offers a list, and asks for no time any more
	w.admin("1")
	if got := w.admin("11"); !strings.Contains(got, "Sedang tidak ada pilihan bernomor") {
		t.Errorf("got %s", got)
	}
	if got := w.delivery(reminderID).Start.Hour(); got != 10 {
		t.Errorf("it goes out at %d", got)
	}
}

// TestANumberIsNoPlaceOfWork: who types one picks from what stood there before.
func TestANumberIsNoPlaceOfWork(t *testing.T) {
	w := newWorld(t)
	w.press("p:unit")
	w.say("1")
	if got := w.person(me).Unit; got != "" {
		t.Errorf("works at %q", got)
	}
	w.say("SDN 1 Sukamaju")
	if got := w.person(me).Unit; got != "SDN 1 Sukamaju" {
		t.Errorf("works at %q", got)
	}
}
