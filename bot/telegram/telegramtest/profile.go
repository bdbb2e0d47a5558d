package telegramtest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Command is a command in the bot's menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// Profile is what people see of the bot in one language.
type Profile struct{ Name, Description, ShortDescription string }

// profile is what the bot said of itself.
type profile struct {
	commands  map[string][]Command // by scope and language
	texts     map[string]*Profile  // by language
	loggedOut bool
}

// Commands is the menu that was set for a scope and a language, "" being all other languages. A scope is
// written as its type and ids: "default", "all_private_chats", "chat:-100", "chat_member:-100:42".
func (s *Server) Commands(scope, language string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.profile.commands[scope+" "+language])
}

// Profile is what was set for a language, "" being all other languages.
func (s *Server) Profile(language string) Profile {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.profile.of(language)
}

func (p *profile) of(language string) *Profile {
	if p.texts[language] == nil {
		p.texts[language] = &Profile{}
	}
	return p.texts[language]
}

var (
	commandForm  = regexp.MustCompile(`^[a-z0-9_]+$`)
	languageForm = regexp.MustCompile(`^([a-z]{2})?$`)
)

func (s *Server) setMyCommands(r *request) (any, *apiError) {
	key, err := commandScope(r)
	if err != nil {
		return nil, err
	}
	var commands []Command
	r.decode("commands", &commands)
	if len(commands) > 100 {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for _, c := range commands {
		switch description := units(c.Description); {
		case c.Command == "":
			return nil, badRequest("command must be non-empty")
		case len(c.Command) > 32:
			return nil, badRequest("command length must not exceed 32")
		case !commandForm.MatchString(c.Command):
			return nil, badRequest("BOT_COMMAND_INVALID")
		case description == 0:
			return nil, badRequest("command description must be non-empty")
		case description > 256:
			return nil, badRequest("command description length must not exceed 256")
		}
	}
	s.profile.commands[key] = commands
	return true, nil
}

func (s *Server) deleteMyCommands(r *request) (any, *apiError) {
	key, err := commandScope(r)
	if err != nil {
		return nil, err
	}
	delete(s.profile.commands, key)
	return true, nil
}

// commandScope is the key under which the commands of a scope and a language are kept.
func commandScope(r *request) (string, *apiError) {
	scope := struct {
		Type string          `json:"type"`
		Chat json.RawMessage `json:"chat_id"`
		User int64           `json:"user_id"`
	}{Type: "default"}
	r.decode("scope", &scope)
	language := r.params["language_code"]
	if !languageForm.MatchString(language) {
		return "", badRequest("the specified language code is invalid")
	}
	chat := strings.Trim(string(scope.Chat), `"`) // a number may be given as text
	switch scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		return scope.Type + " " + language, nil
	case "chat", "chat_administrators":
		return fmt.Sprintf("%s:%s %s", scope.Type, chat, language), nil
	case "chat_member":
		return fmt.Sprintf("%s:%s:%d %s", scope.Type, chat, scope.User, language), nil
	}
	return "", badRequest("can't parse BotCommandScope: unsupported type specified")
}

func (s *Server) setMyName(r *request) (any, *apiError) {
	return s.setProfile(r, "name", 64, func(p *Profile) *string { return &p.Name })
}

func (s *Server) setMyDescription(r *request) (any, *apiError) {
	return s.setProfile(r, "description", 512, func(p *Profile) *string { return &p.Description })
}

func (s *Server) setMyShortDescription(r *request) (any, *apiError) {
	return s.setProfile(r, "short_description", 120, func(p *Profile) *string { return &p.ShortDescription })
}

func (s *Server) setProfile(r *request, name string, limit int, field func(*Profile) *string) (any, *apiError) {
	text, language := r.params[name], r.params["language_code"]
	switch {
	case !languageForm.MatchString(language):
		return nil, badRequest("the specified language code is invalid")
	case units(text) > limit:
		return nil, badRequest("%s is too long", strings.ReplaceAll(name, "_", " "))
	}
	*field(s.profile.of(language)) = text
	return true, nil
}
