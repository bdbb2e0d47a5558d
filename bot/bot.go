package bot

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
)

// remembered is how long the last topic is kept for follow-up questions.
const remembered = 30 * time.Minute

// Event is a message from a person.
type Event struct {
	Person store.Key
	Text   string
}

// Bot answers events. It is safe for concurrent use; the events of one person
// must come one at a time, or the later answer overwrites what the earlier saved.
type Bot struct {
	base    *knowledge.Base
	matcher *match.Matcher
	search  *search
	people  store.People
	zone    *time.Location // of persons who named none
	now     func() time.Time
}

// New returns a bot. matcher must have been made from base.
func New(base *knowledge.Base, matcher *match.Matcher, people store.People, zone *time.Location, now func() time.Time) *Bot {
	return &Bot{base, matcher, newSearch(base, matcher), people, zone, now}
}

// Handle answers one event and saves what the conversation needs of it. With an
// error the state is as it was before, and the reply, if it has blocks, is an
// apology for the person.
func (b *Bot) Handle(e Event) (Reply, error) {
	now := b.now().In(b.zone)
	person, err := b.people.Person(e.Person)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return apology(), fmt.Errorf("answer a message: %w", err)
	}
	person = person.Forgetful(now)
	t := &turn{bot: b, now: now, key: e.Person, person: person}
	reply, err := t.answer(strings.TrimSpace(e.Text))
	if err == nil && !t.forgotten {
		err = b.people.UpdatePerson(e.Person, t.save)
	}
	if err != nil {
		return apology(), fmt.Errorf("answer a message: %w", err)
	}
	return reply, nil
}

func apology() Reply {
	return Reply{Blocks: []Block{text("Maaf, ada gangguan pada penyimpanan, jadi pesan Anda belum dapat dijawab. Silakan coba lagi sebentar lagi.")}}
}

// turn is one message being answered.
type turn struct {
	bot       *Bot
	now       time.Time
	key       store.Key
	person    store.Person // as it will be saved
	forgotten bool         // the person asked to be forgotten: nothing is saved
}

// save puts the person as this turn left them in place of what is kept.
func (t *turn) save(kept *store.Person) error {
	today := knowledge.DateOf(t.now).String()
	first := cmp.Or(kept.FirstSeen, today)
	*kept = t.person
	kept.FirstSeen, kept.LastSeen = first, today
	return nil
}

func (t *turn) answer(text string) (Reply, error) {
	if text == "" {
		return emptyMessage(), nil
	}
	if number, ok := picked(text); ok {
		return t.pick(number), nil
	}
	t.person.Offered = nil // a number picks from the last message only
	if strings.HasPrefix(text, "/") {
		return t.command(text)
	}
	return t.question(text), nil
}

// pickForms are the ways in which people name a number that was offered: "2", "2.", "no 2", "pilih yang ke-2".
var pickForms = regexp.MustCompile(`^(?:pilih(?:an)?|yang|yg|ke|no|nomor|nomer|#|\s|\.|-)*(\d{1,3})\s*[.)]*$`)

var ordinals = map[string]int{"pertama": 1, "kedua": 2, "ketiga": 3, "keempat": 4}

// picked returns the number that a message consists of, if it is no more than that.
func picked(message string) (int, bool) {
	message = strings.ToLower(norm.NFKC.String(message))
	message = strings.NewReplacer("\ufe0f", "", "\u20e3", "").Replace(message) // keycap signs
	if number, ok := ordinals[strings.TrimPrefix(strings.TrimPrefix(message, "yang "), "yg ")]; ok {
		return number, true
	}
	m := pickForms.FindStringSubmatch(message)
	if m == nil {
		return 0, false
	}
	number, err := strconv.Atoi(m[1])
	return number, err == nil
}

// pick answers with what the last reply offered under a number.
func (t *turn) pick(number int) Reply {
	if len(t.person.Offered) == 0 {
		return Reply{Blocks: []Block{text("Sedang tidak ada pilihan bernomor. Tulis pertanyaan Anda, atau lihat /topik.")}}
	}
	if number < 1 || number > len(t.person.Offered) {
		return Reply{Blocks: []Block{text("Pilih nomor 1 sampai %d, atau tulis pertanyaan Anda.", len(t.person.Offered))}}
	}
	action := t.person.Offered[number-1]
	kind, id, _ := strings.Cut(action, ":")
	switch kind {
	case "t":
		if topic, ok := t.bot.base.Topic(id); ok {
			return t.show(topic)
		}
	case "k":
		if reply, ok := t.category(id); ok {
			return reply
		}
	}
	// The knowledge may have changed since it was offered.
	return Reply{Blocks: []Block{text("Pilihan itu sudah tidak ada. Lihat /topik, atau tulis pertanyaan Anda.")}}
}

// offer remembers the actions of a reply, so that a number picks one.
func (t *turn) offer(r Reply) Reply {
	t.person.Offered = nil
	for _, a := range r.Actions {
		t.person.Offered = append(t.person.Offered, a.ID)
	}
	t.person.OfferedUntil = t.now.Add(remembered)
	return r
}

// question answers what is neither a number nor a command.
func (t *turn) question(q string) Reply {
	result := t.bot.matcher.Match(q, t.person.Topic)
	var reply Reply
	switch {
	case result.Outcome == match.Answer:
		topic, _ := t.bot.base.Topic(result.Topic)
		if also, ok := t.bot.base.Topic(result.Also); ok {
			reply = t.showBoth(topic, also)
		} else {
			reply = t.show(topic)
		}
	case result.Outcome == match.Choices:
		reply = t.offer(t.bot.choices(result.Choices))
	case result.Social != "":
		reply = t.social(result.Social)
	default:
		reply = unknown()
	}
	reply.Result = result
	return reply
}
