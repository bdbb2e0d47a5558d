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

	"tanyanetral/store"
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
	desk := func(ask func(*http.Request, Desk) (any, error)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			desk, err := bot.Desk(r.Context())
			if err != nil {
				answer(w, nil, err)
				return
			}
			result, err := ask(r, desk)
			answer(w, result, err)
		}
	}
	mux.HandleFunc("GET /reminders", desk(askReminders))
	mux.HandleFunc("GET /history", desk(askHistory))
	mux.HandleFunc("POST /broadcast", desk(askDraft))
	mux.HandleFunc("POST /confirm", desk(askConfirm))
	mux.HandleFunc("GET /delivery", desk(askDelivery))
	mux.HandleFunc("POST /steer", desk(askSteer))
	return mux
}

func askReminders(r *http.Request, desk Desk) (any, error) {
	from, to, err := readTime(r)
	if err != nil {
		return nil, err
	}
	return desk.Reminders(r.Context(), from, to)
}

func askHistory(r *http.Request, desk Desk) (any, error) {
	from, to, err := readTime(r)
	if err != nil {
		return nil, err
	}
	return desk.History(r.Context(), from, to)
}

func askDraft(r *http.Request, desk Desk) (any, error) {
	start, err := readMoment(r, "start")
	if err != nil {
		return nil, err
	}
	return desk.Draft(r.Context(), Broadcast{
		Text: r.FormValue("text"), Topic: r.FormValue("topic"), Start: start,
		To: store.Audience{Status: r.FormValue("status"), Unit: r.FormValue("unit"), Timezone: r.FormValue("timezone")},
	})
}

func askConfirm(r *http.Request, desk Desk) (any, error) {
	return desk.Confirm(r.Context(), r.FormValue("id"), r.FormValue("again") == "true")
}

func askDelivery(r *http.Request, desk Desk) (any, error) {
	return desk.Delivery(r.Context(), r.FormValue("id"))
}

func askSteer(r *http.Request, desk Desk) (any, error) {
	at, err := readMoment(r, "at")
	if err != nil {
		return nil, err
	}
	return desk.Steer(r.Context(), r.FormValue("id"), Action(r.FormValue("action")), at)
}

// readTime reads from when and until when something is asked for.
func readTime(r *http.Request) (from, to time.Time, err error) {
	from, errFrom := readMoment(r, "from")
	to, errTo := readMoment(r, "to")
	return from, to, errors.Join(errFrom, errTo)
}

// readMoment reads a moment that was sent along, the zero time where it is empty.
func readMoment(r *http.Request, name string) (time.Time, error) {
	value := r.FormValue(name)
	if value == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, value)
	if err != nil {
		return t, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
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
