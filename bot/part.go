package bot

import (
	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
)

// part is what a topic's answer says on what a follow-up question asks for, nil
// where that is nothing.
func (t *turn) part(topic knowledge.Topic, asked match.Aspects) []Block {
	var said []Block
	if asked.Sanction && topic.Sanction != "" {
		said = append(said, text("Sanksi: %s", topic.Sanction))
	}
	if asked.Basis && len(topic.Basis) > 0 {
		said = append(said, Block{Kind: Citation, Text: "Dasar: " + basis(t.base, topic)})
	}
	if said == nil {
		return nil
	}
	return append([]Block{heading(topic.Title)}, said...)
}

// withPart puts what the last answer says ahead of what else may have been meant.
func (t *turn) withPart(part []Block, last knowledge.Topic, reply Reply, result match.Result) Reply {
	switch result.Outcome {
	case match.Unknown:
		return t.offer(Reply{Blocks: part, Controls: t.controls(last)})
	case match.Choices:
		reply.Blocks, reply.Offer = nil, "Atau maksud Anda yang lain? "+reply.Offer
	}
	reply.Blocks = append(part, reply.Blocks...)
	return reply
}
