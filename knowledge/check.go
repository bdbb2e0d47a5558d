package knowledge

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of what topics and reminders may hold.
const (
	MaxID        = 48   // letters of an id: a link and a button hold it, with a few letters before it
	MaxAnswer    = 600  // characters of an answer: it is forwarded, and stands on picture cards
	MaxPoint     = 300  // characters of a point
	MaxNote      = 200  // characters of why an answer changed
	MaxCard      = 3600 // characters of all that a card shows: a Telegram message has 4096 with its headings
	MinQuestions = 20   // phrasings that a topic needs to be found
	MaxReminder  = 600  // characters of a reminder with its variables filled in
	MaxDays      = 365  // days between a reminder and the stage, or its repetitions
)

var idForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// checker collects problems.
type checker struct {
	base     *Base
	problems []Problem
}

func (c *checker) problem(file string, line int, format string, args ...any) {
	c.problems = append(c.problems, Problem{file, line, fmt.Sprintf(format, args...)})
}

// at reports a problem where a key of an entry stands.
func (c *checker) at(p place, key, format string, args ...any) {
	file, line := p.at(key)
	c.problem(file, line, format, args...)
}

func (b *Base) check() []Problem {
	c := &checker{base: b}
	c.categories()
	c.regulations()
	for _, t := range b.Topics {
		c.topic(t)
	}
	c.phrasings()
	c.conversations()
	for _, e := range b.Elections {
		c.election(e)
	}
	for _, r := range b.Reminders {
		c.reminder(r)
	}
	for _, contact := range b.Contacts {
		c.required(contact.place, map[string]string{"id": contact.ID, "name": contact.Name, "for": contact.For})
		if len(contact.Reach) == 0 {
			c.problem(contact.place.file, contact.place.line, "kontak %q tanpa \"reach\"", contact.ID)
		}
	}
	return c.problems
}

// required reports the keys, in alphabetic order, that have no value.
func (c *checker) required(p place, values map[string]string) {
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if strings.TrimSpace(values[key]) == "" {
			file, line := p.at(key)
			c.problem(file, line, "%q tidak diisi", key)
		}
	}
}

func (c *checker) id(p place, id string) {
	if id != "" && !idForm.MatchString(id) {
		file, line := p.at("id")
		c.problem(file, line, "id %q: hanya huruf kecil, angka, dan tanda hubung", id)
	}
	if len(id) > MaxID {
		file, line := p.at("id")
		c.problem(file, line, "id %q lebih panjang dari %d huruf: tidak muat dalam tautan dan tombol", id, MaxID)
	}
}

func (c *checker) categories() {
	for _, category := range c.base.Categories {
		c.required(category.place, map[string]string{"id": category.ID, "title": category.Title})
		c.id(category.place, category.ID)
	}
}

func (c *checker) regulations() {
	for _, r := range c.base.Regulations {
		c.required(r.place, map[string]string{"id": r.ID, "name": r.Name, "short": r.Short, "status": string(r.Status)})
		c.id(r.place, r.ID)
		file, line := r.place.at("status")
		switch r.Status {
		case Berlaku, "":
		case Dicabut:
			if r.RevokedBy == "" {
				c.problem(file, line, "peraturan %q dicabut tanpa \"revoked_by\"", r.ID)
			}
		default:
			c.problem(file, line, "status %q: pilih berlaku atau dicabut", r.Status)
		}
		if r.RevokedBy != "" {
			if _, ok := c.base.Regulation(r.RevokedBy); !ok {
				file, line := r.place.at("revoked_by")
				c.problem(file, line, "peraturan %q tidak ada di regulations.yaml", r.RevokedBy)
			}
		}
	}
}

