package telegramtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Token is the bot's token unless Options name another one.
const Token = "1000000001:AAtelegramtest-token-of-the-fake-bot"

// Options say how a Server differs from the usual one. The zero value is the usual one:
// all checks on, no limits, everything remembered.
type Options struct {
	Token    string // of the one bot that is served; Token if empty
	Username string // of that bot; "fake_bot" if empty

	// Listener is what to serve on; a free port of the loopback interface if nil.
	Listener net.Listener

	// InMemory serves without a network, and without Listener: only Client reaches the server. In a bubble of testing/synctest
	// all waiting, of the server and of the bot, then takes no time.
	InMemory bool

	Now    func() time.Time // for dates, limits and troubles; time.Now if nil
	Rand   *rand.Rand       // for troubles with a probability; one with a fixed seed if nil
	Limits Limits           // none by default; see RealLimits

	// OnlyKnownChats refuses to send to chats that nobody wrote in.
	OnlyKnownChats bool

	// Unchecked accepts requests without looking into them: no description of the API, no HTML,
	// no sizes, no keyboards. For benchmarks.
	Unchecked bool

	// Forget keeps counters only: no messages, no updates after their confirmation. For long runs.
	// Anything can then be edited, deleted and replied to.
	Forget bool

	// OnMessage is called for every message of the bot that is accepted or edited, before the
	// answer goes out. It may call the Server.
	OnMessage func(Message)

	// AnswerTo says which update a message answers, where a test knows better than the rule of
	// Update.Answers; 0 leaves it to the rule. It must not call the Server.
	AnswerTo func(Message) int64
}

// Server is the fake. All its methods may be called at any time, from several goroutines.
type Server struct {
	opt   Options
	botID int64
	api   description
	does  map[string]method
	addr  net.Addr

	stopped chan struct{} // closed by Close
	running sync.WaitGroup

	mu       sync.Mutex
	http     *http.Server
	listener net.Listener
	changed  chan struct{} // closed at the next change; nil if nobody waits for it
	queue    queue
	queries  map[string]*query
	chats    map[int64]*chat
	lastID   int // of a message; supergroups count their own
	lastFile int
	limits   limiter
	troubles []*trouble
	profile  profile
	journal  journal
}

// New starts a server. Close it after use.
func New(opt Options) (*Server, error) {
	opt.setDefaults()
	botID, ok := splitToken(opt.Token)
	if !ok {
		return nil, errors.New("token of the fake bot is not of the form 123:abc")
	}
	s := &Server{
		opt:     opt,
		botID:   botID,
		api:     describe(botAPI),
		does:    methods(),
		stopped: make(chan struct{}),
		queue:   queue{next: firstUpdate},
		queries: map[string]*query{},
		chats:   map[int64]*chat{},
		limits:  limiter{Limits: opt.Limits, chats: map[int64]*chatLimiter{}},
		profile: profile{commands: map[string][]Command{}, texts: map[string]*Profile{}},
	}
	l := opt.Listener
	if l == nil || opt.InMemory {
		var err error
		if l, err = opt.listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, err
		}
	}
	s.addr = l.Addr()
	s.serve(l)
	return s, nil
}

func (o *Options) listen(network, address string) (net.Listener, error) {
	if o.InMemory {
		return newMemoryListener(), nil
	}
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, fmt.Errorf("listen for the fake Telegram: %w", err)
	}
	return l, nil
}

func (o *Options) setDefaults() {
	if o.Token == "" {
		o.Token = Token
	}
	if o.Username == "" {
		o.Username = "fake_bot"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.New(rand.NewPCG(1, 2))
	}
}

// Start starts a server for one test. When the test ends it is closed, and each violation of the
// protocol is an error of the test.
func Start(tb testing.TB, opt Options) *Server {
	tb.Helper()
	s, err := New(opt)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		s.Close()
		for _, v := range s.Violations() {
			tb.Errorf("violation of the Bot API: %s", v)
		}
	})
	return s
}

// URL is the base of all requests, to be used in place of https://api.telegram.org.
func (s *Server) URL() string { return "http://" + s.addr.String() }

// Token is the bot's token.
func (s *Server) Token() string { return s.opt.Token }

// Client makes a client that reaches the server, in memory too. It has no timeout.
func (s *Server) Client() *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 100}
	if s.opt.InMemory {
		transport.DialContext = s.dialMemory
	}
	return &http.Client{Transport: transport}
}

// Close ends the server with all its connections and waits for its goroutines. What was recorded
// can still be read.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.isStopped() {
		close(s.stopped)
	}
	s.mu.Unlock()
	s.Down()
	s.running.Wait()
}

