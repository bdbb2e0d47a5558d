package knowledge

import (
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Date is a day of the calendar, without time or zone; the zero Date is no day.
type Date struct {
	t time.Time // midnight UTC
}

// NewDate returns a day.
func NewDate(year int, month time.Month, day int) Date {
	return Date{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
}

// DateOf returns the day that t falls on in its own location.
func DateOf(t time.Time) Date { return NewDate(t.Date()) }

// ParseDate reads a day written as 2026-11-22.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("tanggal %q tidak berbentuk TTTT-BB-HH", s)
	}
	return Date{t}, nil
}

// UnmarshalYAML reads a day written as 2026-11-22, quoted or not. The error names the line.
func (d *Date) UnmarshalYAML(node ast.Node) error {
	date, err := ParseDate(strings.Trim(node.String(), "\"' \n"))
	if err != nil {
		return &yaml.SyntaxError{Message: err.Error(), Token: node.GetToken()}
	}
	*d = date
	return nil
}

func (d Date) IsZero() bool           { return d.t.IsZero() }
func (d Date) Before(other Date) bool { return d.t.Before(other.t) }
func (d Date) String() string         { return d.t.Format(time.DateOnly) }

// DaysUntil returns the number of days from d to other, negative where other is earlier.
func (d Date) DaysUntil(other Date) int { return int(other.t.Sub(d.t) / (24 * time.Hour)) }

var months = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}

// Indonesian writes the day as people read it: 22 November 2026.
func (d Date) Indonesian() string {
	year, month, day := d.t.Date()
	return fmt.Sprintf("%d %s %d", day, months[month-1], year)
}
