package match

import "strings"

// Aspects are the parts of the last answer that a follow-up question asks for.
type Aspects struct{ Sanction, Basis bool }

var (
	sanctionWords = wordSet("sanksi sangsi hukuman dihukum disanksi risiko resiko akibat ancaman konsekuensi")
	basisWords    = wordSet("dasar hukum pasal ayat aturan peraturan undang undang-undang uu regulasi landasan")

	// besideAspects are the words that may stand beside those; any other makes it a question of its own.
	besideAspects = wordSet("apa apakah berapa mana bagaimana seperti macam itu ini tadi tersebut kalau jika bila melanggar ketahuan dilanggar " +
		"dong sih ya ada saja kira untuk dan terus lalu jadi tahu minta sebutkan jelaskan yang di nomor tentang kena bisa sampai pakai menurut")
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// Aspects tells which parts of the last answer a question asks for, if it asks
// for nothing else: "sanksinya apa?", "pasal berapa?". All are false for any other.
func (m *Matcher) Aspects(question string) (a Aspects) {
	for _, word := range m.model.analyser.lexicon.Words(question) {
		part := strings.TrimSuffix(word.Text, "nya")
		switch {
		case sanctionWords[part]:
			a.Sanction = true
		case basisWords[part]:
			a.Basis = true
		case !besideAspects[part]:
			return Aspects{}
		}
	}
	return a
}
