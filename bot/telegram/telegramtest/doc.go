// Package telegramtest is a Telegram for tests: an HTTP server that speaks the Bot API to one bot, and methods with
// which a test plays everybody else.
//
//	s := telegramtest.Start(t, telegramtest.Options{})
//	// ... start the bot with s.URL() in place of https://api.telegram.org, and with s.Token()
//	budi := s.Person(42)
//	budi.Say("/start")
//	sent, err := s.Chat(42).WaitSent(ctx, 1)
//	budi.Press(sent[0].ID, "Topik")
//
// # What a test does
//
// A Person says things, edits them, sends media, presses buttons, types inline queries, blocks the bot. In puts the
// same person into a group; Anonymous is an administrator without a name. A Chat migrates, or posts as a channel.
// Push queues any other update, PushRaw any JSON at all, for hostile input (people.go).
//
// # What the bot gets
//
// Updates wait until a higher offset confirms them, and are delivered again until then (updates.go). Methods do and
// answer what Telegram does and answers (methods.go, queries.go, profile.go), in its words when they refuse: wrong HTML
// (html.go), sizes, keyboards (markup.go), messages that are not there, queries that were answered.
//
// All requests are compared with the Bot API's description of itself (botapi.txt, check.go). What the real server
// silently ignores, such as a misspelt parameter, is a violation here, and fails a test that used Start.
//
// Limits refuse what comes too fast (limits.go). Trouble is what networks do (trouble.go): errors of all kinds, cut
// connections, also after the message was accepted, silence, slowness. Down and Up are the end and return of the server.
//
// # What a test sees
//
// A Chat has what the bot Sent, and the whole conversation as a String (chats.go). Updates is the fate of each update: how
// often it was delivered, what answered it, whether it was confirmed without an answer (Unanswered) or got the
// same answer twice (Repeated). CallbackAnswers, InlineAnswers, Commands, Profile, Refusals and Counts have the rest
// (journal.go). Wait waits for any condition on all that, without sleeping.
//
// # Time
//
// Dates, limits and troubles go by Options.Now, what waits by timers. With Options.InMemory all may run in a bubble of
// testing/synctest, where a poll of 50 seconds takes no time.
//
// # Load
//
// Options.Unchecked and Options.Forget make a fast server with flat memory; OnMessage sees what passes, Counts counts
// it. A server in a process of its own is
//
//	l, err := net.Listen("tcp", "127.0.0.1:8081")
//	s, err := telegramtest.New(telegramtest.Options{Listener: l, Unchecked: true, Forget: true})
//
// # Doubts
//
// Telegram does not publish how it counts its limits; here a 429 stops all sending, which is stricter. An offset above
// the ids of waiting updates confirms them all, as the reference says; the real server forgives some. Chats by
// username, webhooks, media other than photos and markup other than HTML are left out.
package telegramtest
