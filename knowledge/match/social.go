package match

import (
	"slices"
	"strings"

	"tanyanetral/knowledge/indonesian"
)

// Social is what a message is when it is no question.
type Social string

const (
	Greeting Social = "greeting"
	Thanks   Social = "thanks"
	About    Social = "about"    // who are you?
	Distress Social = "distress" // somebody who needs a person, not a bot
)

// socialRules recognise such messages before the matcher is asked.
type socialRules struct {
	words   []socialWords
	phrases []socialPhrase
}

type socialWords struct {
	kind  Social
	words map[string]bool
}

type socialPhrase struct {
	kind     Social
	words    []string
	anywhere bool // else with few other words only
}

func readSocialRules(lexicon *indonesian.Lexicon, text string) socialRules {
	var rules socialRules
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		kind, rest, _ := strings.Cut(line, ":")
		words := wordTexts(lexicon.Words(rest))
		if name := strings.TrimRight(kind, "+="); name != kind {
			rules.phrases = append(rules.phrases, socialPhrase{Social(name), words, strings.HasSuffix(kind, "+")})
			continue
		}
		set := map[string]bool{}
		for _, w := range words {
			set[w] = true
		}
		// Doubled words of the list itself fall together when normalised.
		for _, w := range strings.Fields(rest) {
			set[w] = true
		}
		rules.words = append(rules.words, socialWords{Social(kind), set})
	}
	return rules
}

// longestSocial is the number of words up to which a message without any other word is a greeting or thanks.
const longestSocial = 12

func (r socialRules) recognise(words []string) (Social, bool) {
	for _, p := range r.phrases {
		if (p.anywhere || len(words) <= len(p.words)+3) && contains(words, p.words) {
			return p.kind, true
		}
	}
	if len(words) == 0 || len(words) > longestSocial {
		return "", false
	}
	for _, s := range r.words {
		if !slices.ContainsFunc(words, func(w string) bool { return !s.words[w] }) {
			return s.kind, true
		}
	}
	return "", false
}

// contains tells whether phrase stands in words.
func contains(words, phrase []string) bool {
	for i := 0; i+len(phrase) <= len(words); i++ {
		if slices.Equal(words[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

func wordTexts(words []indonesian.Word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.Text
	}
	return out
}
