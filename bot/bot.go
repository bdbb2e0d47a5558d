package bot

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"sync/atomic"
	"time"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
)

// remembered is how long the last topic is kept for follow-up questions.
const remembered = 30 * time.Minute

// Event is something that somebody said or did in a conversation.
type Event struct {
	Chat   store.Key // the conversation: a person's own, or a group
	Person store.Key // who it was; in a person's own conversation the same as Chat, the zero Key where the channel does not say
	Group  bool      // what is replied will be read by others

	Text       string // what was typed
	Action     string // the ID of an action that was picked by button; Text is "" then
	Attachment bool   // a picture, voice, place or the like; nothing of it is looked at
	Joined     bool   // the bot was added to the group

	// Picture is the channel's reference to a picture that was sent in a private
	// conversation, with Attachment; Text is its caption then. It is looked at only
	// where an administrator was asked for one.
	Picture string

	// Message is the channel's reference to the message whose button was pressed, as
	// a Sender returns it; "" where the channel does not say.
	Message string

	Edited string // id of the message, where Text is an edited version of one
	Late   bool   // it was said long ago and comes only now
}

// Turn is an event with its reply.
type Turn struct {
	Reply Reply

	// Save writes what must be kept of the event. It belongs into one transaction
	// with the mark that the event was handled, after the reply was accepted. It is never nil.
	Save func(store.Tx) error
}

// Options are what a Bot needs of its surroundings.
type Options struct {
	Store        store.Store
	Zone         *time.Location // of persons who named none
	Now          func() time.Time
	Random       io.Reader   // safe for concurrent use
	Admins       []store.Key // who may use the commands of administrators
	LogQuestions bool        // whether questions are logged, masked and without who asked

	// Status tells administrators how the service is doing, a line each; nil where
	// nobody can tell. It must be safe for concurrent use.
	Status func() []string

	// Draw returns the picture card of a topic as PNG; nil where nobody draws any. It
	// must be safe for concurrent use.
	Draw func(base *knowledge.Base, topic knowledge.Topic) ([]byte, error)

	// Upcoming returns the reminders that go out after from and not after to, as
	// things stand, those that were skipped or moved by an administrator included;
	// nil where nobody plans any. It is called outside of transactions, and must be
	// safe for concurrent use.
	Upcoming func(from, to time.Time) []Upcoming
}

// Bot answers events. It is safe for concurrent use; the events of one
// conversation must come one at a time, each after the last was saved.
type Bot struct {
	Options
	brain   atomic.Pointer[brain]
	popular popular
}

// brain is the knowledge with what is made of it, replaced as a whole.
type brain struct {
	base    *knowledge.Base
	matcher *match.Memo
	search  *search
	cards   cards
}

// New returns a bot. It can answer once Learn was called.
func New(o Options) *Bot { return &Bot{Options: o} }

// Learn gives the bot its knowledge, or other knowledge from now on. matcher
// must have been made from base; it may be nil where nobody asks a question.
func (b *Bot) Learn(base *knowledge.Base, matcher *match.Matcher) {
	b.brain.Store(&brain{base: base, matcher: match.NewMemo(matcher), search: newSearch(base, matcher)})
}

// Knowledge returns what the bot answers from.
func (b *Bot) Knowledge() *knowledge.Base { return b.brain.Load().base }

// Urgent tells whether an event stops or deletes something that is promised to
// stop or go at once, however much somebody writes. In a group nothing does.
func Urgent(e Event) bool {
	if e.Group || e.Attachment { // what stands under a picture is no command
		return false
	}
	name, _, _ := commandName(strings.TrimSpace(e.Text))
	return e.Action == stop || name == "berhenti" || name == "hapus_data"
}

// Answer handles an event and saves at once, for channels that cannot lose a reply.
func (b *Bot) Answer(e Event) (Reply, error) {
	t, err := b.Handle(e)
	if err != nil {
		return t.Reply, err
	}
	if err := b.Store.Update(t.Save); err != nil {
		return apology(), fmt.Errorf("answer a message: %w", err)
	}
	return t.Reply, nil
}

// Handle answers an event. But for what a person wants deleted, and what an
// administrator decides about a delivery, nothing is written before Save. With an
// error the reply is an apology, and Save saves nothing.
func (b *Bot) Handle(e Event) (Turn, error) {
	t := &turn{brain: b.brain.Load(), bot: b, event: e, now: b.Now().In(b.Zone)}
	reply, err := t.handle()
	if err != nil {
		return Turn{apology(), func(store.Tx) error { return nil }}, fmt.Errorf("answer a message: %w", err)
	}
	if e.Late && len(reply.Blocks) > 0 {
		reply.Blocks = append([]Block{text("Maaf, pesan Anda baru sampai kepada saya sekarang.")}, reply.Blocks...)
	}
	return Turn{reply, t.save}, nil
}