func (c *checker) topic(t Topic) {
	c.required(t.place, map[string]string{
		"id": t.ID, "category": t.Category, "title": t.Title, "verdict": string(t.Verdict), "answer": t.Answer, "confidence": string(t.Confidence),
	})
	c.id(t.place, t.ID)
	at := func(key, format string, args ...any) {
		file, line := t.place.at(key)
		c.problem(file, line, format, args...)
	}
	item := func(key string, i int, format string, args ...any) {
		file, line := t.place.item(key, i)
		c.problem(file, line, format, args...)
	}
	if t.Category != "" && !slices.ContainsFunc(c.base.Categories, func(category Category) bool { return category.ID == t.Category }) {
		at("category", "kategori %q tidak ada di categories.yaml", t.Category)
	}
	if t.Verdict != "" && t.Verdict.Word() == "" {
		at("verdict", "%s", unknownVerdict(t.Verdict))
	}
	if !slices.Contains([]Confidence{Kuat, Cukup, Inferensi, ""}, t.Confidence) {
		at("confidence", "confidence %q: pilih kuat, cukup, atau inferensi", t.Confidence)
	}
	if n := utf8.RuneCountInString(t.Answer); n > MaxAnswer {
		at("answer", "jawaban %d huruf, paling banyak %d", n, MaxAnswer)
	}
	if len(t.Points) == 0 {
		at("points", "\"points\" tidak diisi")
	}
	size := utf8.RuneCountInString(t.Title + t.Answer + t.Sanction)
	for i, point := range t.Points {
		n := utf8.RuneCountInString(point)
		size += n
		if n > MaxPoint {
			item("points", i, "butir %d huruf, paling banyak %d", n, MaxPoint)
		}
		if strings.TrimSpace(point) == "" {
			item("points", i, "butir kosong")
		}
	}
	for _, e := range t.History {
		if e.Date.DaysUntil(t.Verified) <= year { // older ones are not shown
			size += utf8.RuneCountInString(e.Note)
		}
	}
	if size > MaxCard {
		at("id", "kartu jawaban %d huruf, paling banyak %d: tidak muat dalam satu pesan", size, MaxCard)
	}
	c.basis(t)
	c.history(t)
	if len(t.Sources) == 0 {
		at("sources", "\"sources\" tidak diisi")
	}
	if t.Verified.IsZero() {
		at("verified", "\"verified\" tidak diisi")
	}
	if len(t.Related) == 0 {
		at("related", "\"related\" tidak diisi")
	}
	for i, id := range t.Related {
		if _, ok := c.base.Topic(id); !ok {
			item("related", i, "topik %q tidak ada", id)
		} else if id == t.ID {
			item("related", i, "topik merujuk dirinya sendiri")
		}
	}
	if len(t.Questions) < MinQuestions {
		at("questions", "%d pertanyaan, paling sedikit %d", len(t.Questions), MinQuestions)
	}
	for i, question := range t.Questions {
		if strings.TrimSpace(question) == "" {
			item("questions", i, "pertanyaan kosong")
		}
	}
}

func unknownVerdict(v Verdict) string {
	return fmt.Sprintf("verdict %q: pilih boleh, bersyarat, dilarang, atau info", v)
}

// basis makes sure that no answer rests on nothing, or on revoked law alone.
func (c *checker) basis(t Topic) {
	if len(t.Basis) == 0 {
		file, line := t.place.at("basis")
		c.problem(file, line, "\"basis\" tidak diisi")
		return
	}
	resolved, inForce := 0, 0
	for i, citation := range t.Basis {
		r, ok := c.base.Regulation(citation.Regulation)
		if !ok {
			file, line := t.place.item("basis", i)
			c.problem(file, line, "peraturan %q tidak ada di regulations.yaml", citation.Regulation)
			continue
		}
		resolved++
		if r.Status == Berlaku {
			inForce++
		}
	}
	if resolved > 0 && inForce == 0 {
		file, line := t.place.at("basis")
		c.problem(file, line, "dasar hukum hanya peraturan yang sudah dicabut")
	}
}

func (c *checker) phrasings() {
	for _, p := range c.base.Phrasings {
		for _, id := range [...]string{p.Topic, p.Alternative} {
			if _, ok := c.base.Topic(id); !ok && id != "" {
				c.problem(p.file, p.line, "topik %q tidak ada", id)
			}
		}
	}
}

func (c *checker) conversations() {
	for _, conversation := range c.base.Conversations {
		for _, turn := range conversation {
			for _, id := range turn.Topics {
				if _, ok := c.base.Topic(id); !ok {
					c.problem(turn.file, turn.line, "topik %q tidak ada", id)
				}
			}
		}
	}
}

func (c *checker) election(e Election) {
	c.required(e.place, map[string]string{"id": e.ID, "name": e.Name, "timezone": e.Timezone})
	c.id(e.place, e.ID)
	if e.location == nil {
		file, line := e.place.at("timezone")
		c.problem(file, line, "zona waktu %q tidak dikenal (contoh: Asia/Jakarta)", e.Timezone)
	}
	if len(e.Stages) == 0 {
		c.problem(e.place.file, e.place.line, "pemilihan %q tanpa tahapan", e.ID)
	}
	file := e.place.file
	seen := map[string]bool{}
	for i, s := range e.Stages {
		if s.ID == "" || s.Name == "" || s.From.IsZero() || s.To.IsZero() {
			c.problem(file, s.line, "tahapan perlu id, name, from, dan to")
			continue
		}
		if seen[s.ID] {
			c.problem(file, s.line, "tahapan %q dua kali", s.ID)
		}
		seen[s.ID] = true
		if s.To.Before(s.From) {
			c.problem(file, s.line, "tahapan %q berakhir sebelum mulai", s.ID)
		}
		source := s.Source
		if source == "" {
			source = e.Source
		}
		if source == "" {
			c.problem(file, s.line, "tahapan %q tanpa sumber", s.ID)
		} else if _, ok := c.base.Regulation(source); !ok {
			c.problem(file, s.line, "sumber %q tidak ada di regulations.yaml", source)
		}
		for _, earlier := range e.Stages[:i] {
			if !s.Parallel && !earlier.Parallel && !earlier.To.Before(s.From) && !s.To.Before(earlier.From) {
				c.problem(file, s.line, "tahapan %q bertindih dengan %q", s.ID, earlier.ID)
			}
		}
	}
}

