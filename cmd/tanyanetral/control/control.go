// Package control lets commands in a terminal talk to the running bot: HTTP
// over a Unix socket in the data directory.
//
// The state file has one owner, and while the bot runs that is the bot. So a
// command that needs the state asks here first, with a Client; where ErrNotRunning
// is the answer it may open the file itself. The bot answers with a Server:
//
//	GET  /status                     Status
//	POST /reload                     Knowledge, once the bot answers from it
//	POST /backup    file             Backup, once the file is written
//	GET  /reminders from, to         list of Reminder
//	GET  /history   from, to         History
//	POST /broadcast text, topic, status, unit, timezone, start    Draft
//	POST /confirm   id, again        Delivery
//	GET  /delivery  id               Delivery
//	POST /steer     id, action, at   Delivery, as it is then
//
// What a GET needs stands in its query, what a POST needs in a form; moments are
// written as RFC 3339. What the bot could not do is answered with a status of 400 and above and
// {"error": why}. Who may use the socket is who may write to it: its mode is 0600.
package control

import (
	"context"
	"errors"
	"path/filepath"
	"time"
)

// SocketName is the name of the socket in the data directory.
const SocketName = "control.sock"

// Bot is the running bot. Its methods are called at the same time.
type Bot interface {
	Status() Status
	Reload() (Knowledge, error)
	Backup(file string) (Backup, error) // file is an absolute path

	// Desk returns the bot's Desk, once the bot has its knowledge.
	Desk(ctx context.Context) (Desk, error)
}

// Status is what can be told of the bot or, while it does not run, of what
// stands in its data directory.
type Status struct {
	Running bool      `json:"running"`
	Version string    `json:"version"` // of the program that tells
	PID     int       `json:"pid,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	HTTP    string    `json:"http,omitempty"` // address of health and metrics
	Data    string    `json:"data"`           // the data directory

	Username string    `json:"username,omitempty"` // of the bot, once Telegram told it
	LastPoll time.Time `json:"last_poll,omitzero"` // the last successful one
	Trouble  string    `json:"trouble,omitempty"`  // why polling does not succeed, "" while it does
	Updates  int       `json:"updates_in_flight"`
	Chats    int       `json:"chats_busy"`
	Messages int       `json:"messages_waiting"`

	Knowledge Knowledge `json:"knowledge,omitzero"` // zero until it is loaded
	State     State     `json:"state,omitzero"`     // zero where there is no file
	Backup    Backup    `json:"backup,omitzero"`    // the newest of the daily ones, zero where there is none
}

// Healthy tells whether the bot runs and hears from Telegram.
func (s Status) Healthy() bool { return s.Running && s.Trouble == "" }

// Knowledge counts what the bot answers from.
type Knowledge struct {
	Topics      int       `json:"topics"`
	Phrasings   int       `json:"phrasings"`
	Regulations int       `json:"regulations"`
	Elections   int       `json:"elections"`
	Contacts    int       `json:"contacts"`
	Reminders   int       `json:"reminders"`
	Loaded      time.Time `json:"loaded"`
}

// State is the state file.
type State struct {
	Path      string `json:"path"`
	Bytes     int64  `json:"bytes"`
	FreeBytes int64  `json:"free_bytes"` // of these, in pages that hold nothing
}

// Backup is a copy of the state file.
type Backup struct {
	Path    string    `json:"path"`
	Bytes   int64     `json:"bytes"`
	Written time.Time `json:"written"`
}

// What can be wrong with the socket.
var (
	ErrNotRunning = errors.New("no bot runs with this data directory")
	ErrRunning    = errors.New("a bot runs with this data directory already")
	ErrLongPath   = errors.New("the path of the socket is longer than the system allows")
)

// Refused is the bot's own words for why it did not do what it was asked.
type Refused string

func (r Refused) Error() string { return string(r) }

func socketPath(dir string) string { return filepath.Join(dir, SocketName) }

// failure is the body of an answer about what could not be done.
type failure struct {
	Error string `json:"error"`
}
