package bot

import (
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"tanyanetral/knowledge"
	"tanyanetral/store"
)

// Mistake is an error whose text is for people: why what they asked for cannot be done.
type Mistake string

// Error implements error.
func (m Mistake) Error() string { return string(m) }

func mistakef(format string, args ...any) error { return Mistake(fmt.Sprintf(format, args...)) }

// What fits one message of a channel, in UTF-16 code units: a text, or what
// stands under a picture.
const (
	maxMessage = 4096
	maxCaption = 1024
)

const (
	broadcastPrefix = "b-"
	late            = time.Minute // by which a start may lie in the past: somebody typed for that long
)

// NewBroadcast makes the draft of a broadcast. It is not kept by then: the
// caller puts it into the store, shows what DeliveryReply makes of it, and Confirm
// sends it on its way. by is the administrator's id, or "terminal"; photo is the
// channel's reference to a picture. At least one of text, topic and photo must be
// there. With the zero start it goes out once it is confirmed. What cannot be
// sent like that is a Mistake.
func (b *Bot) NewBroadcast(by string, text, topic, photo string, to store.Audience, start time.Time) (store.Delivery, error) {
	now := b.Now()
	to.Unit = clean(to.Unit, maxUnit)
	d := store.Delivery{
		Kind: store.Broadcast, By: by, State: store.Draft,
		Text: tidy(text), Topic: topic, Photo: photo, To: to, Created: now, Start: start,
	}
	if err := b.check(d, now); err != nil {
		return store.Delivery{}, err
	}
	var random [4]byte
	if _, err := io.ReadFull(b.Random, random[:]); err != nil {
		return store.Delivery{}, fmt.Errorf("make an id for a broadcast: %w", err)
	}
	d.ID = broadcastPrefix + now.UTC().Format("20060102150405") + "-" + hex.EncodeToString(random[:])
	return d, nil
}

// tidy is a text of several lines as it can be sent.
func tidy(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r) && r != '\n':
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

// check returns the Mistake for which a broadcast cannot be sent, nil for none.
func (b *Bot) check(d store.Delivery, now time.Time) error {
	if d.Text == "" && d.Topic == "" && d.Photo == "" {
		return Mistake("Siaran ini masih kosong: tulis teksnya, kirim fotonya, atau pilih topiknya.")
	}
	if _, ok := b.Knowledge().Topic(d.Topic); !ok && d.Topic != "" {
		return mistakef("Topik %q tidak ada. Semua topik ada di /topik.", clean(d.Topic, maxLabel))
	}
	// By the last day on which it can go out, more may stand under a topic than today.
	blocks := b.DeliveryReply(d, latest(now)).Blocks
	limit := maxMessage
	if d.Photo != "" {
		limit = maxCaption
	}
	if over := len(utf16.Encode([]rune(Reply{Blocks: blocks}.Plain()))) - limit; over > 0 {
		return mistakef("Isinya terlalu panjang: kurangi %s huruf. Satu pesan memuat %s huruf, dengan foto %s.", thousands(over), thousands(maxMessage), thousands(maxCaption))
	}
	if err := checkAudience(d.To); err != nil {
		return err
	}
	return checkStart(d.Start, now)
}

func checkAudience(a store.Audience) error {
	if a.Status != "" && !slices.Contains(slices.Collect(maps.Values(statuses)), a.Status) {
		return mistakef("Status %q tidak ada. Yang ada: PNS, PPPK, atau non-ASN.", clean(a.Status, maxLabel))
	}
	if _, err := time.LoadLocation(a.Timezone); err != nil {
		return mistakef("Zona waktu %q tidak ada. Yang ada misalnya: Asia/Jakarta, Asia/Makassar, atau Asia/Jayapura.", clean(a.Timezone, maxLabel))
	}
	return nil
}

// ErrPast is the Mistake of a broadcast whose time has passed.
const ErrPast Mistake = "Waktu itu sudah lewat. Pilih waktu lain, atau: sekarang."

func checkStart(start, now time.Time) error {
	switch {
	case start.IsZero():
		return nil
	case start.Before(now.Add(-late)):
		return ErrPast
	case start.After(latest(now)):
		return Mistake("Waktu itu terlalu jauh: paling lama setahun dari sekarang.")
	}
	return nil
}

// latest is the last moment for which something can be scheduled.
func latest(now time.Time) time.Time { return now.AddDate(1, 0, 0) }

// stop is the action that ends all reminders.
const stop = "s:berhenti"

// DeliveryReply is exactly what a recipient gets. The card of a topic is short:
// what the answer says, and where there is more. Where nothing is left to say,
// for the topic is gone, the reply is silent.
func (b *Bot) DeliveryReply(d store.Delivery, now time.Time) Reply {
	var reply Reply
	if d.Text != "" {
		reply.Blocks = append(reply.Blocks, text("%s", d.Text))
	}
	if topic, ok := b.Knowledge().Topic(d.Topic); ok {
		reply.Blocks = append(reply.Blocks, heading(VerdictLine(topic.Verdict)+" · "+topic.Title), text("%s", topic.Answer))
		if today := knowledge.DateOf(now); topic.Stale(today) {
			reply.Blocks = append(reply.Blocks, Block{Kind: Citation, Text: topic.Checked(today)})
		}
		reply.Actions = []Action{{ID: "t:" + topic.ID, Label: "Selengkapnya"}}
	}
	if d.Photo != "" {
		reply.File = &File{Picture: true, Reference: d.Photo}
	}
	if !reply.Silent() && d.Kind != store.News {
		reply.Controls = [][]Action{{{ID: stop, Label: "Berhenti"}}}
	}
	return reply
}
