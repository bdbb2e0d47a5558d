package bot

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
)

const (
	usualDays = 30
	maxRows   = 10   // of a table
	maxUnits  = 1000 // different places of work that are counted; what people type has no end
	pageRead  = 500  // records read in one transaction
)

// smallest is the size from which on a group is shown. All numbers are rounded
// down to a multiple of it: else two of them, subtracted, or the same one asked
// for on two days, would tell of a smaller group.
const smallest = 5

// about is a number as statistics show it.
func about(n int) string {
	if n < smallest {
		return fmt.Sprintf("kurang dari %d", smallest)
	}
	return strconv.Itoa(rounded(n))
}

func rounded(n int) int { return n - n%smallest }

// table lists the largest groups of a count, each with its name, without those too small to show.
func table(counts map[string]int, name func(string) string) []string {
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(rounded(counts[b]), rounded(counts[a])), strings.Compare(a, b))
	})
	var rows []string
	for _, key := range keys {
		if counts[key] >= smallest && len(rows) < maxRows {
			rows = append(rows, name(key)+": "+about(counts[key]))
		}
	}
	return rows
}

// statistics shows what was asked in the last days, and who uses the bot.
func (t *turn) statistics(rest string) (Reply, error) {
	days := usualDays
	if rest != "" {
		var err error
		longest := int(store.QuestionsKept.Hours() / 24)
		if days, err = strconv.Atoi(rest); err != nil || days < 1 || days > longest {
			return say("Tulis banyaknya hari, 1 sampai %d. Contoh: /statistik 7", longest), nil
		}
	}
	asked, err := t.bot.countQuestions(t.now, days)
	if err != nil {
		return Reply{}, err
	}
	votes, err := t.votes()
	if err != nil {
		return Reply{}, err
	}
	people, err := t.countPeople()
	if err != nil {
		return Reply{}, err
	}
	reply := Reply{Blocks: []Block{
		heading("Statistik"),
		{Kind: Bullets, Text: fmt.Sprintf("Pertanyaan dalam %d hari terakhir: %s", days, about(asked.total)), Items: []string{
			"Langsung dijawab: " + about(asked.outcomes[string(match.Answer)]),
			"Ditanya balik: " + about(asked.outcomes[string(match.Choices)]),
			"Belum ada jawabannya: " + about(asked.outcomes[string(match.Unknown)]),
		}},
		{Kind: Bullets, Text: "Pemakai: " + about(people.total), Items: []string{
			"Berlangganan semua pengingat: " + about(people.subscriptions[store.AllReminders]),
			"Berlangganan perubahan tahapan: " + about(people.subscriptions[store.StagesOnly]),
		}},
	}}
	same := func(key string) string { return key }
	unit := func(key string) string { return people.unitNames[key] }
	for _, b := range []Block{
		{Text: "Topik yang paling sering:", Items: table(asked.topics, t.title)},
		{Text: "Status pemakai:", Items: table(people.statuses, same)},
		{Text: "Unit kerja pemakai:", Items: table(people.units, unit)},
		{Text: "Jawaban yang dinilai membantu:", Items: table(votes.helpful, t.title)},
		{Text: "Jawaban yang dinilai kurang:", Items: table(votes.notHelpful, t.title)},
	} {
		if b.Kind = Bullets; len(b.Items) > 0 {
			reply.Blocks = append(reply.Blocks, b)
		}
	}
	note := fmt.Sprintf("Semua angka dibulatkan ke bawah ke kelipatan %d, dan kelompok yang lebih kecil tidak disebut, agar tidak seorang pun dikenali.", smallest)
	if !t.bot.LogQuestions {
		note += " Pertanyaan tidak dicatat pada pemasangan ini."
	}
	reply.Blocks = append(reply.Blocks, Block{Kind: Citation, Text: note})
	return reply, nil
}

// questionCounts counts what was asked.
type questionCounts struct {
	total            int
	outcomes, topics map[string]int
}

func (b *Bot) countQuestions(now time.Time, days int) (questionCounts, error) {
	c := questionCounts{outcomes: map[string]int{}, topics: map[string]int{}}
	err := b.eachQuestion(now, days, func(q store.Question) {
		c.total++
		c.outcomes[q.Outcome]++
		if q.Outcome == string(match.Answer) {
			for _, topic := range q.Topics {
				c.topics[topic]++
			}
		}
	})
	return c, err
}

// eachQuestion calls f for the questions of the last days, today included, in
// the order of their days.
func (b *Bot) eachQuestion(now time.Time, days int, f func(store.Question)) error {
	after := knowledge.DateOf(now.AddDate(0, 0, 1-days)).String()
	for {
		var page []store.Question
		err := b.Store.View(func(tx store.Tx) (err error) {
			page, err = tx.QuestionsAfter(after, pageRead)
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, q := range page {
			f(q)
		}
		after = page[len(page)-1].ID
	}
}

// voteCounts counts votes by topic.
type voteCounts struct {
	helpful, notHelpful map[string]int
}

func (t *turn) votes() (voteCounts, error) {
	c := voteCounts{map[string]int{}, map[string]int{}}
	err := t.bot.Store.View(func(tx store.Tx) error {
		tallies, err := tx.Votes()
		for topic, tally := range tallies {
			c.helpful[topic], c.notHelpful[topic] = tally.Helpful, tally.NotHelpful
		}
		return err
	})
	return c, err
}

// peopleCounts counts those who use the bot.
type peopleCounts struct {
	total         int
	subscriptions map[store.Subscription]int
	statuses      map[string]int
	units         map[string]int    // in lower case
	unitNames     map[string]string // as somebody typed them
}

func (t *turn) countPeople() (peopleCounts, error) {
	c := peopleCounts{
		subscriptions: map[store.Subscription]int{}, statuses: map[string]int{},
		units: map[string]int{}, unitNames: map[string]string{},
	}
	err := t.bot.eachPerson(func(p store.Person) bool { c.add(p); return true })
	return c, err
}

func (c *peopleCounts) add(p store.Person) {
	c.total++
	c.subscriptions[p.Subscription]++
	if p.Status != "" {
		c.statuses[p.Status]++
	}
	unit := strings.ToLower(p.Unit)
	_, counted := c.units[unit]
	if unit == "" || !counted && len(c.units) == maxUnits {
		return
	}
	c.units[unit]++
	if !counted {
		c.unitNames[unit] = p.Unit
	}
}
