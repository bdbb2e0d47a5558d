package indonesian

import "strings"

// minStem is the least number of letters that stripping an affix leaves.
const minStem = 4

// Stem strips particles, possessives and affixes by rule, without a
// dictionary, and leaves at least four letters. It is meant for comparing
// words that both went through it: stems need not be words. It merges voices
// ("melaporkan", "dilaporkan"); where the voice matters, keep the word too.
func Stem(word string) string {
	s := word
	for _, suffix := range [...]string{"nya", "kah", "lah", "pun", "ku", "mu"} {
		s = cutSuffix(s, suffix)
	}
	s = stripPrefix(s)
	for _, suffix := range [...]string{"kan", "an", "in", "i"} {
		if rest := cutSuffix(s, suffix); rest != s {
			return rest
		}
	}
	return s
}

func cutSuffix(s, suffix string) string {
	if rest, ok := strings.CutSuffix(s, suffix); ok && len(rest) >= minStem {
		return rest
	}
	return s
}

// prefixes are tried in order; a nasal that swallowed the first letter of the
// stem ("menyumbang" from "sumbang") gives it back.
var prefixes = [...]struct{ prefix, restored string }{
	{"diper", ""}, {"memper", ""}, {"keber", ""}, {"keter", ""}, {"penge", ""}, {"menge", ""}, {"nge", ""},
	{"menyo", "so"}, {"menyu", "su"}, {"menya", "sa"}, {"menye", "se"}, {"menyi", "si"},
	{"penyu", "su"}, {"penya", "sa"}, {"penye", "se"}, {"penyi", "si"}, {"penyo", "so"},
	{"nyo", "so"}, {"nyu", "su"}, {"nya", "sa"}, {"nye", "se"}, {"nyi", "si"}, {"ny", "ny"},
	{"meng", ""}, {"peng", ""}, {"ng", ""}, {"mem", ""}, {"pem", ""}, {"men", ""}, {"pen", ""},
	{"ber", ""}, {"per", ""}, {"ter", ""}, {"me", ""}, {"pe", ""}, {"di", ""}, {"ke", ""}, {"se", ""},
}

// swallowed restores the consonant that a nasal replaced: "memilih" -> "pilih".
var swallowed = map[string]string{"mem": "p", "pem": "p", "men": "t", "pen": "t", "meng": "k", "peng": "k", "ng": "k"}

func stripPrefix(s string) string {
	for _, p := range prefixes {
		if s == "" || s[0] != p.prefix[0] { // nearly always
			continue
		}
		rest, ok := strings.CutPrefix(s, p.prefix)
		if !ok {
			continue
		}
		if p.restored != "" {
			rest = p.restored + rest
		} else if consonant := swallowed[p.prefix]; consonant != "" && rest != "" && isVowel(rest[0]) {
			// "mengajak" keeps its vowel far more often than it lost a k.
			if consonant != "k" {
				rest = consonant + rest
			}
		}
		if len(rest) >= minStem {
			return rest
		}
	}
	return s
}

func isVowel(b byte) bool { return strings.IndexByte("aeiou", b) >= 0 }
