package bolt

import "syscall"

// dontNeed takes the pages of a mapped file out of the memory of the process.
// They come back from the system's cache when they are read.
func dontNeed(address uintptr, length int64) {
	syscall.Syscall(syscall.SYS_MADVISE, address, uintptr(length), syscall.MADV_DONTNEED)
}
