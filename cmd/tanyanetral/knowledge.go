package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"tanyanetral/bot"
	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
	"tanyanetral/knowledge/match/evaluate"
)

func (p *program) knowledgeCommand() *cli.Command {
	return &cli.Command{
		Name:  "knowledge",
		Usage: "memeriksa, melihat, dan mengukur pengetahuan",
		Action: func(_ context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return usagef("perintah knowledge %q tidak dikenal; lihat tanyanetral knowledge --help", c.Args().First())
			}
			return cli.ShowSubcommandHelp(c)
		},
		HideHelpCommand: true,
		Commands: []*cli.Command{
			{Name: "check", Usage: "memeriksa semua berkas; satu baris untuk setiap kesalahan", Flags: []cli.Flag{knowledgeFlag()}, Action: p.check},
			{Name: "list", Usage: "daftar topik", Flags: []cli.Flag{knowledgeFlag(), &cli.BoolFlag{Name: "json", Usage: "satu objek JSON per baris"}}, Action: p.list},
			p.exportCommand(),
			{Name: "show", Usage: "menampilkan satu topik", ArgsUsage: "ID", Flags: []cli.Flag{knowledgeFlag()}, Action: p.show},
			{
				Name: "eval", Usage: "mengukur pencocokan dengan pertanyaan berlabel", ArgsUsage: "[BERKAS]",
				Flags: []cli.Flag{
					knowledgeFlag(),
					&cli.BoolFlag{Name: "json", Usage: "laporan sebagai JSON"},
					&cli.StringFlag{Name: "method", Usage: "cara lain `NAMA` untuk dibandingkan: " + strings.Join(evaluate.Methods, ", ")},
					&cli.BoolFlag{Name: "conversations", Usage: "BERKAS berisi percakapan; yang diukur pertanyaan lanjutannya"},
					&cli.BoolFlag{Name: "cross-validate", Usage: "tanpa BERKAS: setiap penulis pertanyaan diuji dengan model yang tidak mengenalnya"},
					&cli.StringFlag{Name: "floors", Usage: "gagal bila `BATAS` tidak tercapai, misalnya best=0.8,wrong=0.03"},
				},
				Action: p.eval,
			},
			{
				Name: "tune", Usage: "memilih bobot dan ambang dengan validasi silang, lalu menulisnya ke BERKAS", ArgsUsage: "BERKAS",
				Flags: []cli.Flag{knowledgeFlag()}, Action: p.tune,
			},
		},
	}
}

func (p *program) check(_ context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return usagef("knowledge check tidak memakai argumen; folder daerah ditunjuk dengan --knowledge")
	}
	folders, err := p.folders(c)
	if err != nil {
		return err
	}
	base, problems := knowledge.Load(folders...)
	if len(problems) == 0 {
		problems = match.New(base).Check()
	}
	for _, problem := range problems {
		fmt.Fprintln(p.out, problem)
	}
	if len(problems) > 0 {
		return errReported
	}
	questions := len(match.AllPhrasings(base))
	fmt.Fprintf(p.out, "tidak ada kesalahan: %d topik, %d pertanyaan, %d pertanyaan lain, %d peraturan, %d pemilihan, %d kontak, %d pengingat\n",
		len(base.Topics), questions, len(base.Background), len(base.Regulations), len(base.Elections), len(base.Contacts), remindersOn(base))
	return nil
}