// turn is one event being answered.
type turn struct {
	*brain
	bot   *Bot
	event Event
	now   time.Time

	person       store.Person       // as it was found, and then as it will be
	conversation store.Conversation // likewise
	found        store.Conversation
	offers       bool // the reply offers what the conversation has
	told         bool // the reply is the answer of the conversation's topic

	// What is to be saved besides.
	changes   []func(*store.Person) // repeated on what is kept by then: other conversations may change the person too
	question  *store.Question
	draft     *store.Delivery // as an administrator has it by now
	forgotten bool            // the person asked to be forgotten: nothing is saved
}

func (t *turn) handle() (Reply, error) {
	err := t.bot.Store.View(func(tx store.Tx) (err error) {
		if t.person, err = personIn(tx, t.event.Person); err != nil {
			return err
		}
		t.found, err = tx.Conversation(t.event.Chat)
		return err
	})
	if err != nil {
		return Reply{}, err
	}
	if t.now.Before(t.found.Until) {
		t.conversation = t.found
	}
	if !t.now.Before(t.conversation.TopicTo) {
		t.conversation.Topic, t.conversation.TopicTo, t.conversation.Told = "", time.Time{}, false
	}
	reply, err := t.answer()
	if _, ok := errors.AsType[Mistake](err); ok {
		reply, err = say("%s", err), nil
	}
	if len(reply.Blocks) > 0 { // a number, and a follow-up on a sanction, mean the last message
		t.conversation.Told = t.told
		if !t.offers {
			t.conversation.Offered = nil
		}
	}
	return reply, err
}

// answer decides what an event is.
func (t *turn) answer() (Reply, error) {
	e := t.event
	said := strings.TrimSpace(e.Text)
	switch {
	case e.Joined:
		return joined(), nil
	case e.Action != "":
		return t.act(e.Action)
	case e.Edited != "" && (e.Attachment || e.Edited == t.conversation.Edited):
		return Reply{}, nil // answered already
	case e.Attachment && t.awaits(awaitsContent):
		return t.awaited(said)
	case e.Attachment && said == "":
		return attachment(), nil
	case e.Attachment:
		reply, err := t.ask(said)
		reply.Blocks = append([]Block{text("Gambar atau berkasnya tidak saya buka; saya hanya membaca keterangannya.")}, reply.Blocks...)
		return reply, err
	case said == "":
		return emptyMessage(), nil
	}
	if e.Edited != "" {
		t.conversation.Edited = e.Edited
		t.remember()
	}
	if number, ok := picked(said); ok && !t.awaitsNumber() {
		return t.pick(number)
	}
	if strings.HasPrefix(said, "/") {
		t.conversation.Awaiting = ""
		return t.command(said)
	}
	if t.conversation.Awaiting != "" {
		return t.awaited(said)
	}
	return t.ask(said)
}

// remember keeps the conversation for its time from now on.
func (t *turn) remember() { t.conversation.Until = t.now.Add(remembered) }

// change changes the person, now and again when it is saved.
func (t *turn) change(f func(*store.Person)) {
	f(&t.person)
	t.changes = append(t.changes, f)
}

// save writes what the turn changed.
func (t *turn) save(tx store.Tx) error {
	if t.forgotten {
		return nil
	}
	if err := t.savePerson(tx); err != nil {
		return err
	}
	if !sameConversation(t.conversation, t.found) {
		if err := tx.PutConversation(t.event.Chat, t.conversation); err != nil {
			return err
		}
	}
	if t.draft != nil {
		if err := saveDraft(tx, *t.draft); err != nil {
			return err
		}
	}
	if t.question != nil {
		return tx.LogQuestion(*t.question)
	}
	return nil
}

// savePerson writes the person if anything about it changed, and counts its
// votes. Who only speaks in a group, or is nobody, is not kept.
func (t *turn) savePerson(tx store.Tx) error {
	key := t.event.Person
	if !t.known() || t.event.Group && len(t.changes) == 0 {
		return nil
	}
	today := knowledge.DateOf(t.now).String()
	if t.person.LastSeen == today && len(t.changes) == 0 {
		return nil
	}
	person, err := personIn(tx, key)
	if err != nil {
		return err
	}
	person.FirstSeen = cmp.Or(person.FirstSeen, today)
	person.LastSeen = today
	before := maps.Clone(person.Votes)
	for _, change := range t.changes {
		change(&person)
	}
	if err := countVotes(tx, before, person.Votes); err != nil {
		return err
	}
	return tx.PutPerson(key, person)
}

// personIn returns what is kept of a person, the zero Person where that is nothing.
func personIn(tx store.Tx, key store.Key) (store.Person, error) {
	if key == (store.Key{}) {
		return store.Person{}, nil
	}
	person, err := tx.Person(key)
	if errors.Is(err, store.ErrNotFound) {
		return store.Person{}, nil
	}
	return person, err
}

// known tells whether the channel says who it was.
func (t *turn) known() bool { return t.event.Person != (store.Key{}) }

// personal tells whether what concerns the person alone may be shown here.
func (t *turn) personal() bool { return t.known() && !t.event.Group }
