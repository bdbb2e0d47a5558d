package bot_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"tanyanetral/bot"
	"tanyanetral/store"
)

func TestMembers(t *testing.T) {
	pns := store.Person{Status: "PNS", Unit: "Dinas Kesehatan", Timezone: "Asia/Makassar", Subscription: store.AllReminders}
	change := func(f func(*store.Person)) store.Person { p := pns; f(&p); return p }
	tests := map[string]struct {
		to   store.Audience
		p    store.Person
		want bool
	}{
		"all":                             {store.Audience{}, pns, true},
		"nobody":                          {store.Audience{}, store.Person{}, false},
		"no reminders":                    {store.Audience{}, change(func(p *store.Person) { p.Subscription = store.NoReminders }), false},
		"stages only":                     {store.Audience{}, change(func(p *store.Person) { p.Subscription = store.StagesOnly }), false},
		"stages only, of a stage":         {store.Audience{Stages: true}, change(func(p *store.Person) { p.Subscription = store.StagesOnly }), true},
		"all reminders, of a stage":       {store.Audience{Stages: true}, pns, true},
		"no reminders, of a stage":        {store.Audience{Stages: true}, change(func(p *store.Person) { p.Subscription = store.NoReminders }), false},
		"status":                          {store.Audience{Status: "PNS"}, pns, true},
		"other status":                    {store.Audience{Status: "PPPK"}, pns, false},
		"no status":                       {store.Audience{Status: "PNS"}, change(func(p *store.Person) { p.Status = "" }), false},
		"unit":                            {store.Audience{Unit: " dinas KESEHATAN "}, pns, true},
		"part of a unit":                  {store.Audience{Unit: "Dinas"}, pns, false},
		"no unit":                         {store.Audience{Unit: "Dinas"}, change(func(p *store.Person) { p.Unit = "" }), false},
		"timezone":                        {store.Audience{Timezone: "Asia/Makassar"}, pns, true},
		"other timezone":                  {store.Audience{Timezone: "Asia/Jakarta"}, pns, false},
		"no timezone is the bot's":        {store.Audience{Timezone: "Asia/Jakarta"}, change(func(p *store.Person) { p.Timezone = "" }), true},
		"the bot's timezone is no other":  {store.Audience{Timezone: "Asia/Makassar"}, change(func(p *store.Person) { p.Timezone = "" }), false},
		"another name of the same hours":  {store.Audience{Timezone: "Asia/Pontianak"}, change(func(p *store.Person) { p.Timezone = "Asia/Jakarta" }), true},
		"all of it":                       {store.Audience{Status: "PNS", Unit: "Dinas Kesehatan", Timezone: "Asia/Makassar", Stages: true}, pns, true},
		"all of it, but not the timezone": {store.Audience{Status: "PNS", Unit: "Dinas Kesehatan", Timezone: "Asia/Jayapura"}, pns, false},
	}
	w := newWorld(t)
	for name, test := range tests {
		if got := w.bot.Members(test.to, test.p); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// TestCountAudience reads more people than one page has.
func TestCountAudience(t *testing.T) {
	w := newWorld(t)
	w.crowd(map[string]int{"PNS": 1203, "PPPK": 500, "non-ASN": 4}, func(kind string) store.Person {
		return store.Person{Status: kind, Subscription: store.AllReminders}
	})
	for want, to := range map[int]store.Audience{1707: {}, 1203: {Status: "PNS"}, 0: {Unit: "Dinas Kesehatan"}} {
		if got, err := w.bot.CountAudience(to); err != nil || got != want {
			t.Errorf("%+v: got %d, error %v, want %d", to, got, err, want)
		}
	}
}

// TestBroadcastsThatCannotBeSent: whoever made them is told why, before anybody gets them.
func TestBroadcastsThatCannotBeSent(t *testing.T) {
	w := newWorld(t)
	w.now = w.now.AddDate(0, 0, 1) // in a year, the topic will be an old one
	topic, _ := w.bot.Knowledge().Topic("medsos-like")
	card := len([]rune(bot.VerdictLine(topic.Verdict)+" · "+topic.Title+"\n\n"+topic.Answer)) + len("\n\n")
	const stale = len("\n\nDiperiksa 22 November 2026. Sudah lebih dari setahun: pastikan tidak ada aturan baru.")
	tests := map[string]struct {
		text, topic, photo string
		to                 store.Audience
		start              time.Time
		want               string // "" for what can be sent
	}{
		"text":                          {text: "x"},
		"topic":                         {topic: "medsos-like"},
		"photo":                         {photo: "AgAD"},
		"nothing":                       {want: "masih kosong"},
		"nothing that shows":            {text: " \n\t\x00\x1b ", want: "masih kosong"},
		"no such topic":                 {topic: "medsos-lik", want: `Topik "medsos-lik" tidak ada`},
		"the longest text":              {text: strings.Repeat("x", 4096)},
		"too long a text":               {text: strings.Repeat("x", 4097), want: "kurangi 1 huruf"},
		"signs that count twice":        {text: strings.Repeat("🔔", 2048)},
		"too many of them":              {text: strings.Repeat("🔔", 2049), want: "kurangi 2 huruf"},
		"the longest caption":           {text: strings.Repeat("x", 1024), photo: "AgAD"},
		"too long a caption":            {text: strings.Repeat("x", 1025), photo: "AgAD", want: "kurangi 1 huruf"},
		"the longest text with a card":  {text: strings.Repeat("x", 4096-card-stale), topic: "medsos-like"},
		"too long a text with a card":   {text: strings.Repeat("x", 4097-card-stale), topic: "medsos-like", want: "kurangi 1 huruf"},
		"far too long":                  {text: strings.Repeat("x", 14096), want: "kurangi 10.000 huruf"},
		"a minute ago":                  {text: "x", start: w.now.Add(-time.Minute)},
		"more than a minute ago":        {text: "x", start: w.now.Add(-time.Minute - 1), want: "sudah lewat"},
		"in a year":                     {text: "x", start: w.now.AddDate(1, 0, 0)},
		"in more than a year":           {text: "x", start: w.now.AddDate(1, 0, 0).Add(1), want: "setahun"},
		"to a status that there is not": {text: "x", to: store.Audience{Status: "TNI"}, want: `Status "TNI" tidak ada`},
		"to a timezone of the world":    {text: "x", to: store.Audience{Timezone: "Asia/Tokyo"}},
		"to no timezone":                {text: "x", to: store.Audience{Timezone: "Asia/Sukamaju"}, want: `Zona waktu "Asia/Sukamaju" tidak ada`},
		"to a path":                     {text: "x", to: store.Audience{Timezone: "../../etc/passwd"}, want: "Zona waktu"},
	}
	for name, test := range tests {
		d, err := w.bot.NewBroadcast("9", test.text, test.topic, test.photo, test.to, test.start)
		if _, ok := errors.AsType[bot.Mistake](err); err != nil && !ok {
			t.Errorf("%s: %v is not for people", name, err)
		}
		if got := fmt.Sprint(err); test.want == "" && err != nil || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %s, want %q", name, got, test.want)
		}
		if err != nil && d.ID != "" {
			t.Errorf("%s: got %+v", name, d)
		}
	}
}

func TestNewBroadcastIsADraft(t *testing.T) {
	w := newWorld(t)
	to := store.Audience{Status: "PNS", Unit: " Dinas\u202e Kesehatan"}
	d, err := w.bot.NewBroadcast("9", " \xffSatu\r\n\tdua\x00 👨‍👩‍👧\n ", "medsos-like", "AgAD", to, w.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if d.State != store.Draft || d.Kind != store.Broadcast || d.By != "9" || !d.Created.Equal(w.now) || !d.Start.Equal(w.now.Add(time.Hour)) || d.To.Unit != "Dinas Kesehatan" {
		t.Errorf("got %+v", d)
	}
	if want := "Satu\n dua 👨‍👩‍👧"; d.Text != want {
		t.Errorf("got text %q, want %q", d.Text, want)
	}
	if !regexp.MustCompile(`^b-20261122020000-[0-9a-f]{8}$`).MatchString(d.ID) || d.CheckID() != nil {
		t.Errorf("got id %q", d.ID)
	}
	w.now = w.now.Add(time.Second)
	if later, _ := w.bot.NewBroadcast("9", "x", "", "", store.Audience{}, time.Time{}); later.ID <= d.ID {
		t.Errorf("got id %q after %q", later.ID, d.ID)
	}
	w.bot.Random = strings.NewReader("x")
	if _, err := w.bot.NewBroadcast("9", "x", "", "", store.Audience{}, time.Time{}); err == nil {
		t.Error("no error of the random source")
	}
}

// TestDeliveryReply is what recipients get.
func TestDeliveryReply(t *testing.T) {
	w := newWorld(t)
	topic, _ := w.bot.Knowledge().Topic("medsos-like")
	const stop = "\n\n[Berhenti|s:berhenti]"
	card := bot.VerdictLine(topic.Verdict) + " · " + topic.Title + "\n\n" + topic.Answer
	const more = "\n\n1. Selengkapnya"
	tests := map[string]struct {
		d    store.Delivery
		at   time.Time
		want string
	}{
		"text":            {store.Delivery{Kind: store.Broadcast, Text: "Satu\n\ndua"}, w.now, "Satu\n\ndua" + stop},
		"topic":           {store.Delivery{Kind: store.Broadcast, Topic: topic.ID}, w.now, card + more + stop},
		"both":            {store.Delivery{Kind: store.Reminder, Text: "Satu", Topic: topic.ID}, w.now, "Satu\n\n" + card + more + stop},
		"photo":           {store.Delivery{Kind: store.Broadcast, Photo: "AgAD"}, w.now, "(berkas AgAD)" + stop},
		"photo and text":  {store.Delivery{Kind: store.Broadcast, Photo: "AgAD", Text: "Satu"}, w.now, "(berkas AgAD)\n\nSatu" + stop},
		"an old topic":    {store.Delivery{Kind: store.Reminder, Topic: topic.ID}, w.now.AddDate(1, 1, 0), card + "\n\nDiperiksa 22 November 2026. Sudah lebih dari setahun: pastikan tidak ada aturan baru." + more + stop},
		"news":            {store.Delivery{Kind: store.News, Text: "Satu"}, w.now, "Satu"},
		"a topic is gone": {store.Delivery{Kind: store.Reminder, Text: "Satu", Topic: "tidak-ada"}, w.now, "Satu" + stop},
		"all is gone":     {store.Delivery{Kind: store.Reminder, Topic: "tidak-ada"}, w.now, "(diam)"},
	}
	for name, test := range tests {
		reply := w.bot.DeliveryReply(test.d, test.at)
		checkForm(t, reply)
		if got := shown(reply); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
	}
}

// TestStopUnderADelivery: it is at once, whoever presses it.
func TestStopUnderADelivery(t *testing.T) {
	w := newWorld(t)
	w.say("/langganan semua")
	button, ok := control(w.bot.DeliveryReply(store.Delivery{Kind: store.Broadcast, Text: "x"}, w.now), "Berhenti")
	if !ok {
		t.Fatal("no button")
	}
	if got := shown(w.press(button.ID)); !strings.Contains(got, "Tersimpan: tidak berlangganan.") {
		t.Errorf("got %s", got)
	}
	if w.person(me).Subscription != store.NoReminders {
		t.Error("still subscribed")
	}
}
