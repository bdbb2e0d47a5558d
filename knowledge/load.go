package knowledge

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

//go:embed data
var embedded embed.FS

// Embedded is the knowledge that the program carries.
func Embedded() Folder {
	data, err := fs.Sub(embedded, "data")
	if err != nil {
		panic(err) // unreachable: the path is valid
	}
	return Folder{"knowledge/data", data}
}

// Folder is a knowledge folder; Name stands before the file names in problems.
type Folder struct {
	Name  string
	Files fs.FS
}

// Base is the whole knowledge.
type Base struct {
	Categories    []Category
	Topics        []Topic // by category, then in the order of their files
	Phrasings     []Phrasing
	Background    []BackgroundQuestion
	Conversations [][]Turn // to learn follow-up questions from
	Concepts      []Concept
	Regulations   []Regulation
	Elections     []Election
	Reminders     []Reminder
	Contacts      []Contact

	topics      map[string]int
	regulations map[string]int
}

// Topic returns the topic with an id.
func (b *Base) Topic(id string) (Topic, bool) {
	i, ok := b.topics[id]
	if !ok {
		return Topic{}, false
	}
	return b.Topics[i], true
}

// Regulation returns the regulation with an id.
func (b *Base) Regulation(id string) (Regulation, bool) {
	i, ok := b.regulations[id]
	if !ok {
		return Regulation{}, false
	}
	return b.Regulations[i], true
}

// Load reads folders, each adding to those before it or overriding entries
// with the same id, and checks the result. With problems there is no Base.
func Load(folders ...Folder) (*Base, []Problem) {
	base := &Base{}
	var problems []Problem
	for _, folder := range folders {
		l := loader{folder: folder}
		part := l.load()
		problems = append(problems, l.problems...)
		base.merge(part)
	}
	base.index()
	undecoded := slices.Clone(problems) // what could not be read there is not missing as well
	for _, p := range base.check() {
		if !slices.ContainsFunc(undecoded, func(u Problem) bool { return u.File == p.File && u.Line == p.Line }) {
			problems = append(problems, p)
		}
	}
	if len(problems) > 0 {
		slices.SortStableFunc(problems, func(a, b Problem) int {
			return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
		})
		return nil, slices.Compact(problems)
	}
	return base, nil
}

// merge adds a folder's entries; those with an id that is there already take its place.
func (b *Base) merge(part *Base) {
	b.Categories = override(b.Categories, part.Categories, func(c Category) string { return c.ID })
	b.Topics = override(b.Topics, part.Topics, func(t Topic) string { return t.ID })
	b.Regulations = override(b.Regulations, part.Regulations, func(r Regulation) string { return r.ID })
	b.Elections = override(b.Elections, part.Elections, func(e Election) string { return e.ID })
	b.Reminders = override(b.Reminders, b.switchedOff(part.Reminders), func(r Reminder) string { return r.ID })
	b.Contacts = override(b.Contacts, part.Contacts, func(c Contact) string { return c.ID })
	b.Concepts = append(b.Concepts, part.Concepts...)
	b.Phrasings = append(b.Phrasings, part.Phrasings...)
	b.Background = append(b.Background, part.Background...)
	b.Conversations = append(b.Conversations, part.Conversations...)
}

func override[T any](entries, with []T, id func(T) string) []T {
	for _, entry := range with {
		i := slices.IndexFunc(entries, func(e T) bool { return id(e) == id(entry) })
		if i < 0 {
			entries = append(entries, entry)
		} else {
			entries[i] = entry
		}
	}
	return entries
}

// switchedOff fills in what a reminder says that is only switched off.
func (b *Base) switchedOff(reminders []Reminder) []Reminder {
	for i, r := range reminders {
		before := slices.IndexFunc(b.Reminders, func(old Reminder) bool { return old.ID == r.ID })
		if r.Off && before >= 0 {
			reminders[i] = b.Reminders[before]
			reminders[i].Off, reminders[i].place = true, r.place
		}
	}
	return reminders
}

