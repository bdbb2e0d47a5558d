package card_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/image/draw"

	"tanyanetral/bot/card"
	"tanyanetral/knowledge"
)

func content(verdict knowledge.Verdict) card.Content {
	return card.Content{
		Verdict:  verdict,
		Title:    "Bolehkah menyukai (like) unggahan calon atau partai?",
		Answer:   "ASN tidak boleh menyukai unggahan calon atau partai, walau hanya satu kali dan dari akun pribadi.",
		Points:   []string{"Berlaku untuk semua aplikasi.", "Bila tidak sengaja tertekan, segera batalkan."},
		Basis:    []string{"SKB 5 lembaga 2022 (berlaku)"},
		Verified: "Diperiksa 22 November 2026.",
		Agency:   "BKPSDMD Kabupaten Sukamaju",
		Link:     "https://t.me/TanyaNetralBot?start=t_medsos-like",
	}
}

func TestCardOfATopic(t *testing.T) {
	t.Parallel()
	topic := knowledge.Topic{
		ID: "medsos-like", Title: "Bolehkah?", Verdict: knowledge.Dilarang, Answer: "Tidak.", Points: []string{"Satu."}, Confidence: knowledge.Cukup,
		Basis: []knowledge.Citation{{Regulation: "pp-94-2021", Article: "Pasal 5"}, {Regulation: "pp-94-2021", Article: "Pasal 8"}, {Regulation: "uu-5-2014"}},
		History: []knowledge.Earlier{
			{Date: knowledge.NewDate(2025, time.May, 3), Verdict: knowledge.Bersyarat, Note: "Edaran baru."},
			{Date: knowledge.NewDate(2025, time.May, 1), Verdict: knowledge.Boleh, Note: "Edaran pertama."},
		},
		Verified: knowledge.NewDate(2025, time.May, 3),
	}
	want := card.Content{
		Verdict: knowledge.Dilarang, Title: "Bolehkah?", Answer: "Tidak.", Points: []string{"Satu."}, Note: knowledge.Cukup.Caution(),
		Change:   "Berubah 3 Mei 2025: dari Boleh dengan syarat menjadi Dilarang.",
		Basis:    []string{"PP 94/2021 Pasal 5, Pasal 8 (berlaku)", "UU 5/2014 (sudah dicabut oleh UU 20/2023)"},
		Verified: "Diperiksa 3 Mei 2025.",
	}
	if diff := cmp.Diff(want, card.Of(embedded(t), topic, knowledge.NewDate(2025, time.May, 4))); diff != "" {
		t.Errorf("in the year of the change (-want +got):\n%s", diff)
	}
	want.Change, want.Verified = "", "Diperiksa 3 Mei 2025. Sudah lebih dari setahun: pastikan tidak ada aturan baru."
	if diff := cmp.Diff(want, card.Of(embedded(t), topic, knowledge.NewDate(2026, time.May, 4))); diff != "" {
		t.Errorf("later (-want +got):\n%s", diff)
	}
}

func embedded(t testing.TB) *knowledge.Base {
	t.Helper()
	base, problems := knowledge.Load(knowledge.Embedded())
	if base == nil {
		t.Fatal(problems)
	}
	return base
}

