package booklet_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// site serves a page and remembers what was asked for.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func serve(t *testing.T, page []byte) *site {
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.Path)
		s.mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestInABrowser(t *testing.T) {
	b := openBrowser(t)
	s := serve(t, page(t, embedded(), options))
	b.screen(360, "light")
	b.open(s.URL)

	t.Run("the page does not jump", func(t *testing.T) {
		var shift float64
		b.eval(&shift, `new Promise(done => {
			let sum = 0;
			new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value; }).observe({type: "layout-shift", buffered: true});
			requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
		})`)
		if shift != 0 {
			t.Errorf("got a layout shift of %f", shift)
		}
	})

	t.Run("the keyboard reaches the search", func(t *testing.T) {
		var path []string
		for range 3 {
			for _, kind := range []string{"keyDown", "keyUp"} {
				b.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": "Tab", "windowsVirtualKeyCode": 9})
			}
			var focused string
			b.eval(&focused, `document.activeElement.id || document.activeElement.getAttribute("href")`)
			path = append(path, focused)
		}
		if want := []string{"#isi", options.Bot, "cari"}; !slices.Equal(path, want) {
			t.Errorf("got to %v, want %v", path, want)
		}
	})

	t.Run("nothing is wider than the screen", func(t *testing.T) {
		// 673 is an A4 page within its margins.
		for _, width := range []int{320, 360, 673, 1280} {
			b.screen(width, "light")
			if width == 673 {
				b.call("Emulation.setEmulatedMedia", map[string]any{"media": "print"})
			}
			var wide []string
			b.eval(&wide, `[...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.outerHTML.slice(0, 80))`)
			var whole int
			b.eval(&whole, `document.documentElement.scrollWidth`)
			if len(wide) > 0 || whole > width {
				t.Errorf("at %d: the page is %d wide, by %q", width, whole, wide)
			}
		}
	})

	t.Run("text is readable in light and dark", func(t *testing.T) {
		for _, scheme := range []string{"light", "dark"} {
			b.screen(360, scheme)
			var pale []string
			b.eval(&pale, contrast)
			if len(pale) > 0 {
				t.Errorf("%s: too pale: %q", scheme, pale)
			}
		}
	})

	search := func(text string) (result string, found []string) {
		b.eval(nil, `document.getElementById("cari").focus(); document.getElementById("cari").select()`)
		b.call("Input.insertText", map[string]any{"text": text})
		b.eval(&result, `document.getElementById("hasil").textContent`)
		b.eval(&found, `[...document.querySelectorAll(".topic")].filter(e => e.getClientRects().length > 0).map(e => e.id)`)
		return result, found
	}
	t.Run("search", func(t *testing.T) {
		all := len(embedded().Topics)
		for text, id := range map[string]string{
			"like":              "t-medsos-like",
			"  LIKE, unggahan?": "t-medsos-like",
			"unggahán like":     "t-medsos-like",
			"istri like":        "t-pasangan-medsos",
			"94/2021 kampanye":  "t-kampanye-ikut-aktif",
		} {
			result, found := search(text)
			if want := fmt.Sprintf("%d dari %d topik ditemukan.", len(found), all); result != want || !slices.Contains(found, id) || len(found) == all {
				t.Errorf("%q: got %q and %v", text, result, found)
			}
		}
		if result, found := search("zzz <b>"); result != "Tidak ada topik yang memuat “zzz <b>”. Coba kata yang lebih pendek atau kata lain." || len(found) != 0 {
			t.Errorf("nothing to be found: got %q and %d topics", result, len(found))
		}
		if result, found := search(" "); result != "" || len(found) != all {
			t.Errorf("no word: got %q and %d topics", result, len(found))
		}
	})

	t.Run("what is found comes into view", func(t *testing.T) {
		search(" ")
		b.eval(nil, `document.getElementById("kontak").scrollIntoView()`)
		search("like")
		var inView bool
		b.eval(&inView, `(top => top > 0 && top < innerHeight / 2)(document.querySelector(".topic:not([hidden])").getBoundingClientRect().top)`)
		if !inView {
			t.Error("the first topic found is out of view")
		}
	})

	t.Run("a link leads out of the search", func(t *testing.T) {
		search("like istri")
		var visible bool
		b.eval(&visible, `document.querySelector("#t-pasangan-medsos a[href='#r-skb-2022']").click(), document.getElementById("r-skb-2022").getClientRects().length > 0`)
		if !visible {
			t.Error("the regulation stays hidden")
		}
	})

	t.Run("nothing is asked for and nothing complained of", func(t *testing.T) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !slices.Equal(s.asked, []string{"/"}) {
			t.Errorf("the site was asked for %v", s.asked)
		}
		for _, line := range b.heard("Network.requestWillBeSent") {
			if !strings.Contains(line, "documentURL:"+s.URL) || !strings.Contains(line, "type:Document") && !strings.Contains(line, "url:data:,") {
				t.Errorf("asked for: %s", line)
			}
		}
		if lines := b.heard("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"); len(lines) > 0 {
			t.Errorf("complaints: %q", lines)
		}
	})
}

func TestAPageOfAnotherAgencyFitsThePhone(t *testing.T) {
	b := openBrowser(t)
	o := options
	o.Agency = strings.Repeat("BKPSDMD", 40)
	s := serve(t, page(t, embedded(), o))
	b.screen(320, "dark")
	b.open(s.URL)
	var whole int
	b.eval(&whole, `document.documentElement.scrollWidth`)
	if whole > 320 {
		t.Errorf("got %d wide", whole)
	}
}

// contrast lists the elements whose own text has a contrast of less than 4.5 to
// what is behind it, as WCAG 2 defines it.
const contrast = `(() => {
	const colour = css => css.match(/[\d.]+/g).map(Number);
	const luminance = ([r, g, b]) => [0.2126, 0.7152, 0.0722].reduce((sum, part, i) => {
		const s = [r, g, b][i] / 255;
		return sum + part * (s > 0.04045 ? ((s + 0.055) / 1.055) ** 2.4 : s / 12.92);
	}, 0);
	const ground = e => {
		for (; e; e = e.parentElement) {
			const c = colour(getComputedStyle(e).backgroundColor);
			if (c.length < 4 || c[3] > 0) return c;
		}
		return [255, 255, 255];
	};
	const pale = [];
	for (const e of document.body.querySelectorAll("*")) {
		if (![...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.textContent.trim()) || e.localName === "script") continue;
		const [a, b] = [luminance(colour(getComputedStyle(e).color)), luminance(ground(e))];
		if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) pale.push(e.outerHTML.slice(0, 80));
	}
	return pale;
})()`
