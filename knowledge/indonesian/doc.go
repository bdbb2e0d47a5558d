// Package indonesian turns Indonesian as people type it in chats into words
// that can be compared: it folds letters, splits, undoes slang, reduplication
// and typing errors, and strips affixes.
//
// Everything is a pure function of its input and of the embedded word lists;
// the byte offsets of each word in the original text are kept. The package
// knows nothing of any FAQ: words that a caller knows are handed to NewSpeller.
//
//	text -> Split (fold, tokenise) -> Lexicon.Words (slang, reduplication) -> Speller.Words -> Stem
package indonesian
