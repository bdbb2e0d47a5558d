package telegramtest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// largestRequest is what Telegram takes, files included.
const largestRequest = 50 << 20

// request is one call of a method.
type request struct {
	ctx    context.Context
	method string
	params map[string]string // what is no text is JSON
	files  map[string][]byte

	accepted *Message // what Options.OnMessage is to be told
}

// parse reads parameters from where Telegram takes them: the query, a form, JSON, multipart.
func parse(h *http.Request, method string) (*request, error) {
	r := &request{ctx: h.Context(), method: method, params: map[string]string{}}
	h.Body = http.MaxBytesReader(nil, h.Body, largestRequest)
	var err error
	switch kind := h.Header.Get("Content-Type"); {
	case strings.HasPrefix(kind, "application/json"):
		err = r.parseJSON(h.Body)
	case strings.HasPrefix(kind, "multipart/form-data"):
		err = r.parseMultipart(h)
	default:
		err = h.ParseForm()
	}
	if err != nil {
		return nil, err
	}
	for name, values := range h.Form {
		r.params[name] = values[0]
	}
	// While the body is unread, the server does not notice that the client went away.
	_, err = io.Copy(io.Discard, h.Body)
	return r, err
}

func (r *request) parseJSON(body io.Reader) error {
	var fields map[string]json.RawMessage
	if err := json.NewDecoder(body).Decode(&fields); err != nil {
		return err
	}
	for name, raw := range fields {
		var text *string
		switch err := json.Unmarshal(raw, &text); {
		case err != nil: // numbers, lists and the like are themselves
			r.params[name] = string(raw)
		case text != nil:
			r.params[name] = *text
		}
	}
	return nil
}

func (r *request) parseMultipart(h *http.Request) error {
	if err := h.ParseMultipartForm(largestRequest); err != nil {
		return err
	}
	r.files = map[string][]byte{}
	for name, headers := range h.MultipartForm.File {
		f, err := headers[0].Open()
		if err != nil {
			return err // unreachable: all of a request is in memory
		}
		content, err := io.ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil {
			return err // unreachable, too
		}
		r.files[name] = content
	}
	return nil
}

func (r *request) has(name string) bool  { return r.params[name] != "" }
func (r *request) flag(name string) bool { return r.params[name] == "true" || r.params[name] == "1" }

// number is the value of an integer parameter, 0 if there is none.
func (r *request) number(name string) int64 {
	n, _ := strconv.ParseInt(r.params[name], 10, 64) // check has refused what is no number
	return n
}

// decode reads a parameter that is JSON; without one v stays as it is. What does not fit, check has refused.
func (r *request) decode(name string, v any) {
	if raw := r.params[name]; raw != "" {
		_ = json.Unmarshal([]byte(raw), v)
	}
}

// splitToken says whose token it is, if it has the form of one.
func splitToken(token string) (botID int64, ok bool) {
	number, secret, _ := strings.Cut(token, ":")
	botID, err := strconv.ParseInt(number, 10, 64)
	return botID, err == nil && secret != ""
}
