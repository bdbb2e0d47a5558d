package telegramtest

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // for the sizes of photos
	_ "image/png"
	"slices"
	"strings"
	"time"
)

// method does what a request asks for, with the Server locked.
type method func(*Server, *request) (any, *apiError)

// inChat is a method for a chat to which messages can be sent.
func inChat(do func(*Server, *request, *chat) (any, *apiError)) method {
	return func(s *Server, r *request) (any, *apiError) {
		c, err := s.recipient(r)
		if err != nil {
			return nil, err
		}
		return do(s, r, c)
	}
}

// methods is all that is answered; getUpdates waits and has a way of its own.
func methods() map[string]method {
	return map[string]method{
		"getMe":                  (*Server).getMe,
		"getUpdates":             nil,
		"getWebhookInfo":         (*Server).getWebhookInfo,
		"deleteWebhook":          (*Server).deleteWebhook,
		"sendMessage":            inChat((*Server).sendMessage),
		"sendPhoto":              inChat((*Server).sendPhoto),
		"sendDocument":           inChat((*Server).sendDocument),
		"sendChatAction":         inChat((*Server).sendChatAction),
		"editMessageText":        (*Server).editMessageText,
		"editMessageCaption":     (*Server).editMessageCaption,
		"editMessageReplyMarkup": (*Server).editMessageReplyMarkup,
		"deleteMessage":          inChat((*Server).deleteMessage),
		"answerCallbackQuery":    (*Server).answerCallbackQuery,
		"answerInlineQuery":      (*Server).answerInlineQuery,
		"getChat":                inChat((*Server).getChat),
		"getChatMember":          inChat((*Server).getChatMember),
		"leaveChat":              inChat((*Server).leaveChat),
		"setMyCommands":          (*Server).setMyCommands,
		"deleteMyCommands":       (*Server).deleteMyCommands,
		"setMyName":              (*Server).setMyName,
		"setMyDescription":       (*Server).setMyDescription,
		"setMyShortDescription":  (*Server).setMyShortDescription,
		"logOut":                 (*Server).logOut,
		"close":                  (*Server).close,
	}
}

// Sizes of what people read, in UTF-16 code units.
const (
	maxText    = 4096
	maxCaption = 1024
)

func (s *Server) getMe(*request) (any, *apiError) {
	me := s.bot()
	me["can_join_groups"], me["can_read_all_group_messages"], me["supports_inline_queries"] = true, false, true
	return me, nil
}

func (s *Server) sendMessage(r *request, c *chat) (any, *apiError) { return s.send(r, c, s.setText) }

func (s *Server) sendPhoto(r *request, c *chat) (any, *apiError) {
	return s.send(r, c, func(r *request, m *Message) *apiError {
		if err := s.setCaption(r, m); err != nil {
			return err
		}
		return s.setPhoto(r, m)
	})
}

func (s *Server) sendDocument(r *request, c *chat) (any, *apiError) {
	return s.send(r, c, func(r *request, m *Message) *apiError {
		content, uploaded := r.files["document"]
		switch {
		case !uploaded:
			return badRequest("there is no document in the request")
		case len(content) == 0:
			return badRequest("file must be non-empty")
		}
		if !s.opt.Forget {
			m.Document = content
		}
		return s.setCaption(r, m)
	})
}

// send accepts a new message, with what fill gives it.
func (s *Server) send(r *request, c *chat, fill func(*request, *Message) *apiError) (any, *apiError) {
	m := &Message{}
	if err := fill(r, m); err != nil {
		return nil, err
	}
	if err := s.setMarkup(r, m); err != nil {
		return nil, err
	}
	if err := s.setReply(r, c, m); err != nil {
		return nil, err
	}
	if err := s.admit(c); err != nil {
		return nil, err
	}
	s.add(c, m)
	s.journal.counts.Messages++
	return s.accept(r, m), nil
}

// accept records that a message was sent or edited.
func (s *Server) accept(r *request, m *Message) object {
	m.Params = r.params
	s.credit(r, m, Answer{Method: r.method, Message: m.ID, Text: m.Text})
	if s.opt.OnMessage != nil {
		seen := m.copy()
		r.accepted = &seen
	}
	return s.messageObject(m)
}

