package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// outgoing is a reply on its way to a chat.
type outgoing struct {
	chat     int64
	reply    bot.Reply
	priority bot.Priority
	replaces int          // message to edit, 0 for none
	answers  int          // message to reply to, 0 for none
	check    func() error // see bot.Message; nil for none

	// In a group, for one person's eyes only: the person, and the button press that
	// asked for it, if one did.
	onlyFor int64
	pressed string
}

var _ bot.Sender = (*Channel)(nil)

// Send implements bot.Sender. The reference is the id of the message.
func (c *Channel) Send(ctx context.Context, m bot.Message) (string, error) {
	chat, err := chatOf(m.To)
	if err != nil {
		return "", err
	}
	out := outgoing{chat: chat, reply: m.Reply, priority: m.Priority, check: m.Check}
	if m.Replaces != "" {
		if out.replaces, err = strconv.Atoi(m.Replaces); err != nil {
			return "", fmt.Errorf("%w: %q is no reference to a message", bot.ErrRefused, m.Replaces)
		}
	}
	sent, err := c.send(ctx, out)
	switch {
	case err != nil:
		return "", err
	case sent == nil:
		return m.Replaces, nil
	}
	return strconv.Itoa(messageID(sent)), nil
}

// send delivers a reply and returns its last message as Telegram has it, nil
// where an edit changes nothing. What is too long for one message becomes several,
// with the buttons under the last. A reply without text changes the buttons of
// the message that it replaces.
func (c *Channel) send(ctx context.Context, out outgoing) (sent []byte, err error) {
	messages := c.messages(out.reply)
	if len(messages) > 1 || out.reply.File != nil {
		out.replaces = 0
	}
	for _, m := range messages {
		if sent, err = c.accept(ctx, &out, m); err != nil {
			return nil, err
		}
	}
	return sent, nil
}

// message is one message of a reply.
type message struct {
	params tgbotapi.Params
	text   string // name of the parameter that holds the text, "" for none
	file   *bot.File
}

// messages renders a reply. A file carries the text as its caption where that is
// short enough, else it goes ahead.
func (c *Channel) messages(r bot.Reply) []message {
	var messages []message
	pages := render(r, maxText)
	if r.File != nil {
		m := message{params: tgbotapi.Params{}, file: r.File}
		if short := render(r, maxCaption); len(short) == 1 {
			m.text = "caption"
			m.params["caption"], m.params["parse_mode"] = short[0], tgbotapi.ModeHTML
			pages = nil
		}
		messages = append(messages, m)
	}
	for _, p := range pages {
		messages = append(messages, message{text: "text", params: tgbotapi.Params{
			"text": p, "parse_mode": tgbotapi.ModeHTML, "link_preview_options": `{"is_disabled":true}`,
		}})
	}
	if len(messages) == 0 {
		messages = []message{{params: tgbotapi.Params{}}}
	}
	messages[len(messages)-1].params["reply_markup"] = c.markup(r)
	return messages
}

// accept sends or edits one message until it is accepted or refused for good.
// It returns the message, nil where an edit changes nothing. out.chat changes
// where a group has a new id.
func (c *Channel) accept(ctx context.Context, out *outgoing, m message) (sent []byte, err error) {
	accepted := c.accepted.Load()
	for attempt := 0; ; {
		if err := c.pace.wait(ctx, out.chat, out.priority); err != nil {
			return nil, fmt.Errorf("send a message: %w", err)
		}
		if out.check != nil {
			if err := out.check(); err != nil {
				return nil, err
			}
		}
		result, err := c.client.upload(ctx, out.method(m), out.address(m.params), m.file)
		if err == nil {
			c.metrics.sent.Inc()
			c.accepted.Add(1)
			return result, nil
		}
		kind, wait, movedTo := assess(err)
		if out.onlyFor != 0 && kind != temporary && kind != tooMany && kind != migrated {
			out.onlyFor = 0 // what only one person sees does not work here: the group may see it
			continue
		}
		switch kind {
		case temporary:
			attempt++
			c.metrics.retried.Inc()
			pause := backoff(attempt)
			if c.accepted.Load() > accepted { // others get through meanwhile
				if attempt >= c.patience() {
					return nil, c.refuse(err)
				}
				pause = min(pause, shortPause)
			}
			if err := sleep(ctx, pause); err != nil {
				return nil, fmt.Errorf("send a message: %w", err)
			}
		case tooMany:
			c.metrics.tooMany.Inc()
			c.log.Warn("telegram wants a pause", "seconds", wait.Seconds())
			c.pace.hold(wait + 100*time.Millisecond)
		case migrated:
			if out.chat == movedTo {
				return nil, fmt.Errorf("%w: %w", bot.ErrRefused, err)
			}
			if err := c.move(out.chat, movedTo); err != nil {
				return nil, err
			}
			out.chat = movedTo
		case badMarkup:
			if m.params["parse_mode"] == "" {
				return nil, c.refuse(err)
			}
			c.metrics.defects.Inc()
			c.log.Error("our markup does not parse; sent as plain text", "error", err)
			delete(m.params, "parse_mode")
			m.params[m.text] = unmarked.Replace(m.params[m.text])
		case notModified:
			return nil, nil
		case notEditable:
			if out.replaces == 0 || m.text == "" {
				return nil, c.refuse(err)
			}
			out.replaces = 0
		case unreachable:
			c.metrics.unreachable.Inc()
			return nil, errors.Join(fmt.Errorf("%w: %w", bot.ErrUnreachable, err), c.unsubscribe(out.chat))
		case badToken:
			c.fail(err)
			return nil, fmt.Errorf("send a message: %w", err)
		default:
			return nil, c.refuse(err)
		}
	}
}

