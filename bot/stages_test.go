package bot_test

import (
	"strings"
	"testing"
	"time"
)

// TestStagesNameTheirRegion: elsewhere the stage does not concern anybody.
func TestStagesNameTheirRegion(t *testing.T) {
	w := newWorld(t)
	w.bot.Learn(regional())
	for day, lines := range map[int]string{
		-1: "Masa kampanye, Pemungutan suara ulang di Kabupaten Sukamaju: 1 Januari 2028 sampai 31 Januari 2028, 1 hari lagi",
		0:  "Masa kampanye, Pemungutan suara ulang di Kabupaten Sukamaju (1 Januari 2028 sampai 31 Januari 2028, tinggal 30 hari)",
		31: "Masa kampanye, Pemungutan suara ulang di Kabupaten Sukamaju: 1 Januari 2028 sampai 31 Januari 2028",
	} {
		w.now = time.Date(2028, time.January, 1+day, 9, 0, 0, 0, jakarta)
		if got := w.say("/tahapan").Plain(); !strings.Contains(got, lines) {
			t.Errorf("on day %d: got %s", day, got)
		}
		if got := w.press("t:golput-asn").Plain(); strings.Contains(got, "Sekarang: "+lines) != (day == 0) {
			t.Errorf("on day %d: got %s", day, got)
		}
	}
}
