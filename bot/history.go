package bot

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tanyanetral/store"
)

const (
	maxHistory = 10  // deliveries, and actions of administrators, that are listed
	readBack   = 100 // deliveries among which the last ones are found: drafts are not shown
)

// auditNames are what administrators did, by the names in the audit.
var auditNames = map[string]string{
	"broadcast": "mengonfirmasi siaran",
	"pause":     "menjeda",
	"resume":    "melanjutkan",
	"cancel":    "membatalkan",
	"skip":      "melewati pengingat",
	"move":      "mengubah jam pengingat",
	"reload":    "memuat ulang pengetahuan",
	"backup":    "membuat cadangan",
}

// ActionName is what an action of the audit is called in a sentence.
func ActionName(action string) string { return cmp.Or(auditNames[action], action) }

// history lists the last deliveries with what became of them, and what
// administrators did.
func (t *turn) history() (Reply, error) {
	var deliveries []store.Delivery
	var audit []store.AuditEntry
	var details []string
	err := t.bot.Store.View(func(tx store.Tx) (err error) {
		if deliveries, err = lastDeliveries(tx); err != nil {
			return err
		}
		if audit, err = tx.LastAudit(maxHistory); err != nil {
			return err
		}
		details, err = t.details(tx, audit)
		return err
	})
	if err != nil {
		return Reply{}, err
	}
	reply := Reply{
		Blocks:   []Block{heading("Riwayat")},
		Offer:    "Melihat laporannya (ketik nomornya):",
		Controls: [][]Action{{{ID: "r:", Label: "🗓 Yang akan dikirim"}}},
		Replace:  true,
	}
	var sent, done []string
	for _, d := range deliveries {
		at := last(d).In(t.bot.Zone)
		sent = append(sent, fmt.Sprintf("%s: %s, %s", t.bot.moment(at), t.bot.title(d), outcome(d)))
		reply.Actions = append(reply.Actions, Action{ID: "r:see:" + d.ID, Label: clean(at.Format("2/1 15.04 ")+t.bot.title(d), maxLabel)})
	}
	for i, e := range audit {
		by := "administrator " + e.By
		switch e.By {
		case t.event.Person.ID:
			by = "Anda"
		case "terminal":
			by = "lewat terminal,"
		}
		done = append(done, fmt.Sprintf("%s: %s %s: %s", t.bot.moment(e.At.In(t.bot.Zone)), by, ActionName(e.Action), details[i]))
	}
	for _, b := range []Block{{Kind: Bullets, Text: "Pengiriman terakhir:", Items: sent}, {Kind: Bullets, Text: "Tindakan administrator:", Items: done}} {
		if len(b.Items) > 0 {
			reply.Blocks = append(reply.Blocks, b)
		}
	}
	if len(reply.Blocks) == 1 {
		reply.Blocks = append(reply.Blocks, text("Belum ada apa-apa."))
	}
	return t.offer(reply), nil
}

// details are those of the audit, with what a delivery says instead of its id.
func (t *turn) details(tx store.Tx, audit []store.AuditEntry) ([]string, error) {
	details := make([]string, len(audit))
	for i, e := range audit {
		id, _, _ := strings.Cut(e.Detail, " ")
		d, err := deliveryIn(tx, id)
		switch {
		case err == nil:
			details[i] = t.bot.excerpt(d)
		case errors.Is(err, ErrNoDelivery):
			details[i] = e.Detail
		default:
			return nil, err
		}
	}
	return details, nil
}

// outcome is what became of a delivery, in a few words.
func outcome(d store.Delivery) string {
	switch {
	case d.Total == 0:
		return stateNames[d.State]
	case few(d):
		return stateNames[d.State] + ", " + recipients(d.Total)
	}
	return fmt.Sprintf("%s, %s dari sekitar %s terkirim", stateNames[d.State], people(d.Counts[store.Delivered]), people(d.Total))
}

// lastDeliveries returns those that began or were decided against, the last first.
// The ids of broadcasts and of reminders are in an order of their own each.
func lastDeliveries(tx store.Tx) ([]store.Delivery, error) {
	var all []store.Delivery
	for _, before := range []string{"", broadcastPrefix} {
		some, err := tx.DeliveriesBefore(before, readBack)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(d store.Delivery) bool {
		again := seen[d.ID]
		seen[d.ID] = true
		// A draft that was dropped has no start.
		return again || d.Start.IsZero() || d.State == store.Draft || d.State == store.Scheduled
	})
	slices.SortStableFunc(all, func(a, b store.Delivery) int { return last(b).Compare(last(a)) })
	return all[:min(len(all), maxHistory)], nil
}

// last is when something happened to a delivery, as far as that is kept.
func last(d store.Delivery) time.Time {
	if d.Ended.IsZero() {
		return d.Start
	}
	return d.Ended
}
