package telegramtest_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tanyanetral/bot/telegram/telegramtest"
)

// reply is an answer of the Bot API.
type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// bot calls methods as a bot does.
type bot struct {
	t      *testing.T
	server *telegramtest.Server
	client *http.Client
}

func newBot(t *testing.T, opt telegramtest.Options) (bot, *telegramtest.Server) {
	t.Helper()
	s := telegramtest.Start(t, opt)
	return bot{t, s, s.Client()}, s
}

// try calls a method with parameters as "name=value" and returns what the network says.
func (b bot) try(method string, params ...string) (reply, error) {
	form := url.Values{}
	for _, p := range params {
		name, value, _ := strings.Cut(p, "=")
		form.Set(name, value)
	}
	resp, err := b.client.PostForm(b.server.URL()+"/bot"+b.server.Token()+"/"+method, form)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	var r reply
	err = json.NewDecoder(resp.Body).Decode(&r)
	if err == nil && !r.OK && resp.StatusCode != r.Code {
		b.t.Errorf("%s: status %d with error_code %d", method, resp.StatusCode, r.Code)
	}
	return r, err
}

// call calls a method that must get an answer, good or bad.
func (b bot) call(method string, params ...string) reply {
	b.t.Helper()
	r, err := b.try(method, params...)
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	return r
}

// must calls a method that must succeed.
func (b bot) must(method string, params ...string) reply {
	b.t.Helper()
	r := b.call(method, params...)
	if !r.OK {
		b.t.Fatalf("%s: %s", method, r.Description)
	}
	return r
}

// send sends a message and returns its id.
func (b bot) send(params ...string) int {
	b.t.Helper()
	var m struct {
		ID int `json:"message_id"`
	}
	decode(b.t, b.must("sendMessage", params...).Result, &m)
	return m.ID
}

// poll fetches updates and returns their ids.
func (b bot) poll(params ...string) []int64 {
	b.t.Helper()
	ids := []int64{}
	for _, u := range b.updates(params...) {
		ids = append(ids, u.ID)
	}
	return ids
}

type gotUpdate struct {
	ID int64 `json:"update_id"`
}

func (b bot) updates(params ...string) []gotUpdate {
	b.t.Helper()
	var updates []gotUpdate
	decode(b.t, b.must("getUpdates", params...).Result, &updates)
	return updates
}

func decode(t *testing.T, raw json.RawMessage, v any) {
	t.Helper()
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatalf("decode %s: %v", raw, err)
	}
}

// wantError compares an answer with what Telegram says.
func wantError(t *testing.T, got reply, code int, description string) {
	t.Helper()
	if got.Code != code || got.Description != description {
		t.Errorf("got %d %q, want %d %q", got.Code, got.Description, code, description)
	}
}

// clock is a clock that a test moves.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{time.Date(2024, 11, 24, 8, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time          { return c.now }
func (c *clock) advance(d time.Duration) { c.now = c.now.Add(d) }

// picture is the beginning of a PNG, which tells its size.
func picture(width, height int) []byte {
	head := []byte("IHDR")
	head = binary.BigEndian.AppendUint32(head, uint32(width))
	head = binary.BigEndian.AppendUint32(head, uint32(height))
	head = append(head, 8, 0, 0, 0, 0) // 8 bits of grey
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")
	return binary.BigEndian.AppendUint32(append(b, head...), crc32.ChecksumIEEE(head))
}

// soon is a context for what must happen at once; it only ends a test that hangs.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}
