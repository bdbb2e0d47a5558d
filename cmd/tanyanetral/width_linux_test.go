package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"
	"unsafe"
)

// openScreen returns a terminal of so many columns: what is written to tty comes out of screen.
func openScreen(t *testing.T, columns uint16) (screen, tty *os.File) {
	t.Helper()
	ioctl := func(f *os.File, request uintptr, arg unsafe.Pointer) {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(arg)); errno != 0 {
			t.Fatal(errno)
		}
	}
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err) // no terminals here
	}
	t.Cleanup(func() { screen.Close() })
	var locked, number int32
	ioctl(screen, syscall.TIOCSPTLCK, unsafe.Pointer(&locked))
	ioctl(screen, syscall.TIOCGPTN, unsafe.Pointer(&number))
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	ioctl(tty, syscall.TIOCSWINSZ, unsafe.Pointer(&[4]uint16{24, columns}))
	return screen, tty
}

// TestAnswersAreWrappedInATerminal: no word is broken at its edge.
func TestAnswersAreWrappedInATerminal(t *testing.T) {
	const columns = 60
	for _, args := range []string{"ask boleh like postingan caleg", "knowledge show medsos-like", "status --data ."} {
		screen, tty := openScreen(t, columns)
		shown := make(chan string)
		go func() {
			b, _ := io.ReadAll(screen) // ends with an error once the terminal is closed
			shown <- string(b)
		}()
		code := run(t.Context(), append([]string{"tanyanetral"}, strings.Fields(args)...), []string{"NO_COLOR=1"}, strings.NewReader(""), tty, io.Discard)
		if err := tty.Close(); err != nil {
			t.Fatal(err)
		}
		text := <-shown
		if code != exitDone || text == "" {
			t.Errorf("%s: exit %d with %q", args, code, text)
		}
		for line := range strings.Lines(text) {
			if line = strings.TrimRight(line, "\r\n"); utf8.RuneCountInString(line) > columns && strings.Contains(line, " ") {
				t.Errorf("%s: too wide: %q", args, line)
			}
		}
	}
}
