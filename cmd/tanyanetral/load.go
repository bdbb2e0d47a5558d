package main

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v3"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
)

// folders lists the knowledge folders that the flags name, the embedded one first.
func (p *program) folders(c *cli.Command) ([]knowledge.Folder, error) {
	folders := []knowledge.Folder{knowledge.Embedded()}
	dir := p.option(c, "knowledge", "TANYANETRAL_KNOWLEDGE")
	if dir == "" {
		return folders, nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("folder pengetahuan (--knowledge): %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("folder pengetahuan (--knowledge): %s bukan folder", dir)
	}
	return append(folders, knowledge.Folder{Name: dir, Files: os.DirFS(dir)}), nil
}

// loadKnowledge reads the knowledge. Its problems go to standard error, a line each.
func (p *program) loadKnowledge(c *cli.Command) (*knowledge.Base, error) {
	folders, err := p.folders(c)
	if err != nil {
		return nil, err
	}
	base, problems := knowledge.Load(folders...)
	return base, p.report(problems)
}

// loadMatcher reads the knowledge and makes its matcher. A region's folder must
// pass the checks that need the matcher, too.
func (p *program) loadMatcher(c *cli.Command) (*knowledge.Base, *match.Matcher, error) {
	base, err := p.loadKnowledge(c)
	if err != nil {
		return nil, nil, err
	}
	matcher := match.New(base)
	if p.option(c, "knowledge", "TANYANETRAL_KNOWLEDGE") != "" {
		err = p.report(matcher.Check())
	}
	return base, matcher, err
}

func (p *program) report(problems []knowledge.Problem) error {
	for _, problem := range problems {
		fmt.Fprintln(p.err, problem)
	}
	if len(problems) > 0 {
		return errReported
	}
	return nil
}
