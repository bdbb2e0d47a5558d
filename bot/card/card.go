// Package card draws picture cards: one answer on one PNG that somebody can
// pass on, with a QR code that leads back to the bot.
//
// A card is made in three steps: legible makes of each text what the typeface can
// show, compose decides where everything stands (it never cuts a text), and
// canvas draws that.
package card

import (
	"fmt"
	"slices"
	"sync"

	"tanyanetral/knowledge"
)

// Width and Height are a card's size in pixels.
const (
	Width  = 1080
	Height = 1350
)

// Content is what stands on a card. Texts are plain; white space in them counts
// as one space, and what the typeface lacks is replaced by what is nearest to it.
// What is empty is left out.
type Content struct {
	Verdict  knowledge.Verdict
	Title    string
	Answer   string   // shown whole
	Points   []string // the first four at most, fewer where the answer is long
	Note     string   // how far the answer can be relied on; shown whole
	Change   string   // how the answer changed of late; shown whole
	Basis    []string // citations with their status, the weightiest first
	Verified string   // a sentence that says when the answer was checked
	Agency   string   // who runs the bot
	Link     string   // where the QR code leads
}

// Of is a topic as a card shows it on a day, without an agency and a link.
func Of(base *knowledge.Base, t knowledge.Topic, today knowledge.Date) Content {
	c := Content{
		Verdict: t.Verdict, Title: t.Title, Answer: t.Answer, Points: t.Points,
		Note: t.Confidence.Caution(), Basis: base.Citations(t), Verified: t.Checked(today),
	}
	if changes := base.Changes(t, today); len(changes) > 0 {
		c.Change = changes[0].Sentence(knowledge.Verdict.Word) // the latest; a picture has no room for its reason
	}
	return c
}

// Drawer draws cards and keeps those asked for last. It is safe for concurrent use.
type Drawer struct {
	keep int
	mu   sync.Mutex
	kept []*drawing // in the order in which they were last asked for

	// pen draws one card at a time: it takes some megabytes while it is drawn,
	// and the other processors are wanted for answers.
	pen   sync.Mutex
	faces faces
}

// drawing is a card that is drawn when it is first asked for.
type drawing struct {
	key  string
	once sync.Once
	png  []byte
	err  error
}

// NewDrawer returns a Drawer that keeps so many cards, at least one.
func NewDrawer(keep int) *Drawer {
	return &Drawer{keep: max(1, keep), faces: loadFaces()}
}

// PNG is the card with a content, Width wide and Height high; higher only where
// what is shown whole is so long that it does not fit in type that can be read. The
// same content gives the same bytes, which the caller must not change. A verdict
// that is none of the four and a link that no QR code can hold are errors.
func (d *Drawer) PNG(c Content) ([]byte, error) {
	entry := d.entry(fmt.Sprintf("%q", c))
	entry.once.Do(func() { entry.png, entry.err = d.draw(c) })
	return entry.png, entry.err
}

// entry finds the drawing with a key, or begins one, and makes it the last asked for.
func (d *Drawer) entry(key string) *drawing {
	d.mu.Lock()
	defer d.mu.Unlock()
	entry := &drawing{key: key}
	if i := slices.IndexFunc(d.kept, func(k *drawing) bool { return k.key == key }); i >= 0 {
		entry = d.kept[i]
		d.kept = slices.Delete(d.kept, i, i+1)
	}
	if len(d.kept) == d.keep {
		d.kept = slices.Delete(d.kept, 0, 1)
	}
	d.kept = append(d.kept, entry)
	return entry
}

func (d *Drawer) draw(c Content) ([]byte, error) {
	d.pen.Lock()
	defer d.pen.Unlock()
	page, err := d.faces.compose(c)
	if err != nil {
		return nil, err
	}
	return d.faces.draw(page).png()
}
