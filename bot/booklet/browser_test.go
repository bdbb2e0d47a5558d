package booklet_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"
)

// browser is a headless Chromium with one page, driven by the DevTools protocol
// over a pair of pipes.
type browser struct {
	t       *testing.T
	send    *os.File
	session string
	lastID  int
	answers chan message

	mu     sync.Mutex
	events []message
}

// message is a command, an answer or an event of the protocol.
type message struct {
	ID        int             `json:"id,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    any             `json:"params,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     json.RawMessage `json:"error,omitempty"`
}

// openBrowser starts a browser for the time of the test, which is skipped where
// there is none, except in CI.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	program := slices.IndexFunc(programs, func(name string) bool { _, err := exec.LookPath(name); return err == nil })
	if program < 0 {
		if os.Getenv("CI") != "" {
			t.Fatalf("none of %v is on the PATH", programs)
		}
		t.Skipf("needs a browser: none of %v is on the PATH", programs)
	}
	theirs, ours := pipe(t)
	ourEnd, theirEnd := pipe(t)
	profile, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	// Not t.TempDir: what the browser leaves running for a moment may still write there.
	t.Cleanup(func() { os.RemoveAll(profile) })
	hanging, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	command := exec.CommandContext(hanging, programs[program], "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--no-first-run", "--disable-background-networking", "--remote-debugging-pipe", "--user-data-dir="+profile)
	command.ExtraFiles = []*os.File{theirs, theirEnd} // its descriptors 3 and 4
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	theirs.Close()
	theirEnd.Close()
	b := &browser{t: t, send: ours, answers: make(chan message, 1)}
	var reading sync.WaitGroup
	reading.Go(func() { b.read(ourEnd) })
	t.Cleanup(func() {
		b.session = ""
		b.call("Browser.close", nil)
		command.Wait() // the exit status says nothing: it was told to go
		reading.Wait()
	})

	var target struct{ TargetID string }
	b.result(&target, "Target.createTarget", map[string]any{"url": "about:blank"})
	var attached struct{ SessionID string }
	b.result(&attached, "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true})
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(domain+".enable", nil)
	}
	return b
}

var programs = []string{"chromium", "chromium-browser", "google-chrome"}

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return r, w
}

// read sorts what the browser says, until it says no more.
func (b *browser) read(from *os.File) {
	defer close(b.answers)
	r := bufio.NewReader(from)
	for {
		line, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if err := json.Unmarshal(line[:len(line)-1], &m); err != nil {
			b.t.Errorf("message of the browser: %v", err)
			return
		}
		if m.ID != 0 {
			b.answers <- m
			continue
		}
		b.mu.Lock()
		b.events = append(b.events, m)
		b.mu.Unlock()
	}
}

// call is one command with its result.
func (b *browser) call(method string, params map[string]any) json.RawMessage {
	b.t.Helper()
	b.lastID++
	line, err := json.Marshal(message{ID: b.lastID, SessionID: b.session, Method: method, Params: params})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.send.Write(append(line, 0)); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	answer, ok := <-b.answers
	if !ok || answer.ID != b.lastID || answer.Error != nil {
		b.t.Fatalf("%s: got %d %s", method, answer.ID, answer.Error)
	}
	return answer.Result
}

func (b *browser) result(into any, method string, params map[string]any) {
	b.t.Helper()
	if err := json.Unmarshal(b.call(method, params), into); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
}

// open loads an address and waits until the page is there.
func (b *browser) open(address string) {
	b.t.Helper()
	b.call("Page.navigate", map[string]any{"url": address})
	b.eval(nil, `new Promise(done => document.readyState === "complete" ? done() : addEventListener("load", () => done()))`)
}

// eval runs an expression in the page; into is nil where its value is not wanted.
func (b *browser) eval(into any, expression string) {
	b.t.Helper()
	var r struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	b.result(&r, "Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true})
	if r.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", expression, r.ExceptionDetails)
	}
	if into != nil {
		if err := json.Unmarshal(r.Result.Value, into); err != nil {
			b.t.Fatalf("%s: %v", expression, err)
		}
	}
}

// screen sets the width of the screen and whether it is dark.
func (b *browser) screen(width int, scheme string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500})
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": "screen", "features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}})
}

// heard lists the events of some kinds so far, as lines.
func (b *browser) heard(methods ...string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var lines []string
	for _, e := range b.events {
		if slices.Contains(methods, e.Method) {
			lines = append(lines, fmt.Sprint(e.Method, " ", e.Params))
		}
	}
	return lines
}
