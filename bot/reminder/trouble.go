package reminder

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
)

// errPanic is wrapped by the error of a bug, below whose first line is the stack.
var errPanic = errors.New("panic")

// safely runs f. A panic in it is an error: a bug costs what it is in, not the conversation.
func safely(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", errPanic, p, debug.Stack())
		}
	}()
	return f()
}

// trouble is what is tried again and again. The log says when it begins to fail,
// fails otherwise and works again. It is safe for concurrent use.
type trouble struct {
	what string
	log  *slog.Logger

	mu   sync.Mutex
	said string // first line of the last error, "" while it works
}

// say takes note of what came of an attempt.
func (t *trouble) say(err error) {
	said := ""
	if err != nil {
		said, _, _ = strings.Cut(err.Error(), "\n")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case said == t.said:
	case err != nil:
		t.log.Error("could not "+t.what, "error", err)
	default:
		t.log.Info("can " + t.what + " again")
	}
	t.said = said
}
