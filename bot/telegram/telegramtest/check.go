package telegramtest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// botAPI is the Bot API's description of itself, as far as this package answers it; its head says how to read it.
//
//go:embed botapi.txt
var botAPI string

// description is a description of methods and types.
type description struct {
	fields map[string]map[string]field // by method or type, by parameter or field
	unions map[string][]string         // types of which a value must be one
}

type field struct {
	types    []string
	required bool
}

// describe reads a description.
func describe(text string) description {
	d := description{map[string]map[string]field{}, map[string][]string{}}
	for line := range strings.Lines(strings.ReplaceAll(text, "\n  ", " ")) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
			continue
		case len(words) > 1 && words[1] == "=":
			d.unions[words[0]] = words[2:]
			continue
		case d.fields[words[0]] == nil:
			d.fields[words[0]] = map[string]field{}
		}
		for _, word := range words[1:] {
			name, types, _ := strings.Cut(word, ":")
			name, required := strings.CutSuffix(name, "!")
			d.fields[words[0]][name] = field{strings.Split(types, "|"), required}
		}
	}
	return d
}

// check compares a request with the description. What is missing or of a wrong type is an error for the bot
// and a violation, an unknown name only a violation: the real server ignores it.
func (s *Server) check(r *request) *apiError {
	if s.opt.Unchecked {
		return nil
	}
	fields := s.api.fields[r.method]
	var failed *apiError
	for _, name := range slices.Sorted(maps.Keys(r.params)) {
		f, known := fields[name]
		switch value := r.params[name]; {
		case !known && r.attaches(name):
		case !known:
			s.violation(r, "no such parameter: %s", name)
		case value == "null" && !slices.Contains(f.types, "String"):
			delete(r.params, name) // libraries write null for lists that are not there
		case !utf8.ValidString(value):
			failed = badRequest("strings must be encoded in UTF-8")
			s.violation(r, "%s is not UTF-8", name)
		case value != "":
			c := checker{api: s.api}
			c.parameter(name, value, f.types)
			for _, unknown := range c.unknown {
				s.violation(r, "%s", unknown)
			}
			for _, wrong := range c.wrong {
				s.violation(r, "%s", wrong)
				failed = badRequest("can't parse %s", wrong)
			}
		}
	}
	if failed != nil {
		return failed
	}
	return s.checkRequired(r, fields)
}

// attaches reports whether a name is that of a file that another parameter refers to.
func (r *request) attaches(name string) bool {
	return slices.Contains(slices.Collect(maps.Values(r.params)), "attach://"+name)
}

func (s *Server) checkRequired(r *request, fields map[string]field) *apiError {
	if strings.HasPrefix(r.method, "edit") && !r.has("inline_message_id") {
		switch {
		case !r.has("chat_id"):
			return badRequest("chat_id is empty")
		case !r.has("message_id"):
			return badRequest("message identifier is not specified")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if _, uploaded := r.files[name]; !fields[name].required || uploaded || r.has(name) {
			continue
		}
		switch name {
		case "text":
			return badRequest("message text is empty")
		case "photo":
			return badRequest("there is no photo in the request")
		case "message_id":
			return badRequest("message identifier is not specified")
		}
		return badRequest("%s is empty", name)
	}
	return nil
}

// checker compares values with the description.
type checker struct {
	api     description
	unknown []string // fields that do not exist
	wrong   []string // what is missing or of a wrong type
}

// parameter checks a parameter, which is text; types other than the simple ones are JSON in it.
func (c *checker) parameter(name, text string, types []string) {
	for _, t := range types {
		var err error
		switch t {
		case "String", "InputFile":
		case "Integer":
			_, err = strconv.ParseInt(text, 10, 64)
		case "Boolean":
			_, err = strconv.ParseBool(text)
		default:
			var value any
			if err := json.Unmarshal([]byte(text), &value); err != nil {
				c.wrong = append(c.wrong, fmt.Sprintf("%s: no JSON: %v", name, err))
				return
			}
			c.value(name, value, types)
			return
		}
		if err == nil {
			return
		}
	}
	c.wrong = append(c.wrong, fmt.Sprintf("%s: %q is no %s", name, text, strings.Join(types, " or ")))
}

// value checks a JSON value that must have one of several types. When it has none, what is said is about
// the one that it comes closest to.
func (c *checker) value(path string, value any, types []string) {
	var best *checker
	for _, t := range types {
		try := &checker{api: c.api}
		try.one(path, value, t)
		if best == nil || try.faults() < best.faults() {
			best = try
		}
	}
	c.unknown = append(c.unknown, best.unknown...)
	c.wrong = append(c.wrong, best.wrong...)
}

// faults says how far a value is from a type; a wrong one is farther than one with unknown fields.
func (c *checker) faults() int { return len(c.unknown) + 10*len(c.wrong) }

func (c *checker) one(path string, value any, t string) {
	if union := c.api.unions[t]; union != nil {
		c.value(path, value, union)
		return
	}
	ok := true
	switch v := value.(type) {
	case string:
		ok = t == "String" || t == "InputFile" || t == "KeyboardButton" // which may be its label alone
	case bool:
		ok = t == "Boolean"
	case float64:
		ok = t == "Float" || t == "Integer" && v == float64(int64(v))
	case []any:
		var element string
		if element, ok = strings.CutPrefix(t, "[]"); ok {
			for i, e := range v {
				c.value(fmt.Sprintf("%s[%d]", path, i), e, []string{element})
			}
		}
	case map[string]any:
		var fields map[string]field
		if fields, ok = c.api.fields[t]; ok {
			c.object(path, v, t, fields)
		}
	default:
		ok = false
	}
	if !ok {
		c.wrong = append(c.wrong, fmt.Sprintf("%s: %s expected", path, t))
	}
}

func (c *checker) object(path string, value map[string]any, t string, fields map[string]field) {
	for _, name := range slices.Sorted(maps.Keys(value)) {
		if f, known := fields[name]; !known {
			c.unknown = append(c.unknown, fmt.Sprintf("%s: no such field of %s: %s", path, t, name))
		} else {
			c.value(path+"."+name, value[name], f.types)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if _, there := value[name]; fields[name].required && !there {
			c.wrong = append(c.wrong, fmt.Sprintf("%s: field %s of %s is missing", path, name, t))
		}
	}
}
