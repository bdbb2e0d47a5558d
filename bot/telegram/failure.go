package telegram

import (
	"errors"
	"net/http"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// failure is what an error of the Bot API means for what is to be done.
type failure int

const (
	temporary   failure = iota // network, server: try again
	tooMany                    // wait before anything else is sent
	unreachable                // blocked, deactivated, kicked, no such chat: final for the chat
	migrated                   // the group has a new id
	badMarkup                  // our markup does not parse
	notModified                // an edit that changes nothing
	notEditable                // the message to edit is gone
	refused                    // final for this request
	badToken                   // final for the program
	conflict                   // somebody else takes the updates
)

// assess tells the kinds of errors apart, with how long to wait or the new id of
// the chat. It decides on parameters and description where the code is missing:
// the library drops it from answers to uploads.
func assess(err error) (kind failure, wait time.Duration, movedTo int64) {
	var answer *tgbotapi.Error
	if !errors.As(err, &answer) {
		return temporary, 0, 0
	}
	description := strings.ToLower(answer.Message)
	has := func(parts ...string) bool {
		for _, part := range parts {
			if strings.Contains(description, part) {
				return true
			}
		}
		return false
	}
	code := codeOf(answer)
	switch {
	case answer.RetryAfter > 0:
		return tooMany, time.Duration(answer.RetryAfter) * time.Second, 0
	case code == http.StatusTooManyRequests:
		return tooMany, time.Second, 0
	case answer.MigrateToChatID != 0:
		return migrated, 0, answer.MigrateToChatID
	case code == http.StatusForbidden,
		code == http.StatusBadRequest && has("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "group chat was deactivated", "bot was kicked"):
		return unreachable, 0, 0
	case code == http.StatusUnauthorized, code == http.StatusNotFound:
		return badToken, 0, 0
	case code == http.StatusConflict:
		return conflict, 0, 0
	case code >= http.StatusInternalServerError:
		return temporary, 0, 0
	case has("can't parse entities", "can't find end of", "unsupported start tag"):
		return badMarkup, 0, 0
	case has("message is not modified"):
		return notModified, 0, 0
	case has("message to edit not found", "message can't be edited", "message_id_invalid", "there is no text in the message to edit"):
		return notEditable, 0, 0
	}
	return refused, 0, 0
}

// codeOf is the code of an answer, taken from the words it begins with where it is missing.
func codeOf(answer *tgbotapi.Error) int {
	if answer.Code != 0 {
		return answer.Code
	}
	for _, code := range []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
		http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable,
	} {
		if strings.HasPrefix(answer.Message, http.StatusText(code)) {
			return code
		}
	}
	return 0
}