func (p *program) list(_ context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return usagef("knowledge list tidak memakai argumen; satu topik: tanyanetral knowledge show ID")
	}
	base, err := p.loadKnowledge(c)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(p.out)
	encoder.SetEscapeHTML(false)
	for _, t := range base.Topics {
		if !c.Bool("json") {
			fmt.Fprintf(p.out, "%-28s %-10s %-10s %s\n", t.ID, t.Category, t.Verdict, t.Title)
			continue
		}
		err := encoder.Encode(struct {
			ID       string            `json:"id"`
			Category string            `json:"category"`
			Title    string            `json:"title"`
			Verdict  knowledge.Verdict `json:"verdict"`
			Verified string            `json:"verified"`
		}{t.ID, t.Category, t.Title, t.Verdict, t.Verified.String()})
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *program) show(_ context.Context, c *cli.Command) error {
	if c.Args().Len() != 1 {
		return usagef("knowledge show memerlukan satu ID topik; daftarnya: tanyanetral knowledge list")
	}
	base, err := p.loadKnowledge(c)
	if err != nil {
		return err
	}
	topic, ok := base.Topic(c.Args().First())
	if !ok {
		return errNoTopic(c.Args().First())
	}
	card := bot.Card(base, topic, p.now())
	for i, a := range card.Actions {
		card.Actions[i].Label += " (" + strings.TrimPrefix(a.ID, "t:") + ")" // what show takes
	}
	lines := []string{p.style().Render(toRead(card))}
	for _, source := range topic.Sources {
		lines = append(lines, p.wrapped("Sumber: "+source))
	}
	fmt.Fprintln(p.out, strings.Join(lines, "\n"))
	return nil
}

func errNoTopic(id string) error {
	return fmt.Errorf("topik %q tidak ada; daftarnya: tanyanetral knowledge list", id)
}

func (p *program) eval(_ context.Context, c *cli.Command) error {
	crossValidate := c.Bool("cross-validate")
	if crossValidate == c.Args().Present() || c.Args().Len() > 1 {
		return usagef("knowledge eval memerlukan satu BERKAS pertanyaan, atau --cross-validate tanpa BERKAS")
	}
	floors, err := evaluate.ParseFloors(c.String("floors"))
	if err != nil {
		return usagef("--floors: %v", err)
	}
	base, err := p.loadKnowledge(c)
	if err != nil {
		return err
	}
	report := evaluate.NewReport(base)
	if crossValidate {
		if c.IsSet("method") || c.IsSet("conversations") {
			return usagef("--cross-validate tidak dapat digabung dengan --method atau --conversations")
		}
		report.CrossValidate()
	} else if err := p.evalFile(c, base, report); err != nil {
		return err
	}
	if c.Bool("json") {
		encoder := json.NewEncoder(p.out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(report); err != nil {
			return err
		}
	} else {
		report.WriteText(p.out, !crossValidate)
	}
	if missed := report.Missed(floors); len(missed) > 0 {
		for _, m := range missed {
			fmt.Fprintln(p.err, m)
		}
		return errReported
	}
	return nil
}

// evalFile evaluates the questions or conversations of the file that the arguments name.
func (p *program) evalFile(c *cli.Command, base *knowledge.Base, report *evaluate.Report) error {
	file := c.Args().First()
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	exists := func(id string) bool { _, ok := base.Topic(id); return ok }
	var questions []evaluate.Question
	var conversations [][]knowledge.Turn
	var problems []knowledge.Problem
	if c.Bool("conversations") {
		conversations, problems = knowledge.ParseConversations(file, string(b))
		for _, turn := range slices.Concat(conversations...) {
			for _, id := range turn.Topics {
				if !exists(id) {
					problems = append(problems, knowledge.Problem{File: file, Line: 1, What: fmt.Sprintf("topik %q tidak ada", id)})
				}
			}
		}
	} else {
		questions, problems = evaluate.ParseQuestions(file, string(b), exists)
	}
	if len(problems) > 0 {
		for _, problem := range problems {
			fmt.Fprintln(p.err, problem)
		}
		return errReported
	}
	var matcher evaluate.Matcher
	if method := c.String("method"); method == "" {
		matcher = match.New(base)
	} else if matcher, err = evaluate.NewBaseline(base, method); err != nil {
		return usagef("--method: %v", err)
	}
	if c.Bool("conversations") {
		report.Conversations(matcher, conversations)
	} else {
		report.Evaluate(matcher, questions)
	}
	return nil
}

func (p *program) tune(_ context.Context, c *cli.Command) error {
	if c.Args().Len() != 1 {
		return usagef("knowledge tune memerlukan satu BERKAS tujuan, misalnya knowledge/match/data/params.json")
	}
	base, err := p.loadKnowledge(c)
	if err != nil {
		return err
	}
	params := match.Tune(base, func(line string) { fmt.Fprintln(p.err, line) })
	b, err := json.MarshalIndent(params, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(c.Args().First(), append(b, '\n'), 0o644)
}
