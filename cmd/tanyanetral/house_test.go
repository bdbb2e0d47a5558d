package main_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// allowed lists, for each package, what it may import of this project besides
// what those imports may import themselves. Imports run downwards only.
var allowed = map[string][]string{
	"cmd/tanyanetral":           {"cmd/tanyanetral/control", "bot/booklet", "bot/card", "bot/reminder", "bot/telegram", "bot/terminal", "knowledge/match/evaluate", "store/bolt", "store/memory"},
	"cmd/tanyanetral/control":   {"store"},
	"bot/booklet":               {"knowledge"},
	"bot/card":                  {"knowledge"},
	"bot/reminder":              {"bot"},
	"bot/telegram":              {"bot"},
	"bot/telegram/telegramtest": {},
	"bot/terminal":              {"bot"},
	"bot":                       {"knowledge/match", "store"},
	"knowledge/match/evaluate":  {"knowledge/match"},
	"knowledge/match":           {"knowledge", "knowledge/indonesian"},
	"knowledge":                 {},
	"knowledge/indonesian":      {},
	"store":                     {},
	"store/bolt":                {"store"},
	"store/memory":              {"store"},
	"store/storetest":           {"store"},
}

// only names the packages that may import a library, tests aside.
var only = map[string][]string{
	"go.etcd.io/bbolt":                                   {"store/bolt"},
	"github.com/goccy/go-yaml":                           {"knowledge"},
	"github.com/go-telegram-bot-api/telegram-bot-api/v5": {"bot/telegram"},
	"golang.org/x/image":                                 {"bot/card"},
	"github.com/boombuler/barcode":                       {"bot/card"},
	"golang.org/x/time/rate":                             {"bot/telegram"},
	"github.com/prometheus/client_golang":                {"bot/telegram", "cmd/tanyanetral"},
	"github.com/peterh/liner":                            {"bot/terminal"},
	"github.com/urfave/cli":                              {"cmd/tanyanetral"},
	"github.com/schollz/progressbar/v3":                  {"cmd/tanyanetral"},
	"golang.org/x/sync":                                  {"cmd/tanyanetral"},
	"testing":                                            {"store/storetest", "bot/telegram/telegramtest"},
	"github.com/google/go-cmp":                           {"store/storetest"},
	"github.com/rogpeppe/go-internal":                    {},
}

const root = "../.."

func TestImportsRunDownwards(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != root {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		seen++
		pkg, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg = filepath.ToSlash(pkg)
		if _, ok := allowed[pkg]; !ok {
			t.Errorf("%s: package %s is not part of the house", path, pkg)
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if ours, ok := strings.CutPrefix(imported, "tanyanetral/"); ok {
				if !slices.Contains(below(pkg), ours) {
					t.Errorf("%s imports %s, which is not below it", path, ours)
				}
				continue
			}
			for library, where := range only {
				if (imported == library || strings.HasPrefix(imported, library+"/")) && !slices.Contains(where, pkg) {
					t.Errorf("%s imports %s, which only %q may", path, imported, where)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Errorf("got %d source files: the house was not found", seen)
	}
}

// below lists all packages that a package may import.
func below(pkg string) []string {
	var all []string
	for _, p := range allowed[pkg] {
		all = append(all, p)
		all = append(all, below(p)...)
	}
	return all
}
