package card

import (
	"flag"
	"fmt"
	"image"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/knowledge"
)

var update = flag.Bool("update", false, "write what came out as what is wanted")

// embedded is the knowledge of the program, loaded once.
var embedded = sync.OnceValue(func() *knowledge.Base {
	base, problems := knowledge.Load(knowledge.Embedded())
	if base == nil {
		panic(problems)
	}
	return base
})

// of is a topic as a card shows it, with the longest that stands beside it.
func of(t knowledge.Topic) Content {
	c := Of(embedded(), t, t.Verified.AddDays(366))
	c.Note, c.Change = knowledge.Inferensi.Caution(), changed
	c.Agency = "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia Daerah Kabupaten Sukamaju"
	c.Link = "https://t.me/TanyaNetralBot?start=t_" + t.ID
	return c
}

const changed = "Berubah 30 September 2026: dari Boleh dengan syarat menjadi Dilarang."

// sample is a card as most are, whatever becomes of the knowledge.
func sample() Content {
	return Content{
		Verdict: knowledge.Dilarang,
		Title:   "Bolehkah menyukai (like) unggahan calon atau partai?",
		Answer:  "ASN tidak boleh menyukai unggahan calon atau partai, walau hanya satu kali dan dari akun pribadi. Larangan ini berlaku juga untuk ikon atau emoji dukungan lain seperti love, jempol, atau tepuk tangan pada unggahan calon, partai, atau tim pemenangannya.",
		Points: []string{
			"Bakal calon (belum ditetapkan KPU): kode etik. Calon yang sudah ditetapkan: disiplin berat.",
			"Berlaku untuk semua aplikasi: like di Facebook, Instagram, TikTok, X, dan YouTube, juga reaksi di WhatsApp atau Telegram.",
			"Alasannya: tanda suka terlihat oleh orang lain dan dapat dibaca sebagai dukungan.",
			"Bila tidak sengaja tertekan, segera batalkan, simpan bukti waktunya, dan jangan diulang.",
			"Ingin mengetahui program calon? Baca di laman KPU tanpa menekan tanda apa pun.",
		},
		Note:     knowledge.Cukup.Caution(),
		Basis:    []string{"SKB 5 lembaga 2022 lampiran pelanggaran kode etik (berlaku)", "PP 94/2021 Pasal 5 huruf n (berlaku)"},
		Verified: "Diperiksa 22 November 2026.",
		Agency:   "BKPSDMD Kabupaten Sukamaju",
		Link:     "https://t.me/TanyaNetralBot?start=t_medsos-like",
	}
}

// longest is the topic with the longest title, with the longest answer that is allowed.
func longest() Content {
	t := slices.MaxFunc(embedded().Topics, func(a, b knowledge.Topic) int { return len(a.Title) - len(b.Title) })
	t.Answer = strings.Repeat(t.Answer+" ", 3)[:knowledge.MaxAnswer]
	return of(t)
}

// hard are contents that could break a card.
func hard() map[string]Content {
	with := func(change func(c *Content)) Content {
		c := sample()
		change(&c)
		return c
	}
	return map[string]Content{
		"as it is":      sample(),
		"longest":       longest(),
		"long":          with(func(c *Content) { c.Answer = strings.Repeat(c.Answer+" ", 3)[:knowledge.MaxAnswer] }),
		"changed":       with(func(c *Content) { c.Change = changed }),
		"much law":      with(func(c *Content) { c.Basis = slices.Repeat(c.Basis, 8) }),
		"no points":     with(func(c *Content) { c.Points = nil }),
		"empty points":  with(func(c *Content) { c.Points = []string{"", "Satu.", " \n", "\u200b", "Dua."} }),
		"verdict alone": {Verdict: knowledge.Boleh},
		"no agency":     with(func(c *Content) { c.Agency = "" }),
		"no link":       with(func(c *Content) { c.Link = "" }),
		"of nobody":     with(func(c *Content) { c.Link, c.Agency = "", "" }),
		"endless word":  with(func(c *Content) { c.Title, c.Answer = strings.Repeat("sangat", 30), strings.Repeat("sekali", 90) }),
		"endless names": with(func(c *Content) {
			c.Agency, c.Basis, c.Link = strings.Repeat("BKPSDMD", 30), []string{strings.Repeat("UU", 200)}, "https://contoh.id/"+strings.Repeat("a", 200)
		}),
		"wide letters": with(func(c *Content) { c.Title, c.Answer = strings.Repeat("W", 100), strings.Repeat("W", 600) }),
		"odd letters": with(func(c *Content) {
			c.Title = "Boleh 👍🏽 \u202eterbalik\u202c السلام عليكم “cafe\u0301” ﬁtur 𝐭𝐞𝐛𝐚𝐥 你好?"
			c.Answer = "Rp5.000 – ≥ 50 %\u0000\u0007\u00ad baris\r\nbaru\ttab ①  ₫7"
		}),
	}
}

