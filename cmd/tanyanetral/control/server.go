package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// longestPath is what fits into an address of the system, with its closing zero.
const longestPath = len(syscall.RawSockaddrUnix{}.Path) - 1

// grace is how long a request under way may take once the server shall end.
const grace = 5 * time.Second

// Server answers on the control socket of a data directory.
type Server struct {
	http   *http.Server
	serves sync.WaitGroup
}

// Start answers for a bot until Close. Whoever calls it must have the state file
// of the directory open, so that the socket of no other bot can be there; one
// that a killed bot left is replaced.
func Start(dir string, bot Bot) (*Server, error) {
	path := socketPath(dir)
	listener, err := listen(path)
	if err != nil {
		return nil, fmt.Errorf("listen on control socket %s: %w", path, err)
	}
	s := &Server{http: &http.Server{
		Handler:           handler(bot),
		ReadHeaderTimeout: 5 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // who asks sees what is wrong
	}}
	s.serves.Go(func() { _ = s.http.Serve(listener) }) // ends with http.ErrServerClosed
	return s, nil
}

// Close removes the socket and returns when what was under way is done, or cut
// off after some seconds.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = fmt.Errorf("close control socket: %w", errors.Join(err, s.http.Close()))
	}
	s.serves.Wait()
	return err
}

func listen(path string) (net.Listener, error) {
	if len(path) > longestPath {
		return nil, fmt.Errorf("%w: %d bytes, not %d", ErrLongPath, longestPath, len(path))
	}
	if conn, err := net.Dial("unix", path); err == nil {
		return nil, errors.Join(ErrRunning, conn.Close())
	}
	if err := removeSocket(path); err != nil {
		return nil, err
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// removeSocket removes a socket that nobody listens on, and nothing else.
func removeSocket(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode().Type() != fs.ModeSocket:
		return errors.New("something else is there")
	}
	return os.Remove(path)
}

func handler(bot Bot) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, bot.Status(), nil)
	})
	mux.HandleFunc("POST /reload", func(w http.ResponseWriter, _ *http.Request) {
		knowledge, err := bot.Reload()
		answer(w, knowledge, err)
	})
	mux.HandleFunc("POST /backup", func(w http.ResponseWriter, r *http.Request) {
		file := r.FormValue("file")
		if !filepath.IsAbs(file) {
			answer(w, nil, fmt.Errorf("%q is no absolute path", file))
			return
		}
		backup, err := bot.Backup(file)
		answer(w, backup, err)
	})
	return mux
}

// answer writes a result, or an error that stands in its place.
func answer(w http.ResponseWriter, result any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.WriteHeader(http.StatusConflict)
		result = failure{err.Error()}
	}
	_ = json.NewEncoder(w).Encode(result) // fails where nobody reads it any more
}
