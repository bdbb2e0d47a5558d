package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Client asks the bot that runs with a data directory. Its methods return
// ErrNotRunning where there is none, and Refused where it did not do what it was asked.
type Client struct {
	path string
	http *http.Client
}

// NewClient returns a client for a data directory.
func NewClient(dir string) *Client {
	path := socketPath(dir)
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}
	return &Client{path, &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}}
}

// Status asks how the bot is doing.
func (c *Client) Status(ctx context.Context) (s Status, err error) {
	err = c.ask(ctx, http.MethodGet, "status", nil, &s)
	return s, err
}

// Reload has the bot read its knowledge anew.
func (c *Client) Reload(ctx context.Context) (k Knowledge, err error) {
	err = c.ask(ctx, http.MethodPost, "reload", nil, &k)
	return k, err
}

// Backup has the bot copy its state into a file, named by its absolute path.
func (c *Client) Backup(ctx context.Context, file string) (b Backup, err error) {
	err = c.ask(ctx, http.MethodPost, "backup", url.Values{"file": {file}}, &b)
	return b, err
}

var _ Desk = (*Client)(nil)

// Reminders implements Desk.
func (c *Client) Reminders(ctx context.Context, from, to time.Time) (all []Reminder, err error) {
	err = c.ask(ctx, http.MethodGet, "reminders", url.Values{"from": {written(from)}, "to": {written(to)}}, &all)
	return all, err
}

// History implements Desk.
func (c *Client) History(ctx context.Context, from, to time.Time) (h History, err error) {
	err = c.ask(ctx, http.MethodGet, "history", url.Values{"from": {written(from)}, "to": {written(to)}}, &h)
	return h, err
}

// Draft implements Desk.
func (c *Client) Draft(ctx context.Context, b Broadcast) (d Draft, err error) {
	values := url.Values{
		"text": {b.Text}, "topic": {b.Topic}, "status": {b.To.Status}, "unit": {b.To.Unit}, "timezone": {b.To.Timezone}, "start": {written(b.Start)},
	}
	err = c.ask(ctx, http.MethodPost, "broadcast", values, &d)
	return d, err
}

// Confirm implements Desk.
func (c *Client) Confirm(ctx context.Context, id string, again bool) (d Delivery, err error) {
	err = c.ask(ctx, http.MethodPost, "confirm", url.Values{"id": {id}, "again": {strconv.FormatBool(again)}}, &d)
	return d, err
}

// Delivery implements Desk.
func (c *Client) Delivery(ctx context.Context, id string) (d Delivery, err error) {
	err = c.ask(ctx, http.MethodGet, "delivery", url.Values{"id": {id}}, &d)
	return d, err
}

// Steer implements Desk.
func (c *Client) Steer(ctx context.Context, id string, a Action, at time.Time) (d Delivery, err error) {
	err = c.ask(ctx, http.MethodPost, "steer", url.Values{"id": {id}, "action": {string(a)}, "at": {written(at)}}, &d)
	return d, err
}

// written is a moment as readMoment reads it.
func written(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

func (c *Client) ask(ctx context.Context, method, what string, values url.Values, result any) error {
	if len(c.path) > longestPath {
		return fmt.Errorf("%w: the bot cannot have one there", ErrNotRunning)
	}
	// The socket is the address, so the host is only a name for the header.
	address, form := "http://bot/"+what, io.Reader(nil)
	if method == http.MethodPost {
		form = strings.NewReader(values.Encode())
	} else {
		address += "?" + values.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, method, address, form)
	if err != nil {
		return err // unreachable: the parts are constants
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := c.http.Do(request)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return ErrNotRunning
	}
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err // its URL says nothing
		}
		return fmt.Errorf("ask the bot for %s: %w", what, err)
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK {
		if err := json.NewDecoder(response.Body).Decode(result); err != nil {
			return fmt.Errorf("read the bot's %s: %w", what, err)
		}
		return nil
	}
	var f failure
	if err := json.NewDecoder(response.Body).Decode(&f); err != nil || f.Error == "" {
		return fmt.Errorf("ask the bot for %s: %s", what, response.Status) // another version of the program
	}
	return Refused(f.Error)
}
