// Package booklet writes the whole knowledge down: as a page for print and phone,
// as JSON for other sites, and as CSV for offices.
package booklet

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"tanyanetral/knowledge"
)

// The page, its look and its search.
var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
	//go:embed page.js
	pageJS string
)

// Options say whose booklet it is. The zero Options are good.
type Options struct {
	Agency string         // who hands it out, "" for nobody in particular
	Bot    string         // link to the bot, "" for none
	Date   knowledge.Date // the day it is made, zero to leave it out; it tells which answers are old, and which changed of late
}

// Write writes the knowledge as one HTML page that needs nothing else: it has its
// own style and search, and asks no network for anything. After an error a part of
// the page may have been written.
func Write(w io.Writer, base *knowledge.Base, o Options) error {
	functions := template.FuncMap{"isLink": isLink, "word": knowledge.Verdict.Word}
	page, err := template.New("page").Funcs(functions).Parse(pageHTML)
	if err != nil {
		return fmt.Errorf("parse the booklet's page: %w", err) // unreachable: the page is part of the program
	}
	if err := page.Execute(w, newEdition(base, o)); err != nil {
		return fmt.Errorf("write the booklet: %w", err)
	}
	return nil
}

// isLink tells what can be clicked from what is read.
func isLink(reach string) bool { return strings.HasPrefix(reach, "https://") }

// edition is what the page shows.
type edition struct {
	Options
	Style       template.CSS
	Script      template.JS
	Policy      string // lets this style and this script in, and nothing else
	Topics      int
	Chapters    []chapter
	Regulations []law
	Contacts    []knowledge.Contact
}

// chapter is a category with its topics.
type chapter struct {
	knowledge.Category
	Number int
	Topics []*entry
}

// entry is a topic in its place.
type entry struct {
	knowledge.Topic
	Number  string   // "3.4" is the fourth topic of the third chapter: paper has no links
	Changes []string // of the last year
	Basis   []knowledge.Cited
	Related []*entry
}

// law is a regulation and whether it holds.
type law struct {
	knowledge.Regulation
	State string
}

// Kind is how the state looks.
func (l law) Kind() string {
	if l.Status == knowledge.Berlaku && l.Uncertain {
		return "ragu"
	}
	return string(l.Status)
}

func newEdition(base *knowledge.Base, o Options) edition {
	e := edition{
		Options: o, Style: template.CSS(pageCSS), Script: template.JS(pageJS), Policy: policy(),
		Topics: len(base.Topics), Contacts: base.Contacts,
	}
	byID := map[string]*entry{}
	for _, category := range base.Categories {
		c := chapter{Category: category, Number: len(e.Chapters) + 1}
		for _, t := range base.Topics {
			if t.Category != category.ID {
				continue
			}
			byID[t.ID] = &entry{
				Topic: t, Number: fmt.Sprintf("%d.%d", c.Number, len(c.Topics)+1),
				Changes: changes(base, t, o.Date), Basis: base.Cited(t.Basis),
			}
			c.Topics = append(c.Topics, byID[t.ID])
		}
		if len(c.Topics) > 0 {
			e.Chapters = append(e.Chapters, c)
		}
	}
	for _, t := range byID {
		for _, id := range t.Topic.Related {
			t.Related = append(t.Related, byID[id])
		}
	}
	for _, r := range base.Regulations {
		e.Regulations = append(e.Regulations, law{r, base.State(r)})
	}
	return e
}

// changes says how an answer changed in the year until a day, and why.
func changes(base *knowledge.Base, t knowledge.Topic, day knowledge.Date) []string {
	var lines []string
	for _, c := range base.Changes(t, day) {
		lines = append(lines, c.Sentence(knowledge.Verdict.Word)+" "+c.Note)
	}
	return lines
}

// policy is the page's Content-Security-Policy. The empty icon in it keeps
// browsers from asking for one.
func policy() string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; img-src data:; style-src " + hash(pageCSS) + "; script-src " + hash(pageJS) + "; base-uri 'none'; form-action 'none'"
}
