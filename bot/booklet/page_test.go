package booklet_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tanyanetral/bot/booklet"
	"tanyanetral/knowledge"
)

// embedded is the knowledge of the program, loaded once.
var embedded = sync.OnceValue(func() *knowledge.Base {
	base, problems := knowledge.Load(knowledge.Embedded())
	if base == nil {
		panic(problems)
	}
	return base
})

// changed is the embedded knowledge with another first topic.
func changed(change func(t *knowledge.Topic)) *knowledge.Base {
	base := *embedded()
	base.Topics = slices.Clone(base.Topics)
	change(&base.Topics[0])
	return &base
}

// wasOtherwise gives a topic a past: a change of the year before the options' date, and an older one.
func wasOtherwise(t *knowledge.Topic) {
	t.Verdict, t.Basis = knowledge.Dilarang, []knowledge.Citation{{Regulation: "uu-20-2023"}}
	t.History = []knowledge.Earlier{
		{Date: knowledge.NewDate(2026, time.May, 1), Verdict: knowledge.Bersyarat, Note: "Edaran baru."},
		{Date: knowledge.NewDate(2023, time.October, 31), Basis: []knowledge.Citation{{Regulation: "uu-5-2014"}}, Note: "Undang-undang baru."},
	}
}

var options = booklet.Options{
	Agency: "BKPSDMD Kabupaten <Sukamaju> & \"Sekitarnya\"",
	Bot:    "https://t.me/TanyaNetralBot",
	Date:   knowledge.NewDate(2026, time.November, 25),
}

func page(t *testing.T, base *knowledge.Base, o booklet.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := booklet.Write(&b, base, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// element is an element of a page, with all text below it.
type element struct {
	name       string
	attributes map[string]string
	text       string
}

var program = regexp.MustCompile(`(?s)<script>.*?</script>`)

// parse reads a page as strictly as XML is read, its script aside, and returns the
// elements in the order in which they end.
func parse(t *testing.T, page []byte) []element {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(program.ReplaceAll(page, []byte("<script></script>"))))
	var open, elements []element
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return elements
		}
		if err != nil {
			t.Fatalf("the page is not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			open = append(open, e)
		case xml.CharData:
			for i := range open {
				open[i].text += string(token)
			}
		case xml.EndElement:
			elements = append(elements, open[len(open)-1])
			open = open[:len(open)-1]
		}
	}
}

func TestPageHasAllOfTheKnowledge(t *testing.T) {
	t.Parallel()
	base, byID := embedded(), map[string]element{}
	headings, count := map[string]bool{}, map[string]int{}
	for _, e := range parse(t, page(t, base, options)) {
		count[e.name]++
		if id := e.attributes["id"]; id != "" {
			if _, ok := byID[id]; ok {
				t.Errorf("id %q twice", id)
			}
			byID[id] = e
		}
		if e.name == "h2" || e.name == "h3" {
			headings[strings.TrimLeft(e.text, "0123456789.")] = true
		}
	}
	for _, c := range base.Categories {
		if _, ok := byID["c-"+c.ID]; !ok || !headings[c.Title] {
			t.Errorf("category %s is not there", c.ID)
		}
	}
	for _, topic := range base.Topics {
		e := byID["t-"+topic.ID]
		if e.attributes["class"] != "topic "+string(topic.Verdict) {
			t.Errorf("%s: got class %q", topic.ID, e.attributes["class"])
		}
		wanted := append([]string{topic.Title, "\n" + topic.Verdict.Word() + "\n", topic.Answer, topic.Sanction, topic.Confidence.Caution(), topic.Checked(options.Date)}, topic.Points...)
		wanted = append(wanted, base.Citations(topic)...)
		for _, id := range topic.Related {
			related, _ := base.Topic(id)
			wanted = append(wanted, related.Title)
		}
		for _, text := range wanted {
			if !strings.Contains(e.text, text) {
				t.Errorf("%s lacks %q", topic.ID, text)
			}
		}
	}
	for _, r := range base.Regulations {
		e := byID["r-"+r.ID]
		for _, text := range []string{r.Short, r.Name, base.State(r), r.Note} {
			if !strings.Contains(e.text, text) {
				t.Errorf("%s lacks %q", r.ID, text)
			}
		}
	}
	for _, c := range base.Contacts {
		if !headings[c.Name] {
			t.Errorf("contact %s is not there", c.ID)
		}
	}
	for _, name := range []string{"h1", "nav", "main", "title", "footer"} {
		if count[name] != 1 {
			t.Errorf("got %d %s", count[name], name)
		}
	}
}

