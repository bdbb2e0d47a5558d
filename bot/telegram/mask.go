package telegram

import (
	"context"
	"log/slog"
	"regexp"
	"strings"
)

const (
	masked         = "[token]"
	shortestSecret = 8 // letters after the colon of a token that are masked by themselves
)

// tokenForm is what any bot's token looks like, whole or after "bot" in a URL.
var tokenForm = regexp.MustCompile(`\d{5,}(?::|%3A)[A-Za-z0-9_-]{30,}`)

// masker returns a function that takes a token out of texts: this one, and
// anything that looks like one.
func masker(token string) func(string) string {
	pairs := []string{}
	if token != "" {
		pairs = append(pairs, token, masked)
	}
	if _, secret, ok := strings.Cut(token, ":"); ok && len(secret) >= shortestSecret {
		pairs = append(pairs, secret, masked)
	}
	exact := strings.NewReplacer(pairs...)
	return func(text string) string {
		return tokenForm.ReplaceAllString(exact.Replace(text), masked)
	}
}

// MaskLogs wraps a log handler so that a token never reaches it, in whatever
// message, attribute or error it stands.
func MaskLogs(handler slog.Handler, token string) slog.Handler {
	return maskingHandler{handler, masker(token)}
}

type maskingHandler struct {
	slog.Handler
	mask func(string) string
}

func (h maskingHandler) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, h.mask(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(h.attr(a))
		return true
	})
	return h.Handler.Handle(ctx, clean)
}

func (h maskingHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = h.attr(a)
	}
	return maskingHandler{h.Handler.WithAttrs(clean), h.mask}
}

func (h maskingHandler) WithGroup(name string) slog.Handler {
	return maskingHandler{h.Handler.WithGroup(name), h.mask}
}

func (h maskingHandler) attr(a slog.Attr) slog.Attr {
	value := a.Value.Resolve()
	switch value.Kind() {
	case slog.KindGroup:
		group := value.Group()
		clean := make([]any, len(group))
		for i, inner := range group {
			clean[i] = h.attr(inner)
		}
		return slog.Group(a.Key, clean...)
	case slog.KindString, slog.KindAny: // errors and everything else that is printed
		return slog.String(a.Key, h.mask(value.String()))
	}
	return slog.Attr{Key: a.Key, Value: value}
}