// recipient is the chat that a request is for, if messages can be sent to it.
func (s *Server) recipient(r *request) (*chat, *apiError) {
	id := r.number("chat_id")
	if id == 0 { // a username: there are none here
		return nil, badRequest("chat not found")
	}
	c := s.chat(id)
	if c.refusal != nil {
		return nil, c.refusal
	}
	if s.opt.OnlyKnownChats && !c.known {
		return nil, badRequest("chat not found")
	}
	return c, nil
}

func (s *Server) setText(r *request, m *Message) (err *apiError) {
	m.HTML = r.params["text"]
	m.Text, err = s.readable(r, m.HTML, r.params["parse_mode"], maxText)
	if err == nil && m.Text == "" && !s.opt.Unchecked {
		return badRequest("message text is empty")
	}
	return err
}

func (s *Server) setCaption(r *request, m *Message) (err *apiError) {
	m.HTML = r.params["caption"]
	m.Text, err = s.readable(r, m.HTML, r.params["parse_mode"], maxCaption)
	return err
}

// readable is a text as a person reads it.
func (s *Server) readable(r *request, text, mode string, limit int) (string, *apiError) {
	if s.opt.Unchecked {
		return text, nil
	}
	switch strings.ToLower(mode) {
	case "":
	case "html":
		p, err := parseHTML(text)
		if err != nil {
			return "", err
		}
		for _, lost := range p.lost {
			s.violation(r, "formatting is lost: %s", lost)
		}
		text = p.text.String()
	default:
		s.violation(r, "this fake parses HTML only, not %s", mode)
		return "", badRequest("unsupported parse_mode")
	}
	text = strings.TrimSpace(text)
	switch n := units(text); {
	case n > limit && limit == maxCaption:
		return "", badRequest("message caption is too long")
	case n > limit:
		return "", badRequest("message is too long")
	}
	return text, nil
}

// setReply takes what the message replies to, by the present or the old parameters.
func (s *Server) setReply(r *request, c *chat, m *Message) *apiError {
	var reply struct {
		Message int  `json:"message_id"`
		MayFail bool `json:"allow_sending_without_reply"`
	}
	r.decode("reply_parameters", &reply)
	if r.has("reply_to_message_id") {
		reply.Message, reply.MayFail = int(r.number("reply_to_message_id")), r.flag("allow_sending_without_reply")
	}
	switch {
	case s.opt.Forget, c.has(reply.Message):
		m.ReplyTo = reply.Message
	case reply.Message != 0 && !reply.MayFail:
		return badRequest("message to be replied not found")
	}
	return nil
}

// fileID begins the ids of all files.
const fileID = "AgACAgUAAxkBAAIB"

// setPhoto takes an uploaded photo, one that the server has already, or the URL of one.
func (s *Server) setPhoto(r *request, m *Message) *apiError {
	m.FileID = r.params["photo"]
	name, attached := strings.CutPrefix(m.FileID, "attach://")
	if !attached {
		name = "photo"
	}
	content, uploaded := r.files[name]
	if uploaded {
		if err := s.checkPhoto(content); err != nil {
			return err
		}
		if !s.opt.Forget {
			m.Photo = content
		}
	}
	var n int
	switch _, err := fmt.Sscanf(m.FileID, fileID+"%d", &n); {
	case uploaded || strings.HasPrefix(m.FileID, "https://"):
		s.lastFile++
		m.FileID = fmt.Sprint(fileID, s.lastFile)
	case m.FileID == "" || attached:
		return badRequest("there is no photo in the request")
	case err != nil || n < 1 || n > s.lastFile:
		return badRequest("wrong file identifier/HTTP URL specified")
	}
	return nil
}

func (s *Server) checkPhoto(content []byte) *apiError {
	if s.opt.Unchecked {
		return nil
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(content))
	long, short := max(size.Width, size.Height), min(size.Width, size.Height)
	switch {
	case len(content) == 0:
		return badRequest("file must be non-empty")
	case len(content) > 10<<20:
		return badRequest("file is too big for a photo; the maximum size is 10485760 bytes")
	case err != nil:
		return badRequest("IMAGE_PROCESS_FAILED")
	case long+short > 10_000 || long > 20*short:
		return badRequest("PHOTO_INVALID_DIMENSIONS")
	}
	return nil
}

