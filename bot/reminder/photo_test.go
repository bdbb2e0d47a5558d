package reminder_test

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tanyanetral/bot"
	"tanyanetral/bot/reminder"
	"tanyanetral/bot/telegram"
	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/store"
	"tanyanetral/store/memory"
)

// TestPhotoBroadcastIsSteeredInOnePlace: a picture cannot become the progress. From
// the moment at which it is confirmed nothing can be pressed under it that sends or
// stops anything; one message that follows it can, and in the end tells what came of it.
func TestPhotoBroadcastIsSteeredInOnePlace(t *testing.T) {
	matcher := matcher()
	const admin = 7
	for when, want := range map[string]string{"Sekarang": "Siaran sudah selesai", "Besok": "Siaran dijadwalkan"} {
		t.Run(when, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := telegramtest.Start(t, telegramtest.Options{InMemory: true})
				state, log := &memory.Store{}, slog.New(slog.DiscardHandler)
				morning(t)
				err := state.Update(func(tx store.Tx) error {
					return tx.PutPerson(store.Key{Channel: "telegram", ID: "42"}, store.Person{Subscription: store.AllReminders})
				})
				if err != nil {
					t.Fatal(err)
				}
				zone := jakarta(t)
				b := bot.New(bot.Options{Store: state, Zone: zone, Now: time.Now, Random: rand.Reader, Admins: []store.Key{{Channel: "telegram", ID: fmt.Sprint(admin)}}})
				b.Learn(embedded(), matcher)
				ready := make(chan struct{})
				close(ready)
				client := server.Client()
				channel, err := telegram.New(telegram.Options{
					API: server.URL(), HTTP: client, Token: server.Token(), Limits: telegram.NoLimits(), Bot: b, Ready: ready, Store: state, Log: log, Now: time.Now,
				})
				if err != nil {
					t.Fatal(err)
				}
				stop := serve(t, channel, reminder.Options{Store: state, Bot: b, Sender: channel, Zone: zone, Now: time.Now, Log: log})
				settle := func() {
					time.Sleep(10 * time.Second) // the bubble's clock
					synctest.Wait()
				}
				last := func() telegramtest.Message {
					sent := server.Chat(admin).Sent()
					return sent[len(sent)-1]
				}
				labels := func(m telegramtest.Message) (labels string) {
					for _, row := range m.Buttons {
						for _, button := range row {
							labels += button.Text + ", "
						}
					}
					return labels
				}
				press := func(label string) {
					for _, row := range last().Buttons {
						for _, button := range row {
							if strings.Contains(button.Text, label) {
								server.Person(admin).Press(last().ID, button.Text)
								settle()
								return
							}
						}
					}
					t.Fatalf("no %q under %s", label, last())
				}

				server.Person(admin).Say("/siaran")
				settle()
				server.Person(admin).Media("photo", "Apel netralitas besok.")
				settle()
				press("Semua pelanggan")
				press(when)
				preview := last()
				if preview.FileID == "" || !strings.Contains(labels(preview), "Kirim") {
					t.Fatalf("no preview: %s", preview)
				}
				press("Kirim")
				after := map[int]telegramtest.Message{}
				progress := ""
				for _, m := range server.Chat(admin).Sent() {
					if after[m.ID] = m; m.ID > preview.ID && m.Document == nil {
						progress += m.Text
					}
				}
				if got := labels(after[preview.ID]); got != "Berhenti, " {
					t.Errorf("under the preview is %s", got)
				}
				if strings.Count(progress, "Siaran ") != 1 || !strings.HasPrefix(progress, want) {
					t.Errorf("got %q, want %q once", progress, want)
				}
				stop()
				client.CloseIdleConnections()
			})
		})
	}
}
