package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"tanyanetral/bot"
	"tanyanetral/bot/terminal"
	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/store"
	"tanyanetral/store/memory"
)

func (p *program) askCommand() *cli.Command {
	return &cli.Command{
		Name:      "ask",
		Usage:     "satu jawaban; tanpa PERTANYAAN, satu per baris dari masukan standar",
		ArgsUsage: "[PERTANYAAN]",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "satu objek JSON per baris"},
			&cli.BoolFlag{Name: "conversation", Usage: "baris-baris masukan adalah satu percakapan; baris kosong memulai orang baru"},
			knowledgeFlag(),
		},
		Action: p.ask,
	}
}

// answer is what ask --json prints for a question.
type answer struct {
	Question   string             `json:"question"`
	Outcome    match.Outcome      `json:"outcome"`
	Topic      *string            `json:"topic"`
	Verdict    *knowledge.Verdict `json:"verdict"`
	Confidence float64            `json:"confidence"`
	Choices    []string           `json:"choices"` // with two questions in one message: the topics of both
	Text       string             `json:"text"`
}

func (p *program) ask(_ context.Context, c *cli.Command) error {
	if c.Bool("conversation") && c.Args().Present() {
		return usagef("--conversation membaca dari masukan standar, tanpa PERTANYAAN")
	}
	base, matcher, err := p.loadMatcher(c)
	if err != nil {
		return err
	}
	b := bot.New(bot.Options{Store: &memory.Store{}, Zone: time.Local, Now: p.now, Random: rand.Reader})
	b.Learn(base, matcher)
	out, style := bufio.NewWriter(p.out), p.style()
	person := 0
	print := func(question string) error {
		key := store.Key{Channel: "ask", ID: strconv.Itoa(person)}
		reply, err := b.Answer(bot.Event{Chat: key, Person: key, Text: question})
		if err != nil {
			return err
		}
		if !c.Bool("conversation") {
			reply = toRead(reply)
		}
		if !c.Bool("json") {
			fmt.Fprintf(out, "%s\n\n", style.Render(reply))
			return out.Flush()
		}
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(describe(base, question, reply)); err != nil {
			return err
		}
		return out.Flush()
	}
	if c.Args().Present() {
		return print(strings.Join(c.Args().Slice(), " "))
	}
	lines := terminal.NewPipe(p.in)
	for {
		line, err := lines.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("membaca masukan standar: %w", err)
		}
		if !c.Bool("conversation") {
			person++
		} else if strings.TrimSpace(line) == "" {
			person++
			continue
		}
		if err := print(line); err != nil {
			return err
		}
	}
}

// toRead is a reply for where nobody can pick what it offers: that is only listed.
func toRead(r bot.Reply) bot.Reply {
	if len(r.Actions) == 0 {
		return r
	}
	listed := bot.Block{Kind: bot.Bullets}
	switch r.Result.Outcome {
	case match.Answer:
		listed.Text = "Topik terkait:"
	case match.Choices:
		listed.Text = "Tanyakan salah satunya, atau tulis pertanyaan Anda dengan kata lain:"
	}
	for _, a := range r.Actions {
		listed.Items = append(listed.Items, a.Label)
	}
	r.Blocks, r.Actions, r.Offer = append(slices.Clone(r.Blocks), listed), nil, ""
	return r
}

func describe(base *knowledge.Base, question string, reply bot.Reply) answer {
	a := answer{
		Question: strings.ToValidUTF8(question, "\uFFFD"), Outcome: reply.Result.Outcome, Confidence: reply.Result.Confidence,
		Choices: []string{}, Text: reply.Plain(),
	}
	if a.Outcome == "" { // a command, or an empty line
		a.Outcome = match.Unknown
	}
	a.Choices = append(a.Choices, reply.Result.Choices...)
	if topic, ok := base.Topic(reply.Result.Topic); ok {
		a.Topic, a.Verdict = &topic.ID, &topic.Verdict
		if reply.Result.Also != "" {
			a.Choices = append(a.Choices, topic.ID, reply.Result.Also)
		}
	}
	return a
}
