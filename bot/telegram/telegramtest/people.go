package telegramtest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
)

// GroupAnonymousBot stands for the administrators of a group who stay anonymous.
const GroupAnonymousBot = 1087968824

// Person is somebody who talks to the bot in one chat. The methods queue updates, and return the id of
// the update, or 0 if the bot does not want that kind.
type Person struct {
	s    *Server
	ID   int64
	Chat int64
}

// Person is the person with an id, in the private chat with the bot. The name is "Nama<id>".
func (s *Server) Person(id int64) Person { return Person{s, id, id} }

// In is the same person in a group.
func (p Person) In(chat int64) Person { return Person{p.s, p.ID, chat} }

// Anonymous is an administrator of a group who stays anonymous.
func (s *Server) Anonymous(chat int64) Person { return Person{s, GroupAnonymousBot, chat} }

// Say sends a text. Commands and mentions in it are marked, as Telegram does.
func (p Person) Say(text string) int64 { return p.Reply(0, text) }

// Reply sends a text as a reply to a message of the chat.
func (p Person) Reply(to int, text string) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.send(&Message{Text: text, ReplyTo: to}, object{"text": text})
}

// Media sends something that is no text: "photo", "voice", "sticker", "location", "contact" or "document".
func (p Person) Media(kind, caption string) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.lastFile++ // the bot may send it on
	file := object{"file_id": fmt.Sprint(fileID, p.s.lastFile), "file_unique_id": kind, "file_size": 1234}
	with := func(more object) object {
		for name, value := range file {
			more[name] = value
		}
		return more
	}
	media := map[string]any{
		"photo":    []object{with(object{"width": 90, "height": 60}), with(object{"width": 900, "height": 600})},
		"voice":    with(object{"duration": 3, "mime_type": "audio/ogg"}),
		"sticker":  with(object{"width": 512, "height": 512, "type": "regular", "emoji": "👍"}),
		"document": with(object{"file_name": "surat.pdf", "mime_type": "application/pdf"}),
		"location": object{"latitude": -6.2, "longitude": 106.8},
		"contact":  object{"phone_number": "+6281200000000", "first_name": "Nama", "user_id": p.ID},
	}
	if media[kind] == nil {
		panic(fmt.Sprintf("telegramtest: no media %q", kind))
	}
	content := object{kind: media[kind]}
	if caption != "" {
		content["caption"] = caption
	}
	return p.send(&Message{Text: caption, kind: kind}, content)
}

// Edit changes a text that the person sent.
func (p Person) Edit(message int, text string) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	m := p.s.chat(p.Chat).byID[message]
	if m == nil || m.From != p.ID {
		panic(fmt.Sprintf("telegramtest: message %d of chat %d is not by %d", message, p.Chat, p.ID))
	}
	now := p.s.opt.Now()
	m.Edits = append(m.Edits, Edit{Text: m.Text, Time: now})
	m.Text = text
	return p.s.push("edited_message", p.content(m, object{"text": text, "edit_date": now.Unix()})).id()
}

// Press presses the button with a label under a message of the bot, which has to be there.
func (p Person) Press(message int, label string) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	m := p.s.chat(p.Chat).byID[message]
	if m == nil {
		panic(fmt.Sprintf("telegramtest: no message %d in chat %d", message, p.Chat))
	}
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Text == label && b.Data != "" {
				return p.press(message, b.Data)
			}
		}
	}
	panic(fmt.Sprintf("telegramtest: no button %q to press in message\n%v", label, m))
}

// PressData presses a button with any data under any message, as of an old keyboard or a forged client.
func (p Person) PressData(message int, data string) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.press(message, data)
}

func (p Person) press(message int, data string) int64 {
	c := p.s.chat(p.Chat)
	under := object{"message_id": message, "chat": p.s.chatObject(p.Chat), "date": 0} // not accessible
	if c.has(message) {
		under = p.s.messageObject(c.byID[message])
	}
	u := p.query("callback_query", object{
		"from": userObject(p.ID), "message": under, "chat_instance": strconv.FormatInt(p.Chat, 10), "data": data,
	})
	if c.has(message) {
		c.byID[message].update = u
	}
	return u.id()
}

// Query types an inline query somewhere.
func (p Person) Query(text, offset string) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	content := object{"from": userObject(p.ID), "query": text, "offset": offset, "chat_type": "sender"}
	return p.query("inline_query", content).id()
}

// query queues an update that has to be answered by its id.
func (p Person) query(kind string, content object) *update {
	id := strconv.FormatInt(1<<60+p.s.queue.next, 10) // as large as real ones
	content["id"] = id
	u := p.s.push(kind, content)
	if u != nil {
		p.s.queries[id] = &query{update: u, kind: kind}
	}
	return u
}

