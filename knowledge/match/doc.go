// Package match finds the topic that a question asks for, or the few that it
// may ask for, or says that it asks for none.
//
// What is learned, once, when a Matcher is made: a multinomial logistic
// regression over words, stems, pairs, concepts and runs of letters (linear.go,
// learner.go), and an index of all phrasings to find the nearest
// (neighbours.go). Phrasings and background questions of the knowledge are all
// that it learns from (vectors.go). All of it is kept in small, flat tables
// (sparse.go): the program shares its memory with the records of many people.
//
// What happens to a question (Match reads top to bottom):
//
//	social.go     greetings, thanks, distress are recognised by rule
//	analyse.go    text -> words -> stems, concepts, features
//	rank.go       features -> candidates with calibrated probabilities
//	followup.go   the same, knowing the last topic, where the question leans on it
//	decide.go     probabilities -> the outcome with the least expected cost
//	several.go    a message that clearly holds several questions
//	aspect.go     a question about the sanction or the basis of the last answer
//
// The few numbers that weigh the scorers against each other and make the
// decision more cautious than its costs alone are in data/params.json. Tune
// chooses them by leaving out one hand's phrasings at a time, so that they hold
// for people who wrote none.
package match
