package match

import (
	"slices"
	"strings"

	"tanyanetral/knowledge/indonesian"
)

// asking are the words that make a sentence a question.
var asking = map[string]bool{
	"boleh": true, "bolehkah": true, "apakah": true, "apa": true, "bagaimana": true, "bisa": true, "bisakah": true, "berapa": true, "kapan": true, "siapa": true,
	"mana": true, "mengapa": true, "kena": true, "melanggar": true, "aman": true, "perlu": true, "wajib": true, "harus": true, "haruskah": true,
}

const (
	surely        = 0.9 // the least confidence in each of several questions of one message
	mostSentences = 8   // a message of more is a story
)

// several recognises a message that asks for more than one topic: "boleh like?
// terus lapor camat ke mana?" Two that are clear are answered; where there are more,
// or not all are clear, one is to be chosen.
// whole is what was found for the message as a whole.
func (m *Matcher) several(sentences [][]indonesian.Word, whole Result) (Result, bool) {
	if len(sentences) < 2 || len(sentences) > mostSentences {
		return Result{}, false
	}
	var told []indonesian.Word // what is no question, as who asks
	var topics []string
	allClear, confidence := true, 1.0
	for _, sentence := range sentences {
		if !isQuestion(sentence) {
			told = append(told, sentence...)
			continue
		}
		an := m.model.analyser.analyseWords(sentence)
		if len(an.stems) < 2 {
			continue
		}
		alone := m.rank(an)
		r := m.decide(alone, m.params.Caution)
		if !r.sure() && len(topics) > 0 { // it may lean on the first
			r = m.decide(m.inContext(an, alone, topics[0]), m.params.Caution)
		}
		if !r.sure() {
			allClear = false
			continue
		}
		if len(told) > 0 {
			an := m.model.analyser.analyseWords(slices.Concat(told, sentence))
			if behind := m.decide(m.rank(an), m.params.Caution); behind.Topic != r.Topic {
				return Result{}, false // it matters what was told before
			}
		}
		confidence = min(confidence, r.Confidence)
		if !slices.Contains(topics, r.Topic) {
			topics = append(topics, r.Topic)
		}
	}
	switch {
	case len(topics) < 2, !allClear && (whole.Outcome == Answer || len(told) > 0):
		return Result{}, false
	case len(topics) == 2 && allClear:
		return Result{Outcome: Answer, Topic: topics[0], Also: topics[1], Confidence: confidence, ranked: topics}, true
	}
	return Result{Outcome: Choices, Choices: topics[:min(maxChoices, len(topics))], Confidence: confidence, ranked: topics}, true
}

// sure tells whether one question of several has a clear answer.
func (r Result) sure() bool { return r.Outcome == Answer && r.Confidence >= surely }

func isQuestion(words []indonesian.Word) bool {
	for _, w := range words {
		if asking[w.Text] {
			return true
		}
	}
	return false
}

// splitSentences groups words by the sentence marks and line ends between them.
func splitSentences(text string, words []indonesian.Word) [][]indonesian.Word {
	var sentences [][]indonesian.Word
	start := 0
	for i := 1; i <= len(words); i++ {
		if i == len(words) || words[i].Start > words[i-1].End && strings.ContainsAny(text[words[i-1].End:words[i].Start], ".?!\n") {
			if i-start > 1 || !isNumber(words[start].Text) { // else it is the number of a list
				sentences = append(sentences, words[start:i])
			}
			start = i
		}
	}
	return sentences
}

func isNumber(word string) bool {
	return strings.Trim(word, "0123456789") == ""
}