func (b *Base) index() {
	order := map[string]int{}
	for i, c := range b.Categories {
		order[c.ID] = i
	}
	slices.SortStableFunc(b.Topics, func(x, y Topic) int { return cmp.Compare(order[x.Category], order[y.Category]) })
	b.topics = make(map[string]int, len(b.Topics))
	for i, t := range b.Topics {
		b.topics[t.ID] = i
	}
	b.regulations = make(map[string]int, len(b.Regulations))
	for i, r := range b.Regulations {
		b.regulations[r.ID] = i
	}
}

// loader reads one folder and collects what is wrong with it.
type loader struct {
	folder   Folder
	problems []Problem
}

func (l *loader) load() *Base {
	b := &Base{}
	if _, err := fs.ReadDir(l.folder.Files, "."); err != nil {
		l.problem(".", 0, "folder tidak dapat dibaca: %v", err)
		return b
	}
	l.unknownFiles()
	b.Categories = loadList(l, "categories.yaml", func(c *Category, p place) { c.place = p }, func(c Category) (string, place) { return c.ID, c.place })
	b.Regulations = loadList(l, "regulations.yaml", func(r *Regulation, p place) { r.place = p }, func(r Regulation) (string, place) { return r.ID, r.place })
	b.Contacts = loadList(l, "contacts.yaml", func(c *Contact, p place) { c.place = p }, func(c Contact) (string, place) { return c.ID, c.place })
	b.Topics = loadList(l, "topics/*.yaml", func(t *Topic, p place) { t.place = p }, func(t Topic) (string, place) { return t.ID, t.place })
	b.Elections = loadList(l, "elections/*.yaml", func(e *Election, p place) {
		e.place = p
		if location, err := time.LoadLocation(e.Timezone); err == nil {
			e.location = location
		}
		for i := range e.Stages {
			_, e.Stages[i].line = p.item("stages", i)
		}
	}, func(e Election) (string, place) { return e.ID, e.place })
	b.Reminders = loadList(l, "reminders/*.yaml", func(r *Reminder, p place) { r.place = p }, func(r Reminder) (string, place) { return r.ID, r.place })
	l.rows("background.tsv", func(file string, line int, cells []string) {
		b.Background = append(b.Background, BackgroundQuestion{cells[0], cells[1], path.Join(l.folder.Name, file), line})
	})
	l.rows("phrasings/*.tsv", func(file string, line int, cells []string) {
		topic, alternative, _ := strings.Cut(cells[0], "|")
		b.Phrasings = append(b.Phrasings, Phrasing{
			Topic: topic, Alternative: alternative, Question: cells[1], Hand: strings.TrimSuffix(path.Base(file), ".tsv"),
			file: path.Join(l.folder.Name, file), line: line,
		})
	})
	b.Conversations = l.conversations("conversations.txt")
	l.text("concepts.txt", func(file string, line int, text string) {
		name, terms, ok := strings.Cut(text, ":")
		if !ok {
			l.problem(file, line, "baris tidak berbentuk \"konsep: kata, kata\"")
			return
		}
		concept := Concept{Name: strings.TrimSpace(name)}
		for term := range strings.SplitSeq(terms, ",") {
			if term = strings.TrimSpace(term); term != "" {
				concept.Terms = append(concept.Terms, term)
			}
		}
		b.Concepts = append(b.Concepts, concept)
	})
	return b
}

func (l *loader) problem(file string, line int, format string, args ...any) {
	l.problems = append(l.problems, Problem{path.Join(l.folder.Name, file), line, fmt.Sprintf(format, args...)})
}

// litter are files that Windows leaves in folders.
var litter = map[string]bool{"Thumbs.db": true, "desktop.ini": true}

// unknownFiles reports files that nothing reads: a misspelled name must not lose an answer silently.
func (l *loader) unknownFiles() {
	known := []string{"categories.yaml", "regulations.yaml", "contacts.yaml", "topics/*.yaml", "elections/*.yaml", "reminders/*.yaml", "background.tsv", "phrasings/*.tsv", "conversations.txt", "concepts.txt"}
	err := fs.WalkDir(l.folder.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "~") || litter[base]) {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		matches := func(pattern string) bool { ok, _ := path.Match(pattern, name); return ok }
		if !entry.IsDir() && !slices.ContainsFunc(known, matches) && !strings.HasPrefix(strings.ToUpper(base), "README") {
			l.problem(name, 1, "berkas tidak dikenal (dikenal: %s)", strings.Join(known, ", "))
		}
		return nil
	})
	if err != nil {
		l.problem(".", 0, "%v", err)
	}
}

