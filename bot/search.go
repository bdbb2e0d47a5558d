package bot

import (
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
)

// search is type-ahead over the titles and keywords of topics.
type search struct {
	base    *knowledge.Base
	matcher *match.Matcher
	entries []searchEntry
}

type searchEntry struct {
	text  string // lower case
	topic string // id
}

func newSearch(base *knowledge.Base, matcher *match.Matcher) *search {
	s := &search{base: base, matcher: matcher}
	for _, topic := range base.Topics {
		s.entries = append(s.entries, searchEntry{strings.ToLower(topic.Title), topic.ID})
		for _, keyword := range topic.Keywords {
			s.entries = append(s.entries, searchEntry{strings.ToLower(keyword), topic.ID})
		}
	}
	return s
}

// String and Len implement fuzzy.Source.
func (s *search) String(i int) string { return s.entries[i].text }
func (s *search) Len() int            { return len(s.entries) }

const (
	maxPattern = 32 // runes: beyond 40 the library's score overflows
	maxFound   = 8
	maxGuessed = 4
)

// find returns up to limit topics for a word or two. exact tells whether their titles or
// keywords contain the words; otherwise they are near misses, or what the
// matcher makes of the words.
func (s *search) find(words string, limit int) (found []knowledge.Topic, exact bool) {
	runes := []rune(strings.ToLower(words))
	pattern := string(runes[:min(maxPattern, len(runes))])
	var topics []string
	add := func(topic string) {
		if len(topics) < limit && !slices.Contains(topics, topic) {
			topics = append(topics, topic)
		}
	}
	for _, e := range s.entries {
		if strings.Contains(e.text, pattern) {
			add(e.topic)
		}
	}
	exact = len(topics) > 0
	if !exact {
		// Letters left out, as in type-ahead; only where they begin a word and stand close by.
		for _, m := range fuzzy.FindFrom(pattern, s) {
			if first, last := m.MatchedIndexes[0], m.MatchedIndexes[len(m.MatchedIndexes)-1]; last-first <= 2*len(pattern) && (first == 0 || s.entries[m.Index].text[first-1] == ' ') {
				add(s.entries[m.Index].topic)
			}
		}
	}
	if len(topics) == 0 {
		if r := s.matcher.Match(words, ""); r.Outcome != match.Unknown {
			ranked := r.Ranked()
			topics = ranked[:min(maxGuessed, len(ranked))]
		}
	}
	for _, id := range topics {
		topic, _ := s.base.Topic(id)
		found = append(found, topic)
	}
	return found, exact
}
