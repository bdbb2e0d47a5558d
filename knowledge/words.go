package knowledge

// year is how old an answer may grow before it wants checking again, and how
// long a change of it is news.
const year = 365 // days

// Word is the verdict as people read it, "" for one that is not known.
func (v Verdict) Word() string {
	switch v {
	case Boleh:
		return "Boleh"
	case Bersyarat:
		return "Boleh dengan syarat"
	case Dilarang:
		return "Dilarang"
	case Info:
		return "Informasi"
	}
	return ""
}

// Caution says, on a line of its own, how far an answer can be relied on; "" where
// it is well founded.
func (c Confidence) Caution() string {
	switch c {
	case Cukup:
		return "Catatan: sumber tentang hal ini terbatas atau tidak seragam. Pastikan ke BKPSDMD sebelum bertindak."
	case Inferensi:
		return "Catatan: belum ditemukan aturan tertulis khusus tentang hal ini; jawaban disimpulkan dari aturan lain. Bila ragu, tanyakan dahulu ke BKPSDMD."
	}
	return ""
}

// Stale tells whether the answer was last checked more than a year ago. On the
// zero Date it was not.
func (t Topic) Stale(today Date) bool { return t.Verified.DaysUntil(today) > year }

// Checked says when the answer was last checked, and warns where it is stale.
func (t Topic) Checked(today Date) string {
	line := "Diperiksa " + t.Verified.Indonesian() + "."
	if t.Stale(today) {
		line += " Sudah lebih dari setahun: pastikan tidak ada aturan baru."
	}
	return line
}

// Zones are the timezones of Indonesia by the names that people use, in lower case.
func Zones() map[string]string {
	return map[string]string{"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
}
