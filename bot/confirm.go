package bot

import (
	"errors"
	"fmt"
	"time"

	"tanyanetral/store"
)

// Why a delivery does not do what an administrator wants of it. ErrNotDraft is
// wrapped with the state in which the delivery is.
const (
	ErrNoDelivery Mistake = "Siaran atau pengingat itu tidak ada. Rancangan yang tidak dikonfirmasi dihapus sesudah 24 jam."
	ErrNotDraft   Mistake = "Siaran ini tidak menunggu konfirmasi lagi"
	ErrEmpty      Mistake = "Tidak ada penerimanya: siaran hanya sampai kepada mereka yang berlangganan semua pengingat."
	ErrRepeated   Mistake = "Siaran yang sama kepada penerima yang sama sudah dikirim atau dijadwalkan dalam 12 jam sekitar waktu ini."
)

const (
	repeatedWithin = 12 * time.Hour
	lookedBack     = 200 // broadcasts among which a repeated one is looked for
)

// Confirm sends a draft on its way: at once, or at the time that it names. Of
// two who confirm the same draft one succeeds; the other gets ErrNotDraft, with
// the delivery as it is by then. again is set by who knows that the same was sent
// before (ErrRepeated). Its progress will be shown in the places.
func (b *Bot) Confirm(id, by string, again bool, shown ...store.Place) (store.Delivery, error) {
	d, err := b.delivery(id)
	if err != nil {
		return d, err
	}
	anybody, err := b.anybody(d.To) // reads too much for a transaction that changes something
	if err != nil {
		return d, err
	}
	return b.steer(id, by, "broadcast", func(tx store.Tx, d *store.Delivery) (bool, error) {
		now := b.Now()
		if d.State != store.Draft {
			return false, notDraft(*d)
		}
		if err := b.check(*d, now); err != nil {
			return false, err
		}
		if !anybody {
			return false, ErrEmpty
		}
		if d.Start.Before(now) { // or has none
			d.Start = now
		}
		repeated, err := repeats(tx, *d)
		if err != nil {
			return false, err
		}
		if repeated && !again {
			return false, ErrRepeated
		}
		d.State = store.Scheduled
		d.Progress = append(d.Progress, shown...)
		return true, nil
	})
}

func notDraft(d store.Delivery) error {
	return fmt.Errorf("%w: %s", ErrNotDraft, stateNames[d.State]+".")
}

// repeats tells whether somebody got the same lately, or will get it about the same time.
func repeats(tx store.Tx, d store.Delivery) (bool, error) {
	others, err := tx.DeliveriesBefore(afterBroadcasts, lookedBack)
	for _, o := range others {
		reaches := o.State != store.Draft && (!o.State.Over() || o.Counts[store.Delivered] > 0)
		same := o.Text == d.Text && o.Topic == d.Topic && o.Photo == d.Photo && sameAudience(o.To, d.To)
		if reaches && same && o.ID != d.ID && o.Start.Sub(d.Start).Abs() < repeatedWithin {
			return true, err
		}
	}
	return false, err
}

// afterBroadcasts comes after the ids of all broadcasts.
const afterBroadcasts = broadcastPrefix + "~"

// Pause keeps a delivery from going out, or from going on, until Resume.
func (b *Bot) Pause(id, by string) (store.Delivery, error) {
	return b.steer(id, by, "pause", func(_ store.Tx, d *store.Delivery) (bool, error) {
		switch d.State {
		case store.Paused:
			return false, nil
		case store.Scheduled, store.Running:
			d.State = store.Paused
			return true, nil
		}
		return false, notNow(*d)
	})
}

// Resume lets a delivery go on that was paused.
func (b *Bot) Resume(id, by string) (store.Delivery, error) {
	return b.steer(id, by, "resume", func(_ store.Tx, d *store.Delivery) (bool, error) {
		switch d.State {
		case store.Scheduled, store.Running:
			return false, nil
		case store.Paused:
			d.State = store.Scheduled
			if d.Complete || d.Total > 0 || d.Collected != (store.Key{}) {
				d.State = store.Running
			}
			return true, nil
		}
		return false, notNow(*d)
	})
}

// Cancel ends a delivery. Who has got it keeps it; nobody else gets it any more.
func (b *Bot) Cancel(id, by string) (store.Delivery, error) {
	return b.steer(id, by, "cancel", func(_ store.Tx, d *store.Delivery) (bool, error) {
		switch d.State {
		case store.Cancelled:
			return false, nil
		case store.Scheduled, store.Running, store.Paused:
			d.State, d.Ended, d.Collected = store.Cancelled, b.Now(), store.Key{}
			return true, nil
		}
		return false, notNow(*d)
	})
}

func notNow(d store.Delivery) error {
	return mistakef("%s ini %s.", kindNames[d.Kind], stateNames[d.State])
}

// steer changes a delivery and writes the audit, in one transaction, unless
// change reports that nothing is to be done. It returns the delivery as it is
// then; with an error as it was. An action that comes a second time, after a crash, changes nothing.
func (b *Bot) steer(id, by, action string, change func(store.Tx, *store.Delivery) (bool, error)) (d store.Delivery, err error) {
	err = b.Store.Update(func(tx store.Tx) (err error) {
		if d, err = deliveryIn(tx, id); err != nil {
			return err
		}
		changed := d
		if ok, err := change(tx, &changed); err != nil || !ok {
			return err
		}
		d = changed
		if err := tx.PutDelivery(d); err != nil {
			return err
		}
		return tx.WriteAudit(store.AuditEntry{At: b.Now(), By: by, Action: action, Detail: id})
	})
	if _, ok := errors.AsType[Mistake](err); err != nil && !ok {
		err = fmt.Errorf("%s delivery %s: %w", action, id, err)
	}
	return d, err
}

// delivery returns what is kept of a delivery, ErrNoDelivery where that is nothing.
func (b *Bot) delivery(id string) (d store.Delivery, err error) {
	err = b.Store.View(func(tx store.Tx) (err error) {
		d, err = deliveryIn(tx, id)
		return err
	})
	return d, err
}

func deliveryIn(tx store.Tx, id string) (store.Delivery, error) {
	if (store.Delivery{ID: id}).CheckID() != nil { // somebody made it up
		return store.Delivery{}, ErrNoDelivery
	}
	d, err := tx.Delivery(id)
	if errors.Is(err, store.ErrNotFound) {
		return d, ErrNoDelivery
	}
	return d, err
}
