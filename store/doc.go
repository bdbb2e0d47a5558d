// Package store is what the bot remembers: its records and the interfaces of
// the stores that keep them.
//
// A person is a Key: a channel and an opaque id, never a telephone number. No
// name is kept, and no history of what a person asked. What belongs to a person
// stands in two records: Person, kept until the person asks to be forgotten, and
// Conversation, kept for half an hour; and the bare Key in the set of each delivery
// that the person is still to get. Everything else (the question log, the counts of
// votes, the updates that were handled, the audit, the deliveries themselves) has no
// person in it, but for administrators in the audit and the deliveries.
//
// Interfaces are small, one for each purpose and one file each; Tx is all of
// them within one transaction, and Store gives transactions. Every
// implementation must pass the contract in package storetest. The package
// imports nothing of this project, and nothing outside it may assume a
// particular implementation.
package store
