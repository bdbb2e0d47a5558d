package bot

import (
	"fmt"
	"slices"
	"strings"

	"tanyanetral/knowledge"
	"tanyanetral/store"
)

const maxUpcoming = 15 // that are listed

// reminders shows what goes out, "riwayat" what went out, or one delivery.
func (t *turn) reminders(rest string) (Reply, error) {
	switch rest = strings.ToLower(rest); rest {
	case "":
		return t.upcoming()
	case "riwayat":
		return t.history()
	}
	return t.seeDelivery(rest)
}

// reminderAction does what a button under a list or a reminder stands for.
func (t *turn) reminderAction(object string) (Reply, error) {
	verb, id, _ := strings.Cut(object, ":")
	if t.awaits(awaitsMove) { // a number that is typed later is no hour
		t.conversation.Awaiting = ""
	}
	switch verb {
	case "":
		return t.upcoming()
	case "log":
		return t.history()
	case "see":
		return t.seeDelivery(id)
	case "skip":
		u, err := t.bot.Skip(id, t.event.Person.ID)
		if err != nil {
			return Reply{}, err
		}
		return t.reminderPage(u)
	case "move":
		return t.askMove(id)
	}
	return gone(), nil
}

// upcoming lists what goes out in the next days, when and to how many.
func (t *turn) upcoming() (Reply, error) {
	planned, err := t.planned()
	if err != nil {
		return Reply{}, err
	}
	listed := planned[:min(len(planned), maxUpcoming)]
	var audiences []store.Audience
	for _, u := range listed {
		audiences = append(audiences, u.To)
	}
	counts, err := t.bot.countAudiences(audiences)
	if err != nil {
		return Reply{}, err
	}
	reply := Reply{
		Blocks:   []Block{heading("Yang akan dikirim")},
		Offer:    "Melihat, melewati, atau memindahkannya (ketik nomornya):",
		Controls: [][]Action{{{ID: "b:", Label: "➕ Tambah"}, {ID: "r:log", Label: "🗒 Riwayat"}}},
		Replace:  true,
	}
	var items []string
	for i, u := range listed {
		item := fmt.Sprintf("%s: %s (%s, %s)", t.bot.moment(u.At), u.Title, AudienceName(u.To), recipients(counts[i]))
		if u.State != "" {
			item += ", " + stateNames[store.DeliveryState(u.State)]
		}
		items = append(items, item)
		reply.Actions = append(reply.Actions, Action{ID: "r:see:" + u.ID, Label: clean(u.At.Format("2/1 15.04 ")+u.Title, maxLabel)})
	}
	switch {
	case len(items) > 0:
		reply.Blocks = append(reply.Blocks, Block{Kind: Bullets, Text: fmt.Sprintf("Dalam %d hari, menurut pelanggan saat ini:", ahead), Items: items})
	default:
		reply.Blocks = append(reply.Blocks, text("Tidak ada pengingat atau siaran dalam %d hari mendatang.", ahead))
	}
	if more := len(planned) - len(listed); more > 0 {
		reply.Blocks = append(reply.Blocks, text("Dan %d lagi sesudahnya.", more))
	}
	if t.bot.Upcoming == nil {
		reply.Blocks = append(reply.Blocks, text("Rencana pengingat tidak tersedia di sini."))
	}
	return t.offer(reply), nil
}

// planned is what goes out in the next days: reminders, and broadcasts that were confirmed.
func (t *turn) planned() ([]Upcoming, error) {
	planned := t.bot.planned()
	var active []store.Delivery
	err := t.bot.Store.View(func(tx store.Tx) (err error) {
		active, err = tx.ActiveDeliveries()
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, d := range active {
		known := slices.ContainsFunc(planned, func(u Upcoming) bool { return u.ID == d.ID })
		if !known && d.State != store.Draft && d.Start.Before(t.now.AddDate(0, 0, ahead)) {
			planned = append(planned, Upcoming{ID: d.ID, Title: t.bot.title(d), To: d.To, At: d.Start, State: string(d.State)})
		}
	}
	slices.SortStableFunc(planned, func(a, b Upcoming) int { return a.At.Compare(b.At) })
	return planned, nil
}

// seeDelivery shows one delivery: what it will be, or how far it has come.
func (t *turn) seeDelivery(id string) (Reply, error) {
	if u, ok := t.bot.reminder(id); ok {
		return t.reminderPage(u)
	}
	d, err := t.bot.delivery(id)
	if err != nil {
		return Reply{}, err
	}
	if d.State == store.Draft {
		return t.preview(d)
	}
	return t.bot.Progress(d), nil
}

// reminderPage shows a reminder as it will be received, with what can be decided about it.
func (t *turn) reminderPage(u Upcoming) (Reply, error) {
	n, err := t.bot.CountAudience(u.To)
	if err != nil {
		return Reply{}, err
	}
	state := "direncanakan"
	if u.State != "" {
		state = stateNames[store.DeliveryState(u.State)]
	}
	reply := t.above(u.delivery(t.now), u.At, "Di atas garis: persis yang diterima.",
		u.Title, "Penerima: "+AudienceName(u.To)+", "+recipients(n), "Waktu: "+t.bot.moment(u.At), "Keadaan: "+state)
	decide := []Action{{ID: "r:skip:" + u.ID, Label: "⏭ Lewati"}, {ID: "r:move:" + u.ID, Label: "🕗 Ubah jam"}}
	if u.State == string(store.Skipped) {
		decide = []Action{{ID: "r:move:" + u.ID, Label: "↩️ Jadwalkan lagi"}}
	}
	reply.Controls = append(reply.Controls, decide, []Action{{ID: "r:", Label: "‹ Semua"}})
	reply.Replace = true
	return reply, nil
}

// askMove asks for the time at which a reminder is to go out.
func (t *turn) askMove(id string) (Reply, error) {
	u, ok := t.bot.reminder(id)
	if !ok {
		return t.seeDelivery(id)
	}
	t.await(awaitsMove, id)
	reply := say("Jam berapa dikirim pada %s? Ketik misalnya: 10.00", knowledge.DateOf(u.At).Indonesian())
	if !u.Until.IsZero() {
		reply.Blocks = append(reply.Blocks, text("Isinya benar sampai %s.", t.bot.moment(u.Until.In(u.At.Location()))))
	}
	return reply, nil
}

// moveTo has a reminder sent at another time. A time alone is one of its own day.
func (t *turn) moveTo(id, typed string) (Reply, error) {
	u, ok := t.bot.reminder(id)
	if !ok {
		t.conversation.Awaiting = ""
		return t.seeDelivery(id)
	}
	at, err := WhenOn(typed, t.now.In(u.At.Location()), u.At)
	if err == nil && at.IsZero() {
		at = t.now
	}
	if err == nil {
		u, err = t.bot.Move(id, t.event.Person.ID, at)
	}
	if err != nil {
		return Reply{}, err
	}
	t.conversation.Awaiting = ""
	return t.reminderPage(u)
}
