package indonesian_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tanyanetral/knowledge/indonesian"
)

func words(l *indonesian.Lexicon, text string) []string {
	out := []string{}
	for _, w := range l.Words(text) {
		out = append(out, w.Text)
	}
	return out
}

func TestWords(t *testing.T) {
	lexicon := indonesian.NewLexicon()
	tests := []struct {
		text, want string
	}{
		{"", ""},
		{"Bolehkah ASN berfoto?", "bolehkah asn berfoto"},
		{"blh gak sy ngelike postingan cabup", "boleh tidak saya menyukai like unggahan posting calon bupati"},
		{"bangeeeet bolehhhh", "banget boleh"},                  // letters held down
		{"foto2 temen2nya", "foto temannya"},                    // doubled with a figure
		{"teman-teman bagi-bagi sembako", "teman bagi sembako"}, // doubled with a hyphen
		{"teman-temannya", "temannya"},                          // doubled with a suffix
		{"paslon01 no2", "pasangan calon 01 nomor 2"},           // letters against figures
		{"p3k", "pppk"}, // a figure inside an abbreviation
		{"PP 94, BKN, DPT, SE, SK, MK, KPPS", "pp 94 bkn dpt se sk mk kpps"}, // abbreviations of the field, never slang
		{"pegawai pemkab/pemkot", "pegawai pemerintah kabupaten pemerintah kota"},
		{"terima kasih, dikasih sembako", "terima kasih diberi sembako"},
		{"ga boleh dong sih", "tidak boleh"}, // particles
		{"jum'at", "jumat"},
		{"ｂｏｌｅｈ ﬁle", "boleh file"},                                        // compatibility forms
		{"bоlеh", "boleh"},                                                 // Cyrillic look-alikes
		{"bo\u200ble\u200dh", "boleh"},                                     // zero-width characters
		{"b\u0336o\u0336leh café", "boleh kafe"},                           // marks over letters
		{"lihat https://contoh.id/a?b=c @budi budi@contoh.id ya", "lihat"}, // addresses and names
		{"boleh ✌️ 👍🏽?", "boleh dua jari jempol"},                          // signs that are poses
		{"😀😀😀", ""},
		{"\xff\xfeboleh\x00", "boleh"},
		{"tps2 pasal2", "tps 2 pasal 2"}, // numbers, not doubled words
		{"2024 20 20", "2024 20 20"},     // figures are not doubled words
		{"kumaha atuh, meunang teu?", "bagaimana meunang tidak"},
		{"mertuaku nyaleg", "mertua saya mencalonkan legislatif"},
	}
	for _, test := range tests {
		if diff := cmp.Diff(strings.Fields(test.want), words(lexicon, test.text)); diff != "" {
			t.Errorf("%q: %s", test.text, diff)
		}
	}
}

// TestMeaningIsKept: words on which answers turn must come through every stage.
func TestMeaningIsKept(t *testing.T) {
	lexicon := indonesian.NewLexicon()
	for _, word := range strings.Fields("tidak bukan jangan belum boleh bisa harus perlu tanpa siapa kapan berapa bagaimana mengapa saya istri suami kakak calon partai sebelum setelah") {
		if got := words(lexicon, word); !slices.Equal(got, []string{word}) {
			t.Errorf("%s became %v", word, got)
		}
	}
}

func TestFrequent(t *testing.T) {
	lexicon := indonesian.NewLexicon()
	for _, word := range []string{"aku", "yang", "kampanye", "mengiriminya"} { // the first and the last of the list among them
		if !lexicon.Frequent(word) {
			t.Errorf("Frequent(%q) = false", word)
		}
	}
	for _, word := range []string{"", "#", "kampany", "akuu", "aku 2051910", "mengiriminya 86\n", "xyzzy"} {
		if lexicon.Frequent(word) {
			t.Errorf("Frequent(%q) = true", word)
		}
	}
}

