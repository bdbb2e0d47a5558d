package card

import (
	"image"
	"math"

	"golang.org/x/image/vector"
)

// sign is a drawing in a square of side 1, made of strokes with round ends.
type sign []stroke

type stroke struct{ fromX, fromY, toX, toY, width float64 }

// The signs, after their shape. A stroke without length is a disc.
var (
	disc        = sign{{0.5, 0.5, 0.5, 0.5, 1}}
	tick        = sign{{0.28, 0.53, 0.43, 0.68, 0.11}, {0.43, 0.68, 0.73, 0.36, 0.11}}
	exclamation = sign{{0.5, 0.25, 0.5, 0.55, 0.12}, {0.5, 0.75, 0.5, 0.75, 0.14}}
	cross       = sign{{0.34, 0.34, 0.66, 0.66, 0.11}, {0.66, 0.34, 0.34, 0.66, 0.11}}
	letterI     = sign{{0.5, 0.27, 0.5, 0.27, 0.14}, {0.5, 0.46, 0.5, 0.75, 0.12}}
)

// strokes draws a sign into a square.
func (c *canvas) strokes(square image.Rectangle, t tone, s sign) {
	c.shape.Reset(square.Dx(), square.Dy())
	for _, stroke := range s {
		stroke.outline(&c.shape, float64(square.Dx()))
	}
	c.ink(square, t)
}

// outline adds the shape of a stroke: along one side, around the end, back along
// the other side, around the begin. All strokes turn the same way, so that they
// do not cancel each other out where they cross.
func (s stroke) outline(shape *vector.Rasterizer, scale float64) {
	dx, dy := s.toX-s.fromX, s.toY-s.fromY
	if length := math.Hypot(dx, dy); length > 0 {
		dx, dy = dx/length, dy/length
	} else {
		dx, dy = 1, 0
	}
	r := s.width / 2
	// at is a point by its distance from x, y along the stroke and to its side.
	at := func(x, y, along, aside float64) (float32, float32) {
		return float32(scale * (x + r*(along*dx-aside*dy))), float32(scale * (y + r*(along*dy+aside*dx)))
	}
	const k = 0.5523 // of a quarter of a circle as a Bézier curve
	round := func(x, y, way float64) {
		quarter := func(a, b, c, d, e, f float64) {
			ax, ay := at(x, y, way*a, way*b)
			bx, by := at(x, y, way*c, way*d)
			cx, cy := at(x, y, way*e, way*f)
			shape.CubeTo(ax, ay, bx, by, cx, cy)
		}
		quarter(k, 1, 1, k, 1, 0)
		quarter(1, -k, k, -1, 0, -1)
	}
	shape.MoveTo(at(s.fromX, s.fromY, 0, 1))
	shape.LineTo(at(s.toX, s.toY, 0, 1))
	round(s.toX, s.toY, 1)
	shape.LineTo(at(s.fromX, s.fromY, 0, -1))
	round(s.fromX, s.fromY, -1)
	shape.ClosePath()
}
