package telegram

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tanyanetral/bot"
)

// allowedUpdates are the kinds of updates that the bot asks for. Leaving the
// list out would keep what an earlier program asked for.
const allowedUpdates = `["message","edited_message","callback_query","my_chat_member","inline_query"]`

// update is an update as it was fetched. id is known even where the rest does
// not decode, and 0 where it is missing.
type update struct {
	id      int64
	content tgbotapi.Update
	err     error // what does not decode
}

// decodeUpdates reads the result of getUpdates. One update with a field of a
// wrong type does not spoil the others.
func decodeUpdates(result []byte) ([]update, error) {
	var contents []tgbotapi.Update
	if json.Unmarshal(result, &contents) == nil {
		updates := make([]update, len(contents))
		for i, content := range contents {
			updates[i] = update{id: int64(content.UpdateID), content: content}
		}
		return updates, nil
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(result, &raw); err != nil {
		return nil, err
	}
	updates := make([]update, len(raw))
	for i, r := range raw {
		var head struct {
			ID int64 `json:"update_id"`
		}
		updates[i].err = errors.Join(json.Unmarshal(r, &head), json.Unmarshal(r, &updates[i].content))
		updates[i].id = head.ID
	}
	return updates, nil
}

// origin is where an update comes from and how it is answered.
type origin struct {
	chat     int64 // 0 where there is nothing to answer to
	person   int64 // 0 where Telegram does not say
	group    bool
	date     time.Time // zero where it is not known
	message  int       // what was said, or the message whose button was pressed
	callback string    // id of the button press, "" for none
}

// key orders updates: those of one key are handled one after the other. The
// library's own FromChat fails on a press of a button whose message is gone.
func (u update) key() int64 {
	if u.content.InlineQuery != nil {
		return math.MinInt64 + u.id // typed letter by letter, each by itself
	}
	chat, from := (*tgbotapi.Chat)(nil), u.content.SentFrom()
	switch {
	case u.content.Message != nil:
		chat = u.content.Message.Chat
	case u.content.EditedMessage != nil:
		chat = u.content.EditedMessage.Chat
	case u.content.CallbackQuery != nil && u.content.CallbackQuery.Message != nil:
		chat = u.content.CallbackQuery.Message.Chat
	case u.content.MyChatMember != nil:
		chat = &u.content.MyChatMember.Chat
	}
	switch {
	case chat != nil:
		return chat.ID
	case from != nil:
		return from.ID
	}
	return 0
}

// event makes of an update what the bot understands. ok is false for what is
// none of its business.
func (c *Channel) event(u tgbotapi.Update) (e bot.Event, from origin, ok bool) {
	switch {
	case u.Message != nil:
		return c.message(u.Message, false)
	case u.EditedMessage != nil:
		return c.message(u.EditedMessage, true)
	case u.CallbackQuery != nil:
		return c.callback(u.CallbackQuery)
	case u.MyChatMember != nil:
		return joined(u.MyChatMember)
	}
	return bot.Event{}, origin{}, false
}

func (c *Channel) message(m *tgbotapi.Message, edited bool) (e bot.Event, from origin, ok bool) {
	if m.Chat == nil || m.Chat.ID == 0 || m.Chat.IsChannel() || m.ViaBot != nil && m.ViaBot.ID == c.me.Load().ID {
		return e, from, false
	}
	from = origin{chat: m.Chat.ID, group: !m.Chat.IsPrivate(), message: m.MessageID}
	if date := cmp.Or(m.EditDate, m.Date); date > 0 {
		from.date = time.Unix(int64(date), 0)
	}
	switch {
	case m.SenderChat != nil: // an anonymous administrator or a channel speaks: From is a stand-in
	case m.From == nil || m.From.IsBot:
		return e, from, false
	default:
		from.person = m.From.ID
	}
	if !from.group && from.person != from.chat {
		return e, from, false
	}
	e = from.event()
	if m.Text != "" {
		e.Text = m.Text
	} else if e.Attachment = isAttachment(m); !e.Attachment {
		return e, from, false // a service message
	}
	if e.Attachment && !from.group {
		e.Text = m.Caption
	}
	if len(m.Photo) > 0 && !from.group {
		e.Picture = m.Photo[len(m.Photo)-1].FileID // the largest comes last
	}
	if edited {
		e.Edited = strconv.Itoa(m.MessageID)
	}
	if !from.group {
		return e, from, true
	}
	e.Text, ok = c.addressed(m)
	return e, from, ok
}

func (o origin) event() bot.Event {
	e := bot.Event{Chat: keyOf(o.chat), Group: o.group}
	if o.person != 0 {
		e.Person = keyOf(o.person)
	}
	return e
}

func isAttachment(m *tgbotapi.Message) bool {
	return m.Photo != nil || m.Voice != nil || m.Sticker != nil || m.Location != nil || m.Venue != nil || m.Contact != nil || m.Document != nil ||
		m.Video != nil || m.VideoNote != nil || m.Audio != nil || m.Animation != nil || m.Poll != nil || m.Dice != nil || m.Game != nil || m.Caption != ""
}

// addressed tells whether a message in a group speaks to the bot, by a command,
// a mention or a reply, and returns what it says without the mention. A mention
// alone, in reply to somebody, hands over what that person said.
func (c *Channel) addressed(m *tgbotapi.Message) (text string, ok bool) {
	me := c.me.Load()
	said, entities := utf16.Encode([]rune(m.Text)), m.Entities
	if m.Text == "" {
		said, entities = utf16.Encode([]rune(m.Caption)), m.CaptionEntities
	}
	var without []uint16 // the text without mentions of the bot
	end := 0
	for _, entity := range entities {
		from, to := entity.Offset, entity.Offset+entity.Length
		if from < end || to > len(said) || to < from {
			continue // Telegram sends entities in order and within the text
		}
		part := string(utf16.Decode(said[from:to]))
		switch entity.Type {
		case "mention":
			if !strings.EqualFold(part, "@"+me.UserName) {
				continue
			}
		case "text_mention":
			if entity.User == nil || entity.User.ID != me.ID {
				continue
			}
		case "bot_command":
			_, name, named := strings.Cut(part, "@")
			if from == 0 && named && !strings.EqualFold(name, me.UserName) {
				return "", false // a command to another bot
			}
			if from == 0 {
				ok = true
			}
			continue
		default:
			continue
		}
		ok = true
		without = append(without, said[end:from]...)
		end = to
	}
	without = append(without, said[end:]...)
	reply := m.ReplyToMessage
	if reply != nil && reply.From != nil && reply.From.ID == me.ID {
		ok = true
	}
	text = strings.TrimSpace(string(utf16.Decode(without)))
	if ok && text == "" && reply != nil && (reply.From == nil || reply.From.ID != me.ID) {
		text = cmp.Or(reply.Text, reply.Caption)
	}
	return text, ok
}

func (c *Channel) callback(q *tgbotapi.CallbackQuery) (e bot.Event, from origin, ok bool) {
	if q.From == nil || q.From.IsBot || q.ID == "" {
		return e, from, false
	}
	from = origin{person: q.From.ID, callback: q.ID}
	if q.Message == nil || q.Message.Chat == nil || q.Message.Chat.ID == 0 {
		return e, from, false
	}
	from.chat, from.group, from.message = q.Message.Chat.ID, !q.Message.Chat.IsPrivate(), q.Message.MessageID
	if !from.group && from.person != from.chat {
		return e, from, false
	}
	e = from.event()
	e.Action, e.Message = q.Data, strconv.Itoa(from.message)
	return e, from, q.Data != ""
}

// joined answers being added to a group.
func joined(m *tgbotapi.ChatMemberUpdated) (e bot.Event, from origin, ok bool) {
	if m.Chat.ID == 0 || m.Chat.IsPrivate() || m.Chat.IsChannel() || present(m.OldChatMember) || !present(m.NewChatMember) {
		return e, from, false
	}
	from = origin{chat: m.Chat.ID, group: true}
	e = from.event()
	e.Joined = true
	return e, from, true
}

// left tells whether an update says that the bot can no longer write to a chat.
func left(u tgbotapi.Update) (chat int64, ok bool) {
	m := u.MyChatMember
	if m == nil || m.Chat.ID == 0 || present(m.NewChatMember) {
		return 0, false
	}
	switch m.NewChatMember.Status {
	case "left", "kicked", "restricted":
		return m.Chat.ID, true
	}
	return 0, false
}

func present(m tgbotapi.ChatMember) bool {
	switch m.Status {
	case "creator", "administrator", "member":
		return true
	}
	return m.Status == "restricted" && m.IsMember
}

// moved tells whether an update says that a group has got a new id.
func moved(u tgbotapi.Update) (from, to int64, ok bool) {
	m := u.Message
	if m == nil || m.Chat == nil || m.Chat.ID == 0 {
		return 0, 0, false
	}
	switch {
	case m.MigrateToChatID != 0:
		from, to = m.Chat.ID, m.MigrateToChatID
	case m.MigrateFromChatID != 0:
		from, to = m.MigrateFromChatID, m.Chat.ID
	}
	return from, to, isGroup(from) && isGroup(to)
}

// name is the id of the update in the store.
func (u update) name() string { return strconv.FormatInt(u.id, 10) }
