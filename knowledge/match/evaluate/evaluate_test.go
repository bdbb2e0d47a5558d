package evaluate_test

import (
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/knowledge/match/evaluate"
)

var embedded = sync.OnceValue(func() *knowledge.Base {
	base, problems := knowledge.Load(knowledge.Embedded())
	if len(problems) > 0 {
		panic(problems[0].String())
	}
	return base
})

// answers is a matcher that says what it was told to.
type answers map[string]match.Result

func (a answers) Match(question, last string) match.Result { return a[question+"|"+last] }

func TestFiguresAndCosts(t *testing.T) {
	m := answers{
		"right|":      {Outcome: match.Answer, Topic: "medsos-like"},
		"either|":     {Outcome: match.Answer, Topic: "golput-asn"},
		"stricter|":   {Outcome: match.Answer, Topic: "medsos-like"},   // dilarang for boleh
		"permissive|": {Outcome: match.Answer, Topic: "hak-pilih-asn"}, // boleh for dilarang
		"info|":       {Outcome: match.Answer, Topic: "sanksi-umum"},   // info counts as neither
		"offered|":    {Outcome: match.Choices, Choices: []string{"medsos-share", "medsos-like"}},
		"first|":      {Outcome: match.Choices, Choices: []string{"medsos-like", "medsos-share"}},
		"missed|":     {Outcome: match.Choices, Choices: []string{"medsos-share", "golput-asn"}},
		"unknown|":    {Outcome: match.Unknown},
		"refused|":    {Outcome: match.Unknown},
		"asked|":      {Outcome: match.Choices, Choices: []string{"medsos-share", "golput-asn"}},
		"answered|":   {Outcome: match.Answer, Topic: "golput-asn"},
	}
	topic := func(ids ...string) []string { return ids }
	questions := []evaluate.Question{
		{Topics: topic("medsos-like"), Style: "a", Text: "right"},
		{Topics: topic("hak-pilih-asn", "golput-asn"), Style: "a", Text: "either"},
		{Topics: topic("hak-pilih-asn"), Style: "a", Text: "stricter"},
		{Topics: topic("medsos-like"), Style: "a", Text: "permissive"},
		{Topics: topic("medsos-like"), Style: "a", Text: "info"},
		{Topics: topic("medsos-like"), Style: "b", Text: "offered"},
		{Topics: topic("medsos-like"), Style: "b", Text: "first"},
		{Topics: topic("medsos-like"), Style: "b", Text: "missed"},
		{Topics: topic("medsos-like"), Style: "b", Text: "unknown"},
		{Style: "c", Text: "refused"},
		{Style: "c", Text: "asked"},
		{Style: "c", Text: "answered"},
	}
	r := evaluate.NewReport(embedded())
	r.Evaluate(m, questions)
	type count struct{ Count, Of int }
	of := func(s evaluate.Share) count { return count{s.Count, s.Of} }
	got := map[string]count{
		"best": of(r.Best), "offered": of(r.RightOrOffered), "at once": of(r.RightAtOnce), "answered": of(r.Answered),
		"if answered": of(r.RightIfAnswered), "wrong": of(r.Wrong), "permissive": of(r.WrongPermissive),
		"refused": of(r.OtherRefused), "other": of(r.OtherAnswered),
	}
	want := map[string]count{
		"best": {3, 9}, "offered": {4, 9}, "at once": {2, 9}, "answered": {5, 9},
		"if answered": {2, 5}, "wrong": {3, 9}, "permissive": {1, 9},
		"refused": {1, 3}, "other": {1, 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	total := 0 + 0 + match.CostWrong + match.CostPermissive + match.CostWrong +
		2*match.CostChoices + match.CostWrongChoices + match.CostUnknown +
		0 + match.CostWrongChoices + match.CostWrong
	if math.Abs(r.Cost-total/12) > 1e-9 {
		t.Errorf("got mean cost %v, want %v", r.Cost, total/12)
	}
	if r.Harm[knowledge.Boleh][knowledge.Dilarang] != 1 || r.Harm[knowledge.Dilarang][knowledge.Boleh] != 1 {
		t.Errorf("got harm %v", r.Harm)
	}
	if len(r.Mistakes) != 9 {
		t.Errorf("got %d mistakes, want 9", len(r.Mistakes))
	}
	if low, high := r.Best.Low, r.Best.High; low < 0.1 || low > 0.34 || high < 0.33 || high > 0.7 {
		t.Errorf("got interval %v-%v about 1/3", low, high)
	}
	var text strings.Builder
	r.WriteText(&text, true)
	for _, part := range []string{"wrong, more permissive", "mistakes", "10.0  answer  a: permissive"} {
		if !strings.Contains(text.String(), part) {
			t.Errorf("the report does not say %q", part)
		}
	}
}

func TestConversationsCarryTheTopicOn(t *testing.T) {
	m := answers{
		"satu|":            {Outcome: match.Answer, Topic: "sanksi-umum"},
		"dua|sanksi-umum":  {Outcome: match.Choices, Choices: []string{"sanksi-berat", "sanksi-pppk"}},
		"tiga|sanksi-pppk": {Outcome: match.Answer, Topic: "netral-pppk"}, // the person picked the right choice
		"lain|":            {Outcome: match.Unknown},
		"lanjut|":          {Outcome: match.Answer, Topic: "golput-asn"},
	}
	conversations, problems := knowledge.ParseConversations("x", "satu\tsanksi-umum\ndua\tsanksi-pppk\ntiga\tnetral-pppk\n\nlain\tgolput-asn\nlanjut\tgolput-asn\n")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r := evaluate.NewReport(embedded())
	r.Conversations(m, conversations)
	if r.Best.Of != 3 || r.Best.Count != 2 || r.RightAtOnce.Count != 2 || r.RightOrOffered.Count != 3 {
		t.Errorf("got %+v", r.Figures)
	}
}

func TestPlainMethodsWorkAndAreWorse(t *testing.T) {
	if testing.Short() {
		t.Skip("cross-validates three methods")
	}
	base := embedded()
	ours := match.New(base)
	var questions []evaluate.Question
	for i, p := range match.AllPhrasings(base) {
		if i%97 == 0 {
			// Not as anybody wrote it, so that no method finds it verbatim.
			questions = append(questions, evaluate.Question{Topics: []string{p.Topic}, Text: "mohon info min " + strings.ReplaceAll(p.Question, "a", "aa")})
		}
	}
	cost := func(m evaluate.Matcher) float64 {
		r := evaluate.NewReport(base)
		r.Evaluate(m, questions)
		return r.Cost
	}
	oursCost := cost(ours)
	for _, method := range evaluate.Methods {
		m, err := evaluate.NewBaseline(base, method)
		if err != nil {
			t.Fatal(err)
		}
		if r := m.Match("boleh ga like postingan caleg", ""); len(r.Ranked()) == 0 && method != "fuzzy" {
			t.Errorf("%s found nothing", method)
		}
		if c := cost(m); c <= oursCost {
			t.Errorf("%s costs %.3f, ours %.3f", method, c, oursCost)
		}
	}
	if _, err := evaluate.NewBaseline(base, "ramal"); err == nil {
		t.Error("an unknown method was accepted")
	}
}

func TestFloors(t *testing.T) {
	floors, err := evaluate.ParseFloors("best=0.8,wrong=0.03")
	if err != nil {
		t.Fatal(err)
	}
	r := evaluate.NewReport(embedded())
	r.Add(evaluate.Question{Topics: []string{"medsos-like"}}, match.Result{Outcome: match.Answer, Topic: "golput-asn"})
	if missed := r.Missed(floors); len(missed) != 2 {
		t.Errorf("got %q, want two lines", missed)
	}
	for _, bad := range []string{"best", "best=x", "best=nan", "lucu=1"} {
		if _, err := evaluate.ParseFloors(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func FuzzQuestions(f *testing.F) {
	f.Add("topic\tstyle\tquestion\nmedsos-like\tinformal\tboleh?\n-\toos\thalo\n")
	f.Add("topic\tstyle\tquestion\r\na|b\t\t\n\n\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		questions, problems := evaluate.ParseQuestions("x.tsv", text, func(id string) bool { return id == "medsos-like" })
		if len(questions) == 0 && len(problems) == 0 {
			t.Error("nothing was read and nothing was said")
		}
		for _, p := range problems {
			if p.Line < 1 {
				t.Errorf("problem without a line: %v", p)
			}
		}
		conversations, problems := knowledge.ParseConversations("x.txt", text)
		for _, c := range conversations {
			if len(c) == 0 {
				t.Error("empty conversation")
			}
		}
		for _, p := range problems {
			if p.Line < 1 {
				t.Errorf("problem without a line: %v", p)
			}
		}
	})
}
