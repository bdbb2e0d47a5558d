package bot

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLogged is the number of bytes of a question that are logged; its end is
// where people ask.
const maxLogged = 500

// mails comes first: the other forms would leave a part of an address.
var (
	mails    = regexp.MustCompile(`[\pL\pN._%+-]+(?:@|\s@\s)[\pL\pN-]+(?:\.[\pL\pN-]+)+`)
	links    = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*`)
	accounts = regexp.MustCompile(`@[\pL\pN_.]{2,}`)

	// numbers finds NIP (18 digits), NIK (16), telephone and account numbers: seven
	// digits and more, however they are set apart. It also finds, so that they stay
	// as they are, sums in rupiah and regulations with their year (PKPU 13/2024).
	numbers  = regexp.MustCompile(`(?i)\brp\.?\s?\pN{1,3}(?:\.\pN{3})+\b|\b[1-9]\pN{0,2}/(?:19|20)\pN{2}\b|\+?\pN(?:[\s\p{Cf}.()/_*\x{2010}-\x{2015}-]{0,3}\pN){6,}`)
	harmless = regexp.MustCompile(`(?i)^rp|^[1-9]\pN{0,2}/(?:19|20)\pN{2}$`)
)

// mask replaces what may name a person in a question: numbers of seven digits
// and more, e-mail addresses, names of accounts, links.
func mask(question string) string {
	question = strings.ToValidUTF8(question, "\uFFFD")
	if strings.Contains(question, "@") { // the forms are slow, and most questions have no such sign
		question = mails.ReplaceAllString(question, "[surel]")
	}
	if strings.ContainsAny(question, "/.") {
		question = links.ReplaceAllString(question, "[tautan]")
	}
	if strings.Contains(question, "@") {
		question = accounts.ReplaceAllString(question, "[akun]")
	}
	if strings.ContainsFunc(question, unicode.IsNumber) {
		question = numbers.ReplaceAllStringFunc(question, func(number string) string {
			if harmless.MatchString(number) {
				return number
			}
			return "[nomor]"
		})
	}
	if cut := len(question) - maxLogged; cut > 0 {
		for !utf8.RuneStart(question[cut]) {
			cut++
		}
		question = "…" + question[cut:]
	}
	return question
}