func (s *Server) editMessageText(r *request) (any, *apiError) { return s.edit(r, s.setText) }

func (s *Server) editMessageCaption(r *request) (any, *apiError) { return s.edit(r, s.setCaption) }

func (s *Server) editMessageReplyMarkup(r *request) (any, *apiError) {
	return s.edit(r, func(*request, *Message) *apiError { return nil })
}

// edit changes a message of the bot. A keyboard that is not given again is gone.
func (s *Server) edit(r *request, change func(*request, *Message) *apiError) (any, *apiError) {
	if r.has("inline_message_id") { // sent through inline mode, of which nothing is remembered
		s.journal.counts.Edits++
		return true, nil
	}
	c, err := s.recipient(r)
	if err != nil {
		return nil, err
	}
	old, err := s.editable(r, c)
	if err != nil {
		return nil, err
	}
	m := old.copy()
	if err := change(r, &m); err != nil {
		return nil, err
	}
	if err := s.setMarkup(r, &m); err != nil {
		return nil, err
	}
	if m.Text == old.Text && m.HTML == old.HTML && m.Markup == old.Markup && !s.opt.Forget {
		return nil, badRequest("message is not modified: specified new message content and reply markup are " +
			"exactly the same as a current content and reply markup of the message")
	}
	if err := s.admit(c); err != nil {
		return nil, err
	}
	m.Edits = append(m.Edits, Edit{Text: old.Text, HTML: old.HTML, Markup: old.Markup, Time: s.opt.Now()})
	*old = m
	s.journal.counts.Edits++
	return s.accept(r, old), nil
}

// editable finds the message that a request wants to change.
func (s *Server) editable(r *request, c *chat) (*Message, *apiError) {
	id := int(r.number("message_id"))
	m := c.byID[id]
	switch photo := m != nil && m.FileID != ""; {
	case s.opt.Forget:
		return &Message{ID: id, Chat: c.id, Time: s.opt.Now()}, nil
	case !c.has(id):
		return nil, badRequest("message to edit not found")
	case m.From != 0:
		return nil, badRequest("message can't be edited")
	case photo && r.method == "editMessageText":
		return nil, badRequest("there is no text in the message to edit")
	case !photo && r.method == "editMessageCaption":
		return nil, badRequest("there is no caption in the message to edit")
	}
	return m, nil
}

// deletableFor is how long a message can be deleted.
const deletableFor = 48 * time.Hour

func (s *Server) deleteMessage(r *request, c *chat) (any, *apiError) {
	id := int(r.number("message_id"))
	if s.opt.Forget {
		return true, nil
	}
	if !c.has(id) {
		return nil, badRequest("message to delete not found")
	}
	m := c.byID[id]
	foreign := m.From != 0 && c.kind != "private" && c.members[s.botID] != "administrator"
	if foreign || s.opt.Now().Sub(m.Time) > deletableFor {
		return nil, badRequest("message can't be deleted")
	}
	m.Deleted = true
	return true, nil
}

func (s *Server) sendChatAction(r *request, _ *chat) (any, *apiError) {
	actions := []string{"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
		"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"}
	if !slices.Contains(actions, r.params["action"]) {
		return nil, badRequest("wrong parameter action in request")
	}
	return true, nil
}

func (s *Server) getChat(_ *request, c *chat) (any, *apiError) {
	return s.chatObject(c.id), nil
}

func (s *Server) getChatMember(r *request, c *chat) (any, *apiError) {
	user := r.number("user_id")
	status := c.members[user]
	if status == "" {
		status = "member"
	}
	return object{"user": userObject(user), "status": status}, nil
}

func (s *Server) leaveChat(_ *request, c *chat) (any, *apiError) {
	if c.kind == "private" {
		return nil, badRequest("chat member status can't be changed in private chats")
	}
	c.membership("left")
	return true, nil
}

func (s *Server) logOut(*request) (any, *apiError) {
	s.profile.loggedOut = true
	return true, nil
}

func (s *Server) close(*request) (any, *apiError) { return true, nil }
