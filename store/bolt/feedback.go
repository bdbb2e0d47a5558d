package bolt

import (
	"encoding/json"

	"tanyanetral/store"
)

// Votes implements store.Feedback.
func (t *tx) Votes() (map[string]store.Tally, error) {
	votes := map[string]store.Tally{}
	err := t.read("read votes", func() error {
		return t.bucket(votesBucket).ForEach(func(topic, b []byte) error {
			var tally store.Tally
			err := decode(b, &tally)
			votes[string(topic)] = tally
			return err
		})
	})
	return votes, err
}

// AddVotes implements store.Feedback.
func (t *tx) AddVotes(topic string, add store.Tally) error {
	return t.write("count votes", func() error { return t.changeVotes(topic, add.Plus) })
}

func (t *tx) changeVotes(topic string, change func(store.Tally) store.Tally) error {
	votes := t.bucket(votesBucket)
	var tally store.Tally
	if b := votes.Get([]byte(topic)); b != nil {
		if err := decode(b, &tally); err != nil {
			return err
		}
	}
	tally = change(tally)
	if tally == (store.Tally{}) {
		_, err := t.remove(votes, []byte(topic))
		return err
	}
	b, err := json.Marshal(tally)
	if err != nil {
		return err
	}
	return t.put(votes, []byte(topic), b)
}
