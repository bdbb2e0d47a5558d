package bot

import (
	"errors"
	"strings"
	"time"

	"tanyanetral/knowledge"
	"tanyanetral/store"
)

// A broadcast is made in a short dialogue: its content, who gets it, when, and
// then a preview with the button that sends it. What there is of it so far is a
// draft in the store; buttons name it, so that they work after a restart too.

// broadcast begins a broadcast, or makes it of what was typed with the command.
func (t *turn) broadcast(rest string) (Reply, error) {
	if _, isAudience := readAudience(rest); rest == "" || isAudience {
		return t.beginBroadcast(), nil
	}
	var to *store.Audience
	var start *time.Time
	parts := strings.Split(rest, "|")
	for ; len(parts) > 1; parts = parts[1:] {
		part := strings.TrimSpace(parts[0])
		audience, isAudience := readAudience(part)
		at, err := When(part, t.local())
		switch {
		case isAudience && to == nil:
			to = &audience
		case err == nil && start == nil:
			start = &at
		default:
			return Reply{}, mistakef("Bagian \"%s\" tidak saya pahami sebagai penerima atau waktu. Contoh: /siaran pns, wita | besok 08.00 | Isi siaran", clean(part, maxLabel))
		}
	}
	return t.compose(parts[0], "", to, start)
}

func (t *turn) beginBroadcast() Reply {
	t.await(awaitsContent, "")
	return Reply{
		Blocks: []Block{
			heading("Siaran"),
			text("Ketik isinya, atau kirim foto dengan keterangan. Kartu sebuah topik ikut disertakan bila baris terakhirnya seperti ini: topik medsos-like"),
			text("Sesudah itu Anda memilih penerima dan waktunya. Tidak ada yang dikirim sebelum Anda melihat pratinjau dan menekan ✅ Kirim."),
			{Kind: Bullets, Text: "Sekaligus dalam satu pesan:", Items: []string{
				"/siaran semua | Isi siaran", "/siaran pns, wita | besok 08.00 | Isi siaran", "/siaran unit Dinas Kesehatan | topik medsos-like",
			}},
		},
		Controls: [][]Action{{{ID: "r:", Label: "🗓 Yang akan dikirim"}, {ID: "b:drop:", Label: "✖️ Batal"}}},
		Replace:  true,
	}
}

// broadcastAction does what a button of a broadcast stands for. The id of the
// draft or delivery is the second part.
func (t *turn) broadcastAction(object string) (Reply, error) {
	verb, rest, _ := strings.Cut(object, ":")
	id, value, _ := strings.Cut(rest, ":")
	switch verb {
	case "":
		return t.beginBroadcast(), nil
	case "topic":
		return t.compose(topicWord+" "+id, "", nil, nil)
	case "to":
		return t.addressTo(id, value)
	case "at":
		return t.startAt(id, value)
	case "demo":
		return Reply{Notice: "Ini pratinjau. Dengan tombol ini penerima menghentikan semua pengingat."}, nil
	case "send":
		return t.confirm(id, false)
	case "again":
		return t.confirm(id, true)
	case "drop":
		return t.drop(id)
	case "pause":
		return t.steer(t.bot.Pause(id, t.event.Person.ID))
	case "resume":
		return t.steer(t.bot.Resume(id, t.event.Person.ID))
	case "cancel":
		return t.steer(t.bot.Cancel(id, t.event.Person.ID))
	case "csv":
		return t.reportFile(id)
	}
	return gone(), nil
}

// compose makes a draft of its content, with the audience and the start where
// these are known already, and goes on with what is not.
func (t *turn) compose(content, photo string, to *store.Audience, start *time.Time) (Reply, error) {
	said, topic := t.cutTopic(tidy(content))
	if words, ok := cutWord(said, topicWord); ok && topic == "" && photo == "" && !strings.Contains(said, "\n") {
		return t.chooseTopic(words)
	}
	var audience store.Audience
	if to != nil {
		audience = *to
	}
	var at time.Time
	if start != nil {
		at = *start
	}
	d, err := t.bot.NewBroadcast(t.event.Person.ID, said, topic, photo, audience, at)
	if err != nil {
		return Reply{}, err
	}
	t.draft = &d
	if to == nil {
		return t.askAudience(d), nil
	}
	return t.preview(d)
}

// topicWord begins the line that names the topic whose card goes along.
const topicWord = "topik"

// cutTopic returns the text without a last line that names a topic, and its id.
func (t *turn) cutTopic(content string) (said, topic string) {
	before, last := "", content
	if i := strings.LastIndexByte(content, '\n'); i >= 0 {
		before, last = content[:i], content[i+1:]
	}
	if id, ok := cutWord(last, topicWord); ok {
		if topic, ok := t.base.Topic(strings.ToLower(id)); ok {
			return before, topic.ID
		}
	}
	return content, ""
}