// files returns the contents of the files that match a pattern, in order of name.
func (l *loader) files(pattern string) (names []string, contents [][]byte) {
	matches, err := fs.Glob(l.folder.Files, pattern)
	if err != nil {
		panic(err) // unreachable: the patterns are constants
	}
	for _, name := range matches {
		if strings.HasPrefix(path.Base(name), ".") {
			continue
		}
		b, err := fs.ReadFile(l.folder.Files, name)
		if err != nil {
			l.problem(name, 0, "%v", err)
			continue
		}
		b = bytes.TrimPrefix(b, []byte("\ufeff")) // editors of Windows put it there
		if !utf8.Valid(b) {
			l.problem(name, 1+strings.Count(string(b[:firstInvalid(b)]), "\n"), "bukan UTF-8 yang sah")
			continue
		}
		names, contents = append(names, name), append(contents, b)
	}
	return names, contents
}

func firstInvalid(b []byte) int {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(b)
}

// text calls line for each line that is neither blank nor a comment.
func (l *loader) text(pattern string, line func(file string, line int, text string)) {
	names, contents := l.files(pattern)
	for i, b := range contents {
		n := 0
		for s := range strings.Lines(string(b)) {
			n++
			if s = strings.TrimSpace(s); s != "" && s[0] != '#' {
				line(names[i], n, s)
			}
		}
	}
}

// rows calls row for the lines of a table of two columns.
func (l *loader) rows(pattern string, row func(file string, line int, cells []string)) {
	l.text(pattern, func(file string, line int, text string) {
		cells := strings.Split(text, "\t")
		if len(cells) != 2 || strings.TrimSpace(cells[0]) == "" || strings.TrimSpace(cells[1]) == "" {
			l.problem(file, line, "baris harus berisi dua kolom yang dipisah satu tab")
			return
		}
		row(file, line, cells)
	})
}

// conversations reads turns, "question<TAB>topic|topic", with an empty line between conversations.
func (l *loader) conversations(pattern string) [][]Turn {
	var conversations [][]Turn
	names, contents := l.files(pattern)
	for i, b := range contents {
		file := path.Join(l.folder.Name, names[i])
		read, problems := ParseConversations(file, string(b))
		conversations = append(conversations, read...)
		l.problems = append(l.problems, problems...)
	}
	return conversations
}

// ParseConversations reads conversations: a turn a line, "question<TAB>topic|topic",
// an empty line between conversations. Lines that begin with # are comments.
func ParseConversations(file, text string) (conversations [][]Turn, problems []Problem) {
	var current []Turn
	flush := func() {
		if len(current) > 0 {
			conversations = append(conversations, current)
		}
		current = nil
	}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		switch cells := strings.Split(line, "\t"); {
		case line == "":
			flush()
		case line[0] == '#':
		case len(cells) != 2:
			problems = append(problems, Problem{file, n, "baris harus berisi pertanyaan dan topik yang dipisah satu tab"})
		default:
			current = append(current, Turn{cells[0], strings.Split(cells[1], "|"), file, n})
		}
	}
	flush()
	return conversations, problems
}

// loadList reads lists of entries from all YAML files that match a pattern, in parallel.
func loadList[T any](l *loader, pattern string, setPlace func(*T, place), identify func(T) (string, place)) []T {
	names, contents := l.files(pattern)
	lists := make([][]T, len(names))
	problems := make([][]Problem, len(names))
	var wg sync.WaitGroup
	for i := range names {
		wg.Go(func() { lists[i], problems[i] = decodeList(path.Join(l.folder.Name, names[i]), contents[i], setPlace) })
	}
	wg.Wait()
	l.problems = append(l.problems, slices.Concat(problems...)...)
	entries := slices.Concat(lists...)
	first := map[string]place{}
	for _, entry := range entries {
		id, p := identify(entry)
		if before, ok := first[id]; ok && id != "" {
			l.problems = append(l.problems, Problem{p.file, p.line, fmt.Sprintf("id %q sudah ada di %s:%d", id, before.file, before.line)})
			continue
		}
		first[id] = p
	}
	return entries
}

