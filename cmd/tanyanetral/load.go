package main

import (
	"fmt"
	"os"
	"strings"

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

// problems are an error: what is wrong with the knowledge, a line each.
type problems []knowledge.Problem

func (p problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// loadKnowledge reads the knowledge. The error may be of type problems.
func (p *program) loadKnowledge(c *cli.Command) (*knowledge.Base, error) {
	folders, err := p.folders(c)
	if err != nil {
		return nil, err
	}
	base, found := knowledge.Load(folders...)
	if len(found) > 0 {
		return nil, problems(found)
	}
	return base, nil
}

// loadMatcher reads the knowledge and makes its matcher. A region's folder must
// pass the checks that need the matcher, too. The error may be of type problems.
func (p *program) loadMatcher(c *cli.Command) (*knowledge.Base, *match.Matcher, error) {
	base, err := p.loadKnowledge(c)
	if err != nil {
		return nil, nil, err
	}
	matcher := match.New(base)
	if p.option(c, "knowledge", "TANYANETRAL_KNOWLEDGE") == "" {
		return base, matcher, nil
	}
	if found := matcher.Check(); len(found) > 0 {
		return nil, nil, problems(found)
	}
	return base, matcher, nil
}