// chooseTopic offers the topics that somebody may have meant with a few words.
func (t *turn) chooseTopic(words string) (Reply, error) {
	t.await(awaitsContent, "") // they may think better of it
	found, _ := t.search.find(words, maxFound)
	if len(found) == 0 {
		return Reply{}, Mistake("Tidak ada topik dengan kata itu. Coba kata lain, misalnya: topik stiker")
	}
	reply := Reply{Blocks: []Block{heading("Kartu topik yang mana?")}, Offer: "Ketik nomornya:"}
	for _, topic := range found {
		reply.Actions = append(reply.Actions, Action{ID: "b:topic:" + topic.ID, Label: topic.Title})
	}
	return t.offer(reply), nil
}

// draftOf returns a draft that is not confirmed yet.
func (t *turn) draftOf(id string) (store.Delivery, error) {
	d, err := t.bot.delivery(id)
	if err == nil && d.State != store.Draft {
		err = notDraft(d)
	}
	return d, err
}

// addressTo reads who gets a broadcast, and goes on. "" asks who, "unit" which unit.
func (t *turn) addressTo(id, audience string) (Reply, error) {
	d, err := t.draftOf(id)
	switch {
	case err != nil:
		return Reply{}, err
	case audience == "":
		return t.askAudience(d), nil
	case audience == "unit":
		t.await(awaitsPlace, id)
		return say("Ketik nama unit kerjanya, seperti ditulis orang di /profil; misalnya: Dinas Kesehatan"), nil
	}
	to, ok := readAudience(audience)
	if !ok {
		return Reply{}, Mistake("Penerima itu tidak saya pahami. Contoh: semua; atau: pns, wita; atau: unit Dinas Kesehatan")
	}
	return t.address(d, to)
}

// addressUnit takes what was typed for the place of work of those who get a broadcast.
func (t *turn) addressUnit(id, unit string) (Reply, error) {
	d, err := t.draftOf(id)
	if err != nil {
		return Reply{}, err
	}
	return t.address(d, store.Audience{Unit: clean(unit, maxUnit)})
}

// address notes who gets a broadcast, and goes on.
func (t *turn) address(d store.Delivery, to store.Audience) (Reply, error) {
	d.To = to
	t.draft = &d
	if anybody, err := t.bot.anybody(to); err != nil || !anybody {
		return t.nobody(d), err
	}
	if d.Start.IsZero() {
		return t.askStart(d), nil
	}
	return t.preview(d)
}

// startAt notes when a broadcast goes out, and goes on. "" asks when.
func (t *turn) startAt(id, when string) (Reply, error) {
	d, err := t.draftOf(id)
	if err != nil {
		return Reply{}, err
	}
	if when == "" {
		return t.askStart(d), nil
	}
	if d.Start, err = When(when, t.local()); err != nil {
		return Reply{}, err
	}
	if err := checkStart(d.Start, t.now); err != nil {
		return Reply{}, err
	}
	t.draft = &d
	return t.preview(d)
}

func (t *turn) askAudience(d store.Delivery) Reply {
	t.await(awaitsAudience, d.ID)
	to := func(audience, label string) Action { return Action{ID: "b:to:" + d.ID + ":" + audience, Label: label} }
	return Reply{
		Blocks: []Block{
			heading("Siapa penerimanya?"),
			text("Hanya mereka yang berlangganan semua pengingat. Pilih, atau ketik gabungannya; misalnya: pns, wita, unit Dinas Kesehatan"),
		},
		Controls: [][]Action{
			{to("semua", "Semua pelanggan")},
			{to("pns", "PNS"), to("pppk", "PPPK"), to("non-asn", "non-ASN")},
			{to("wib", "WIB"), to("wita", "WITA"), to("wit", "WIT")},
			{to("unit", "Unit kerja …"), dropButton(d)},
		},
		Replace: true,
	}
}

func (t *turn) askStart(d store.Delivery) Reply {
	t.await(awaitsStart, d.ID)
	at := func(when, label string) Action { return Action{ID: "b:at:" + d.ID + ":" + when, Label: label} }
	return Reply{
		Blocks: []Block{
			heading("Kapan dikirim?"),
			text("Pilih, atau ketik waktunya; misalnya: besok 08.00, atau 27/11/2026 08.00 WITA"),
		},
		Controls: [][]Action{{at("sekarang", "Sekarang"), at("besok 08.00", "Besok 08.00")}, {dropButton(d)}},
		Replace:  true,
	}
}

func dropButton(d store.Delivery) Action { return Action{ID: "b:drop:" + d.ID, Label: "✖️ Batal"} }

// preview shows a broadcast above a line exactly as it will be received, and
// below it to how many and when. Only from here it can be sent.
func (t *turn) preview(d store.Delivery) (Reply, error) {
	n, err := t.bot.CountAudience(d.To)
	if err != nil {
		return Reply{}, err
	}
	if n == 0 {
		return t.nobody(d), nil
	}
	t.conversation.Awaiting = ""
	start, when := d.Start, t.bot.moment(d.Start)
	if start.IsZero() {
		start, when = t.now, "sekarang, begitu Anda menekan ✅ Kirim"
	}
	reply := t.above(d, start, "Di atas garis: persis yang diterima. Belum ada yang dikirim.",
		"Penerima: "+AudienceName(d.To)+", "+recipients(n), "Waktu: "+when)
	if AtNight(start.In(t.bot.Zone)) {
		reply.Blocks = append(reply.Blocks, text("Pada malam hari, pukul %s sampai %s, tidak ada yang dikirim; sisanya menunggu pagi.", knowledge.QuietFrom, knowledge.QuietTo))
	}
	reply.Controls = append(reply.Controls,
		[]Action{{ID: "b:send:" + d.ID, Label: "✅ Kirim"}, dropButton(d)},
		[]Action{{ID: "b:at:" + d.ID + ":", Label: "🕗 Ubah waktu"}, {ID: "b:to:" + d.ID + ":", Label: "👥 Ubah penerima"}},
	)
	reply.Replace = true
	return reply, nil
}