// joined is a text without spaces: broken into lines or not, it is the same.
func joined(texts ...string) string {
	return strings.Join(strings.Fields(strings.Join(texts, "")), "")
}

// check reports what is wrong with a page: what is outside, overlaps, or is lost.
func check(t *testing.T, f *faces, c Content, p *page) {
	t.Helper()
	shown := map[string]bool{}
	frame := image.Rect(margin, 0, Width-margin, p.size.Y)
	for i, b := range p.boxes {
		if !b.rect.In(frame) || b.rect.Empty() {
			t.Errorf("%v is not within %v", b, frame)
		}
		for _, other := range p.boxes[:i] {
			if b.rect.Overlaps(other.rect) {
				t.Errorf("%v overlaps %v", b, other)
			}
		}
		if b.kind == codeKind {
			quiet := b.rect.Inset(-quietZone * p.module)
			if !quiet.In(p.panel.Inset(-1)) {
				t.Errorf("quiet zone %v is not on the panel %v", quiet, p.panel)
			}
			for _, other := range p.boxes {
				if other.kind != codeKind && quiet.Overlaps(other.rect) {
					t.Errorf("%v is in the quiet zone %v", other, quiet)
				}
			}
		}
		if b.kind != textKind {
			continue
		}
		if b.style.size < smallest {
			t.Errorf("type of %d is too small to be read: %v", b.style.size, b)
		}
		if want := len(b.lines) * b.style.leading; b.rect.Dy() != want {
			t.Errorf("%d high, want %d: %v", b.rect.Dy(), want, b)
		}
		for _, line := range b.lines {
			if width := f[b.style.weight].width(line, b.style.size); width > float32(b.rect.Dx()+1) {
				t.Errorf("line is %.1f wide in a box of %d: %q", width, b.rect.Dx(), line)
			}
		}
		shown[joined(b.lines...)] = true
	}

	c = f.legible(c)
	points := 0
	for _, point := range c.Points {
		if shown[joined(point)] {
			points++
		}
	}
	wanted := append([]string{c.Verdict.Word(), "TanyaNetral", c.Title, c.Answer, c.Note, c.Change, c.Verified, c.Agency}, c.Points[:points]...)
	if left := len(c.Points) - points; left > 0 {
		where := "selengkapnya di bot"
		switch {
		case c.Link == "" && c.Agency == "":
			where = "tanyakan kepada instansi kepegawaian Anda"
		case c.Link == "":
			where = "tanyakan kepada " + c.Agency
		}
		wanted = append(wanted, fmt.Sprintf("Masih ada %d hal lagi: %s.", left, where))
	}
	for _, text := range wanted {
		if text != "" && !shown[joined(text)] {
			t.Errorf("lost: %q", text)
		}
	}
	if points > mostPoints {
		t.Errorf("got %d points", points)
	}
	if got := slices.ContainsFunc(p.boxes, func(b box) bool { return b.kind == codeKind }); got != (c.Link != "") {
		t.Errorf("got a code: %t, with link %q", got, c.Link)
	}
}

func TestEveryTopicFits(t *testing.T) {
	t.Parallel()
	faces := loadFaces()
	for _, topic := range embedded().Topics {
		c := of(topic)
		p, err := faces.compose(c)
		if err != nil {
			t.Fatal(err)
		}
		check(t, &faces, c, p)
		if p.size != image.Pt(Width, Height) {
			t.Errorf("%s: got %v", topic.ID, p.size)
		}
	}
}

