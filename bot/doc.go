// Package bot is the conversation, whatever the channel: an Event comes in, a
// Reply goes out. It does no I/O but through the store.
//
// An event takes one straight line through Bot.Handle (bot.go). One snapshot of
// the person and of the conversation is read. A number picks what the last reply
// offered, a word that begins with "/" is a command (commands.go), a pressed
// button is an action (act.go), anything else is a question for the matcher
// (question.go). The Reply is composed of plain blocks and actions (reply.go,
// card.go); how they look is the business of the channels below this package.
// What must be kept is written by Turn.Save, once the reply was accepted.
//
// A conversation belongs to a chat, a person to whoever wrote. In a group the
// two differ: what somebody asked in private never shows there, and what
// somebody presses there counts for that person alone (group.go).
//
// The subjects have a file each: browse.go, stages.go, quiz.go; profile.go,
// subscription.go, vote.go, watch.go with news.go, data.go for what is kept of a
// person; admin.go, statistics.go for administrators; mask.go for the question log.
//
// What goes out to many is a store.Delivery: delivery.go, audience.go, confirm.go,
// upcoming.go and progress.go are for whoever makes, steers and carries one out,
// in chat or at a terminal; broadcast.go (with when.go), agenda.go and history.go
// are what administrators say in chat. The conversation and the engine that sends
// (package reminder) meet in the store alone.
package bot
