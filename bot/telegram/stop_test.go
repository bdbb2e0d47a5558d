package telegram_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tanyanetral/bot"
	"tanyanetral/bot/telegram"
	"tanyanetral/bot/telegram/telegramtest"
)

// remind sends a reminder to a chat.
func (w *world) remind(ctx context.Context, chat string) error {
	_, err := w.channel.Send(ctx, bot.Message{
		To: key(chat), Priority: bot.ToRemind, Reply: bot.Reply{Blocks: []bot.Block{{Kind: bot.Text, Text: "Masa tenang mulai besok."}}},
	})
	return err
}

func TestChannelThatStopsSendsUntilNobodySends(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		idle := make(chan struct{})
		w.options = func(o *telegram.Options) { o.Idle, o.Limits = idle, telegram.TelegramLimits(30) }
		w.start()
		w.settle()
		w.cancel()
		w.pass(2 * time.Second)
		w.Person(42).Say("halo")
		if err := w.remind(w.t.Context(), "43"); err != nil {
			t.Errorf("a message after the stop: %v", err)
		}
		w.settle()
		if got := len(w.sent(42)); got != 0 {
			t.Errorf("%d updates were answered after the stop", got)
		}
		select {
		case err := <-w.ended:
			t.Errorf("the channel ended with %v while somebody sends", err)
		default:
		}
		close(idle)
		synctest.Wait()
		w.stop()
	})
}

func TestChannelWaitsForSendersNoLongerThanItsGrace(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.options = func(o *telegram.Options) { o.Idle, o.Limits = make(chan struct{}), telegram.TelegramLimits(30) }
		w.start()
		w.settle()
		begun := time.Now()
		w.stop()
		if took := time.Since(begun); took != 8*time.Second {
			t.Errorf("the channel stopped after %v", took)
		}
		if err := w.remind(w.t.Context(), "43"); err == nil || errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrUnreachable) {
			t.Errorf("a message that nobody can send any more ends with %v", err)
		}
	})
}

func TestRefusedTokenWaitsForNobody(t *testing.T) {
	inWorld(t, telegramtest.Options{}, func(w *world) {
		w.options = func(o *telegram.Options) { o.Idle = make(chan struct{}) }
		w.start()
		w.settle()
		w.Trouble(telegramtest.Unauthorized(), telegramtest.When{Method: "sendMessage"})
		begun := time.Now()
		if err := w.remind(w.t.Context(), "43"); err == nil {
			t.Error("a message was sent with a token that is not accepted")
		}
		if err := <-w.ended; !errors.Is(err, telegram.ErrToken) {
			t.Errorf("the channel ended with %v", err)
		}
		w.cancel = nil
		if took := time.Since(begun); took > time.Second {
			t.Errorf("the channel ended after %v", took)
		}
	})
}
