package telegramtest

import (
	"encoding/json"
	"regexp"
	"slices"
)

// query is something that has to be answered by its id.
type query struct {
	update *update
	kind   string // callback_query or inline_query
}

// CallbackAnswer is what a person saw after pressing a button.
type CallbackAnswer struct {
	Update int64 // that brought the press
	Text   string
	Alert  bool
	URL    string
}

// InlineAnswer is what a person was offered for an inline query.
type InlineAnswer struct {
	Update     int64           // that brought the query
	Results    json.RawMessage // as the bot sent them
	NextOffset string
	CacheTime  int // seconds
	Personal   bool
	Button     json.RawMessage // as the bot sent it, nil if none
}

// CallbackAnswers is all answers to presses of buttons, in order.
func (s *Server) CallbackAnswers() []CallbackAnswer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.journal.callbacks)
}

// InlineAnswers is all answers to inline queries, in order.
func (s *Server) InlineAnswers() []InlineAnswer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.journal.inline)
}

// ExpireQueries makes the queries that wait for an answer too old for one.
func (s *Server) ExpireQueries() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.queries)
}

// open finds the query that a request answers. An answered one is no longer there.
func (s *Server) open(kind, id string) (*query, *apiError) {
	q := s.queries[id]
	if q == nil || q.kind != kind {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	return q, nil
}

const maxCallbackText = 200

func (s *Server) answerCallbackQuery(r *request) (any, *apiError) {
	id, text := r.params["callback_query_id"], r.params["text"]
	q, err := s.open("callback_query", id)
	if err != nil {
		return nil, err
	}
	if units(text) > maxCallbackText && !s.opt.Unchecked {
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	s.credit(r, nil, Answer{Method: r.method, Text: text})
	delete(s.queries, id)
	s.journal.counts.Callbacks++
	if !s.opt.Forget {
		a := CallbackAnswer{Update: q.update.ID, Text: text, Alert: r.flag("show_alert"), URL: r.params["url"]}
		s.journal.callbacks = append(s.journal.callbacks, a)
	}
	return true, nil
}

// defaultCacheTime is how long Telegram keeps the answer to an inline query, for everybody.
const defaultCacheTime = 300

func (s *Server) answerInlineQuery(r *request) (any, *apiError) {
	id := r.params["inline_query_id"]
	q, err := s.open("inline_query", id)
	if err != nil {
		return nil, err
	}
	if err := s.checkInline(r); err != nil {
		return nil, err
	}
	s.credit(r, nil, Answer{Method: r.method, Text: r.params["results"]})
	delete(s.queries, id)
	s.journal.counts.Inline++
	a := InlineAnswer{
		Update: q.update.ID, Results: json.RawMessage(r.params["results"]), NextOffset: r.params["next_offset"],
		CacheTime: defaultCacheTime, Personal: r.flag("is_personal"), Button: json.RawMessage(r.params["button"]),
	}
	if r.has("cache_time") {
		a.CacheTime = int(r.number("cache_time"))
	}
	if !s.opt.Forget {
		s.journal.inline = append(s.journal.inline, a)
	}
	return true, nil
}

// inlineResult is what is checked of a result of any type.
type inlineResult struct {
	ID      string `json:"id"`
	Content struct {
		Text      *string `json:"message_text"`
		ParseMode string  `json:"parse_mode"`
	} `json:"input_message_content"`
	Caption   string          `json:"caption"`
	ParseMode string          `json:"parse_mode"`
	Markup    json.RawMessage `json:"reply_markup"`
}

var startForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// checkInline checks what is offered for an inline query.
func (s *Server) checkInline(r *request) *apiError {
	if s.opt.Unchecked {
		return nil
	}
	var results []inlineResult
	var button struct {
		Start *string `json:"start_parameter"`
	}
	r.decode("results", &results)
	r.decode("button", &button)
	switch {
	case len(results) > 50:
		return badRequest("RESULTS_TOO_MUCH")
	case len(r.params["next_offset"]) > 64:
		return badRequest("NEXT_OFFSET_INVALID")
	case r.number("cache_time") < 0:
		return badRequest("CACHE_TIME_INVALID")
	case button.Start != nil && !startForm.MatchString(*button.Start):
		return badRequest("START_PARAM_INVALID")
	}
	seen := map[string]bool{}
	for _, result := range results {
		switch {
		case result.ID == "" || len(result.ID) > 64:
			return badRequest("RESULT_ID_INVALID")
		case seen[result.ID]:
			return badRequest("RESULT_ID_DUPLICATE")
		}
		seen[result.ID] = true
		if err := s.checkResult(r, result); err != nil {
			return err
		}
	}
	return nil
}

// checkResult checks the message that a result would send, as if it were sent now.
func (s *Server) checkResult(r *request, result inlineResult) *apiError {
	send := &request{method: r.method, params: map[string]string{
		"caption": result.Caption, "parse_mode": result.ParseMode, "reply_markup": string(result.Markup),
	}}
	m := &Message{}
	if err := s.setCaption(send, m); err != nil {
		return err
	}
	if err := s.setMarkup(send, m); err != nil {
		return err
	}
	if result.Content.Text == nil {
		return nil
	}
	send.params["text"], send.params["parse_mode"] = *result.Content.Text, result.Content.ParseMode
	return s.setText(send, m)
}
