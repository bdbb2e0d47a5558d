package card

import (
	"fmt"
	"image"
	"math"
	"net/url"
	"sort"
	"strings"

	"github.com/boombuler/barcode"

	"tanyanetral/knowledge"
)

// Measures in pixels. Seen 320 pixels wide, as in a list of messages, type of 26
// pixels is almost 8 high.
const (
	margin     = 64
	setWidth   = Width - 2*margin
	bandHeight = 152
	largest    = 44 // type of a short answer
	least      = 28 // type of a long answer with points
	smallest   = 26 // type of the small print, and of all else at the least
	mostPoints = 4
	basisLines = 4   // what the citations may take
	panelPad   = 32  // above and below what stands on the panel
	codeSide   = 240 // of a QR code without its quiet zone, at most
	quietZone  = 4   // modules that stay light around a QR code, as its standard wants
)

// kind tells what a box holds.
type kind int

const (
	textKind kind = iota
	signKind
	dotKind
	codeKind
)

// box is one thing on a card.
type box struct {
	kind  kind
	rect  image.Rectangle
	style style
	lines []string // of a text
}

// style is how a text is set.
type style struct {
	weight  weight
	size    int
	leading int // from line to line
	tone    tone
}

func styled(w weight, size int, leading float64, t tone) style {
	return style{w, size, int(math.Round(float64(size) * leading)), t}
}

// page is where everything stands on a card.
type page struct {
	look   look
	size   image.Point
	band   image.Rectangle // behind the verdict
	panel  image.Rectangle // behind who says it
	boxes  []box           // they do not overlap
	code   barcode.Barcode // nil for none
	module int             // side of a module of the code
}

// compose lays a card out with as many points as fit in the least type, and then in
// the largest type in which these fit. The page grows where not even the answer
// alone fits.
func (f *faces) compose(c Content) (*page, error) {
	look, ok := lookOf(c.Verdict)
	if !ok {
		return nil, fmt.Errorf("draw a card: unknown verdict %q", c.Verdict)
	}
	c = f.legible(c)
	frame := page{look: look, size: image.Pt(Width, Height), band: image.Rect(0, 0, Width, bandHeight)}
	if c.Link != "" {
		var err error
		if frame.code, frame.module, err = encode(c.Link); err != nil {
			return nil, err
		}
	}
	fits := func(points, size int) bool { return f.arrange(frame, c, points, size).size.Y <= Height }
	points := min(mostPoints, len(c.Points))
	for points > 0 && !fits(points, least) {
		points--
	}
	smaller := sort.Search(largest-smallest, func(i int) bool { return fits(points, largest-i) })
	return f.arrange(frame, c, points, largest-smaller), nil
}

// legible is the content as the typeface can show it, without what is empty.
func (f *faces) legible(c Content) Content {
	text := f[regular].legible // the other weight has the same letters
	all := func(texts []string) []string {
		var left []string
		for _, t := range texts {
			if t = text(t); t != "" {
				left = append(left, t)
			}
		}
		return left
	}
	return Content{
		Verdict: c.Verdict, Title: text(c.Title), Answer: text(c.Answer), Points: all(c.Points), Note: text(c.Note),
		Change: text(c.Change), Basis: all(c.Basis), Verified: text(c.Verified), Agency: text(c.Agency), Link: strings.TrimSpace(c.Link),
	}
}

// arrange lays a card out with so many points and an answer of a size. The page
// is as high as that needs.
func (f *faces) arrange(frame page, c Content, points, size int) *page {
	p := frame
	head := f.head(c.Verdict)
	body := f.body(c, points, size)
	small := f.smallPrint(c)
	foot := f.foot(c, p.code, p.module)

	const above, between = 40, 28
	body.move(bandHeight + above)
	panelHeight := foot.y + 2*panelPad
	p.size.Y = max(Height, bandHeight+above+body.y+between+small.y+between+panelHeight)
	p.panel = image.Rect(0, p.size.Y-panelHeight, Width, p.size.Y)
	small.move(p.panel.Min.Y - between - small.y)
	foot.move(p.panel.Min.Y + panelPad)
	for _, part := range []*column{head, body, small, foot} {
		p.boxes = append(p.boxes, part.boxes...)
	}
	return &p
}

// head is the band: the sign, whom the card is for, and the verdict.
func (f *faces) head(v knowledge.Verdict) *column {
	const side = 96
	sign := box{kind: signKind, rect: image.Rect(margin, (bandHeight-side)/2, margin+side, (bandHeight+side)/2)}
	words := f.column(margin+side+32, setWidth-side-32)
	words.text("Netralitas ASN dalam Pemilu dan Pilkada", styled(regular, 28, 1.2, onBand))
	words.gap(2)
	words.text(v.Word(), styled(semiBold, 60, 1.15, onBand))
	words.move((bandHeight - words.y) / 2)
	words.boxes = append(words.boxes, sign)
	return words
}

