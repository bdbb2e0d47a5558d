package card

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/boombuler/barcode"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// tone is an ink on its ground. Those on one ground stand together; the first of
// them fills it.
type tone int

const (
	onBand tone = iota
	onSign
	inkOnPaper
	subduedOnPaper
	accentOnPaper
	inkOnPanel
	subduedOnPanel
	tones
)

// colours are an ink and its ground.
type colours struct{ ink, ground color.RGBA }

func (l look) tones() [tones]colours {
	return [tones]colours{
		onBand:         {l.ink, l.ground},
		onSign:         {l.ground, l.ink},
		inkOnPaper:     {ink, paper},
		subduedOnPaper: {subdued, paper},
		accentOnPaper:  {l.accent, paper},
		inkOnPanel:     {ink, panel},
		subduedOnPanel: {subdued, panel},
	}
}

// shades is the number of steps from a ground to its ink, both included: what all
// tones need together fills a palette. With one byte a pixel a card is small and
// quickly drawn.
const shades = 256 / int(tones)

// palette has the shades of each tone, one tone after the other.
func palette(l look) color.Palette {
	p := make(color.Palette, 0, 256)
	for _, c := range l.tones() {
		for shade := range shades {
			blend := func(ground, ink uint8) uint8 {
				return uint8((int(ground)*(shades-1-shade) + int(ink)*shade) / (shades - 1))
			}
			p = append(p, color.RGBA{blend(c.ground.R, c.ink.R), blend(c.ground.G, c.ink.G), blend(c.ground.B, c.ink.B), 0xFF})
		}
	}
	return p
}

// canvas is a card while it is drawn.
type canvas struct {
	image  *image.Paletted
	shape  vector.Rasterizer
	buffer sfnt.Buffer
}

// draw makes the picture of a page.
func (f *faces) draw(p *page) *canvas {
	c := &canvas{image: image.NewPaletted(image.Rectangle{Max: p.size}, palette(p.look))}
	c.ground(c.image.Rect, inkOnPaper)
	c.ground(p.band, onBand)
	c.ground(p.panel, inkOnPanel)
	for _, b := range p.boxes {
		switch b.kind {
		case textKind:
			c.text(&f[b.style.weight], b)
		case signKind:
			c.strokes(b.rect, onBand, disc)
			c.strokes(b.rect, onSign, p.look.sign)
		case dotKind:
			c.strokes(b.rect, accentOnPaper, disc)
		case codeKind:
			c.code(b.rect, p.code, p.module)
		}
	}
	return c
}

func (c *canvas) png() ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, c.image); err != nil {
		return nil, fmt.Errorf("encode a card: %w", err)
	}
	return b.Bytes(), nil
}

// ground fills a rectangle with the ground of a tone.
func (c *canvas) ground(r image.Rectangle, t tone) { c.fill(r, uint8(int(t)*shades)) }

func (c *canvas) fill(r image.Rectangle, index uint8) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := c.image.Pix[c.image.PixOffset(r.Min.X, y):c.image.PixOffset(r.Max.X, y)]
		for i := range row {
			row[i] = index
		}
	}
}

// text draws the lines of a box.
func (c *canvas) text(f *face, b box) {
	pad := b.style.size / 4 // some letters reach over the corners of their line
	size := fixed.I(b.style.size)
	// Capitals stand in the middle of their line.
	baseline := float32(pad) + (float32(b.style.leading)+capHeight*float32(b.style.size))/2
	line := image.Rect(b.rect.Min.X-pad, b.rect.Min.Y-pad, b.rect.Max.X+pad, b.rect.Min.Y+b.style.leading+pad)
	for _, text := range b.lines {
		c.shape.Reset(line.Dx(), line.Dy())
		f.glyphs(text, b.style.size, func(g sfnt.GlyphIndex, x float32) {
			outline(&c.shape, must(f.font.LoadGlyph(&c.buffer, g, size, nil)), float32(pad)+x, baseline)
		})
		c.ink(line, b.style.tone)
		line = line.Add(image.Pt(0, b.style.leading))
	}
}

// outline adds the shape of a glyph whose origin is at x, y.
func outline(shape *vector.Rasterizer, segments sfnt.Segments, x, y float32) {
	at := func(p fixed.Point26_6) (float32, float32) { return x + float32(p.X)/64, y + float32(p.Y)/64 }
	for _, s := range segments {
		ax, ay := at(s.Args[0])
		bx, by := at(s.Args[1])
		cx, cy := at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			shape.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			shape.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			shape.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			shape.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	shape.ClosePath()
}

// ink lays the shape over a rectangle of the card that has the ground of the tone.
func (c *canvas) ink(r image.Rectangle, t tone) {
	mask := image.NewAlpha(image.Rectangle{Max: r.Size()})
	c.shape.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	visible := r.Intersect(c.image.Rect)
	first := int(t) * shades
	for y := visible.Min.Y; y < visible.Max.Y; y++ {
		for x := visible.Min.X; x < visible.Max.X; x++ {
			shade := (int(mask.Pix[mask.PixOffset(x-r.Min.X, y-r.Min.Y)])*(shades-1) + 127) / 255
			if shade > 0 {
				pixel := &c.image.Pix[c.image.PixOffset(x, y)]
				*pixel = max(*pixel, uint8(first+shade)) // letters touch: the darker shade stays
			}
		}
	}
}

// code draws a QR code; its quiet zone is there already.
func (c *canvas) code(r image.Rectangle, code barcode.Barcode, module int) {
	modules := code.Bounds()
	for y := modules.Min.Y; y < modules.Max.Y; y++ {
		for x := modules.Min.X; x < modules.Max.X; x++ {
			if dark, _, _, _ := code.At(x, y).RGBA(); dark != 0 {
				continue
			}
			at := r.Min.Add(image.Pt(x, y).Mul(module))
			c.fill(image.Rectangle{at, at.Add(image.Pt(module, module))}, uint8(int(inkOnPanel)*shades+shades-1))
		}
	}
}
