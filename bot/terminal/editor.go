package terminal

import (
	"errors"
	"io"

	"github.com/peterh/liner"
)

// Editor reads lines from a terminal, with editing and a history that lasts as
// long as the program: questions are not written to disk. Close restores the terminal.
type Editor struct {
	state *liner.State
}

// NewEditor takes the terminal over. complete proposes how a line may go on.
func NewEditor(complete func(line string) []string) *Editor {
	state := liner.NewLiner()
	state.SetCtrlCAborts(true)
	state.SetCompleter(complete)
	return &Editor{state}
}

// Next implements Lines.
func (e *Editor) Next() (string, error) {
	line, err := e.state.Prompt(Prompt)
	if errors.Is(err, liner.ErrPromptAborted) {
		return "", io.EOF
	}
	if err == nil && line != "" {
		e.state.AppendHistory(line)
	}
	return line, err
}

// Close restores the terminal.
func (e *Editor) Close() error { return e.state.Close() }