func TestHardContentsLoseNothing(t *testing.T) {
	t.Parallel()
	faces := loadFaces()
	for name, c := range hard() {
		t.Run(name, func(t *testing.T) {
			p, err := faces.compose(c)
			if err != nil {
				t.Fatal(err)
			}
			check(t, &faces, c, p)
			grows := strings.HasPrefix(name, "endless names") || name == "wide letters"
			if got := p.size.Y > Height; got != grows {
				t.Errorf("got %v, want it higher: %t", p.size, grows)
			}
			marginsAreEmpty(t, faces.draw(p).image)
		})
	}
}

// marginsAreEmpty reports ink beside what is set, where letters reach over at most a little.
func marginsAreEmpty(t *testing.T, picture *image.Paletted) {
	t.Helper()
	const most = 4
	for y := range picture.Rect.Dy() {
		for x := range margin - most {
			for _, x := range [2]int{x, Width - 1 - x} {
				if int(picture.ColorIndexAt(x, y))%shades != 0 {
					t.Fatalf("ink at %d, %d", x, y)
				}
			}
		}
	}
}

// The layouts as text, to see what a change of the layout changes.
func TestLayout(t *testing.T) {
	t.Parallel()
	const file = "testdata/layouts.txt"
	faces := loadFaces()
	contents := hard()
	var b strings.Builder
	for _, name := range []string{"as it is", "changed", "long", "much law", "no points", "odd letters", "verdict alone"} {
		p, err := faces.compose(contents[name])
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "== %s\n", name)
		for _, box := range p.boxes {
			fmt.Fprintf(&b, "%-9s %v", [...]string{"text", "sign", "dot", "code"}[box.kind], box.rect)
			if box.kind == textKind {
				fmt.Fprintf(&b, " %d px\n\t%s", box.style.size, strings.Join(box.lines, "\n\t"))
			}
			b.WriteString("\n")
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("layouts changed (-want +got; -update writes them):\n%s", diff)
	}
}

func TestLegible(t *testing.T) {
	t.Parallel()
	face := loadFace(interRegular)
	for text, want := range map[string]string{
		"Kades & lurah: 50 % – “ya”… ≥ 2 →": "Kades & lurah: 50 % – “ya”… ≥ 2 →",
		"cafe\u0301": "café", // composed
		"g\u0303uru": "guru", // there is no such letter composed
		"Việt":       "Viet",
		"ﬁtur 𝐭𝐞𝐛𝐚𝐥 ① ＡＳＮ":                           "fitur tebal 1 ASN",
		"👍🏽 boleh 👩‍👩‍👧 🇮🇩 1️⃣":                      "boleh 1",
		"\u202eterbalik\u202c \u200bnol\ufeff\u00ad": "terbalik nol",
		"baris\r\nbaru\ttab\u00a0\u2028ya\x00\x07":   "baris baru tab ya",
		"kata السلام عليكم 你好 kata":                  "kata … kata",
		"5 ₫, ∞":         "5 …, …",
		"rusak \xff\xfe": "rusak",
		"":               "",
	} {
		if got := face.legible(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestTextIsReadableOnItsGround(t *testing.T) {
	t.Parallel()
	for _, verdict := range []knowledge.Verdict{knowledge.Boleh, knowledge.Bersyarat, knowledge.Dilarang, knowledge.Info} {
		look, ok := lookOf(verdict)
		if !ok {
			t.Fatalf("no look for %q", verdict)
		}
		for tone, c := range look.tones() {
			a, b := luminance(c.ink.R, c.ink.G, c.ink.B), luminance(c.ground.R, c.ground.G, c.ground.B)
			if contrast := (max(a, b) + 0.05) / (min(a, b) + 0.05); contrast < 4.5 {
				t.Errorf("%s, tone %d: contrast %.1f, want 4.5", verdict, tone, contrast)
			}
		}
	}
}

// luminance is as WCAG 2 defines it.
func luminance(r, g, b uint8) float64 {
	linear := func(v uint8) float64 {
		if s := float64(v) / 255; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		} else {
			return s / 12.92
		}
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
