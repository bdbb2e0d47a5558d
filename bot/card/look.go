package card

import (
	"image/color"

	"tanyanetral/knowledge"
)

// look is how a card shows its verdict beside the word for it: in a sign and a
// colour, of which each is enough by itself.
type look struct {
	sign   sign
	ground color.RGBA // of the band at the top
	ink    color.RGBA // on ground
	accent color.RGBA // on paper
}

func lookOf(v knowledge.Verdict) (look, bool) {
	switch v {
	case knowledge.Boleh:
		return look{tick, rgb(0x176B3F), paper, rgb(0x176B3F)}, true
	case knowledge.Bersyarat:
		return look{exclamation, rgb(0xF4B92F), rgb(0x2A1E00), rgb(0x8A5A00)}, true
	case knowledge.Dilarang:
		return look{cross, rgb(0xA81C2B), paper, rgb(0xA81C2B)}, true
	case knowledge.Info:
		return look{letterI, rgb(0x1F4E8C), paper, rgb(0x1F4E8C)}, true
	}
	return look{}, false
}

// Colours that all cards have.
var (
	paper   = rgb(0xFFFFFF)
	panel   = rgb(0xF1F3F6) // behind who says it
	ink     = rgb(0x161D29)
	subdued = rgb(0x465163) // ink of the small print
)

func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 0xFF}
}
