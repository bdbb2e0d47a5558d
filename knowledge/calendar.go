package knowledge

import (
	"slices"
	"strings"
	"time"
)

// AddDays returns the day n days later, or earlier where n is negative.
func (d Date) AddDays(n int) Date { return Date{d.t.AddDate(0, 0, n)} }

// Title is the name of the election with its region: Pilkada 2024, Pemilihan ulang 2025 di Kabupaten Bangka.
func (e Election) Title() string {
	if strings.Contains(e.Name, e.Region) {
		return e.Name
	}
	return e.Name + " di " + e.Region
}

// Moment returns the moment at which a day has come to a time of day where the election is held.
func (e Election) Moment(d Date, c Clock) time.Time {
	year, month, day := d.t.Date()
	return time.Date(year, month, day, 0, int(c), 0, 0, e.location)
}

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