// Member tells the bot that the person changed what the bot is in the chat: "member", "administrator", "left",
// "kicked". In a private chat "kicked" is that the person blocked the bot, and "member" the contrary.
// The server then refuses, or again accepts, what is sent to the chat.
func (p Person) Member(before, after string) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	c := p.s.keep(p.s.chat(p.Chat))
	c.known = true
	c.membership(after)
	c.members[p.s.botID] = after
	return p.s.push("my_chat_member", object{
		"chat": p.s.chatObject(p.Chat), "from": userObject(p.ID), "date": p.s.opt.Now().Unix(),
		"old_chat_member": object{"user": p.s.bot(), "status": before},
		"new_chat_member": object{"user": p.s.bot(), "status": after},
	}).id()
}

// Status sets what getChatMember says of the person, in place of "member".
func (p Person) Status(status string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.keep(p.s.chat(p.Chat)).members[p.ID] = status
}

// Migrate makes a supergroup of a group. Both get a message that says so, and what is sent to the old one is
// refused with the new id.
func (c Chat) Migrate(to int64) (left, joined int64) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.keep(c.s.chat(c.ID)).refusal = Migrated(to).err
	left = c.s.Anonymous(c.ID).send(&Message{kind: "migration"}, object{"migrate_to_chat_id": to})
	joined = c.s.Anonymous(to).send(&Message{kind: "migration"}, object{"migrate_from_chat_id": c.ID})
	return left, joined
}

// Post is a post of a channel, which the chat becomes.
func (c Chat) Post(text string) int64 {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	channel := c.s.chat(c.ID)
	channel.kind = "channel"
	m := &Message{From: c.ID, Text: text}
	c.s.add(channel, m)
	m.update = c.s.push("channel_post", object{
		"message_id": m.ID, "date": m.Time.Unix(), "text": text,
		"chat": c.s.chatObject(c.ID), "sender_chat": c.s.chatObject(c.ID),
	})
	return m.update.id()
}

// send adds a person's message to the chat and queues its update.
func (p Person) send(m *Message, content object) int64 {
	c := p.s.chat(p.Chat)
	c.known = true
	m.From = p.ID
	p.s.add(c, m)
	m.update = p.s.push("message", p.content(m, content))
	return m.update.id()
}

// content completes what an update says of a person's message.
func (p Person) content(m *Message, content object) object {
	content["message_id"], content["date"] = m.ID, m.Time.Unix()
	content["from"], content["chat"] = userObject(p.ID), p.s.chatObject(p.Chat)
	if p.ID == GroupAnonymousBot {
		content["sender_chat"] = p.s.chatObject(p.Chat)
	}
	if entities := marks(m.Text); m.kind == "" && len(entities) > 0 {
		content["entities"] = entities
	}
	if to := p.s.chat(p.Chat).byID[m.ReplyTo]; to != nil {
		content["reply_to_message"] = p.s.messageObject(to)
	}
	return content
}

var marked = regexp.MustCompile(`(?:^|\s)(/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]+)?|@[A-Za-z][A-Za-z0-9_]{3,31})`)

// marks is the entities that Telegram finds in a person's text.
func marks(text string) []object {
	var entities []object
	for _, at := range marked.FindAllStringSubmatchIndex(text, -1) {
		kind := "mention"
		if text[at[2]] == '/' {
			kind = "bot_command"
		}
		entities = append(entities, object{
			"type": kind, "offset": units(text[:at[2]]), "length": units(text[at[2]:at[3]]),
		})
	}
	return entities
}

// messageObject is a message as the bot sees it.
func (s *Server) messageObject(m *Message) object {
	o := object{"message_id": m.ID, "date": m.Time.Unix(), "chat": s.chatObject(m.Chat), "from": s.bot()}
	if m.From != 0 {
		o["from"] = userObject(m.From)
	}
	text := "text"
	if m.FileID != "" {
		text = "caption"
		o["photo"] = []object{{"file_id": m.FileID, "file_unique_id": m.FileID, "width": 900, "height": 600}}
	}
	if m.Text != "" {
		o[text] = m.Text
	}
	if len(m.Edits) > 0 {
		o["edit_date"] = m.Edits[len(m.Edits)-1].Time.Unix()
	}
	if m.inline {
		o["reply_markup"] = json.RawMessage(m.Markup)
	}
	return o
}

func (s *Server) bot() object {
	return object{"id": s.botID, "is_bot": true, "first_name": "Fake", "username": s.opt.Username}
}

func userObject(id int64) object {
	if id == GroupAnonymousBot {
		return object{"id": id, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"}
	}
	name := "Nama" + strconv.FormatInt(id, 10)
	return object{"id": id, "is_bot": false, "first_name": name, "username": "u" + name, "language_code": "id"}
}

func (s *Server) chatObject(id int64) object {
	c := s.chat(id)
	if c.kind == "private" {
		name := "Nama" + strconv.FormatInt(id, 10)
		return object{"id": id, "type": c.kind, "first_name": name, "username": "u" + name}
	}
	return object{"id": id, "type": c.kind, "title": "Grup" + strconv.FormatInt(id, 10)}
}
