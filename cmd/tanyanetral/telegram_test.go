package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tanyanetral/bot/telegram/telegramtest"
	"tanyanetral/cmd/tanyanetral/control"
)

// patience is how long a script waits for the bot at most.
const patience = time.Minute

// telegramCommands are what scripts need to run the bot on a fake Telegram:
//
//	telegram            starts one, and sets token, address and data directory for serve
//	network up|down     gives it its network back, or takes it away
//	polling             waits until the bot polls
//	say ID TEXT         somebody writes; what the bot answers goes to standard output, buttons after it
//	signal HUP|TERM     sends a signal to the bot; with HUP it waits until the knowledge was loaded anew
//	fetch PATH          gets a page of --http; the status and the page go to standard output
//	inbox ID            what the bot sent to somebody last goes to standard output, buttons after it
//	blocks ID           somebody blocks the bot, which learns it when it sends something
func telegramCommands() map[string]func(*testscript.TestScript, bool, []string) {
	commands := map[string]func(ts *testscript.TestScript, args []string){
		"telegram": startTelegram, "network": setNetwork, "polling": waitForPolling, "say": say, "signal": sendSignal, "fetch": fetch,
		"inbox": inbox, "blocks": blocks,
	}
	return unnegated(commands)
}

// unnegated makes commands that a script cannot expect to fail.
func unnegated(commands map[string]func(*testscript.TestScript, []string)) map[string]func(*testscript.TestScript, bool, []string) {
	checked := map[string]func(*testscript.TestScript, bool, []string){}
	for name, command := range commands {
		checked[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			if neg {
				ts.Fatalf("unsupported: ! %s", name)
			}
			command(ts, args)
		}
	}
	return checked
}

// serverOf is under which a script keeps its fake Telegram.
type serverOf struct{}

func startTelegram(ts *testscript.TestScript, _ []string) {
	server, err := telegramtest.New(telegramtest.Options{})
	ts.Check(err)
	ts.Defer(func() {
		server.Close()
		for _, v := range server.Violations() {
			ts.Fatalf("violation of the Bot API: %s", v)
		}
	})
	*ts.Value(serverOf{}).(**telegramtest.Server) = server
	ts.Check(os.WriteFile(ts.MkAbs("token"), []byte(server.Token()+"\n"), 0o600))
	ts.Setenv("TANYANETRAL_TELEGRAM_API", server.URL())
	ts.Setenv("TANYANETRAL_TELEGRAM_TOKEN_FILE", ts.MkAbs("token"))
	ts.Setenv("TANYANETRAL_DATA", ts.MkAbs("data"))
}

func telegramOf(ts *testscript.TestScript) *telegramtest.Server {
	server := *ts.Value(serverOf{}).(**telegramtest.Server)
	if server == nil {
		ts.Fatalf("no telegram was started")
	}
	return server
}

func setNetwork(ts *testscript.TestScript, args []string) {
	switch strings.Join(args, " ") {
	case "up":
		ts.Check(telegramOf(ts).Up())
	case "down":
		telegramOf(ts).Down()
	default:
		ts.Fatalf("usage: network up|down")
	}
}

func waitForPolling(ts *testscript.TestScript, _ []string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	server := telegramOf(ts)
	ts.Check(server.Wait(ctx, server.Polling))
}

func say(ts *testscript.TestScript, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: say ID TEXT")
	}
	id, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	server := telegramOf(ts)
	before := len(server.Chat(id).Sent())
	server.Person(id).Say(args[1])
	sent, err := server.Chat(id).WaitSent(ctx, before+1)
	ts.Check(err)
	show(ts, sent[before:])
}

func show(ts *testscript.TestScript, messages []telegramtest.Message) {
	for _, message := range messages {
		fmt.Fprintln(ts.Stdout(), message.Text)
		for _, row := range message.Buttons {
			fmt.Fprintln(ts.Stdout(), row)
		}
	}
}

// personIn reads the ID of a person.
func personIn(ts *testscript.TestScript, args []string) int64 {
	if len(args) != 1 {
		ts.Fatalf("want the ID of a person")
	}
	id, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	return id
}

func inbox(ts *testscript.TestScript, args []string) {
	sent := telegramOf(ts).Chat(personIn(ts, args)).Sent()
	show(ts, sent[max(0, len(sent)-1):])
}

func blocks(ts *testscript.TestScript, args []string) {
	telegramOf(ts).Trouble(telegramtest.Blocked(), telegramtest.When{Method: "sendMessage", Chat: personIn(ts, args)})
}

// statusOf asks the bot, once it runs.
func statusOf(ts *testscript.TestScript) control.Status {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	client := control.NewClient(ts.Getenv("TANYANETRAL_DATA"))
	status, err := client.Status(ctx)
	for errors.Is(err, control.ErrNotRunning) && ctx.Err() == nil {
		status, err = client.Status(ctx)
	}
	ts.Check(err)
	return status
}

func sendSignal(ts *testscript.TestScript, args []string) {
	signals := map[string]syscall.Signal{"HUP": syscall.SIGHUP, "TERM": syscall.SIGTERM}
	signal, ok := signals[strings.Join(args, " ")]
	if !ok {
		ts.Fatalf("usage: signal HUP|TERM")
	}
	before := statusOf(ts)
	ts.Check(syscall.Kill(before.PID, signal))
	deadline := time.Now().Add(patience)
	for signal == syscall.SIGHUP && statusOf(ts).Knowledge.Loaded.Equal(before.Knowledge.Loaded) {
		if time.Now().After(deadline) {
			ts.Fatalf("the knowledge was not loaded anew")
		}
	}
}

func fetch(ts *testscript.TestScript, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: fetch PATH")
	}
	response, err := http.Get("http://" + statusOf(ts).HTTP + args[0])
	ts.Check(err)
	defer response.Body.Close()
	fmt.Fprintln(ts.Stdout(), response.Status)
	_, err = io.Copy(ts.Stdout(), response.Body)
	ts.Check(err)
}
