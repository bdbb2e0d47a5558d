package knowledge

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Reminder is a rule that says when subscribers are reminded of something, and how.
type Reminder struct {
	ID       string   `yaml:"id"`
	Election string   `yaml:"election"` // election id, "" for every election that has the stage
	Stage    string   `yaml:"stage"`    // stage id
	Edge     Edge     `yaml:"edge"`     // the day of the stage that Days counts from
	Days     int      `yaml:"days"`     // after that day, or before it where negative
	At       Clock    `yaml:"at"`       // in the timezone of the election
	Every    int      `yaml:"every"`    // days between repetitions until the stage ends, 0 for once
	Text     string   `yaml:"text"`     // see Fill
	Topics   []string `yaml:"topics"`   // the topic whose card goes along; with Every one of them in turn
	Change   bool     `yaml:"change"`   // tells that the stage changes: goes also to those who want nothing else
	To       Audience `yaml:"to"`
	Off      bool     `yaml:"off"` // with an ID alone: the reminder of an earlier folder is not sent

	place place
}

// Edge names a day of a stage.
type Edge string

const (
	Mulai   Edge = "mulai"   // the first day; "" says the same
	Selesai Edge = "selesai" // the last day
)

// Audience is who is reminded: the subscribers to whom all that is filled in applies.
type Audience struct {
	Status   string `yaml:"status"`   // PNS, PPPK or non-ASN
	Unit     string `yaml:"unit"`     // place of work
	Timezone string `yaml:"timezone"` // IANA name
}

// Clock is a time of day, in minutes after midnight.
type Clock int

// Nobody is reminded from QuietFrom until QuietTo, at night.
const (
	QuietFrom Clock = 21 * 60
	QuietTo   Clock = 6 * 60
)

func (c Clock) String() string { return fmt.Sprintf("%02d.%02d", c/60, c%60) }

var clockForm = regexp.MustCompile(`^([01]?[0-9]|2[0-3])[.:]([0-5][0-9])$`)

// UnmarshalYAML reads a time written as 08.00 or 08:00, quoted or not. The error names the line.
func (c *Clock) UnmarshalYAML(node ast.Node) error {
	written := strings.Trim(node.String(), "\"' \n")
	parts := clockForm.FindStringSubmatch(written)
	if parts == nil {
		return &yaml.SyntaxError{Message: fmt.Sprintf("jam %q tidak berbentuk JJ.MM (contoh: 08.00)", written), Token: node.GetToken()}
	}
	hour, _ := strconv.Atoi(parts[1])
	minute, _ := strconv.Atoi(parts[2])
	*c = Clock(60*hour + minute)
	return nil
}

// StageOf returns the stage of an election that the reminder is about.
func (r Reminder) StageOf(e Election) (Stage, bool) {
	if r.Election != "" && r.Election != e.ID {
		return Stage{}, false
	}
	i := slices.IndexFunc(e.Stages, func(s Stage) bool { return s.ID == r.Stage })
	if i < 0 {
		return Stage{}, false
	}
	return e.Stages[i], true
}

// First is the day on which the reminder goes out for a stage, or goes out first.
func (r Reminder) First(s Stage) Date {
	if r.Edge == Selesai {
		return s.To.AddDays(r.Days)
	}
	return s.From.AddDays(r.Days)
}

// Day is the day of a stage that the reminder's text speaks of: that of Edge,
// and the last one where the reminder repeats itself.
func (r Reminder) Day(s Stage) Date {
	if r.Edge == Selesai || r.Every > 0 {
		return s.To
	}
	return s.From
}

// variables are what stands in a reminder's text for what is known only later.
var variables = [...]string{"{{tahapan}}", "{{pemilihan}}", "{{tanggal}}", daysLeft}

const daysLeft = "{{hari_lagi}}"

// Counts tells whether the text says how many days are left. It may be read
// late, for it says on each day what is right then.
func (r Reminder) Counts() bool { return strings.Contains(r.Text, daysLeft) }

// Fill returns the text as it is read on a day, which is not after Day where the
// text counts. It begins with a capital. The variables stand for
//
//	{{tahapan}}    the name of the stage: Masa tenang
//	{{pemilihan}}  the title of the election: Pilkada 2024
//	{{tanggal}}    Day: 24 November 2024
//	{{hari_lagi}}  the days until Day: hari ini, besok, 2 hari lagi
func (r Reminder) Fill(e Election, s Stage, today Date) string {
	left := today.DaysUntil(r.Day(s))
	leftText := fmt.Sprintf("%d hari lagi", left)
	switch left {
	case 0:
		leftText = "hari ini"
	case 1:
		leftText = "besok"
	}
	values := [len(variables)]string{s.Name, e.Title(), r.Day(s).Indonesian(), leftText}
	var pairs []string
	for i, v := range variables {
		pairs = append(pairs, v, values[i])
	}
	text := strings.TrimSpace(strings.NewReplacer(pairs...).Replace(r.Text))
	first, size := utf8.DecodeRuneInString(text)
	if !unicode.IsLower(first) {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

var variableForm = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

// unfilled returns what looks like a variable in the text and is none.
func (r Reminder) unfilled() []string {
	var found []string
	rest := variableForm.ReplaceAllStringFunc(r.Text, func(v string) string {
		if !slices.Contains(variables[:], v) {
			found = append(found, v)
		}
		return ""
	})
	for _, brace := range []string{"{{", "}}"} {
		if strings.Contains(rest, brace) {
			found = append(found, brace)
		}
	}
	return found
}
