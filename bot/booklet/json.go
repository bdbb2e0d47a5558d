package booklet

import (
	"encoding/json"
	"fmt"
	"io"

	"tanyanetral/knowledge"
)

// jsonFormat is the version of what JSON writes. Fields may be added under the
// same version; renaming or removing one needs the next.
const jsonFormat = 1

type jsonBase struct {
	Format      int              `json:"format"`
	Categories  []jsonCategory   `json:"categories"`
	Topics      []jsonTopic      `json:"topics"`
	Regulations []jsonRegulation `json:"regulations"`
	Contacts    []jsonContact    `json:"contacts"`
}

type jsonCategory struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type jsonTopic struct {
	ID          string         `json:"id"`
	Category    string         `json:"category"` // id
	Title       string         `json:"title"`
	Verdict     string         `json:"verdict"` // boleh, bersyarat, dilarang or info
	VerdictText string         `json:"verdict_text"`
	Answer      string         `json:"answer"`
	Points      []string       `json:"points"`
	Sanction    string         `json:"sanction"`
	Confidence  string         `json:"confidence"` // kuat, cukup or inferensi
	Caution     string         `json:"caution"`    // to be shown with the answer
	Basis       []jsonCitation `json:"basis"`
	Verified    string         `json:"verified"` // a day, 2026-11-22
	Changes     []jsonChange   `json:"changes"`  // all that are known, the latest first
	Related     []string       `json:"related"`  // ids
	Keywords    []string       `json:"keywords"`
}

type jsonChange struct {
	Date   string   `json:"date"`
	Before jsonSaid `json:"before"`
	Since  jsonSaid `json:"since"` // until the next change
	Note   string   `json:"note"`  // why
	Text   string   `json:"text"`  // what changed, in a sentence
}

type jsonSaid struct {
	Verdict     string   `json:"verdict"`
	VerdictText string   `json:"verdict_text"`
	Basis       []string `json:"basis"` // as it is cited
}

type jsonCitation struct {
	jsonRegulation
	Articles []string `json:"articles"` // none: the regulation as a whole
	Text     string   `json:"text"`     // as it is cited
}

type jsonRegulation struct {
	ID        string `json:"id"`
	Short     string `json:"short"`
	Name      string `json:"name"`
	Date      string `json:"date"`       // "" where it is not known for certain
	Status    string `json:"status"`     // berlaku or dicabut
	RevokedBy string `json:"revoked_by"` // id
	Uncertain bool   `json:"uncertain"`  // whether it still holds must be asked
	Note      string `json:"note"`
}

type jsonContact struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	For   string   `json:"for"`
	Reach []string `json:"reach"`
}

// JSON writes the knowledge for other programs: an object with format (the
// number 1), categories, topics with their citations resolved and their changes,
// regulations and contacts, each in the order in which the knowledge has them. Every field is
// always there; what is not known is "", and a list without entries is empty.
func JSON(w io.Writer, base *knowledge.Base) error {
	out := jsonBase{Format: jsonFormat, Categories: []jsonCategory{}, Topics: []jsonTopic{}, Regulations: []jsonRegulation{}, Contacts: []jsonContact{}}
	for _, c := range base.Categories {
		out.Categories = append(out.Categories, jsonCategory{c.ID, c.Title})
	}
	for _, t := range base.Topics {
		out.Topics = append(out.Topics, topicJSON(base, t))
	}
	for _, r := range base.Regulations {
		out.Regulations = append(out.Regulations, regulationJSON(r))
	}
	for _, c := range base.Contacts {
		out.Contacts = append(out.Contacts, jsonContact{c.ID, c.Name, c.For, list(c.Reach)})
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(out); err != nil {
		return fmt.Errorf("write the knowledge as JSON: %w", err)
	}
	return nil
}

func topicJSON(base *knowledge.Base, t knowledge.Topic) jsonTopic {
	out := jsonTopic{
		ID: t.ID, Category: t.Category, Title: t.Title, Verdict: string(t.Verdict), VerdictText: t.Verdict.Word(),
		Answer: t.Answer, Points: list(t.Points), Sanction: t.Sanction, Confidence: string(t.Confidence), Caution: t.Confidence.Caution(),
		Basis: []jsonCitation{}, Verified: t.Verified.String(), Changes: []jsonChange{}, Related: list(t.Related), Keywords: list(t.Keywords),
	}
	for _, c := range base.Cited(t.Basis) {
		out.Basis = append(out.Basis, jsonCitation{regulationJSON(c.Regulation), list(c.Articles), c.String()})
	}
	for _, c := range base.History(t) {
		text := c.Sentence(knowledge.Verdict.Word)
		out.Changes = append(out.Changes, jsonChange{c.Date.String(), saidJSON(c.Before), saidJSON(c.Since), c.Note, text})
	}
	return out
}

func saidJSON(s knowledge.Said) jsonSaid {
	return jsonSaid{string(s.Verdict), s.Verdict.Word(), list(s.Basis)}
}

func regulationJSON(r knowledge.Regulation) jsonRegulation {
	out := jsonRegulation{
		ID: r.ID, Short: r.Short, Name: r.Name, Status: string(r.Status), RevokedBy: r.RevokedBy, Uncertain: r.Uncertain, Note: r.Note,
	}
	if !r.Date.IsZero() {
		out.Date = r.Date.String()
	}
	return out
}

// list is never null.
func list(s []string) []string { return append([]string{}, s...) }