func (s *Server) isStopped() bool {
	select {
	case <-s.stopped:
		return true
	default:
		return false
	}
}

// Down closes the listener and cuts all connections, as if the network were gone. Nothing is forgotten.
func (s *Server) Down() {
	s.mu.Lock()
	server, l := s.http, s.listener
	s.mu.Unlock()
	_ = l.Close() // by itself, as the server may not know it yet; it may have been closed before
	_ = server.Close()
}

// Up serves again on the same address, after Down.
func (s *Server) Up() error {
	l, err := s.opt.listen(s.addr.Network(), s.addr.String())
	if err != nil {
		return err
	}
	s.serve(l)
	return nil
}

func (s *Server) serve(l net.Listener) {
	server := &http.Server{Handler: s, ErrorLog: log.New(io.Discard, "", 0)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isStopped() {
		_ = l.Close() // nothing was accepted
		return
	}
	s.http, s.listener = server, l
	s.running.Go(func() {
		_ = server.Serve(l) // until Down or Close
	})
}

// enter counts a request that is being handled, unless the server is closed.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isStopped() {
		return false
	}
	s.running.Add(1)
	return true
}

// ServeHTTP answers one request. It is there for http.Server, or to put the fake behind another one.
func (s *Server) ServeHTTP(w http.ResponseWriter, h *http.Request) {
	if !s.enter() {
		panic(http.ErrAbortHandler)
	}
	defer s.running.Done()

	token, method, ok := strings.Cut(strings.TrimPrefix(h.URL.Path, "/bot"), "/")
	if _, formed := splitToken(token); !ok || !formed {
		write(w, answer{err: &apiError{Code: 404, Description: "Not Found"}})
		return
	}
	if token != s.opt.Token {
		write(w, answer{err: &apiError{Code: 401, Description: "Unauthorized"}})
		return
	}
	r, err := parse(h, method)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		write(w, answer{err: &apiError{Code: 413, Description: "Request Entity Too Large"}})
		return
	}
	if err != nil {
		write(w, answer{err: badRequest("can't parse the request: %v", err)})
		return
	}
	s.serveTroubled(w, r)
}

// handle does what the request asks for.
func (s *Server) handle(r *request) answer {
	if r.method == "getUpdates" { // it waits, so it locks by itself
		return s.getUpdates(r)
	}
	result, err := s.do(r)
	if r.accepted != nil {
		s.opt.OnMessage(*r.accepted)
	}
	return answer{result: result, err: err}
}

func (s *Server) do(r *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.notify()
	if err := s.begin(r); err != nil {
		return nil, err
	}
	result, err := s.does[r.method](s, r)
	return result, s.refused(r, err)
}

// begin counts a request and refuses what no method has to look at.
func (s *Server) begin(r *request) *apiError {
	s.journal.counts.Requests++
	if _, known := s.does[r.method]; !known {
		s.violation(r, "no such method, or none that this fake answers")
		return s.refused(r, &apiError{Code: 404, Description: "Not Found"})
	}
	if s.profile.loggedOut {
		return s.refused(r, &apiError{Code: 400, Description: "Logged out"})
	}
	return s.refused(r, s.check(r))
}

// answer is what a request gets.
type answer struct {
	result any
	err    *apiError
	body   string // sent in place of JSON, with the code of err
}

// apiError is an answer that is not ok.
type apiError struct {
	Code        int
	Description string
	RetryAfter  int   // seconds
	MigrateTo   int64 // a chat's id
}

func badRequest(format string, args ...any) *apiError {
	return &apiError{Code: 400, Description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

// write sends an answer as the Bot API does.
func write(w http.ResponseWriter, a answer) {
	if a.body != "" {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(a.err.Code)
		_, _ = io.WriteString(w, a.body) // the client may be gone
		return
	}
	status, body := http.StatusOK, object{"ok": a.err == nil}
	if a.err == nil {
		body["result"] = a.result
	} else {
		status = a.err.Code
		body["error_code"], body["description"] = a.err.Code, a.err.Description
		parameters := object{}
		if a.err.RetryAfter != 0 {
			parameters["retry_after"] = a.err.RetryAfter
		}
		if a.err.MigrateTo != 0 {
			parameters["migrate_to_chat_id"] = a.err.MigrateTo
		}
		if len(parameters) > 0 {
			body["parameters"] = parameters
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(encode(body)) // the client may be gone
}

// object is a JSON object.
type object = map[string]any

// encode is for values that can be encoded, whatever a test does.
func encode(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("telegramtest: encode %T: %v", v, err))
	}
	return raw
}
