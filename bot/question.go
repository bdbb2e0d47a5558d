package bot

import (
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
)

// ask answers what is neither a number nor a command.
func (t *turn) ask(q string) (Reply, error) {
	result := t.matcher.Match(q, t.conversation.Topic)
	told, _ := t.base.Topic(t.conversation.Topic)
	var part []Block
	if t.conversation.Told {
		part = t.part(told, t.matcher.Aspects(q))
	}
	if part != nil && result.Outcome == match.Unknown {
		result = match.Result{Outcome: match.Answer, Topic: told.ID, Confidence: 1}
	}
	id, err := t.log(q, result)
	if err != nil {
		return Reply{}, err
	}
	var reply Reply
	switch {
	case part != nil && result.Topic == told.ID && result.Also == "":
		reply = t.tell(told, part)
	case result.Outcome == match.Answer:
		topic, _ := t.base.Topic(result.Topic)
		if also, ok := t.base.Topic(result.Also); ok {
			reply = t.showBoth(topic, also)
		} else {
			reply = t.show(topic)
		}
		reply.Blocks = slices.Concat(part, reply.Blocks)
	case result.Outcome == match.Choices && part != nil:
		reply = t.choices(slices.DeleteFunc(slices.Clone(result.Choices), func(id string) bool { return id == told.ID }), id)
		reply.Blocks, reply.Offer = part, "Atau maksud Anda yang lain? "+reply.Offer
		t.told = true
	case result.Outcome == match.Choices:
		reply = t.choices(result.Choices, id)
	case result.Social != "":
		reply = t.social(result.Social)
	default:
		reply = t.unknown(id)
	}
	reply.Result = result
	return reply, nil
}

// log prepares the entry of a question for the log and returns its id, "" where
// it is not logged.
func (t *turn) log(q string, result match.Result) (id string, err error) {
	if !t.bot.LogQuestions || result.Social != "" {
		return "", nil
	}
	var random [8]byte
	if _, err := io.ReadFull(t.bot.Random, random[:]); err != nil {
		return "", fmt.Errorf("make an id for a question: %w", err)
	}
	entry := store.Question{
		ID:         knowledge.DateOf(t.now).String() + "-" + hex.EncodeToString(random[:]),
		Text:       mask(q),
		Outcome:    string(result.Outcome),
		Topics:     topicsOf(result),
		Confidence: result.Confidence,
	}
	t.question = &entry
	return entry.ID, nil
}

// topicsOf lists the topics that a question was found to ask for.
func topicsOf(r match.Result) []string {
	return slices.DeleteFunc(append([]string{r.Topic, r.Also}, r.Choices...), func(id string) bool { return id == "" })
}

// offer remembers the actions of a reply, so that a number picks one.
func (t *turn) offer(r Reply) Reply {
	t.conversation.Offered, t.offers = nil, true
	for _, a := range r.Actions {
		t.conversation.Offered = append(t.conversation.Offered, a.ID)
	}
	t.remember()
	return r
}

// pickForms are the ways in which people name a number that was offered: "2", "2.", "no 2", "pilih yang ke-2".
var pickForms = regexp.MustCompile(`^(?:pilih(?:an)?|yang|yg|ke|no|nomor|nomer|#|\s|\.|-)*(\d{1,3})\s*[.)]*$`)

// keycaps takes away the signs that make a keycap of a digit.
var keycaps = strings.NewReplacer("\ufe0f", "", "\u20e3", "")

var ordinals = map[string]int{"pertama": 1, "kedua": 2, "ketiga": 3, "keempat": 4}

// picked returns the number that a message consists of, if it is no more than that.
func picked(message string) (int, bool) {
	message = strings.ToLower(norm.NFKC.String(message))
	message = keycaps.Replace(message)
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
func (t *turn) pick(number int) (Reply, error) {
	offered := t.conversation.Offered
	if len(offered) == 0 {
		return say("Sedang tidak ada pilihan bernomor. Tulis pertanyaan Anda, atau lihat /topik."), nil
	}
	if number < 1 || number > len(offered) {
		t.offers = true // still
		return say("Pilih nomor 1 sampai %d, atau tulis pertanyaan Anda.", len(offered)), nil
	}
	return t.act(offered[number-1])
}

func sameConversation(a, b store.Conversation) bool {
	return a.Topic == b.Topic && a.TopicTo.Equal(b.TopicTo) && a.Told == b.Told && slices.Equal(a.Offered, b.Offered) && a.Awaiting == b.Awaiting && a.Edited == b.Edited && a.Until.Equal(b.Until)
}
