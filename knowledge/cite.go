package knowledge

import (
	"slices"
	"strings"
)

// Cited is a regulation as an answer cites it.
type Cited struct {
	Regulation
	Articles []string // none: the regulation as a whole
	State    string   // as Base.State says it
}

// String is the regulation with its articles and its state: PP 94/2021 Pasal 5, Pasal 8 (berlaku).
func (c Cited) String() string {
	if len(c.Articles) == 0 {
		return c.Brief()
	}
	return c.Short + " " + strings.Join(c.Articles, ", ") + " (" + c.State + ")"
}

// Brief is the regulation with its state, without articles: PP 94/2021 (berlaku).
func (c Cited) Brief() string { return c.Short + " (" + c.State + ")" }

// State says whether a regulation holds: "berlaku", "pastikan masih berlaku", or
// "sudah dicabut oleh" what took its place.
func (b *Base) State(r Regulation) string {
	switch {
	case r.Status == Dicabut:
		successor, _ := b.Regulation(r.RevokedBy)
		return "sudah dicabut oleh " + successor.Short
	case r.Uncertain:
		return "pastikan masih berlaku"
	}
	return "berlaku"
}

// Cited resolves citations: each regulation once with all its articles, in the
// order in which they are first cited.
func (b *Base) Cited(basis []Citation) []Cited {
	var cited []Cited
	for _, c := range basis {
		i := slices.IndexFunc(cited, func(before Cited) bool { return before.ID == c.Regulation })
		if i < 0 {
			r, _ := b.Regulation(c.Regulation)
			i = len(cited)
			cited = append(cited, Cited{Regulation: r, State: b.State(r)})
		}
		if c.Article != "" {
			cited[i].Articles = append(cited[i].Articles, c.Article)
		}
	}
	return cited
}

// Citations are what a topic rests on, as people read it: each regulation once,
// with its articles and its state.
func (b *Base) Citations(t Topic) []string { return texts(b.Cited(t.Basis), Cited.String) }

// BriefCitations are Citations without articles.
func (b *Base) BriefCitations(t Topic) []string { return texts(b.Cited(t.Basis), Cited.Brief) }

func texts(cited []Cited, text func(Cited) string) []string {
	list := make([]string, len(cited))
	for i, c := range cited {
		list[i] = text(c)
	}
	return list
}
