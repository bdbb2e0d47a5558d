package bot

import "strings"

// What the bot may have asked somebody to type. But for the first these are
// questions to administrators.
const (
	awaitsUnit     = "unit"
	awaitsContent  = "siaran isi"
	awaitsAudience = "siaran penerima"
	awaitsPlace    = "siaran unit"
	awaitsStart    = "siaran waktu"
	awaitsMove     = "pengingat jam"
)

// await notes that the next message answers a question. id names the delivery
// that it is about, "" for none.
func (t *turn) await(what, id string) {
	t.conversation.Awaiting, t.conversation.Offered = strings.TrimSpace(what+" "+id), nil
	t.remember()
}

// awaits tells whether the next message answers a question.
func (t *turn) awaits(what string) bool {
	return t.conversation.Awaiting == what || strings.HasPrefix(t.conversation.Awaiting, what+" ")
}

// awaitsNumber tells whether a number alone answers the question that was asked.
// It names no place of work, and picks where something was offered.
func (t *turn) awaitsNumber() bool {
	return t.conversation.Awaiting != "" && len(t.conversation.Offered) == 0 && !t.awaits(awaitsUnit)
}

// awaited takes a message for the answer to the question that was asked. Where it
// is no answer to it, the question stands.
func (t *turn) awaited(said string) (Reply, error) {
	if t.awaits(awaitsUnit) && t.event.Edited != "" {
		return t.ask(said) // an old message is no answer
	}
	if t.awaits(awaitsUnit) {
		return t.typedUnit(said)
	}
	if !t.admin() { // it is one no more
		t.conversation.Awaiting = ""
		return t.ask(said)
	}
	if t.event.Edited != "" {
		return say("Pesan yang disunting tidak saya pakai di sini. Ketik jawabannya sebagai pesan baru."), nil
	}
	t.remember()
	id := t.conversation.Awaiting[strings.LastIndexByte(t.conversation.Awaiting, ' ')+1:]
	switch {
	case t.awaits(awaitsContent) && t.event.Attachment && t.event.Picture == "":
		return Reply{}, Mistake("Yang dapat disiarkan hanya teks, atau foto dengan keterangan. Foto yang dikirim sebagai berkas tidak saya kenali.")
	case t.awaits(awaitsContent):
		return t.compose(said, t.event.Picture, nil, nil)
	case t.awaits(awaitsAudience):
		return t.addressTo(id, said)
	case t.awaits(awaitsPlace):
		return t.addressUnit(id, said)
	case t.awaits(awaitsStart):
		return t.startAt(id, said)
	case t.awaits(awaitsMove):
		return t.moveTo(id, said)
	}
	t.conversation.Awaiting = ""
	return t.ask(said)
}