// patience is the number of attempts at a message while others get through.
func (c *Channel) patience() int {
	if c.flight.unhandled() >= maxInFlight/2 {
		return fewAttempts
	}
	return maxAttempts
}

func (out *outgoing) method(m message) string {
	switch {
	case m.file != nil && m.file.Picture:
		return "sendPhoto"
	case m.file != nil:
		return "sendDocument"
	case out.replaces == 0:
		return "sendMessage"
	case m.text == "":
		return "editMessageReplyMarkup"
	}
	return "editMessageText"
}

// address adds to a message where it goes.
func (out *outgoing) address(message tgbotapi.Params) tgbotapi.Params {
	params := tgbotapi.Params{"chat_id": strconv.FormatInt(out.chat, 10)}
	for name, value := range message {
		if value != "" {
			params[name] = value
		}
	}
	switch {
	case out.replaces != 0:
		params["message_id"] = strconv.Itoa(out.replaces)
	case out.onlyFor != 0:
		params["ephemeral_message_parameters"] = encode(struct {
			Receiver int64  `json:"receiver_user_id"`
			Query    string `json:"callback_query_id,omitempty"`
		}{out.onlyFor, out.pressed})
	case out.answers != 0:
		params["reply_parameters"] = encode(struct {
			MessageID int  `json:"message_id"`
			Allow     bool `json:"allow_sending_without_reply"`
		}{out.answers, true})
	}
	return params
}

func (c *Channel) refuse(err error) error {
	c.metrics.refused.Inc()
	return fmt.Errorf("%w: %w", bot.ErrRefused, err)
}

// unsubscribe ends the reminders of a chat that cannot be reached any more.
func (c *Channel) unsubscribe(chat int64) error {
	key := keyOf(chat)
	return c.store.Update(func(tx store.Tx) error {
		person, err := tx.Person(key)
		if errors.Is(err, store.ErrNotFound) || err == nil && person.Subscription == store.NoReminders {
			return nil
		}
		if err != nil {
			return err
		}
		person.Subscription = store.NoReminders
		return tx.PutPerson(key, person)
	})
}

// move puts the records of a group that became a supergroup under its new id.
func (c *Channel) move(from, to int64) error {
	c.log.Info("a group has a new id")
	err := c.store.Update(func(tx store.Tx) error { return tx.Move(keyOf(from), keyOf(to)) })
	if err != nil {
		return fmt.Errorf("move the records of a group: %w", err)
	}
	return nil
}

// markup is the buttons of a reply as a parameter, "" where it has none.
func (c *Channel) markup(r bot.Reply) string {
	rows := c.keyboard(r)
	if len(rows) == 0 {
		return ""
	}
	return encode(struct {
		Rows [][]button `json:"inline_keyboard"`
	}{rows})
}

// deepLink opens the private conversation with a parameter, see
// https://core.telegram.org/bots/features#deep-linking.
func (c *Channel) deepLink(parameter string) string {
	return "https://t.me/" + c.me.Load().UserName + "?start=" + url.QueryEscape(parameter)
}

const (
	firstPause = 500 * time.Millisecond
	lastPause  = 30 * time.Second

	// Where Telegram fails over one message and accepts others, that one must not
	// hold up the updates after it for ever.
	maxAttempts = 20
	fewAttempts = 8 // where many wait
	shortPause  = 4 * time.Second
)

// backoff is the pause after so many failed attempts. It doubles each time.
func backoff(attempts int) time.Duration {
	return min(lastPause, firstPause<<min(attempts-1, 10))
}

func messageID(result []byte) int {
	var message struct {
		ID int `json:"message_id"`
	}
	if json.Unmarshal(result, &message) != nil {
		return 0 // an edit of an inline message is answered with true
	}
	return message.ID
}

// encode is for structs that encoding/json cannot refuse.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // unreachable: see above
	}
	return string(b)
}

// channelName is the Channel of the keys of Telegram's chats.
const channelName = "telegram"

func keyOf(chat int64) store.Key {
	return store.Key{Channel: channelName, ID: strconv.FormatInt(chat, 10)}
}

func chatOf(key store.Key) (int64, error) {
	chat, err := strconv.ParseInt(key.ID, 10, 64)
	if err != nil || key.Channel != channelName {
		return 0, fmt.Errorf("%w: %q is no chat of Telegram", bot.ErrUnreachable, key.Channel)
	}
	return chat, nil
}
