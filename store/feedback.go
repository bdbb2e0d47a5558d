package store

// Tally counts the votes on the answer of a topic.
type Tally struct {
	Helpful    int `json:"helpful,omitempty"`
	NotHelpful int `json:"not_helpful,omitempty"`
}

// TallyOf returns what one vote adds to the counts: 1 is helpful, -1 is not.
func TallyOf(vote int) Tally {
	return Tally{Helpful: max(vote, 0), NotHelpful: max(-vote, 0)}
}

// Plus returns the sum of two tallies, in which no count is below 0.
func (t Tally) Plus(o Tally) Tally {
	return Tally{max(t.Helpful+o.Helpful, 0), max(t.NotHelpful+o.NotHelpful, 0)}
}

// Minus returns what is left of a tally, in which no count is below 0.
func (t Tally) Minus(o Tally) Tally {
	return t.Plus(Tally{-o.Helpful, -o.NotHelpful})
}

// Feedback counts votes. Who voted what stands with the Person.
type Feedback interface {
	// Votes returns the votes on all topics that have some, by topic.
	Votes() (map[string]Tally, error)

	// AddVotes adds to the votes on a topic; numbers may be negative. A count never
	// falls below 0.
	AddVotes(topic string, t Tally) error
}
