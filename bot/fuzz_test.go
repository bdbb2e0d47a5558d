package bot_test

import (
	"testing"
	"unicode/utf8"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// FuzzHandle says anything and presses anything, in private and in a group: no
// panic, no error, and nothing that a channel could not show.
func FuzzHandle(f *testing.F) {
	for _, seed := range []string{
		"boleh ga like postingan caleg", "/profil unit x", "/cari \xff", "1", "/start t_medsos-like", "t:medsos-like", "k:medsos:2",
		"w+:medsos-like", "v-:medsos-like", "q+:2026-11-22-0123456789abcdef", "n:", "d:", "dw:x", "p:unit:y", "s:semua", "z:boleh:medsos-like", "z:",
		"/siaran semua | besok 08.00 | x\ntopik medsos-like", "/siaran", "/pengingat riwayat", "b:", "b:to:b-1:pns", "b:topic:medsos-like", "b:send:b-1", "r:", "r:move:2026-11-24-00000000000000aa",
	} {
		f.Add(seed, seed, byte(0))
		f.Add(seed, "", byte(1))
		f.Add(seed, seed, byte(4))
	}
	f.Fuzz(func(t *testing.T, text, action string, how byte) {
		w := newWorld(t)
		e := bot.Event{Chat: me, Person: me}
		if how&1 != 0 {
			e.Chat, e.Group = group, true
		}
		if how&2 != 0 {
			e.Person = store.Key{}
		}
		if how&4 != 0 {
			e.Person = admin
			if !e.Group {
				e.Chat = admin
			}
		}
		if how&8 != 0 {
			e.Edited = "1"
		}
		e.Late, e.Attachment, e.Joined = how&16 != 0, how&32 != 0, how&64 != 0
		if how&128 != 0 {
			e.Picture = text
		}
		for _, said := range []bot.Event{{Text: text}, {Action: action}, {Text: action}, {Text: "/data_saya"}, {Text: "1"}} {
			e.Text, e.Action = said.Text, said.Action
			reply := w.do(e)
			checkForm(t, reply)
			if !utf8.ValidString(reply.Notice) {
				t.Errorf("a notice that is no text: %q", reply.Notice)
			}
		}
	})
}