func TestOffsetsPointIntoTheOriginal(t *testing.T) {
	lexicon := indonesian.NewLexicon()
	text := "Blh gk  ﬁle?\nfoto2nya"
	var got []string
	for _, w := range lexicon.Words(text) {
		got = append(got, text[w.Start:w.End])
	}
	if diff := cmp.Diff([]string{"Blh", "gk", "ﬁle", "foto2nya"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestStem(t *testing.T) {
	same := [][]string{
		{"laporan", "melaporkan", "dilaporkan"},
		{"sumbangan", "menyumbang", "nyumbang"},
		{"unggahan", "mengunggah", "diunggah"},
		{"pilihan", "memilih", "dipilih"},
		{"dukungan", "mendukung", "didukung"},
		{"tempelan", "menempel", "ditempelin"},
		{"ajakan", "mengajak", "ngajak"},
		{"calonnya", "calon", "calonku"},
		{"kampanyenya", "kampanyekah", "kampanye"},
		{"pensiunan", "pensiunnya"},
	}
	for _, group := range same {
		for _, word := range group[1:] {
			if a, b := indonesian.Stem(group[0]), indonesian.Stem(word); a != b {
				t.Errorf("Stem(%s) = %s, Stem(%s) = %s", group[0], a, word, b)
			}
		}
	}
	for _, word := range strings.Fields("asn uu buku ibu aku dia ikan calon izin boleh masker") {
		if got := indonesian.Stem(word); len(got) < min(4, len(word)) {
			t.Errorf("Stem(%s) = %s: too little is left", word, got)
		}
	}
}

func TestSpellerWords(t *testing.T) {
	vocabulary := map[string]int{"kampanye": 90, "netral": 80, "spanduk": 20, "sanksi": 30, "saksi": 25, "bupati": 10, "tempat": 5, "menghadiri": 4, "melaporkan": 4, "dilaporkan": 4}
	speller := indonesian.NewSpeller(indonesian.NewLexicon(), vocabulary)
	tests := []struct{ typed, want string }{
		{"kampanye", "kampanye"},
		{"kampnaye", "kampanye"},  // neighbours swapped
		{"kampamye", "kampanye"},  // a wrong letter
		{"kammpanye", "kampanye"}, // a letter doubled
		{"spandk", "spanduk"},
		{"tmpt", "tempat"},           // vowels left out
		{"mnghadri", "menghadiri"},   // two errors in a long word
		{"saksi", "saksi"},           // a word of its own, however near another
		{"melaporkn", "melaporkan"},  // not "dilaporkan": the voice matters
		{"ngobrln", "mengobrol"},     // slang mistyped
		{"rumah", "rumah"},           // colloquial Indonesian knows it
		{"xyz", "xyz"},               // too short
		{"qwertyuiop", "qwertyuiop"}, // like nothing
		{"", ""},
	}
	for _, test := range tests {
		if got := strings.Join(speller.Words(test.typed), " "); got != test.want {
			t.Errorf("Words(%q) = %q, want %q", test.typed, got, test.want)
		}
	}
}

func FuzzWords(f *testing.F) {
	lexicon := indonesian.NewLexicon()
	speller := indonesian.NewSpeller(lexicon, map[string]int{"kampanye": 3, "netral": 2})
	for _, seed := range []string{"", "blh gak sy like??", "foto2nya temen-temen", "\xff\xfe", "ﬁ\u200b😀✌️", "a@b.c http://x", "ａｂｃ1２3", strings.Repeat("ga", 3000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		before := 0
		for _, w := range lexicon.Words(text) {
			if w.Start < before || w.End < w.Start || w.End > len(text) {
				t.Fatalf("offsets %d-%d after %d in %d bytes", w.Start, w.End, before, len(text))
			}
			before = w.Start
			if w.Text == "" || strings.ContainsAny(w.Text, " \t\n") || !utf8.ValidString(w.Text) {
				t.Fatalf("word %q", w.Text)
			}
			if stem := indonesian.Stem(w.Text); len(stem) > len(w.Text)+1 || stem == "" {
				t.Fatalf("Stem(%q) = %q", w.Text, stem)
			}
			speller.Words(w.Text)
		}
		if !slices.Equal(lexicon.Words(text), lexicon.Words(text)) {
			t.Fatal("not deterministic")
		}
	})
}
