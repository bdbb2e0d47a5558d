// Tanyanetral answers Indonesian civil servants who ask what political
// neutrality allows them to do. See README.md.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args, os.Environ(), os.Stdin, os.Stdout, os.Stderr))
}
