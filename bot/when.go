package bot

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tanyanetral/knowledge"
)

const errWhen Mistake = "Waktu itu tidak saya pahami. Contoh: besok 08.00, atau 27/11/2026 08.00 WITA, atau sekarang."

var whenForm = regexp.MustCompile(`^(?:(hari ini|besok|lusa|\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2} \pL+ \d{4}) )?(?:(?:pukul|jam) )?(\d{1,2})(?:[.:](\d{2}))?(?: (wib|wita|wit))?$`)

// When reads a moment as people type it: "besok 08.00", "27/11/2026 08.00 WITA",
// "27 November 2026 pukul 08.00", "08.00" or "8" for today. Where it names no
// timezone it is in that of now. "sekarang" is the zero time. The error is a Mistake.
func When(typed string, now time.Time) (time.Time, error) { return WhenOn(typed, now, now) }

// WhenOn is When, but that a time alone is one of the day given, not of today.
func WhenOn(typed string, now, day time.Time) (time.Time, error) {
	typed = strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(typed, ",", " ")), " "))
	if typed == "sekarang" {
		return time.Time{}, nil
	}
	m := whenForm.FindStringSubmatch(typed)
	if m == nil {
		return time.Time{}, errWhen
	}
	zone := now.Location()
	if m[4] != "" {
		var err error
		if zone, err = time.LoadLocation(zones[m[4]]); err != nil {
			return time.Time{}, errWhen // unreachable: the program has the timezones within it
		}
	}
	year, month, date := day.In(zone).Date()
	if m[1] != "" {
		year, month, date = dayNamed(m[1], now.In(zone))
	}
	hour, _ := strconv.Atoi(m[2]) // the form has digits only
	minute, _ := strconv.Atoi(cmp.Or(m[3], "00"))
	if year < 2000 { // a slip; and long ago the timezones were others
		return time.Time{}, errWhen
	}
	at := time.Date(year, month, date, hour, minute, 0, 0, zone)
	if at.Day() != date || at.Month() != month || at.Hour() != hour || at.Minute() != minute {
		return time.Time{}, errWhen // there is no such day or hour
	}
	return at, nil
}

// dayNamed is the day that a text of the form names, the zeroth of a month where there is no such.
func dayNamed(name string, now time.Time) (year int, month time.Month, day int) {
	switch name {
	case "hari ini":
		return now.Date()
	case "besok":
		return now.AddDate(0, 0, 1).Date()
	case "lusa":
		return now.AddDate(0, 0, 2).Date()
	}
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == '-' || r == ' ' })
	if strings.Contains(name, "-") {
		parts[0], parts[2] = parts[2], parts[0]
	}
	day, _ = strconv.Atoi(parts[0])
	year, _ = strconv.Atoi(parts[2])
	number, err := strconv.Atoi(parts[1])
	if err != nil {
		number = monthNamed(parts[1])
	}
	return year, time.Month(number), day
}

// monthNamed is the number of a month by its Indonesian name, or the first three
// letters of it; 0 where there is none.
func monthNamed(name string) int {
	for m := time.January; m <= time.December; m++ {
		full := strings.ToLower(strings.Fields(knowledge.NewDate(2000, m, 1).Indonesian())[1])
		if name == full || len(name) == 3 && strings.HasPrefix(full, name) {
			return int(m)
		}
	}
	return 0
}

var weekdays = [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}

// moment writes a time with its day and timezone: "Jumat, 27 November 2026 pukul
// 08.00 WITA". One that is not in a timezone of Indonesia is shown in the bot's.
func (b *Bot) moment(t time.Time) string {
	if indonesianZone(t) == "" {
		t = t.In(b.Zone)
	}
	return fmt.Sprintf("%s, %s pukul %s %s", weekdays[t.Weekday()], knowledge.DateOf(t).Indonesian(), t.Format("15.04"), cmp.Or(indonesianZone(t), t.Format("MST")))
}

// indonesianZone is what the offset of a time is called in Indonesia, "" for any other.
func indonesianZone(t time.Time) string {
	switch _, offset := t.Zone(); offset {
	case 7 * 60 * 60:
		return "WIB"
	case 8 * 60 * 60:
		return "WITA"
	case 9 * 60 * 60:
		return "WIT"
	}
	return ""
}

// AtNight tells whether a moment lies, in its own timezone, in the hours in which nobody is written to.
func AtNight(t time.Time) bool {
	clock := knowledge.Clock(t.Hour()*60 + t.Minute())
	return clock >= knowledge.QuietFrom || clock < knowledge.QuietTo
}

// lasted is a duration as people say it.
func lasted(d time.Duration) string {
	minutes := int(d.Minutes())
	hours := minutes / 60
	switch {
	case minutes < 1:
		return "kurang dari satu menit"
	case hours < 1:
		return fmt.Sprintf("%d menit", minutes)
	}
	return fmt.Sprintf("%d jam %d menit", hours, minutes%60)
}
