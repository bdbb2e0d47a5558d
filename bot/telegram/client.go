package telegram

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tanyanetral/bot"
)

const (
	maxAnswer = 64 << 20         // bytes of a response that are read
	slowest   = 30 * time.Second // for any request but a long poll

	bufferSize = 16 << 10 // bytes; an answer with its buttons, and what comes back, is one system call
)

// client calls methods of the Bot API through the library. Its errors never hold the token.
type client struct {
	endpoint string // with %s for token and method
	token    string
	mask     func(string) string
	http     *http.Client
}

func newClient(api, token string, network *http.Client) (*client, error) {
	u, err := url.Parse(api)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("the address of the Bot API %q is not a URL like https://api.telegram.org", api)
	}
	return &client{
		endpoint: strings.ReplaceAll(strings.TrimRight(api, "/"), "%", "%%") + "/bot%s/%s",
		token:    token,
		mask:     masker(token),
		http:     network,
	}, nil
}

// network returns a client that keeps as many connections as there are chats to answer at once.
func network() *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		MaxIdleConns:          maxInFlight + 8,
		MaxIdleConnsPerHost:   maxInFlight + 8,
		IdleConnTimeout:       90 * time.Second,
		ForceAttemptHTTP2:     true,
		ExpectContinueTimeout: time.Second,
		WriteBufferSize:       bufferSize,
		ReadBufferSize:        bufferSize,
	}}
}

// call calls a method and returns its result as JSON. A call takes no longer than timeout.
func (c *client) call(ctx context.Context, method string, params tgbotapi.Params, timeout time.Duration) ([]byte, error) {
	return c.request(ctx, method, timeout, func(api *tgbotapi.BotAPI) (*tgbotapi.APIResponse, error) {
		return api.MakeRequest(method, params)
	})
}

// upload calls a method with a file, nil for none.
func (c *client) upload(ctx context.Context, method string, params tgbotapi.Params, file *bot.File) ([]byte, error) {
	if file == nil {
		return c.call(ctx, method, params, slowest)
	}
	data := tgbotapi.RequestFileData(tgbotapi.FileID(file.Reference))
	if file.Reference == "" {
		data = tgbotapi.FileBytes{Name: file.Name, Bytes: file.Content}
	}
	parameter := "document"
	if file.Picture {
		parameter = "photo"
	}
	return c.request(ctx, method, slowest, func(api *tgbotapi.BotAPI) (*tgbotapi.APIResponse, error) {
		return api.UploadFiles(method, params, []tgbotapi.RequestFile{{Name: parameter, Data: data}})
	})
}

func (c *client) request(ctx context.Context, method string, timeout time.Duration, ask func(*tgbotapi.BotAPI) (*tgbotapi.APIResponse, error)) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// The library knows no contexts, so each request has its own doer; NewBotAPI would call getMe.
	api := &tgbotapi.BotAPI{Token: c.token, Client: doer{ctx, c}}
	api.SetAPIEndpoint(c.endpoint)
	response, err := ask(api)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	return response.Result, nil
}

// doer makes the library's requests: under a context, with errors in which the
// token is masked, and with an error where a server in between answers for Telegram.
type doer struct {
	ctx context.Context
	*client
}

// Do implements tgbotapi.HTTPClient.
func (d doer) Do(request *http.Request) (*http.Response, error) {
	response, err := d.http.Do(request.WithContext(d.ctx))
	if err != nil {
		return nil, &transportError{d.mask(err.Error()), d.ctx.Err()}
	}
	// A gateway answers in HTML, which the library takes for broken JSON.
	if response.StatusCode >= http.StatusInternalServerError {
		response.Body.Close()
		return nil, &transportError{"the server answers " + response.Status, nil}
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, maxAnswer), response.Body}
	return response, nil
}

// transportError is an error on the way to Telegram. It does not unwrap to the
// error of net/http, which quotes the URL with the token, but to the end of the
// context if that was the cause.
type transportError struct {
	text  string
	ended error
}

func (e *transportError) Error() string { return e.text }
func (e *transportError) Unwrap() error { return e.ended }
