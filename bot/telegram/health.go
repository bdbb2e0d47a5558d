package telegram

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// State is how a channel is doing.
type State struct {
	Username string    // what Telegram calls the bot, "" as long as it has not said so
	LastPoll time.Time // the last successful one, zero before it
	Trouble  string    // why polling or keeping state does not succeed, in Indonesian; "" while both do

	Updates  int // fetched and not handled yet
	Chats    int // whose updates are being handled
	Messages int // that wait for their turn to be sent
}

// State tells how the channel is doing.
func (c *Channel) State() State {
	lastPoll, trouble := c.health.look()
	switch now := c.now(); {
	case trouble != "":
	case lastPoll.IsZero():
		trouble = "belum pernah berhasil menghubungi Telegram"
	case now.Sub(lastPoll) > c.options.Poll+2*slowest:
		trouble = fmt.Sprintf("tidak ada jawaban dari Telegram selama %s", now.Sub(lastPoll).Round(time.Second))
	case c.unsaved.Load():
		trouble = "perubahan terakhir tidak dapat disimpan; periksa disk dan berkas data"
	}
	return State{
		Username: c.me.Load().UserName, LastPoll: lastPoll, Trouble: trouble,
		Updates: c.flight.unhandled(), Chats: c.queues.busy(), Messages: c.pace.length(),
	}
}

// Health returns nil while polling succeeds, else an error that says why it does not.
func (c *Channel) Health() error {
	if trouble := c.State().Trouble; trouble != "" {
		return errors.New(trouble)
	}
	return nil
}

// trouble is a way in which polling fails: for the log, and for administrators.
type trouble struct{ log, reason string }

// troubleOf tells what an operator can do about an error.
func troubleOf(kind failure, err error) trouble {
	switch {
	case kind == conflict && strings.Contains(err.Error(), "webhook"):
		return trouble{"a webhook is set for this bot; deleting it", "masih ada webhook untuk bot ini; sedang dihapus"}
	case kind == conflict:
		return trouble{"another program polls with the same token; stop one of the two", "program lain memakai token yang sama; hentikan salah satunya"}
	case kind == tooMany:
		return trouble{"telegram wants a pause", "Telegram meminta jeda"}
	}
	return trouble{"telegram cannot be reached; trying again", "Telegram tidak dapat dihubungi; dicoba terus"}
}

// health is how polling goes.
type health struct {
	mu       sync.Mutex
	lastPoll time.Time // the last successful one
	now      trouble   // zero while polling succeeds
}

// failed notes a failed attempt, and logs it if it fails in another way than the last.
func (h *health) failed(log *slog.Logger, t trouble, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.now != t {
		log.Warn(t.log, "error", err)
	}
	h.now = t
}

func (h *health) succeeded(log *slog.Logger, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.lastPoll.IsZero():
		log.Info("polling telegram")
	case h.now != trouble{}:
		log.Info("telegram answers again")
	}
	h.lastPoll, h.now = now, trouble{}
}

func (h *health) look() (lastPoll time.Time, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.lastPoll, h.now.reason
}
