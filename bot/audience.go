package bot

import (
	"cmp"
	"fmt"
	"strings"

	"tanyanetral/store"
)

// Members tells whether a person belongs to an audience as things stand.
func (b *Bot) Members(a store.Audience, p store.Person) bool {
	subscribed := p.Subscription == store.AllReminders || a.Stages && p.Subscription == store.StagesOnly
	return subscribed &&
		(a.Status == "" || a.Status == p.Status) &&
		(a.Unit == "" || sameUnit(a.Unit, p.Unit)) &&
		(a.Timezone == "" || zoneName(a.Timezone) == zoneName(cmp.Or(p.Timezone, b.Zone.String())))
}

func sameUnit(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

func sameAudience(a, b store.Audience) bool {
	same := sameUnit(a.Unit, b.Unit)
	a.Unit, b.Unit = "", ""
	return same && a == b
}

// CountAudience returns how many people belong to an audience now.
func (b *Bot) CountAudience(a store.Audience) (int, error) {
	counts, err := b.countAudiences([]store.Audience{a})
	return counts[0], err
}

// countAudiences counts several audiences in one reading of the people.
func (b *Bot) countAudiences(audiences []store.Audience) ([]int, error) {
	counts := make([]int, len(audiences))
	err := b.eachPerson(func(p store.Person) bool {
		for i, a := range audiences {
			if b.Members(a, p) {
				counts[i]++
			}
		}
		return true
	})
	return counts, err
}

// anybody tells whether somebody belongs to an audience.
func (b *Bot) anybody(a store.Audience) (found bool, err error) {
	err = b.eachPerson(func(p store.Person) bool {
		found = b.Members(a, p)
		return !found
	})
	return found, err
}

// eachPerson calls f for everybody who is kept until it returns false. It reads
// page by page, so that no transaction is long and nothing is held in memory.
func (b *Bot) eachPerson(f func(store.Person) bool) error {
	var after store.Key
	for {
		var page []store.KeyedPerson
		err := b.Store.View(func(tx store.Tx) (err error) {
			page, err = tx.PeopleAfter(after, pageRead)
			return err
		})
		if err != nil {
			return fmt.Errorf("read people: %w", err)
		}
		for _, p := range page {
			if !f(p.Person) {
				return nil
			}
		}
		if len(page) < pageRead {
			return nil
		}
		after = page[len(page)-1].Key
	}
}

// AudienceName is an audience in words: "semua pelanggan", "pelanggan PNS, zona WITA".
func AudienceName(a store.Audience) string {
	var parts []string
	if a.Status != "" {
		parts = append(parts, a.Status)
	}
	if a.Unit != "" {
		parts = append(parts, "unit "+a.Unit)
	}
	if a.Timezone != "" {
		parts = append(parts, "zona "+zoneName(a.Timezone))
	}
	name := "semua pelanggan"
	if len(parts) > 0 {
		name = "pelanggan " + strings.Join(parts, ", ")
	}
	if a.Stages {
		name += ", termasuk pelanggan tahapan"
	}
	return name
}

// readAudience reads an audience as administrators type it: "semua", "PNS",
// "wita", "pns, wita", "unit Dinas Kesehatan". ok is false where a word is not
// understood, or two of them contradict each other.
func readAudience(typed string) (a store.Audience, ok bool) {
	set := func(field *string, value string) bool {
		fits := *field == "" || *field == value
		*field = value
		return value != "" && fits
	}
	for part := range strings.SplitSeq(typed, ",") {
		if unit, isUnit := cutWord(part, "unit"); isUnit {
			if ok = set(&a.Unit, clean(unit, maxUnit)); !ok {
				return a, false
			}
			continue
		}
		for word := range strings.FieldsSeq(strings.ToLower(part)) {
			switch {
			case word == "status" || word == "zona": // says what the next word is
				continue
			case word == "semua" || word == "pelanggan":
				ok = true
			case statuses[word] != "":
				ok = set(&a.Status, statuses[word])
			default:
				ok = set(&a.Timezone, zones[word])
			}
			if !ok {
				return a, false
			}
		}
	}
	return a, ok
}

// cutWord returns what stands after a first word, if it is the one.
func cutWord(s, word string) (rest string, ok bool) {
	first, rest, _ := strings.Cut(strings.TrimSpace(s), " ")
	rest = strings.TrimSpace(rest)
	return rest, strings.EqualFold(first, word) && rest != ""
}
