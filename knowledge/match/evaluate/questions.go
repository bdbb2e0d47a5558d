// Package evaluate measures a matcher on labelled questions: how often it is
// right, what its mistakes would cost the people who ask, and how it compares
// with plainer methods.
package evaluate

import (
	"fmt"
	"strings"

	"tanyanetral/knowledge"
)

// Question is a question with the topics of which each is a right answer, none for another subject.
type Question struct {
	Topics []string
	Style  string
	Text   string
}

// header is the first line of a file of labelled questions.
const header = "topic\tstyle\tquestion"

// ParseQuestions reads lines of "topic<TAB>style<TAB>question" below a header.
// Topic "-" is another subject, "a|b" means that either is right. Problems are
// reported with the line; exists tells whether there is a topic with an id.
func ParseQuestions(file, text string, exists func(id string) bool) ([]Question, []knowledge.Problem) {
	var questions []Question
	var problems []knowledge.Problem
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		switch {
		case n == 1:
			if line != header {
				problems = append(problems, knowledge.Problem{File: file, Line: n, What: "baris pertama harus \"topic<TAB>style<TAB>question\""})
			}
			continue
		case strings.TrimSpace(line) == "":
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 3 || cells[0] == "" || strings.TrimSpace(cells[2]) == "" {
			problems = append(problems, knowledge.Problem{File: file, Line: n, What: "baris harus berisi topik, gaya, dan pertanyaan yang dipisah tab"})
			continue
		}
		q := Question{Style: cells[1], Text: cells[2]}
		if cells[0] != "-" {
			q.Topics = strings.Split(cells[0], "|")
			for _, id := range q.Topics {
				if !exists(id) {
					problems = append(problems, knowledge.Problem{File: file, Line: n, What: fmt.Sprintf("topik %q tidak ada", id)})
				}
			}
		}
		questions = append(questions, q)
	}
	if len(questions) == 0 && len(problems) == 0 {
		problems = append(problems, knowledge.Problem{File: file, Line: max(n, 1), What: "tidak ada pertanyaan"})
	}
	return questions, problems
}