func TestLinksResolveAndNothingIsFetched(t *testing.T) {
	t.Parallel()
	elements := parse(t, page(t, embedded(), options))
	ids := map[string]bool{}
	for _, e := range elements {
		ids[e.attributes["id"]] = true
	}
	outside := map[string]bool{options.Bot: true}
	for _, c := range embedded().Contacts {
		for _, reach := range c.Reach {
			outside[reach] = true
		}
	}
	for _, e := range elements {
		for _, name := range []string{"src", "srcset", "style", "onclick", "action", "data"} {
			if value, ok := e.attributes[name]; ok {
				t.Errorf("%s has %s=%q", e.name, name, value)
			}
		}
		for _, name := range []string{"href", "aria-labelledby", "aria-describedby", "for"} {
			value, ok := e.attributes[name]
			switch {
			case !ok || e.name == "link" && value == "data:,":
			case name != "href" || strings.HasPrefix(value, "#"):
				if !ids[strings.TrimPrefix(value, "#")] {
					t.Errorf("%s=%q leads nowhere", name, value)
				}
			case e.name != "a" || !outside[value]:
				t.Errorf("%s leads to %q", e.name, value)
			}
		}
	}
}

func TestPolicyLetsOnlyItsOwnStyleAndScriptIn(t *testing.T) {
	t.Parallel()
	b := page(t, embedded(), options)
	hash := func(name string) string {
		found := regexp.MustCompile(`(?s)<`+name+`>(.*?)</`+name+`>`).FindAllSubmatch(b, -1)
		if len(found) != 1 {
			t.Fatalf("got %d of %s", len(found), name)
		}
		sum := sha256.Sum256(found[0][1])
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	want := "default-src 'none'; img-src data:; style-src 'sha256-" + hash("style") + "'; script-src 'sha256-" + hash("script") + "'; base-uri 'none'; form-action 'none'"
	for _, e := range parse(t, b) {
		if e.attributes["http-equiv"] == "Content-Security-Policy" {
			if got := e.attributes["content"]; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			return
		}
	}
	t.Error("there is no policy")
}

func TestTextStaysText(t *testing.T) {
	t.Parallel()
	const hostile = `</p></article><script>alert(1)</script><img src=x onerror="alert(2)">'"&amp;`
	base := changed(func(topic *knowledge.Topic) {
		topic.Title, topic.Answer, topic.Points, topic.Sanction = hostile, hostile, []string{hostile}, hostile
		topic.Keywords = []string{hostile}
		topic.History = []knowledge.Earlier{{Date: options.Date, Note: hostile}}
	})
	o := options
	o.Agency, o.Bot = hostile, "javascript:alert(3)"
	scripts, found := 0, 0
	for _, e := range parse(t, page(t, base, o)) {
		switch {
		case e.name == "img":
			t.Error("text became an element")
		case e.name == "script":
			scripts++
		case strings.HasPrefix(e.attributes["href"], "javascript:"):
			t.Errorf("a link leads to %q", e.attributes["href"])
		case e.attributes["id"] == "t-"+base.Topics[0].ID:
			found = strings.Count(e.text, hostile)
		}
	}
	if scripts != 1 || found != 5 {
		t.Errorf("got %d scripts, and the text %d times, want 1 and 5", scripts, found)
	}
}

func TestPageWithoutOptionsHasNoEmptyPlaces(t *testing.T) {
	t.Parallel()
	for _, e := range parse(t, page(t, embedded(), booklet.Options{})) {
		href, linked := e.attributes["href"]
		empty := e.name == "p" && e.text == "" && e.attributes["role"] != "status"
		if linked && href == "" || empty || e.attributes["class"] == "agency" || strings.HasPrefix(e.text, "Disusun") {
			t.Errorf("got %s %v with %q", e.name, e.attributes, e.text)
		}
	}
}

func TestAnswersCheckedLongAgoSaySo(t *testing.T) {
	t.Parallel()
	const mark = "Sudah lebih dari setahun"
	base := changed(func(topic *knowledge.Topic) { topic.Verified = knowledge.NewDate(2025, time.November, 24) })
	if got := bytes.Count(page(t, base, options), []byte(mark)); got != 1 {
		t.Errorf("got %d marks, want 1", got)
	}
	if got := bytes.Count(page(t, base, booklet.Options{}), []byte(mark)); got != 0 {
		t.Errorf("without a date: got %d marks", got)
	}
}

func TestChangesOfTheLastYearSaySo(t *testing.T) {
	t.Parallel()
	const (
		recent = `<p class="note">Berubah 1 Mei 2026: dari Boleh dengan syarat menjadi Dilarang. Edaran baru.</p>`
		older  = "Undang-undang baru."
	)
	base := changed(wasOtherwise)
	got := page(t, base, options)
	if !bytes.Contains(got, []byte(recent)) {
		t.Error("the change of the last year is not there")
	}
	if bytes.Contains(got, []byte(older)) {
		t.Error("an older change is there")
	}
	if got := page(t, base, booklet.Options{}); bytes.Contains(got, []byte("Berubah ")) {
		t.Error("without a date there is a change")
	}
}

func TestSameKnowledgeIsTheSamePage(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(page(t, embedded(), options), page(t, embedded(), options)) {
		t.Error("two pages differ")
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWhatCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"page": booklet.Write(full{}, embedded(), options),
		"JSON": booklet.JSON(full{}, embedded()),
		"CSV":  booklet.CSV(full{}, embedded()),
	} {
		if !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
