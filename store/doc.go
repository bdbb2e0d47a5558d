// Package store is what the bot remembers: its records and the interfaces of
// the stores that keep them.
//
// A person is a Key: a channel and an opaque id, never a telephone number. No
// name is kept, and no history of what a person asked. The interfaces are
// small, one for each purpose and one file each; every implementation must
// pass the contract in package storetest. The package imports nothing of this
// project, and nothing outside it may assume a particular implementation.
package store
