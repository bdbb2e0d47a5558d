package bot

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
)

// Suggestion is a topic that is offered while somebody types in any chat.
type Suggestion struct {
	ID, Title, Description string
	Card                   Reply // what is put into the chat, for everybody's eyes
}

const (
	maxSuggested = 50 // suggestions for one query
	shortQuery   = 3  // words up to which a query is taken for the beginning of a title or keyword
	popularFor   = 10 * time.Minute
	popularDays  = 15
)

// Suggest returns the topics that a query may mean, the likeliest first; for an
// empty query those that are asked most, and those that the running stage reminds
// of. It keeps nothing of the query.
func (b *Bot) Suggest(query string) []Suggestion {
	brain := b.brain.Load()
	query = clean(query, maxLogged)
	var found []knowledge.Topic
	id, _ := strings.CutPrefix(query, startTopic)
	linked, isLink := brain.base.Topic(id)
	switch words := strings.Fields(query); {
	case isLink: // somebody shares an answer
		found = []knowledge.Topic{linked}
	case len(words) == 0:
		found = b.popular.topics(b, brain)
	case len(words) <= shortQuery:
		found, _ = brain.search.find(query, maxSuggested)
	default:
		if r := brain.matcher.Match(query, ""); r.Outcome != match.Unknown {
			ranked := r.Ranked()
			found = brain.topicsOf(ranked[:min(maxGuessed, len(ranked))])
		}
	}
	suggestions := make([]Suggestion, len(found))
	for i, topic := range found {
		card := Card(brain.base, topic, b.Now().In(b.Zone))
		card.Offer, card.Actions = "", nil
		card.Controls = [][]Action{{{ID: startTopic + topic.ID, Label: "Tanya lebih lanjut", Kind: Private}}}
		suggestions[i] = Suggestion{topic.ID, VerdictLine(topic.Verdict) + " · " + topic.Title, topic.Answer, card}
	}
	return suggestions
}

// InSeason tells whether a stage of an election is running.
func (b *Bot) InSeason() bool {
	return slices.ContainsFunc(b.Knowledge().StagesOn(b.Now()), func(s knowledge.StageOn) bool { return s.Phase == knowledge.Running })
}

func (b *brain) topicsOf(ids []string) []knowledge.Topic {
	var topics []knowledge.Topic
	for _, id := range ids {
		if topic, ok := b.base.Topic(id); ok {
			topics = append(topics, topic)
		}
	}
	return topics
}

// popular remembers for a while which topics are asked most.
type popular struct {
	mu    sync.Mutex
	ids   []string
	since time.Time
}

func (p *popular) topics(b *Bot, brain *brain) []knowledge.Topic {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := b.Now(); now.Sub(p.since) >= popularFor {
		if asked, err := b.countQuestions(now.In(b.Zone), popularDays); err == nil { // else those of before are better than none
			counts := asked.topics
			p.ids = slices.DeleteFunc(slices.Collect(maps.Keys(counts)), func(id string) bool { return counts[id] < smallest })
			slices.SortFunc(p.ids, func(a, b string) int { return cmp.Or(counts[b]-counts[a], strings.Compare(a, b)) })
		}
		p.since = now
	}
	ids := slices.Clone(p.ids)
	for _, id := range brain.seasonal(b.Now()) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	topics := brain.topicsOf(ids)
	return topics[:min(maxSuggested, len(topics))]
}

// seasonal lists the topics that the reminders of the running stages speak of,
// and then those of all others.
func (b *brain) seasonal(now time.Time) []string {
	running := map[string]bool{}
	for _, s := range b.base.StagesOn(now) {
		running[s.Stage.ID] = running[s.Stage.ID] || s.Phase == knowledge.Running
	}
	var first, then []string
	for _, r := range b.base.Reminders {
		if running[r.Stage] {
			first = append(first, r.Topics...)
		} else {
			then = append(then, r.Topics...)
		}
	}
	return append(first, then...)
}