func decodeList[T any](file string, content []byte, setPlace func(*T, place)) ([]T, []Problem) {
	if len(strings.TrimSpace(string(content))) == 0 {
		return nil, []Problem{{file, 1, "berkas kosong"}}
	}
	tree, err := parser.ParseBytes(content, 0)
	if err != nil {
		return nil, []Problem{yamlProblem(file, err)}
	}
	var entries []T
	var problems []Problem
	for _, doc := range tree.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		list, ok := doc.Body.(*ast.SequenceNode)
		if !ok {
			problems = append(problems, Problem{file, lineOf(doc.Body), "isi berkas harus berupa daftar (baris yang diawali \"- \")"})
			continue
		}
		for _, node := range list.Values {
			var entry T
			if err := yaml.NodeToValue(node, &entry, yaml.DisallowUnknownField()); err != nil {
				entry = *new(T)
				problems = append(problems, decodeByKey(file, node, &entry)...)
			}
			setPlace(&entry, placeOf(file, node))
			entries = append(entries, entry)
		}
	}
	return entries, problems
}

// decodeByKey decodes an entry key by key: a value that is wrong hides no other.
func decodeByKey(file string, node ast.Node, entry any) []Problem {
	var problems []Problem
	report := func(node ast.Node, err error) {
		problem := yamlProblem(file, err)
		if problem.Line == 0 {
			problem.Line = lineOf(node)
		}
		problems = append(problems, problem)
	}
	mapping, ok := node.(*ast.MappingNode)
	if !ok {
		err := yaml.NodeToValue(node, entry, yaml.DisallowUnknownField())
		report(node, err)
		return problems
	}
	for _, value := range mapping.Values {
		single := ast.Mapping(value.GetToken(), false, value)
		if err := yaml.NodeToValue(single, entry, yaml.DisallowUnknownField()); err != nil {
			report(value, err)
		}
	}
	return problems
}

func yamlProblem(file string, err error) Problem {
	p := Problem{File: file, What: strings.ReplaceAll(err.Error(), "\n", " ")}
	var detailed yaml.Error
	if errors.As(err, &detailed) {
		p.What = detailed.GetMessage()
		if token := detailed.GetToken(); token != nil {
			p.Line = token.Position.Line
		}
	}
	return p
}

func lineOf(node ast.Node) int {
	if token := node.GetToken(); token != nil {
		return token.Position.Line
	}
	return 0
}

func placeOf(file string, node ast.Node) place {
	p := place{file: file, line: lineOf(node), keys: map[string]int{}, items: map[string][]int{}}
	var values []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	}
	for i, v := range values {
		key := v.Key.String()
		p.keys[key] = lineOf(v.Key)
		if i == 0 {
			p.line = lineOf(v.Key)
		}
		if list, ok := v.Value.(*ast.SequenceNode); ok {
			for _, item := range list.Values {
				line := lineOf(item)
				if m, ok := item.(*ast.MappingNode); ok && len(m.Values) > 0 {
					line = lineOf(m.Values[0].Key)
				}
				p.items[key] = append(p.items[key], line)
			}
		}
	}
	return p
}

// PlacedQuestion is a phrasing, or a background question with the topic "-", and where it stands.
type PlacedQuestion struct {
	Topic, Question string
	File            string
	Line            int
}

// PlacedQuestions lists all questions of the knowledge with their places.
func (b *Base) PlacedQuestions() []PlacedQuestion {
	var placed []PlacedQuestion
	for _, t := range b.Topics {
		for i, question := range t.Questions {
			file, line := t.place.item("questions", i)
			placed = append(placed, PlacedQuestion{t.ID, question, file, line})
		}
	}
	for _, p := range b.Phrasings {
		placed = append(placed, PlacedQuestion{p.Topic, p.Question, p.file, p.line})
	}
	for _, q := range b.Background {
		placed = append(placed, PlacedQuestion{"-", q.Question, q.file, q.line})
	}
	return placed
}

// Place is where a key of the topic stands in the files.
func (t Topic) Place(key string) (file string, line int) { return t.place.at(key) }