func mustPNG(t *testing.T, d *card.Drawer, c card.Content) []byte {
	t.Helper()
	b, err := d.PNG(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decode(t *testing.T, b []byte) image.Image {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

func TestEachVerdictHasItsColour(t *testing.T) {
	t.Parallel()
	drawer := card.NewDrawer(4)
	seen := map[color.Color]knowledge.Verdict{}
	for _, verdict := range []knowledge.Verdict{knowledge.Boleh, knowledge.Bersyarat, knowledge.Dilarang, knowledge.Info} {
		b := mustPNG(t, drawer, content(verdict))
		if len(b) > 300<<10 {
			t.Errorf("%s: got %d bytes, want at most 300 kB", verdict, len(b))
		}
		picture := decode(t, b)
		if got, want := picture.Bounds(), image.Rect(0, 0, card.Width, card.Height); got != want {
			t.Errorf("%s: got %v, want %v", verdict, got, want)
		}
		band := picture.At(5, 5)
		if other, ok := seen[band]; ok {
			t.Errorf("%s looks like %s", verdict, other)
		}
		seen[band] = verdict
	}
}

func TestCodeIsReadFromSmallPictures(t *testing.T) {
	t.Parallel()
	drawer := card.NewDrawer(2)
	for _, link := range []string{
		"https://t.me/TanyaNetralBot?start=t_medsos-like",
		"https://t.me/" + strings.Repeat("n", 29) + "bot?start=t_" + strings.Repeat("i", 48), // the longest there is
	} {
		c := content(knowledge.Info)
		c.Link = link
		whole := decode(t, mustPNG(t, drawer, c))
		for _, width := range []int{card.Width, 540, 320} {
			if got, err := scan(scaled(whole, width)); err != nil || got != link {
				t.Errorf("%d wide: got %q, %v; want %q", width, got, err, link)
			}
		}
	}
	c := content(knowledge.Info)
	c.Link = ""
	if got, err := scan(scaled(decode(t, mustPNG(t, drawer, c)), 540)); err == nil {
		t.Errorf("without a link: got a code with %q", got)
	}
}

func scaled(picture image.Image, width int) image.Image {
	small := image.NewRGBA(image.Rect(0, 0, width, picture.Bounds().Dy()*width/picture.Bounds().Dx()))
	draw.CatmullRom.Scale(small, small.Rect, picture, picture.Bounds(), draw.Src, nil)
	return small
}

func scan(picture image.Image) (string, error) {
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		return "", err
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		return "", err
	}
	return result.GetText(), nil
}

func TestSameContentIsTheSamePicture(t *testing.T) {
	t.Parallel()
	a, b := mustPNG(t, card.NewDrawer(1), content(knowledge.Boleh)), mustPNG(t, card.NewDrawer(1), content(knowledge.Boleh))
	if !bytes.Equal(a, b) {
		t.Error("two drawers draw two pictures")
	}
	c := content(knowledge.Boleh)
	c.Title, c.Answer = c.Answer, c.Title
	if bytes.Equal(a, mustPNG(t, card.NewDrawer(1), c)) {
		t.Error("another content has the same picture")
	}
}

func TestSameContentIsDrawnOnce(t *testing.T) {
	t.Parallel()
	drawer := card.NewDrawer(2)
	contents := []card.Content{content(knowledge.Boleh), content(knowledge.Dilarang)}
	var pictures [8][]byte
	var wg sync.WaitGroup
	for i := range pictures {
		wg.Go(func() { pictures[i], _ = drawer.PNG(contents[i%2]) })
	}
	wg.Wait()
	for i, picture := range pictures {
		if len(picture) == 0 || &picture[0] != &pictures[i%2][0] {
			t.Errorf("picture %d was drawn anew", i)
		}
	}
}

func TestDrawerForgetsWhatWasNotAskedForLongest(t *testing.T) {
	t.Parallel()
	drawer := card.NewDrawer(2)
	a, b, c := content(knowledge.Boleh), content(knowledge.Dilarang), content(knowledge.Info)
	first, second := mustPNG(t, drawer, a), mustPNG(t, drawer, b)
	mustPNG(t, drawer, a)
	mustPNG(t, drawer, c)
	if again := mustPNG(t, drawer, a); &again[0] != &first[0] {
		t.Error("what was asked for last was forgotten")
	}
	if again := mustPNG(t, drawer, b); &again[0] == &second[0] {
		t.Error("nothing was forgotten")
	}
}

func TestWhatCannotBeDrawnIsAnError(t *testing.T) {
	t.Parallel()
	drawer := card.NewDrawer(2)
	for name, change := range map[string]func(c *card.Content){
		"no verdict":      func(c *card.Content) { c.Verdict = "" },
		"unknown verdict": func(c *card.Content) { c.Verdict = "mungkin" },
		"too long a link": func(c *card.Content) { c.Link = "https://t.me/" + strings.Repeat("a", 3000) },
	} {
		c := content(knowledge.Boleh)
		change(&c)
		if b, err := drawer.PNG(c); err == nil || b != nil {
			t.Errorf("%s: got %d bytes, %v", name, len(b), err)
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	base, drawer := embedded(b), card.NewDrawer(1)
	for i := 0; b.Loop(); i++ {
		t := base.Topics[i%len(base.Topics)]
		c := card.Of(base, t, t.Verified)
		c.Note = fmt.Sprintf("Catatan %d.", i) // no content twice
		c.Link = "https://t.me/TanyaNetralBot?start=t_" + t.ID
		if _, err := drawer.PNG(c); err != nil {
			b.Fatal(err)
		}
	}
}
