package bot

import (
	"regexp"
	"strings"

	"tanyanetral/knowledge"
)

// personalActions are those that show or change what concerns one person alone,
// each with the parameter of /start that goes on with it in the private conversation.
var personalActions = map[string]string{"p": "profil", "s": "langganan", "d": "data_saya", "dw": "data_saya", "dq": "data_saya"}

// adminActions are those of administrators alone.
var adminActions = map[string]bool{"b": true, "r": true}

// act does what an action stands for. Ids come from buttons that may be years
// old, and from people who make them up; none acts for anybody but who sent it.
//
//	t:TOPIC              the card of a topic
//	f:TOPIC              ways to pass a topic on; g:TOPIC its picture card
//	k:CATEGORY:PAGE      topics of a category; k: all categories
//	n:QUESTION           none of the topics that were offered for a question of the log
//	v+:TOPIC v-:TOPIC    a vote on an answer
//	w+:TOPIC w-:TOPIC    tell me when the answer changes; no longer
//	q+:QUESTION q-:...   tell me when the question has an answer; no longer
//	d:                   all that is kept; dw:TOPIC and dq:QUESTION end a watch there
//	p:FIELD:VALUE        changes the profile; p: shows it
//	s:REMINDERS          changes the subscription; s: shows it
//	z:VERDICT:TOPIC      what the person thinks of a case; z: another case
//	b:WHAT:ID:VALUE      an administrator makes or steers a broadcast
//	r:WHAT:ID            an administrator looks at what goes out, or changes it
func (t *turn) act(id string) (Reply, error) {
	verb, object, _ := strings.Cut(id, ":")
	if start, ok := personalActions[verb]; ok && !t.personal() {
		return privately(start), nil
	}
	if adminActions[verb] && !t.admin() {
		return gone(), nil
	}
	switch verb {
	case "t":
		return t.withTopic(object, t.show)
	case "k":
		return t.browse(object), nil
	case "n":
		if object == "" || questionID.MatchString(object) {
			return t.unknown(object), nil
		}
	case "f":
		return t.withTopic(object, t.share)
	case "g":
		if topic, ok := t.base.Topic(object); ok {
			return t.picture(topic)
		}
	case "v+":
		return t.withTopic(object, func(topic knowledge.Topic) Reply { return t.vote(topic, 1) })
	case "v-":
		return t.withTopic(object, func(topic knowledge.Topic) Reply { return t.vote(topic, -1) })
	case "w+":
		return t.withTopic(object, t.watch)
	case "w-":
		return t.unwatch(object), nil
	case "q+":
		return t.watchQuestion(object)
	case "q-":
		return t.unwatchQuestion(object), nil
	case "d":
		return t.kept(), nil
	case "dw":
		return t.keptWithout(ofTopic(object)), nil
	case "dq":
		return t.keptWithout(ofQuestion(object)), nil
	case "p":
		return t.profile(strings.Replace(object, ":", " ", 1)), nil
	case "s":
		return t.subscribe(object), nil
	case "z":
		return t.quiz(object)
	case "b":
		return t.broadcastAction(object)
	case "r":
		return t.reminderAction(object)
	}
	return gone(), nil
}

// withTopic replies with what f makes of a topic, if there still is one of that id.
func (t *turn) withTopic(id string, f func(knowledge.Topic) Reply) (Reply, error) {
	topic, ok := t.base.Topic(id)
	if !ok {
		return gone(), nil
	}
	return f(topic), nil
}

// questionID is the form of the ids that log makes.
var questionID = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}-[0-9a-f]{16}$`)
