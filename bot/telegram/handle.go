package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// handle answers an update and marks it as handled. Where it is cut short by
// the end of the context, the update stays unconfirmed and comes again. A panic
// costs this update alone, which must not come again for ever.
func (c *Channel) handle(ctx context.Context, u update) {
	done := true
	if err := c.guard(func() error { done = c.process(ctx, u); return nil }); err != nil {
		c.log.Error("gave an update up", "error", err)
		if err := c.guard(func() error { return c.commit(u, nil) }); err != nil {
			c.log.Error("could not mark an update as handled", "error", err)
		}
	}
	if done {
		c.flight.done(u.id)
	}
}

// process answers an update; false means that it was cut short.
func (c *Channel) process(ctx context.Context, u update) (done bool) {
	if q := u.content.InlineQuery; q != nil && u.err == nil {
		c.metrics.updates.WithLabelValues("inline").Inc()
		c.suggest(ctx, q)
		return ctx.Err() == nil
	}
	fetched := c.now()
	event, from, ok := bot.Event{}, origin{}, false
	var turn bot.Turn
	err := c.guard(func() (err error) {
		if event, from, ok = c.receive(u); ok {
			turn, err = c.answer(ctx, event, from)
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		// The person must not wait in vain, and the update must not come again for ever.
		turn = bot.Turn{Reply: turn.Reply}
		if turn.Reply.Silent() {
			turn.Reply = bot.Crashed()
		}
		c.log.Error("could not answer an update", "error", err)
	}
	outcome, err := c.deliver(ctx, turn.Reply, from)
	if err != nil {
		if ctx.Err() != nil {
			return false
		}
		c.log.Warn("a reply was not delivered", "error", err)
	}
	if ok {
		c.metrics.replies.WithLabelValues(outcome).Inc()
		c.metrics.latency.Observe(c.now().Sub(fetched).Seconds())
	}
	if err := c.commit(u, turn.Save); err != nil {
		c.log.Error("could not save what an update changed", "error", err)
		if ok && turn.Save != nil && turn.Reply.Result.Outcome == "" { // an answer is right all the same
			if _, err := c.deliver(ctx, bot.NotSaved(), origin{chat: from.chat, group: from.group}); err != nil {
				c.log.Warn("a reply was not delivered", "error", err)
			}
		}
	}
	return true
}

// receive makes an event of an update, and does what concerns the channel alone.
// ok is false where there is nothing to answer.
func (c *Channel) receive(u update) (event bot.Event, from origin, ok bool) {
	if u.err != nil {
		c.metrics.updates.WithLabelValues("undecodable").Inc()
		c.log.Warn("an update that does not decode", "field", faultyField(u.err))
		return event, from, false
	}
	if before, after, ok := moved(u.content); ok {
		c.report(c.move(before, after))
	}
	if chat, ok := left(u.content); ok {
		c.report(c.unsubscribe(chat))
	}
	event, from, ok = c.event(u.content)
	if !ok {
		c.metrics.updates.WithLabelValues("ignored").Inc()
		return event, from, false
	}
	c.metrics.updates.WithLabelValues("event").Inc()
	event.Late = c.late.first(from, c.now())
	return event, from, true
}

func (c *Channel) report(err error) {
	if err != nil {
		c.log.Error("could not keep what telegram says of a chat", "error", err)
	}
}

// answer asks the bot, unless somebody writes too much.
func (c *Channel) answer(ctx context.Context, event bot.Event, from origin) (bot.Turn, error) {
	now, behind := c.now(), 0
	if !from.group && c.flight.heldUpBy(from.chat, now) {
		behind = c.queues.behind(from.chat)
	}
	quiet := false
	switch allowed := c.flood.allow(from, behind, now); {
	case allowed != answerIt && bot.Urgent(event):
		quiet = c.flood.told(from)
	case allowed == noticeIt && from.callback != "":
		return bot.Turn{Reply: bot.Reply{Notice: bot.TooMany().Notice}}, nil
	case allowed == noticeIt:
		return bot.Turn{Reply: bot.TooMany()}, nil
	case allowed == noticeGroup:
		return bot.Turn{Reply: bot.TooManyInGroup()}, nil
	case allowed == ignoreIt:
		c.metrics.flooded.Inc()
		return bot.Turn{}, nil
	}
	select {
	case <-c.options.Ready:
	case <-ctx.Done():
		return bot.Turn{}, ctx.Err()
	}
	c.greetAdmin(ctx, from)
	turn, err := c.bot.Handle(event)
	if quiet {
		turn.Reply = bot.Reply{Notice: turn.Reply.Notice}
	}
	return turn, err
}

// deliver sends a reply to where an update came from, and tells what became of it.
func (c *Channel) deliver(ctx context.Context, reply bot.Reply, from origin) (outcome string, err error) {
	if from.callback != "" {
		// Even with nothing to say: the button spins until it is answered.
		c.answerCallback(ctx, from.callback, reply.Notice)
	}
	redraw := len(reply.Blocks) == 0 && len(reply.Actions)+len(reply.Controls) > 0 && from.callback != ""
	if len(reply.Blocks) == 0 && !redraw || from.chat == 0 {
		return "silent", ctx.Err()
	}
	out := outgoing{chat: from.chat, reply: reply, priority: bot.ToAnswer}
	switch {
	case from.callback != "" && (reply.Replace || redraw):
		out.replaces = from.message
	case from.group:
		out.answers = from.message // in a forum it also says in which thread
	}
	if from.group && c.options.Ephemeral && out.replaces == 0 {
		out.onlyFor, out.pressed = from.person, from.callback
	}
	_, err = c.send(ctx, out)
	if errors.Is(err, bot.ErrRefused) && reply.File != nil && reply.File.Content != nil {
		c.log.Error("telegram refused a file; sending the text alone", "error", err)
		out.reply.File = nil
		_, err = c.send(ctx, out)
	}
	switch {
	case errors.Is(err, bot.ErrUnreachable):
		return "unreachable", nil
	case err != nil:
		return "refused", err
	case reply.Result.Outcome != "":
		return string(reply.Result.Outcome), nil
	}
	return "other", nil
}

func (c *Channel) answerCallback(ctx context.Context, id, notice string) {
	params := tgbotapi.Params{"callback_query_id": id}
	if notice != "" {
		params["text"] = firstLetters(printable(notice), maxNotice)
	}
	// Nobody is helped by repeating it: Telegram forgets a press after seconds.
	if _, err := c.client.call(ctx, "answerCallbackQuery", params, slowest); err != nil && ctx.Err() == nil {
		if kind, wait, _ := assess(err); kind == tooMany {
			c.metrics.tooMany.Inc()
			c.pace.hold(wait)
		} else if kind != refused {
			c.log.Warn("could not answer a button", "error", err)
		}
	}
}

// maxNotice is https://core.telegram.org/bots/api#answercallbackquery.
const maxNotice = 200

func firstLetters(text string, n int) string {
	letters := []rune(text)
	return string(letters[:min(n, len(letters))])
}

// commit writes in one transaction what an update changed and that it was handled.
func (c *Channel) commit(u update, save func(store.Tx) error) (err error) {
	defer func() {
		c.unsaved.Store(err != nil)
		if err != nil {
			c.metrics.unsaved.Inc()
		}
	}()
	return c.store.Update(func(tx store.Tx) error {
		if save != nil {
			if err := save(tx); err != nil {
				return err
			}
		}
		return tx.MarkHandled(channelName, u.name(), c.now())
	})
}

// faultyField names where an update does not decode, without its content.
func faultyField(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return wrong.Field
	}
	return fmt.Sprintf("%T", err)
}

// lateAfter is the age of a message from which on its answer begins with an
// apology. Telegram itself keeps no update for longer than a day.
const lateAfter = time.Hour

// lateChats are the chats that got an apology since the bot was last away.
type lateChats struct {
	mu    sync.Mutex
	chats map[int64]bool
	last  time.Time // when the last late message came
}

// lateOver is the time without late messages after which the next one is of another absence.
const lateOver = time.Hour

// first tells whether a message is late and the first such of its chat.
func (l *lateChats) first(from origin, now time.Time) bool {
	if from.date.IsZero() || now.Sub(from.date) <= lateAfter {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.chats == nil || now.Sub(l.last) > lateOver {
		l.chats = map[int64]bool{}
	}
	l.last = now
	if l.chats[from.chat] {
		return false
	}
	l.chats[from.chat] = true
	return true
}
