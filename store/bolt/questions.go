package bolt

import (
	"encoding/json"

	"tanyanetral/store"
)

// LogQuestion implements store.Questions.
func (t *tx) LogQuestion(q store.Question) error {
	if err := q.CheckID(); err != nil && t.bolt.Writable() {
		return err
	}
	return t.write("log question", func() error {
		id := []byte(q.ID)
		q.ID = ""
		b, err := json.Marshal(q)
		if err != nil {
			return err
		}
		return t.put(t.bucket(questionsBucket), id, b)
	})
}

// Question implements store.Questions.
func (t *tx) Question(id string) (q store.Question, err error) {
	err = t.read("read question", func() error {
		b := t.bucket(questionsBucket).Get([]byte(id))
		if b == nil {
			return store.ErrNotFound
		}
		q.ID = id
		return decode(b, &q)
	})
	return q, err
}

// QuestionsAfter implements store.Questions.
func (t *tx) QuestionsAfter(id string, n int) (questions []store.Question, err error) {
	err = t.read("read questions", func() error {
		return eachAfter(t.bucket(questionsBucket), []byte(id), n, func(k, v []byte) error {
			q := store.Question{ID: string(k)}
			err := decode(v, &q)
			questions = append(questions, q)
			return err
		})
	})
	return questions, err
}
