package match

import (
	_ "embed"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/indonesian"
)

// Outcome is what comes of a question.
type Outcome string

const (
	Answer  Outcome = "answer"  // one topic is clearly meant
	Choices Outcome = "choices" // two to four topics are possible
	Unknown Outcome = "unknown" // nothing fits, or another subject
)

// Result is what a question was found to ask for.
type Result struct {
	Outcome    Outcome
	Topic      string   // with Answer
	Also       string   // with Answer: the topic of a second question in the same message, or ""
	Choices    []string // with Choices: two to four topics, the likeliest first
	Confidence float64  // calibrated probability that the topic, or one of the choices, or the refusal is right
	Social     Social   // with Unknown: what the message is if it is no question, or ""

	ranked []string
}

// Ranked returns the topics that the question may ask for, the likeliest first, whatever the outcome.
func (r Result) Ranked() []string { return slices.Clone(r.ranked) }

// WithRanking returns the result with the topics that a method found, the
// likeliest first: for methods other than Matcher.
func (r Result) WithRanking(ids []string) Result {
	r.ranked = ids
	return r
}

// Matcher finds the topic that a question asks for. It is read-only once made,
// safe for concurrent use, and deterministic: the same build and knowledge give
// the same results.
type Matcher struct {
	base     *knowledge.Base
	model    *model
	params   Params
	social   socialRules
	classes  []string // topic ids; background is ""
	verdicts []knowledge.Verdict
	numbers  map[string]int32 // class of a topic id
	about    []about          // by class
}

// Params are the weights and thresholds that cross-validation chose (see Tune).
type Params struct {
	Fusion   evidence         `json:"fusion"`
	FollowUp followUpEvidence `json:"follow_up"`
	Caution  float64          `json:"caution"` // factor on the cost of a wrong answer
}

var (
	//go:embed data/params.json
	paramsJSON []byte
	//go:embed data/fillers.txt
	fillersText string
	//go:embed data/social.txt
	socialText string
)

// DefaultParams are those that the program was built with.
func DefaultParams() Params {
	var p Params
	if err := json.Unmarshal(paramsJSON, &p); err != nil {
		panic("data/params.json: " + err.Error()) // unreachable: embedded, and every test loads it
	}
	return p
}

// New trains a matcher on a knowledge base.
func New(base *knowledge.Base) *Matcher {
	return newMatcher(base, indonesian.NewLexicon(), DefaultParams(), "")
}

// newMatcher trains without the phrasings of one hand, all of them for "".
func newMatcher(base *knowledge.Base, lexicon *indonesian.Lexicon, params Params, without string) *Matcher {
	m := &Matcher{base: base, params: params, social: readSocialRules(lexicon, socialText), numbers: map[string]int32{}}
	m.classes, m.verdicts = []string{""}, []knowledge.Verdict{""}
	for _, t := range base.Topics {
		m.numbers[t.ID] = int32(len(m.classes))
		m.classes = append(m.classes, t.ID)
		m.verdicts = append(m.verdicts, t.Verdict)
	}
	m.model = train(lexicon, base.Concepts, readFillers(fillersText), m.trainingTexts(without), len(m.classes), defaultTraining)
	m.about = make([]about, len(m.classes))
	each(len(base.Topics), func(i int) { m.about[i+1] = m.aboutTopic(base.Topics[i]) })
	return m
}

// authorHand names the questions that stand with their topics.
const authorHand = "topics"

// Hands returns who wrote the phrasings of a base, "topics" for the questions that stand with their topics.
func Hands(base *knowledge.Base) []string {
	hands := []string{authorHand}
	for _, p := range base.Phrasings {
		if !slices.Contains(hands, p.Hand) {
			hands = append(hands, p.Hand)
		}
	}
	return hands
}

func (m *Matcher) trainingTexts(without string) []labelled {
	var out []labelled
	for _, t := range m.base.Topics {
		class := m.numbers[t.ID]
		out = append(out, labelled{t.Title, class, -1})
		if without == authorHand {
			continue
		}
		for _, question := range t.Questions {
			out = append(out, labelled{question, class, -1})
		}
	}
	for _, p := range m.base.Phrasings {
		if p.Hand != without {
			out = append(out, labelled{p.Question, m.numbers[p.Topic], m.second(p.Alternative)})
		}
	}
	hands := Hands(m.base)
	for i, b := range m.base.Background {
		if hands[i%len(hands)] != without {
			out = append(out, labelled{b.Question, background, -1})
		}
	}
	return out
}

func (m *Matcher) second(topic string) int32 {
	if topic == "" {
		return -1
	}
	return m.numbers[topic]
}

// maxQuestion is the number of bytes of a message that are read; its end counts more than its beginning.
const maxQuestion = 8000

// Match finds what a question asks for. last is the topic that was answered
// before in the same conversation, for follow-up questions, or "".
func (m *Matcher) Match(question, last string) Result { return m.answer(m.hear(question), last) }

// heard is what a question says by itself.
type heard struct {
	social    Social
	analysis  analysis
	sentences [][]indonesian.Word
	alone     []candidate // nil where nothing is asked
}

// leans tells whether what was answered before may make a difference.
func (h *heard) leans() bool { return h.alone != nil && leans(h.analysis) }

func (m *Matcher) hear(question string) *heard {
	if len(question) > maxQuestion {
		cut := len(question) - maxQuestion
		for cut < len(question) && !utf8.RuneStart(question[cut]) {
			cut++
		}
		question = question[cut:]
	}
	words := m.model.analyser.lexicon.Words(question)
	if social, ok := m.social.recognise(wordTexts(words)); ok {
		return &heard{social: social}
	}
	h := &heard{analysis: m.model.analyser.analyseWords(words)}
	if len(h.analysis.stems) > 0 {
		h.sentences = splitSentences(question, words)
		h.alone = m.rank(h.analysis)
	}
	return h
}

func (m *Matcher) answer(h *heard, last string) Result {
	if h.alone == nil {
		return Result{Outcome: Unknown, Confidence: 1, Social: h.social}
	}
	whole := m.decide(m.inContext(h.analysis, h.alone, last), m.params.Caution)
	if several, ok := m.several(h.sentences, whole); ok {
		return several
	}
	return whole
}

// rank returns the candidates for a text, with calibrated probabilities, the likeliest first.
func (m *Matcher) rank(an analysis) []candidate { return m.params.Fusion.fuse(m.model.candidates(an)) }
