package bolt

import (
	"encoding/json"
	"time"

	"tanyanetral/store"
)

// Conversation implements store.Conversations.
func (t *tx) Conversation(key store.Key) (c store.Conversation, err error) {
	err = t.read("read conversation", func() error {
		b := t.bucket(conversationsBucket).Get(encodeKey(key))
		if b == nil {
			return nil
		}
		until, record, err := cutTime(b)
		if err != nil {
			return err
		}
		err = decode(record, &c)
		c.Until = until
		return err
	})
	return c, err
}

// PutConversation implements store.Conversations.
func (t *tx) PutConversation(key store.Key, c store.Conversation) error {
	return t.write("keep conversation", func() error {
		b := t.bucket(conversationsBucket)
		if c.Until.IsZero() {
			_, err := t.remove(b, encodeKey(key))
			return err
		}
		until := c.Until
		c.Until = time.Time{}
		record, err := json.Marshal(c)
		if err != nil {
			return err
		}
		return t.put(b, encodeKey(key), append(appendTime(nil, until), record...))
	})
}
