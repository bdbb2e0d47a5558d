package telegram

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// health is how polling goes.
type health struct {
	mu       sync.Mutex
	lastPoll time.Time // the last successful one
	failing  bool
	kind     failure
	reason   string
}

// failed notes a failed attempt, and logs it if it fails in another way than the last.
func (h *health) failed(log *slog.Logger, kind failure, reason string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.failing || h.kind != kind {
		log.Warn(reason, "error", err)
	}
	h.failing, h.kind, h.reason = true, kind, reason
}

func (h *health) succeeded(log *slog.Logger, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.lastPoll.IsZero():
		log.Info("polling telegram")
	case h.failing:
		log.Info("telegram answers again")
	}
	h.lastPoll, h.failing = now, false
}

func (h *health) polled() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.lastPoll.IsZero()
}

func (h *health) sincePoll(now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.lastPoll.IsZero() {
		return -1 * time.Second // never
	}
	return now.Sub(h.lastPoll)
}

// Health returns nil while polling succeeds, else an error that says why it does not.
func (c *Channel) Health() error {
	since := c.health.sincePoll(c.now())
	c.health.mu.Lock()
	defer c.health.mu.Unlock()
	switch {
	case c.health.failing:
		return fmt.Errorf("polling fails: %s", c.health.reason)
	case since < 0:
		return fmt.Errorf("no poll has succeeded yet")
	case since > c.options.Poll+2*slowest:
		return fmt.Errorf("the last poll succeeded %s ago", since.Round(time.Second))
	}
	return nil
}

// explain says of a trouble with Telegram what an operator can do.
func explain(kind failure, err error) string {
	switch {
	case kind == conflict && strings.Contains(err.Error(), "webhook"):
		return "a webhook is set for this bot; deleting it"
	case kind == conflict:
		return "another program polls with the same token; stop one of the two"
	case kind == tooMany:
		return "telegram wants a pause"
	}
	return "telegram cannot be reached; trying again"
}