// body is what the card says.
func (f *faces) body(c Content, points, size int) *column {
	col := f.column(margin, setWidth)
	col.balanced(c.Title, styled(semiBold, size*4/3, 1.2, inkOnPaper))
	col.gap(size * 5 / 8)
	col.text(c.Answer, styled(regular, size, 1.36, inkOnPaper))
	each := styled(regular, max(smallest, size*9/10), 1.34, inkOnPaper)
	for i, point := range c.Points[:points] {
		col.gap(size / 2)
		if i == 0 {
			col.gap(size / 4)
		}
		col.item(point, each)
	}
	if left := len(c.Points) - points; left > 0 {
		col.gap(size * 5 / 8)
		col.text(fmt.Sprintf("Masih ada %d hal lagi: %s.", left, whereMore(c)), styled(semiBold, each.size, 1.36, accentOnPaper))
	}
	return col
}

// whereMore tells where to find what the card has no room for.
func whereMore(c Content) string {
	switch {
	case c.Link != "":
		return "selengkapnya di bot"
	case c.Agency != "":
		return "tanyakan kepada " + c.Agency
	}
	return "tanyakan kepada instansi kepegawaian Anda"
}

// smallPrint is what the answer rests on.
func (f *faces) smallPrint(c Content) *column {
	col := f.column(margin, setWidth)
	cited := styled(regular, smallest, 1.34, subduedOnPaper)
	if c.Note != "" {
		col.text(c.Note, styled(regular, smallest, 1.34, inkOnPaper))
		col.gap(12)
	}
	if c.Change != "" {
		col.text(c.Change, styled(semiBold, smallest, 1.34, inkOnPaper))
		col.gap(12)
	}
	if len(c.Basis) > 0 {
		col.text(f.basis(c.Basis, cited), cited)
	}
	return col
}

// basis lists as many citations as fit into their lines, at least one.
func (f *faces) basis(citations []string, s style) string {
	text := "Dasar: " + strings.Join(citations, "; ") + "."
	for n := len(citations) - 1; n > 0 && len(f[s.weight].wrap(text, s.size, setWidth)) > basisLines; n-- {
		text = fmt.Sprintf("Dasar: %s; dan %d lainnya.", strings.Join(citations[:n], "; "), len(citations)-n)
	}
	return text
}

// foot says who answers, when that was checked and where there is more.
func (f *faces) foot(c Content, code barcode.Barcode, module int) *column {
	width, side := setWidth, 0
	if code != nil {
		side = code.Bounds().Dx() * module
		width -= side + 2*quietZone*module
	}
	small := styled(regular, smallest, 1.34, subduedOnPanel)
	col := f.column(margin, width)
	col.text("TanyaNetral", styled(semiBold, 46, 1.2, inkOnPanel))
	if c.Agency != "" {
		col.gap(4)
		col.text(c.Agency, styled(semiBold, smallest, 1.34, inkOnPanel))
	}
	if c.Verified != "" {
		col.gap(12)
		col.text(c.Verified, small)
	}
	if code != nil {
		col.gap(12)
		col.text("Tanya sendiri, tanpa nama: pindai kode ini atau buka "+f[regular].legible(address(c.Link)), small)
		if spare := side - col.y; spare > 0 {
			col.move(spare / 2)
			col.y = side
		}
		top := (col.y - side) / 2
		col.boxes = append(col.boxes, box{kind: codeKind, rect: image.Rect(Width-margin-side, top, Width-margin, top+side)})
	}
	return col
}

// address is a link as a person would type it.
func address(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return link
	}
	return u.Host + u.Path
}

// column sets boxes one below the other.
type column struct {
	faces    *faces
	x, width int
	y        int // where the next box begins
	boxes    []box
}

func (f *faces) column(x, width int) *column { return &column{faces: f, x: x, width: width} }

func (c *column) gap(height int) { c.y += height }

// move lowers all that stands in the column.
func (c *column) move(down int) {
	for i := range c.boxes {
		c.boxes[i].rect = c.boxes[i].rect.Add(image.Pt(0, down))
	}
}

func (c *column) text(text string, s style) { c.set(text, s, 0, c.width) }

// balanced sets a text in lines of about the same length: no last line of one word.
func (c *column) balanced(text string, s style) {
	face := &c.faces[s.weight]
	lines := len(face.wrap(text, s.size, c.width))
	width := c.width
	for width > c.width/2 && len(face.wrap(text, s.size, width-s.size)) == lines {
		width -= s.size
	}
	c.set(text, s, 0, width)
}

// item sets a text with a dot before it.
func (c *column) item(text string, s style) {
	const indent, side = 40, 14
	top := c.y + (s.leading-side)/2 + 1 // a little lower: at the middle of small letters
	c.boxes = append(c.boxes, box{kind: dotKind, rect: image.Rect(c.x, top, c.x+side, top+side)})
	c.set(text, s, indent, c.width-indent)
}

func (c *column) set(text string, s style, indent, width int) {
	lines := c.faces[s.weight].wrap(text, s.size, width)
	if len(lines) == 0 {
		return
	}
	height := len(lines) * s.leading
	x := c.x + indent
	c.boxes = append(c.boxes, box{textKind, image.Rect(x, c.y, x+width, c.y+height), s, lines})
	c.y += height
}
