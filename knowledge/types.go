package knowledge

import (
	"fmt"
	"time"
)

// Verdict is what a topic says of the act it is about.
type Verdict string

const (
	Boleh     Verdict = "boleh"
	Bersyarat Verdict = "bersyarat" // only under the conditions that the answer lists
	Dilarang  Verdict = "dilarang"
	Info      Verdict = "info" // no act is judged
)

// Permissiveness orders verdicts from dilarang (0) to boleh (2). Info has none.
func (v Verdict) Permissiveness() (rank int, ok bool) {
	switch v {
	case Dilarang:
		return 0, true
	case Bersyarat:
		return 1, true
	case Boleh:
		return 2, true
	}
	return 0, false
}

// MorePermissive tells whether v allows more than other does: the mistake that
// can cost somebody the job.
func (v Verdict) MorePermissive(other Verdict) bool {
	a, okA := v.Permissiveness()
	b, okB := other.Permissiveness()
	return okA && okB && a > b
}

// Confidence tells how well an answer is founded.
type Confidence string

const (
	Kuat      Confidence = "kuat"      // several independent sources agree, or the article was read
	Cukup     Confidence = "cukup"     // one decent source, or sources that disagree
	Inferensi Confidence = "inferensi" // no written rule found; concluded from others
)

// Topic is one thing that people ask. Its ID is stable for ever: it is in links, logs and statistics.
type Topic struct {
	ID         string     `yaml:"id"`
	Category   string     `yaml:"category"`
	Title      string     `yaml:"title"`
	Verdict    Verdict    `yaml:"verdict"`
	Keywords   []string   `yaml:"keywords"` // for type-ahead
	Answer     string     `yaml:"answer"`   // stands alone when forwarded; at most MaxAnswer characters
	Points     []string   `yaml:"points"`   // conditions, exceptions, examples
	Sanction   string     `yaml:"sanction"` // what it costs, "" where that is not known
	Basis      []Citation `yaml:"basis"`
	Sources    []string   `yaml:"sources"`
	Confidence Confidence `yaml:"confidence"`
	Verified   Date       `yaml:"verified"` // when somebody last checked the answer
	History    []Earlier  `yaml:"history"`  // what the answer was before, the latest first
	Related    []string   `yaml:"related"`
	Questions  []string   `yaml:"questions"` // phrasings by the topic's author

	place place
}

// Citation is an article of a regulation.
type Citation struct {
	Regulation string `yaml:"regulation"`
	Article    string `yaml:"article"` // "" for the regulation as a whole
}

// Status of a regulation.
type Status string

const (
	Berlaku Status = "berlaku"
	Dicabut Status = "dicabut"
)

// Regulation is a law, circular or court decision that answers rest on.
type Regulation struct {
	ID        string `yaml:"id"`
	Name      string `yaml:"name"`  // official name
	Short     string `yaml:"short"` // as answers cite it
	Date      Date   `yaml:"date"`  // zero where it is not known for certain
	Status    Status `yaml:"status"`
	RevokedBy string `yaml:"revoked_by"`
	Uncertain bool   `yaml:"uncertain"` // written for an earlier election, or old: whether it still holds must be asked
	Note      string `yaml:"note"`

	place place
}

// Contact is a body to turn to.
type Contact struct {
	ID    string   `yaml:"id"`
	Name  string   `yaml:"name"`
	For   string   `yaml:"for"`   // what for, one sentence
	Reach []string `yaml:"reach"` // address, web page, telephone: one line each

	place place
}

// Election is an election with its stages, in order of time.
type Election struct {
	ID       string  `yaml:"id"`
	Name     string  `yaml:"name"`
	Region   string  `yaml:"region"`   // "" for the whole country
	Timezone string  `yaml:"timezone"` // of the dates of its stages
	Source   string  `yaml:"source"`   // regulation id
	Stages   []Stage `yaml:"stages"`

	location *time.Location // of Timezone, nil where that is not known
	place    place
}

// Stage is a part of an election, from the first to the last day, both included.
type Stage struct {
	ID       string `yaml:"id"`
	Name     string `yaml:"name"`
	From     Date   `yaml:"from"`
	To       Date   `yaml:"to"`
	Source   string `yaml:"source"`   // regulation id; "" where the election's holds
	Parallel bool   `yaml:"parallel"` // runs beside the others
	Note     string `yaml:"note"`

	line int
}

// Category groups topics for browsing.
type Category struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`

	place place
}

// Phrasing is a question with the topic that it asks for. Hand names who wrote
// it: cross-validation leaves out one hand at a time, so that figures hold for
// people who wrote none.
type Phrasing struct {
	Topic, Question, Hand string
	Alternative           string // a second topic that is as right, "" for none

	file string
	line int
}

// Turn is one question of a conversation, with the topics of which each is a right answer.
type Turn struct {
	Question string
	Topics   []string

	file string
	line int
}

// BackgroundQuestion is a question about another subject.
type BackgroundQuestion struct {
	Kind, Question string

	file string
	line int
}

// Concept is a group of words or short phrases that mean the same to the matcher ("object.calon": caleg, cabup).
type Concept struct {
	Name  string
	Terms []string
}

// place is where something stands in the files: of the entry, of its keys and of the items of its lists.
type place struct {
	file  string
	line  int
	keys  map[string]int
	items map[string][]int
}

func (p place) at(key string) (file string, line int) {
	if line, ok := p.keys[key]; ok {
		return p.file, line
	}
	return p.file, p.line
}

func (p place) item(key string, i int) (file string, line int) {
	if lines := p.items[key]; i < len(lines) {
		return p.file, lines[i]
	}
	return p.at(key)
}

// Problem is one thing that is wrong with the files of a knowledge folder.
type Problem struct {
	File string
	Line int // 0 where it concerns the file as a whole
	What string
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.What) }
