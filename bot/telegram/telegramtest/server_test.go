package telegramtest_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tanyanetral/bot/telegram/telegramtest"
)

func TestTokensAndMethods(t *testing.T) {
	s, err := telegramtest.New(telegramtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	tests := []struct {
		name, path string
		want       int
	}{
		{"right", "/bot" + s.Token() + "/getMe", 200},
		{"another bot's token", "/bot1000000001:wrong/getMe", 401},
		{"token without colon", "/botABC/getMe", 404},
		{"token without number", "/botA:BC/getMe", 404},
		{"no method", "/bot" + s.Token(), 404},
		{"unknown method", "/bot" + s.Token() + "/sendMesage", 404},
		{"another path", "/", 404},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			resp, err := s.Client().Get(s.URL() + test.path)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var r reply
			if err := json.NewDecoder(resp.Body).Decode(&r); err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != test.want || r.OK != (test.want == 200) {
				t.Errorf("got %d %+v, want %d", resp.StatusCode, r, test.want)
			}
		})
	}
	if got := s.Violations(); len(got) != 1 || !strings.HasPrefix(got[0], "sendMesage: ") {
		t.Errorf("violations: %q, want the unknown method", got)
	}
}

func TestTokenMustBeOne(t *testing.T) {
	if _, err := telegramtest.New(telegramtest.Options{Token: "secret"}); err == nil {
		t.Error("a server was started with a malformed token")
	}
}

func TestBodiesOfAllKinds(t *testing.T) {
	_, s := newBot(t, telegramtest.Options{})
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	for name, value := range map[string]string{"chat_id": "42", "text": "halo"} {
		if err := parts.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, kind, query, body string
		want                    int
	}{
		{"query", "", "?chat_id=42&text=halo", "", 200},
		{"form", "application/x-www-form-urlencoded", "", "chat_id=42&text=halo", 200},
		{"JSON", "application/json", "", `{"chat_id":42,"text":"halo","reply_markup":null}`, 200},
		{"multipart", parts.FormDataContentType(), "", form.String(), 200},
		{"broken JSON", "application/json", "", `{"chat_id":42`, 400},
		{"broken multipart", "multipart/form-data", "", "x", 400},
		{"too large", "application/octet-stream", "", strings.Repeat("a", 51<<20), 413},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			url := s.URL() + "/bot" + s.Token() + "/sendMessage" + test.query
			resp, err := s.Client().Post(url, test.kind, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != test.want {
				t.Errorf("got %d, want %d", resp.StatusCode, test.want)
			}
		})
	}
	sent := s.Chat(42).Sent()
	if len(sent) != 4 {
		t.Fatalf("%d messages were accepted, want 4", len(sent))
	}
	for _, m := range sent {
		if m.Text != "halo" {
			t.Errorf("got text %q, want halo", m.Text)
		}
	}
}

func TestDownAndUpAgain(t *testing.T) {
	for _, inMemory := range []bool{false, true} {
		b, s := newBot(t, telegramtest.Options{InMemory: inMemory})
		b.send("chat_id=42", "text=sebelum")
		s.Down()
		if _, err := b.try("getMe"); err == nil {
			t.Errorf("in memory %v: a server that is down answered", inMemory)
		}
		if err := s.Up(); err != nil {
			t.Fatal(err)
		}
		b.send("chat_id=42", "text=sesudah")
		if got := len(s.Chat(42).Sent()); got != 2 {
			t.Errorf("in memory %v: %d messages are remembered, want 2", inMemory, got)
		}
	}
}

func TestListenerOfTheCaller(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b, s := newBot(t, telegramtest.Options{Listener: l, Token: "7:abc", Username: "netral_bot"})
	if want := "http://" + l.Addr().String(); s.URL() != want {
		t.Errorf("got URL %s, want %s", s.URL(), want)
	}
	var me struct {
		ID       int64
		Username string
	}
	decode(t, b.must("getMe").Result, &me)
	if me.ID != 7 || me.Username != "netral_bot" {
		t.Errorf("got %+v, want bot 7, netral_bot", me)
	}
}

func TestClosedServerAnswersNothing(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	s.Close()
	if _, err := b.try("getMe"); err == nil {
		t.Error("a closed server answered")
	}
	if err := s.Up(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.try("getMe"); err == nil {
		t.Error("a closed server came up again")
	}
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("a closed server handled a request")
		}
	}()
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}

func TestAddressInUse(t *testing.T) {
	_, s := newBot(t, telegramtest.Options{})
	s.Down()
	l, err := net.Listen("tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := s.Up(); err == nil {
		t.Error("the server is up on the address of another one")
	}
}

func TestLoggedOut(t *testing.T) {
	b, _ := newBot(t, telegramtest.Options{})
	b.must("close")
	b.must("logOut")
	wantError(t, b.call("getMe"), 400, "Logged out")
	wantError(t, b.call("getUpdates"), 400, "Logged out")
}

// failures is a test that remembers its errors.
type failures struct {
	testing.TB
	errors   int
	cleanups []func()
}

func (f *failures) Helper()               {}
func (f *failures) Errorf(string, ...any) { f.errors++ }
func (f *failures) Fatal(...any)          { panic("fatal") }
func (f *failures) Cleanup(c func())      { f.cleanups = append(f.cleanups, c) }

func TestViolationsFailTheTest(t *testing.T) {
	f := &failures{}
	s := telegramtest.Start(f, telegramtest.Options{})
	bot{t, s, s.Client()}.send("chat_id=42", "text=halo", "colour=red")
	for _, c := range f.cleanups {
		c()
	}
	if f.errors != 1 {
		t.Errorf("the test got %d errors, want 1", f.errors)
	}
}

func TestStartFailsTheTest(t *testing.T) {
	defer func() {
		if recover() != "fatal" {
			t.Error("the test goes on without a server")
		}
	}()
	telegramtest.Start(&failures{}, telegramtest.Options{Token: "salah"})
}
