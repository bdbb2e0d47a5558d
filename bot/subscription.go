package bot

import (
	"strings"

	"tanyanetral/store"
)

// reminderKinds are the subscriptions that people choose from.
var reminderKinds = []struct {
	kind              store.Subscription
	word, label, name string // as it is typed, on its button, and in a sentence
}{
	{store.AllReminders, "semua", "Semua pengingat", "semua pengingat"},
	{store.StagesOnly, "tahapan", "Hanya perubahan tahapan", "hanya perubahan tahapan"},
	{store.NoReminders, "berhenti", "Berhenti", "tidak berlangganan"},
}

// reminderName is what a subscription is called in a sentence.
func reminderName(s store.Subscription) string {
	for _, k := range reminderKinds {
		if k.kind == s {
			return k.name
		}
	}
	return string(s)
}

// subscribe shows which reminders a person gets, or changes it: "semua",
// "tahapan", "berhenti".
func (t *turn) subscribe(wanted string) Reply {
	notice := ""
	for _, k := range reminderKinds {
		if strings.EqualFold(wanted, k.word) {
			t.setSubscription(k.kind)
			notice = "Tersimpan: " + k.name + "."
		}
	}
	reply := Reply{
		Blocks: []Block{
			heading("Pengingat tahapan pemilihan"),
			text("Sekarang: %s.", reminderName(t.person.Subscription)),
			text("Pengingat datang menjelang dan saat tahapan berganti, misalnya masa tenang, dan tidak pada malam hari. Siaran dari administrator sampai kepada pelanggan semua pengingat. Unit kerja dan zona waktu diambil dari /profil. Berhenti dapat kapan saja: /berhenti"),
		},
		Offer:   "Ketik nomornya:",
		Notice:  notice,
		Replace: true,
	}
	for _, k := range reminderKinds {
		if k.kind != t.person.Subscription {
			reply.Actions = append(reply.Actions, Action{ID: "s:" + k.word, Label: k.label})
		}
	}
	return t.offer(reply)
}

// unsubscribe ends all reminders.
func (t *turn) unsubscribe() Reply {
	reply := say("Anda memang tidak berlangganan pengingat. Memulai: /langganan")
	if t.person.Subscription != store.NoReminders {
		t.setSubscription(store.NoReminders)
		reply = say("Pengingat dihentikan. Memulai lagi: /langganan")
	}
	if n := len(t.person.Watches); n > 0 {
		reply.Blocks = append(reply.Blocks, text("Kabar yang Anda minta sendiri (%d) tetap datang; mengaturnya: /data_saya", n))
	}
	return reply
}

// setSubscription also notes that reminders need not be offered any more.
func (t *turn) setSubscription(s store.Subscription) {
	t.change(func(p *store.Person) { p.Subscription, p.Offered = s, true })
}
