package telegramtest

import (
	"encoding/json"
	"net/url"
	"strings"
)

// Sizes of keyboards. Longer rows of an inline keyboard are broken up by the apps.
const (
	maxButtons  = 100
	maxRow      = 8
	maxData     = 64 // bytes
	maxCopyText = 256
)

// Button is a button under a message or, with nothing but Text, one of a reply keyboard.
type Button struct {
	Text  string
	Data  string // for a callback query
	URL   string
	Copy  string // what is copied
	Query string // the inline query that is begun, in any of three ways
}

// String is the button's label with what it does, in brackets.
func (b Button) String() string {
	if target := b.Data + b.URL + b.Copy + b.Query; target != "" {
		return "[" + b.Text + " | " + target + "]"
	}
	return "[" + b.Text + "]"
}

// setMarkup takes the keyboard of a message; without one a message has none.
func (s *Server) setMarkup(r *request, m *Message) *apiError {
	m.Markup, m.Buttons, m.inline = r.params["reply_markup"], nil, false
	if m.Markup == "" || s.opt.Unchecked {
		return nil
	}
	var keyboard struct {
		Inline      [][]json.RawMessage `json:"inline_keyboard"`
		Reply       [][]json.RawMessage `json:"keyboard"`
		Placeholder *string             `json:"input_field_placeholder"`
	}
	r.decode("reply_markup", &keyboard)
	if p := keyboard.Placeholder; p != nil && (*p == "" || units(*p) > 64) {
		s.violation(r, "input_field_placeholder has 1 to 64 characters")
	}
	count := 0
	for _, row := range append(keyboard.Inline, keyboard.Reply...) {
		var buttons []Button
		for _, raw := range row {
			b, err := s.button(r, raw, keyboard.Inline != nil)
			if err != nil {
				return err
			}
			buttons = append(buttons, b)
		}
		m.Buttons = append(m.Buttons, buttons)
		if count += len(row); count > maxButtons {
			return badRequest("reply markup is too long")
		}
		if len(row) > maxRow && keyboard.Inline != nil {
			s.violation(r, "a row of %d buttons is broken up: %d are shown in one", len(row), maxRow)
		}
	}
	m.inline = keyboard.Inline != nil && count > 0
	if !m.inline && keyboard.Inline != nil {
		m.Markup = "" // an empty keyboard takes the old one away
	}
	return nil
}

// button reads one button of a keyboard. One of a reply keyboard may be a mere text.
func (s *Server) button(r *request, raw json.RawMessage, inline bool) (Button, *apiError) {
	var b Button
	if json.Unmarshal(raw, &b.Text) == nil {
		return b, nil
	}
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(raw, &fields) // check has seen that it is an object
	for name, value := range fields {
		b.set(name, value)
	}
	if !inline {
		return b, nil
	}
	actions := len(fields)
	for _, look := range []string{"text", "icon_custom_emoji_id", "style"} {
		if _, there := fields[look]; there {
			actions--
		}
	}
	if actions > 1 {
		s.violation(r, "button %q has %d actions", b.Text, actions)
	}
	_, data := fields["callback_data"]
	_, link := fields["url"]
	_, copies := fields["copy_text"]
	switch {
	case b.Text == "":
		return b, badRequest("inline keyboard button text must be non-empty")
	case actions == 0:
		return b, badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	case data && (b.Data == "" || len(b.Data) > maxData):
		return b, badRequest("BUTTON_DATA_INVALID")
	case copies && (b.Copy == "" || units(b.Copy) > maxCopyText):
		return b, badRequest("BUTTON_COPY_TEXT_INVALID")
	case link && !plausibleURL(b.URL):
		return b, badRequest("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", b.URL)
	}
	return b, nil
}

// set takes one field of a button. Their types have been checked.
func (b *Button) set(name string, value json.RawMessage) {
	var text string
	var inner struct{ Text, Query string }
	if json.Unmarshal(value, &text) != nil {
		_ = json.Unmarshal(value, &inner) // what is no object either has nothing to show
	}
	switch name {
	case "text":
		b.Text = text
	case "callback_data":
		b.Data = text
	case "url":
		b.URL = text
	case "copy_text":
		b.Copy = inner.Text
	case "switch_inline_query", "switch_inline_query_current_chat":
		b.Query = text
	case "switch_inline_query_chosen_chat":
		b.Query = inner.Query
	}
}

// plausibleURL reports whether Telegram would open a URL: it knows the scheme, or there is none, and the host has a dot.
func plausibleURL(text string) bool {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || strings.ContainsAny(text, " \t\n") {
		return false
	}
	switch u.Scheme {
	case "tg", "ton", "tonsite":
		return true
	case "http", "https":
		return strings.Contains(strings.Trim(u.Hostname(), "."), ".")
	}
	return false
}
