package knowledge

import (
	"slices"
	"time"
)

// StagePhase tells where a day stands to a stage.
type StagePhase int

const (
	Past StagePhase = iota
	Running
	Coming
)

// StageOn is a stage of an election as seen on a day.
type StageOn struct {
	Election Election
	Stage    Stage
	Phase    StagePhase
	Days     int // left till the last day where Running, till the first where Coming
}

// StagesOn returns the stages of all elections as seen at a moment, each in
// its election's own timezone, in order of their first day.
func (b *Base) StagesOn(now time.Time) []StageOn {
	var stages []StageOn
	for _, e := range b.Elections {
		today := DateOf(now.In(e.location))
		for _, s := range e.Stages {
			on := StageOn{Election: e, Stage: s}
			switch {
			case s.To.Before(today):
				on.Phase = Past
			case today.Before(s.From):
				on.Phase, on.Days = Coming, today.DaysUntil(s.From)
			default:
				on.Phase, on.Days = Running, today.DaysUntil(s.To)
			}
			stages = append(stages, on)
		}
	}
	slices.SortStableFunc(stages, func(a, b StageOn) int { return b.Stage.From.DaysUntil(a.Stage.From) })
	return stages
}
