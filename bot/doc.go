// Package bot is the conversation, whatever the channel: an Event comes in, a
// Reply goes out. It does no I/O but through the store.
//
// A message takes one straight line through Bot.Handle: the person's state is
// read from the store; a number picks what the last reply offered, a word that
// begins with "/" is a command, anything else is a question for the matcher;
// the Reply is composed of plain blocks, and the state is saved. How blocks
// look (HTML, colours) is the business of the channels below this package.
package bot
