package card

import (
	"fmt"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// encode makes the QR code of a link, and says how many pixels its modules are
// wide. Few large modules are read from a small picture more easily than many
// that mend errors; so of the levels of correction it takes the highest that
// costs no larger code.
func encode(link string) (code barcode.Barcode, module int, err error) {
	for _, level := range []qr.ErrorCorrectionLevel{qr.L, qr.M, qr.Q, qr.H} {
		stronger, err := qr.Encode(link, level, qr.Unicode)
		if err != nil {
			if code != nil {
				break // so long a link has room in the weakest level only
			}
			return nil, 0, fmt.Errorf("encode %d bytes of link as a QR code: %w", len(link), err)
		}
		if code != nil && stronger.Bounds() != code.Bounds() {
			break
		}
		code = stronger
	}
	return code, max(1, min(codeSide/code.Bounds().Dx(), panelPad/quietZone)), nil
}
