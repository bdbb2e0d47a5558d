//go:build !linux

package bolt

func dontNeed(uintptr, int64) {}
