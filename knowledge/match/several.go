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

// several recognises a message that asks for more than one topic, each clearly:
// "boleh like? terus lapor camat ke mana?" Two are answered, of more one is to be chosen.
func (m *Matcher) several(sentences [][]indonesian.Word) (Result, bool) {
	if len(sentences) < 2 || len(sentences) > mostSentences {
		return Result{}, false
	}
	var answers []Result
	for _, sentence := range sentences {
		if !isQuestion(sentence) {
			continue
		}
		an := m.model.analyser.analyseWords(sentence)
		if len(an.stems) < 2 {
			continue
		}
		alone := m.rank(an)
		r := m.decide(alone, m.params.Caution)
		if r.Confidence < surely && len(answers) > 0 { // it may lean on the first
			r = m.decide(m.inContext(an, alone, answers[0].Topic), m.params.Caution)
		}
		if r.Outcome != Answer || r.Confidence < surely {
			return Result{}, false
		}
		if !slices.ContainsFunc(answers, func(a Result) bool { return a.Topic == r.Topic }) {
			answers = append(answers, r)
		}
	}
	if len(answers) < 2 {
		return Result{}, false
	}
	r := answers[0]
	for _, a := range answers[1:] {
		r.Confidence = min(r.Confidence, a.Confidence)
	}
	if len(answers) == 2 {
		r.Also = answers[1].Topic
		return r, true
	}
	r.Outcome, r.Topic = Choices, ""
	for _, a := range answers[:min(maxChoices, len(answers))] {
		r.Choices = append(r.Choices, a.Topic)
	}
	r.ranked = r.Choices
	return r, true
}

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
			sentences = append(sentences, words[start:i])
			start = i
		}
	}
	return sentences
}
