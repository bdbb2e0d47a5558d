package bot

import (
	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
)

// part is what a topic's answer says on what a follow-up question asks for, nil
// where that is nothing.
func (t *turn) part(topic knowledge.Topic, asked match.Aspects) []Block {
	today := knowledge.DateOf(t.now)
	var said []Block
	if asked.Sanction && topic.Sanction != "" {
		said = append(said, text("Sanksi: %s", topic.Sanction))
	}
	if asked.Basis && len(topic.Basis) > 0 {
		said = append(said, text("Dasar: %s", basis(t.base, topic)))
	}
	if said == nil {
		return nil
	}
	said = append([]Block{heading(topic.Title)}, said...)
	said = append(said, cautions(t.base, topic, today)...)
	return append(said, Block{Kind: Citation, Text: topic.Checked(today)})
}

// tell answers with a part of the answer that was shown before.
func (t *turn) tell(topic knowledge.Topic, part []Block) Reply {
	t.about(topic)
	return t.offer(Reply{Blocks: part, Controls: t.controls(topic)})
}
