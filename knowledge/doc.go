// Package knowledge is the curated FAQ: its types, how it is loaded, and how
// it is checked.
//
// A Base is read from folders of one shape (Embedded, then those of a region
// that add to it or override it):
//
//	topics/*.yaml       what people ask, with the answers and how these changed
//	phrasings/*.tsv     more questions for the topics, one file for each person who wrote them
//	background.tsv      questions about other subjects
//	conversations.txt   questions that carry on from one another
//	concepts.txt        words that mean the same to the matcher
//	regulations.yaml    the law that answers cite, with its status
//	elections/*.yaml    stages of elections
//	reminders/*.yaml    what subscribers are reminded of, and when
//	contacts.yaml       whom to turn to
//
// Load reports every problem that it finds, each with file and line, and
// returns a Base only where there is none: nothing is ever half loaded. A Base
// is read-only afterwards and safe for concurrent use.
//
// The package imports nothing of this project. Checks that need the matcher
// (does a topic's title find the topic?) are in package match.
package knowledge
