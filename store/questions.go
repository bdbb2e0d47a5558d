package store

import (
	"errors"
	"time"
)

// QuestionsKept is how long questions stay in the log. The oldest are those of
// the day that lies so far back, in the time zone of the clock.
const QuestionsKept = 180 * 24 * time.Hour

// ErrQuestionID is returned for an entry whose id does not begin with its day or is too long.
var ErrQuestionID = errors.New("the id of a question is its day and at most 30 bytes")

// Question is an entry of the question log. No person is in it: the text is
// masked before it comes here, and of the time only the day is kept.
type Question struct {
	ID         string   `json:"id,omitempty"` // the day, see Day, and random letters; at most 40 bytes
	Text       string   `json:"text"`         // masked
	Outcome    string   `json:"outcome"`      // answer, choices or unknown
	Topics     []string `json:"topics,omitempty"`
	Confidence float64  `json:"confidence,omitempty"`
}

// Day returns the day on which the question was asked, 2006-01-02.
func (q Question) Day() string { return q.ID[:min(len(time.DateOnly), len(q.ID))] }

// CheckID returns ErrQuestionID where the id is not what it must be.
func (q Question) CheckID() error {
	if _, err := time.Parse(time.DateOnly, q.Day()); err != nil || len(q.ID) > 40 {
		return ErrQuestionID
	}
	return nil
}

// Questions is the question log.
type Questions interface {
	// LogQuestion writes an entry. Its ID begins with its day, 2006-01-02, and is
	// never used again; one of another shape is refused with ErrQuestionID.
	LogQuestion(q Question) error

	// Question returns an entry, ErrNotFound where there is none.
	Question(id string) (Question, error)

	// QuestionsAfter returns up to n entries whose ids come after id, in the order
	// of their ids: "2026-11-22" stands before all entries of that day.
	QuestionsAfter(id string, n int) ([]Question, error)
}
