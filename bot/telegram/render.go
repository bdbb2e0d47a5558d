package telegram

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"tanyanetral/bot"
)

// maxText is the number of UTF-16 code units that a message may have, after
// its markup is parsed (https://core.telegram.org/bots/api#sendmessage).
const maxText = 4096

// maxCaption is the same for the caption of a file.
const maxCaption = 1024

// longLabel is the number of letters from which on a button may not show its
// whole label on a narrow screen: then the text lists the labels.
const longLabel = 40

// style is the markup of a paragraph.
type style struct{ open, close string }

var styles = map[bot.BlockKind]style{
	bot.Heading:  {"<b>", "</b>"},
	bot.Citation: {"<i>", "</i>"},
}

var (
	escape = strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;")

	// unmarked takes the markup out again.
	unmarked = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "<b>", "", "</b>", "", "<i>", "", "</i>", "")
)

// render is a reply as the HTML of messages, none longer than limit.
func render(r bot.Reply, limit int) []string {
	w := writer{limit: limit}
	for _, block := range r.Blocks {
		w.paragraph(printable(block.Plain()), styles[block.Kind])
	}
	if listed(r) {
		w.paragraph(printable(bot.Reply{Offer: r.Offer, Actions: r.Actions}.Plain()), style{})
	}
	return w.finish()
}

// listed tells whether the text lists the actions of a reply besides the buttons.
func listed(r bot.Reply) bool {
	if r.Offer == "" || r.Result.Topic != "" {
		return false
	}
	for _, a := range r.Actions {
		if utf8.RuneCountInString(a.Label) > longLabel {
			return true
		}
	}
	return false
}

// writer fills pages with paragraphs. A paragraph is moved to a new page rather
// than cut; one that is longer than a page is cut between lines, then words.
type writer struct {
	limit int
	pages []string
	page  strings.Builder
	used  int // UTF-16 code units on the current page
}

func (w *writer) paragraph(text string, s style) {
	if text == "" {
		return
	}
	const gap = "\n\n"
	if w.used > 0 && w.used+len(gap)+units(text) > w.limit {
		w.turn()
	}
	if w.used > 0 {
		w.put(gap, style{})
	}
	for text != "" {
		var head string
		head, text = cut(text, w.limit-w.used)
		w.put(head, s)
		if text != "" {
			w.turn()
		}
	}
}

func (w *writer) put(text string, s style) {
	w.page.WriteString(s.open)
	w.page.WriteString(escape.Replace(text))
	w.page.WriteString(s.close)
	w.used += units(text)
}

// turn begins a new page.
func (w *writer) turn() {
	w.pages = append(w.pages, w.page.String())
	w.page.Reset()
	w.used = 0
}

func (w *writer) finish() []string {
	if w.used > 0 {
		w.turn()
	}
	return w.pages
}

// cut splits a text so that its head has at most limit code units: after the
// last line that fits, else after the last word, else after the last letter; a
// break that would leave half of the page empty is not taken.
func cut(text string, limit int) (head, rest string) {
	if len(text) <= limit { // no letter has more code units than bytes
		return text, ""
	}
	fits, line, word := 0, 0, 0
	for n := 0; fits < len(text); {
		r, size := utf8.DecodeRuneInString(text[fits:])
		if r == '\n' {
			line = fits
		}
		if unicode.IsSpace(r) {
			word = fits
		}
		n += unitsOf(r)
		if n > limit {
			break
		}
		fits += size
	}
	if fits == len(text) {
		return text, ""
	}
	at := fits
	switch {
	case line > fits/2:
		at = line
	case word > fits/2:
		at = word
	}
	if at == 0 { // unreachable: no limit is below the two units of one letter
		_, at = utf8.DecodeRuneInString(text)
	}
	return strings.TrimRightFunc(text[:at], unicode.IsSpace), strings.TrimLeftFunc(text[at:], unicode.IsSpace)
}

// units counts a text as Telegram does. The text must be valid UTF-8.
func units(text string) int {
	n := 0
	for i := range len(text) {
		switch b := text[i]; {
		case b >= 0xF0: // the first byte of a letter beyond 0xFFFF
			n += 2
		case utf8.RuneStart(b):
			n++
		}
	}
	return n
}

func unitsOf(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// printable drops what Telegram would drop or stumble over, so that lengths are counted right.
func printable(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	if mayHaveControls(text) {
		text = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) && r != '\n' {
				return -1
			}
			return r
		}, text)
	}
	return strings.TrimSpace(text)
}

// mayHaveControls is quick, as nearly all texts have none. The second half of
// the control characters, and a few others, begin with the byte 0xC2.
func mayHaveControls(text string) bool {
	for i := range len(text) {
		if b := text[i]; b < ' ' && b != '\n' || b == 0x7F || b == 0xC2 {
			return true
		}
	}
	return false
}

// keyboard is the buttons of a reply, nil where it has none.
func (c *Channel) keyboard(r bot.Reply) [][]button {
	var rows [][]button
	numbered := listed(r)
	for i, a := range r.Actions {
		if numbered {
			a.Label = fmt.Sprintf("%d. %s", i+1, a.Label)
		}
		rows = append(rows, []button{c.button(a)})
	}
	for _, control := range r.Controls {
		var row []button
		for _, a := range control {
			row = append(row, c.button(a))
		}
		rows = append(rows, row)
	}
	return rows
}

// button is https://core.telegram.org/bots/api#inlinekeyboardbutton.
type button struct {
	Text string  `json:"text"`
	Data string  `json:"callback_data,omitempty"`
	URL  string  `json:"url,omitempty"`
	Copy *copied `json:"copy_text,omitempty"`
	Chat *chosen `json:"switch_inline_query_chosen_chat,omitempty"`
}

// chosen is https://core.telegram.org/bots/api#switchinlinequerychosenchat.
type chosen struct {
	Query    string `json:"query"`
	Users    bool   `json:"allow_user_chats"`
	Groups   bool   `json:"allow_group_chats"`
	Channels bool   `json:"allow_channel_chats"`
}

// copied is https://core.telegram.org/bots/api#copytextbutton.
type copied struct {
	Text string `json:"text"`
}

func (c *Channel) button(a bot.Action) button {
	b := button{Text: printable(a.Label)}
	switch a.Kind {
	case bot.Private:
		b.URL = c.deepLink(a.ID)
	case bot.Share:
		if c.me.Load().SupportsInlineQueries {
			b.Chat = &chosen{a.ID, true, true, true}
			break
		}
		b.URL = "https://t.me/share/url?url=" + url.QueryEscape(c.deepLink(a.ID)) + "&text=" + url.QueryEscape(a.Text)
	case bot.ShareWhatsApp:
		b.URL = "https://wa.me/?text=" + url.QueryEscape(whatsApp(a.Text)+"\n\n"+c.deepLink(a.ID))
	case bot.Copy:
		b.Copy = &copied{a.Text + "\n" + c.deepLink(a.ID)}
	default:
		b.Data = a.ID
	}
	return b
}

// whatsApp is a text with its first line bold, as WhatsApp writes it.
func whatsApp(text string) string {
	heading, rest, _ := strings.Cut(strings.ReplaceAll(text, "*", ""), "\n")
	return "*" + heading + "*\n" + rest
}