func (c *checker) reminder(r Reminder) {
	c.required(r.place, map[string]string{"id": r.ID})
	c.id(r.place, r.ID)
	if r.Off {
		if r.Text == "" {
			c.at(r.place, "off", "pengingat %q yang dimatikan tidak ada", r.ID)
		}
		return
	}
	c.required(r.place, map[string]string{"stage": r.Stage, "text": r.Text})
	if !slices.Contains([]Edge{Mulai, Selesai, ""}, r.Edge) {
		c.at(r.place, "edge", "edge %q: pilih mulai atau selesai", r.Edge)
	}
	if r.Days < -MaxDays || r.Days > MaxDays {
		c.at(r.place, "days", "days %d: paling jauh %d hari sebelum atau sesudahnya", r.Days, MaxDays)
	}
	if r.At < QuietTo || r.At >= QuietFrom {
		c.at(r.place, "at", "\"at\" harus jam dari %s sampai sebelum %s; selain itu waktu tenang", QuietTo, QuietFrom)
	}
	if r.Every < 0 || r.Every > MaxDays {
		c.at(r.place, "every", "every %d: isi 1 sampai %d hari", r.Every, MaxDays)
	}
	if r.Every > 0 && r.Change {
		c.at(r.place, "change", "pengingat berulang tidak memberitahukan pergantian tahapan: hapus \"change\" atau \"every\"")
	}
	for i, id := range r.Topics {
		file, line := r.place.item("topics", i)
		if _, ok := c.base.Topic(id); !ok {
			c.problem(file, line, "topik %q tidak ada", id)
		}
		if i > 0 && r.Every == 0 {
			c.problem(file, line, "hanya pengingat berulang (\"every\") dapat memuat lebih dari satu topik")
		}
	}
	c.audience(r)
	c.reminderText(r)
	c.reminderStage(r)
}

// audience makes sure that somebody can be meant: profiles hold nothing else.
func (c *checker) audience(r Reminder) {
	if !slices.Contains([]string{"PNS", "PPPK", "non-ASN", ""}, r.To.Status) {
		c.at(r.place, "to", "status %q: pilih PNS, PPPK, atau non-ASN", r.To.Status)
	}
	if r.To.Timezone != "" && !slices.Contains(slices.Collect(maps.Values(Zones())), r.To.Timezone) {
		c.at(r.place, "to", "zona waktu %q: pilih Asia/Jakarta (WIB), Asia/Makassar (WITA), atau Asia/Jayapura (WIT)", r.To.Timezone)
	}
}

func (c *checker) reminderText(r Reminder) {
	for _, v := range r.unfilled() {
		c.at(r.place, "text", "variabel %s tidak dikenal (dikenal: %s)", v, strings.Join(variables[:], ", "))
	}
	if r.Counts() && r.Every == 0 && r.Days > 0 {
		c.at(r.place, "text", "%s: hari yang dihitung sudah lewat ketika pengingat dikirim", daysLeft)
	}
}

// reminderStage makes sure that some election has the stage, that the reminder
// goes out there, and that its text is short enough.
func (c *checker) reminderStage(r Reminder) {
	if r.Election != "" && !slices.ContainsFunc(c.base.Elections, func(e Election) bool { return e.ID == r.Election }) {
		c.at(r.place, "election", "pemilihan %q tidak ada", r.Election)
		return
	}
	found, sent := false, false
	for _, e := range c.base.Elections {
		s, ok := r.StageOf(e)
		if !ok {
			continue
		}
		found = true
		sent = sent || r.Every == 0 || !s.To.Before(r.First(s))
		text := r.Fill(e, s, r.Day(s).AddDays(-MaxDays))
		if n := utf8.RuneCountInString(text); n > MaxReminder {
			c.at(r.place, "text", "pengingat %d huruf untuk pemilihan %q, paling banyak %d", n, e.ID, MaxReminder)
		}
	}
	switch {
	case r.Stage == "" || sent:
	case found:
		c.at(r.place, "every", "pengingat berulang sampai tahapan %q selesai, tetapi baru mulai sesudahnya", r.Stage)
	case r.Election != "":
		c.at(r.place, "stage", "tahapan %q tidak ada pada pemilihan %q", r.Stage, r.Election)
	default:
		c.at(r.place, "stage", "tahapan %q tidak ada pada pemilihan mana pun", r.Stage)
	}
}
