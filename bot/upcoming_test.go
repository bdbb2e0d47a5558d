package bot_test

import (
	"strings"
	"testing"
	"time"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// TestReminderOfAnyDayIsDecidedAbout: far ahead, late, and where it was moved to.
func TestReminderOfAnyDayIsDecidedAbout(t *testing.T) {
	w := newWorld(t)
	w.bot.Upcoming = plan(w.state)
	at := time.Date(2026, time.November, 24, 7, 0, 0, 0, jakarta)

	w.now = at.AddDate(0, -3, 0)
	if u, err := w.bot.Skip(reminderID, "9"); err != nil || u.State != string(store.Skipped) {
		t.Errorf("three months ahead: got %+v, %v", u, err)
	}
	if u, err := w.bot.Move(reminderID, "9", at.Add(time.Hour)); err != nil || u.State != string(store.Scheduled) {
		t.Errorf("and back: got %+v, %v", u, err)
	}
	w.now = at.Add(3 * time.Hour) // and no bot ran
	if u, err := w.bot.Skip(reminderID, "9"); err != nil || u.State != string(store.Skipped) {
		t.Errorf("when it is late: got %+v, %v", u, err)
	}
	if got := w.delivery(reminderID); got.State != store.Skipped {
		t.Errorf("kept %+v", got)
	}
}

// TestReminderThatWasMovedIsMovedBack: its own day counts, not that to which it was moved.
func TestReminderThatWasMovedIsMovedBack(t *testing.T) {
	w := newWorld(t)
	planned := plan(w.state)
	w.bot.Upcoming = func(from, to time.Time) []bot.Upcoming {
		all := planned(from, to)
		for i := range all {
			all[i].Until = all[i].Until.AddDate(0, 0, 2)
		}
		return all
	}
	at := time.Date(2026, time.November, 24, 9, 0, 0, 0, jakarta)
	for _, to := range []time.Time{at.AddDate(0, 0, 1), at} {
		if u, err := w.bot.Move(reminderID, "9", to); err != nil || !u.At.Equal(to) {
			t.Errorf("to %s: got %s, %v", to, u.At, err)
		}
	}
}

// TestReminderThatIsOver: it cannot be decided about, and that is why.
func TestReminderThatIsOver(t *testing.T) {
	w := newWorld(t)
	w.bot.Upcoming = plan(w.state)
	w.now = time.Date(2027, time.January, 24, 7, 0, 0, 0, jakarta)
	if _, err := w.bot.Skip(reminderID, "9"); err == nil || !strings.Contains(err.Error(), "Pengingat ini sudah lewat") {
		t.Errorf("got %v", err)
	}
	if _, err := w.bot.Skip("2026-11-24-00000000000000ff", "9"); err == nil || !strings.Contains(err.Error(), "tidak ada") {
		t.Errorf("one that never was: got %v", err)
	}
}
