package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tanyanetral/bot"
)

func TestWhen(t *testing.T) {
	now := time.Date(2026, time.December, 31, 9, 30, 0, 0, jakarta)
	tests := map[string]string{ // "" for what is no time
		"besok 08.00":                       "2027-01-01T08:00:00+07:00",
		"Besok pukul 8:05":                  "2027-01-01T08:05:00+07:00",
		"lusa jam 23.59 WIT":                "2027-01-02T23:59:00+09:00",
		"  BESOK ,  08.00  wita ":           "2027-01-01T08:00:00+08:00",
		"hari ini 10.00":                    "2026-12-31T10:00:00+07:00",
		"10.00":                             "2026-12-31T10:00:00+07:00",
		"pukul 00.00":                       "2026-12-31T00:00:00+07:00",
		"27/11/2027 08.00 WITA":             "2027-11-27T08:00:00+08:00",
		"1/2/2027 08.00":                    "2027-02-01T08:00:00+07:00",
		"29/02/2028 08.00":                  "2028-02-29T08:00:00+07:00",
		"2027-11-27 08:00":                  "2027-11-27T08:00:00+07:00",
		"27 November 2027 pukul 08.00 wib":  "2027-11-27T08:00:00+07:00",
		"3 mei 2027, 08.00":                 "2027-05-03T08:00:00+07:00",
		"3 Agu 2027 08.00":                  "2027-08-03T08:00:00+07:00",
		"sekarang":                          "0001-01-01T00:00:00Z",
		"":                                  "",
		"besok":                             "",
		"10":                                "2026-12-31T10:00:00+07:00",
		"jam 0":                             "2026-12-31T00:00:00+07:00",
		"besok 8":                           "2027-01-01T08:00:00+07:00",
		"besok jam 08 WITA":                 "2027-01-01T08:00:00+08:00",
		"3 mei 2027 23":                     "2027-05-03T23:00:00+07:00",
		"24":                                "",
		"010":                               "",
		"8.5":                               "",
		"8.":                                "",
		"-8":                                "",
		"jam":                               "",
		"8 malam":                           "",
		"3 mei 2027":                        "",
		"besok 24.00":                       "",
		"besok 08.60":                       "",
		"besok 08.00 gmt":                   "",
		"besok 08.00 dan 09.00":             "",
		"31/02/2027 08.00":                  "",
		"29/02/2027 08.00":                  "",
		"0/1/2027 08.00":                    "",
		"1/0/2027 08.00":                    "",
		"1/13/2027 08.00":                   "",
		"27/11 08.00":                       "",
		"27/11/27 08.00":                    "",
		"27/11/0026 08.00 WITA":             "",
		"27 nopember 2027 08.00":            "",
		"27 n 2027 08.00":                   "",
		"besok 08.00; hapus":                "",
		"08.00 besok":                       "",
		strings.Repeat("9", 400) + ".00":    "",
		"99999999999999999999/1/2027 08.00": "",
	}
	for typed, want := range tests {
		at, err := bot.When(typed, now)
		got := at.Format(time.RFC3339)
		if err != nil {
			got = ""
			if _, ok := errors.AsType[bot.Mistake](err); !ok {
				t.Errorf("%q: %v is not for people", typed, err)
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
}

// TestWhenOn: only a time that names no day is one of the day given.
func TestWhenOn(t *testing.T) {
	now := time.Date(2026, time.November, 26, 9, 30, 0, 0, jakarta)
	day := time.Date(2026, time.December, 5, 8, 0, 0, 0, jakarta)
	for typed, want := range map[string]string{
		"10.00": "2026-12-05T10:00:00+07:00", "jam 10": "2026-12-05T10:00:00+07:00", "7 wit": "2026-12-05T07:00:00+09:00",
		"hari ini 10.00": "2026-11-26T10:00:00+07:00", "besok 8": "2026-11-27T08:00:00+07:00", "lusa 08.00 WITA": "2026-11-28T08:00:00+08:00",
		"6/12/2026 09.00": "2026-12-06T09:00:00+07:00",
	} {
		if at, err := bot.WhenOn(typed, now, day); err != nil || at.Format(time.RFC3339) != want {
			t.Errorf("%q: got %v, error %v, want %s", typed, at, err, want)
		}
	}
}

// TestWhenCountsDaysWhereTheTimeIs: at 23.30 in the west it is tomorrow in the east.
func TestWhenCountsDaysWhereTheTimeIs(t *testing.T) {
	now := time.Date(2026, time.November, 22, 23, 30, 0, 0, jakarta)
	for typed, want := range map[string]string{"besok 08.00": "2026-11-23T08:00:00+07:00", "besok 08.00 WIT": "2026-11-24T08:00:00+09:00"} {
		if at, err := bot.When(typed, now); err != nil || at.Format(time.RFC3339) != want {
			t.Errorf("%q: got %v, error %v, want %s", typed, at, err, want)
		}
	}
}

// FuzzWhen: what is read as a time is read as the same one when it is written out.
func FuzzWhen(f *testing.F) {
	for _, seed := range []string{"besok 08.00", "27/11/2026 08.00 WITA", "3 mei 2027 pukul 08.00", "2026-11-27 08:00", "sekarang", "lusa, jam 7.15 wit", "31/02/2026 25.61", "besok jam 8", "10", "3 mei 2027 24 wita"} {
		f.Add(seed)
	}
	now := time.Date(2026, time.November, 22, 9, 0, 0, 0, jakarta)
	f.Fuzz(func(t *testing.T, typed string) {
		at, err := bot.When(typed, now)
		if err != nil || at.IsZero() || at.Year() > 9998 {
			return
		}
		written := at.In(jakarta).Format("02/01/2006 15.04")
		if again, err := bot.When(written, now); err != nil || !again.Equal(at) {
			t.Errorf("%q is %v, but %q is %v, error %v", typed, at, written, again, err)
		}
	})
}
