package evaluate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
)

// Floor is a figure that must be reached.
type Floor struct {
	Name  string
	Bound float64
}

// floorNames are the figures that floors can be set for; those with most are upper bounds.
var floorNames = map[string]struct {
	most  bool
	value func(*Report) float64
}{
	"best":       {false, func(r *Report) float64 { return r.Best.Share }},
	"offered":    {false, func(r *Report) float64 { return r.RightOrOffered.Share }},
	"at-once":    {false, func(r *Report) float64 { return r.RightAtOnce.Share }},
	"wrong":      {true, func(r *Report) float64 { return r.Wrong.Share }},
	"permissive": {true, func(r *Report) float64 { return r.WrongPermissive.Share }},
	"other":      {true, func(r *Report) float64 { return r.OtherAnswered.Share }},
	"cost":       {true, func(r *Report) float64 { return r.Cost }},
}

// ParseFloors reads "best=0.8,wrong=0.03".
func ParseFloors(s string) ([]Floor, error) {
	var floors []Floor
	for part := range strings.SplitSeq(s, ",") {
		if part == "" {
			continue
		}
		name, bound, _ := strings.Cut(part, "=")
		value, err := strconv.ParseFloat(bound, 64)
		if _, ok := floorNames[name]; !ok || err != nil || math.IsNaN(value) {
			return nil, fmt.Errorf("%q is not NAME=NUMBER with one of the names %s", part, strings.Join(sortedFloorNames(), ", "))
		}
		floors = append(floors, Floor{name, value})
	}
	return floors, nil
}

func sortedFloorNames() []string {
	var names []string
	for name := range floorNames {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Missed lists the floors that were not reached, a line each.
func (r *Report) Missed(floors []Floor) []string {
	var missed []string
	for _, f := range floors {
		figure := floorNames[f.Name]
		value := figure.value(r)
		if figure.most && value > f.Bound {
			missed = append(missed, fmt.Sprintf("%s is %.4f, at most %.4f is allowed", f.Name, value, f.Bound))
		}
		if !figure.most && value < f.Bound {
			missed = append(missed, fmt.Sprintf("%s is %.4f, at least %.4f is needed", f.Name, value, f.Bound))
		}
	}
	return missed
}

// CrossValidate asks each hand's questions of a matcher that has not seen them.
func (r *Report) CrossValidate() {
	match.CrossValidate(r.base, func(m *match.Matcher, _ string, unseen []knowledge.Phrasing) {
		for _, p := range unseen {
			q := Question{Style: p.Hand, Text: p.Question}
			if p.Topic != "-" {
				q.Topics = append(q.Topics, p.Topic)
				if p.Alternative != "" {
					q.Topics = append(q.Topics, p.Alternative)
				}
			}
			r.Add(q, m.Match(p.Question, ""))
		}
	})
}
