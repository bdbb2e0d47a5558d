package store

import "time"

// Conversation is what the bot must know to understand the next message. It is
// kept until Until, for half an hour after the last answer, and erased by Prune.
type Conversation struct {
	Topic    string    `json:"topic,omitempty"`    // the last topic that was answered, for follow-up questions
	TopicTo  time.Time `json:"topic_to,omitzero"`  // the first moment at which Topic counts no more
	Told     bool      `json:"told,omitempty"`     // the last reply was the answer of Topic
	Offered  []string  `json:"offered,omitempty"`  // actions that the last reply offered by number
	Awaiting string    `json:"awaiting,omitempty"` // what the person was asked to type
	Edited   string    `json:"edited,omitempty"`   // id of the last edited message that was answered
	Until    time.Time `json:"until,omitzero"`     // the first moment at which it counts no more
}

// Conversations keeps conversations.
type Conversations interface {
	// Conversation returns the conversation of a person or a group, the zero
	// Conversation where none is kept, even if Until has passed.
	Conversation(key Key) (Conversation, error)

	// PutConversation keeps a conversation in place of the last one. One without
	// Until is removed.
	PutConversation(key Key, c Conversation) error
}