// received is what a delivery looks like at its start. The button that ends
// reminders is for show.
func (t *turn) received(d store.Delivery, start time.Time) Reply {
	reply := t.bot.DeliveryReply(d, start)
	for _, row := range reply.Controls {
		for i := range row {
			if row[i].ID == stop {
				row[i].ID = "b:demo"
			}
		}
	}
	return reply
}

// above is what a delivery looks like at its start, above a line, and below it
// what is to be said about it.
func (t *turn) above(d store.Delivery, start time.Time, title string, facts ...string) Reply {
	reply := t.received(d, start)
	if reply.File != nil && len(reply.Blocks) > 0 {
		facts = append(facts, "Foto dan tulisannya diterima sebagai satu pesan.")
	}
	reply.Blocks = append(reply.Blocks, text("──────────"), Block{Kind: Bullets, Text: title, Items: facts})
	return reply
}

// nobody asks for another audience: the one of the draft is empty.
func (t *turn) nobody(d store.Delivery) Reply {
	reply := t.askAudience(d)
	blocks := []Block{text("%s Yang Anda pilih: %s.", ErrEmpty, AudienceName(d.To))}
	if d.To.Unit != "" {
		blocks = append(blocks, text("Nama unit kerja harus sama dengan yang ditulis orang di /profil; /statistik menyebut yang terbanyak."))
	}
	reply.Blocks = append(blocks, reply.Blocks...)
	return reply
}

// confirm sends a draft on its way. Who confirms one that somebody confirmed
// already, be it the same event once more, sees how far it has come. again comes
// from a message of its own, which is not the preview.
func (t *turn) confirm(id string, again bool) (Reply, error) {
	draft, err := t.bot.delivery(id)
	if err != nil {
		return Reply{}, err
	}
	place := store.Place{Chat: t.event.Chat, Reference: t.event.Message}
	picture := draft.Photo != "" && !again
	if picture { // which cannot become the progress: that is a message of its own
		place.Reference = ""
	}
	d, err := t.bot.Confirm(id, t.event.Person.ID, again, place)
	notice := "✅ Dikonfirmasi."
	switch {
	case errors.Is(err, ErrNotDraft):
		notice = err.Error()
	case errors.Is(err, ErrEmpty):
		return t.nobody(d), nil
	case errors.Is(err, ErrPast):
		reply := t.askStart(d)
		reply.Notice = err.Error()
		return reply, nil
	case errors.Is(err, ErrRepeated):
		reply := say("%s", err)
		reply.Controls = [][]Action{{{ID: "b:again:" + d.ID, Label: "Kirim lagi"}, dropButton(d)}}
		return reply, nil
	case err != nil:
		return Reply{}, err
	default:
		t.conversation.Awaiting = ""
	}
	reply := t.bot.Progress(d)
	if picture { // what can be done from the preview is over
		received := t.received(d, t.now)
		reply = Reply{Actions: received.Actions, Controls: received.Controls}
	}
	reply.Notice = notice
	return reply, nil
}

// steer shows how a delivery stands after what an administrator did with it.
func (t *turn) steer(d store.Delivery, err error) (Reply, error) {
	if err != nil {
		return Reply{}, err
	}
	reply := t.bot.Progress(d)
	reply.Notice = kindNames[d.Kind] + " ini " + stateNames[d.State] + "."
	return reply, nil
}

// drop ends the dialogue, and the draft if there is one by then.
func (t *turn) drop(id string) (Reply, error) {
	t.conversation.Awaiting = ""
	if id != "" {
		d, err := t.draftOf(id)
		if err != nil {
			return Reply{}, err
		}
		d.State, d.Ended, d.Start = store.Cancelled, t.now, time.Time{} // it never began
		t.draft = &d
	}
	reply := say("Baik, tidak ada yang dikirim.")
	reply.Replace = true
	return reply, nil
}

// saveDraft keeps a draft, unless somebody confirmed it meanwhile.
func saveDraft(tx store.Tx, d store.Delivery) error {
	kept, err := tx.Delivery(d.ID)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	case err == nil && kept.State != store.Draft:
		return nil
	}
	return tx.PutDelivery(d)
}

func (t *turn) reportFile(id string) (Reply, error) {
	d, err := t.bot.delivery(id)
	if err != nil {
		return Reply{}, err
	}
	reply := say("Laporan: %s", t.bot.excerpt(d))
	reply.File = &File{Name: d.ID + ".csv", Content: t.bot.Report(d)}
	return reply, nil
}
