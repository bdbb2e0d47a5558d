package bot_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"tanyanetral/bot"
)

func TestMask(t *testing.T) {
	tests := []struct{ question, want string }{
		// Numbers that name somebody, as people write them.
		{"NIP 198001012005011001 boleh ikut?", "NIP [nomor] boleh ikut?"},
		{"nip 19800101 200501 1 001", "nip [nomor]"},
		{"NIP. 19800101.200501.1.001!", "NIP. [nomor]!"},
		{"nik 3201011203450001 dicatut partai", "nik [nomor] dicatut partai"},
		{"NIK: 3201-0112-0345-0001", "NIK: [nomor]"},
		{"hp saya 0812-3456-7890 ya", "hp saya [nomor] ya"},
		{"081234567890", "[nomor]"},
		{"wa +62 812 3456 7890", "wa [nomor]"},
		{"wa (0812) 3456 7890", "wa ([nomor]"},
		{"+62-812-3456-7890", "[nomor]"},
		{"telp 021/7654321", "telp [nomor]"},
		{"0812.3456.7890 atau 0857 1234 5678", "[nomor] atau [nomor]"},
		{"0812_3456_7890", "[nomor]"},
		{"0812\n3456\n7890", "[nomor]"},
		{"0812\u200b3456\u200b7890", "[nomor]"},
		{"0812–3456–7890", "[nomor]"},
		{"rekening 1234567", "rekening [nomor]"},
		{"０８１２３４５６７８９０", "[nomor]"},
		{"rp 08123456789", "rp [nomor]"},
		{"13/20245678901", "[nomor]"},
		{"021/2024 567", "[nomor]"},
		// Accounts, addresses, links.
		{"email budi.santoso@contoh.go.id boleh?", "email [surel] boleh?"},
		{"budi @ contoh.com", "[surel]"},
		{"akun @budi_caleg dan @siti.99", "akun [akun] dan [akun]"},
		{"lihat https://contoh.id/profil/budi?x=1 ini", "lihat [tautan] ini"},
		{"www.contoh.com/budi", "[tautan]"},
		{"t.me/budi wa.me/628123 facebook.com/budi.santoso", "[tautan] [tautan] [tautan]"},
		{"HTTPS://Contoh.ID/Budi", "[tautan]"},
		{"https://x.com/@budi", "[tautan]"},
		{"https://budi@contoh.id/x", "[tautan]"},
		// What a question turns on stays.
		{"PKPU 13/2024 berlaku?", "PKPU 13/2024 berlaku?"},
		{"PKPU 13/2024 27 November 2024", "PKPU 13/2024 27 November 2024"},
		{"pasal 9 ayat (2) UU 20/2023", "pasal 9 ayat (2) UU 20/2023"},
		{"UU 1/2015 jo. UU 10/2016", "UU 1/2015 jo. UU 10/2016"},
		{"27 November 2024 jam 08.00", "27 November 2024 jam 08.00"},
		{"tahun 2024 dan 2029", "tahun 2024 dan 2029"},
		{"disuruh nyumbang Rp 5.000.000", "disuruh nyumbang Rp 5.000.000"},
		{"Rp5.000.000 atau rp. 10.000.000,00", "Rp5.000.000 atau rp. 10.000.000,00"},
		{"uang 500.000", "uang 500.000"},
		{"125000 orang, 45 TPS, 3 kecamatan", "125000 orang, 45 TPS, 3 kecamatan"},
		{"suami/istri dan/atau anak", "suami/istri dan/atau anak"},
		{"like atau komen? boleh. tidak", "like atau komen? boleh. tidak"},
		{"jam 8 @ kantor", "jam 8 @ kantor"},
		{"", ""},
	}
	for _, test := range tests {
		if got := bot.Mask(test.question); got != test.want {
			t.Errorf("%q: got %q, want %q", test.question, got, test.want)
		}
	}
}

// TestMaskKeepsTheEnd: people ask at the end of a long story.
func TestMaskKeepsTheEnd(t *testing.T) {
	got := bot.Mask(strings.Repeat("é", 5000) + " boleh ga?")
	if !strings.HasPrefix(got, "…é") || !strings.HasSuffix(got, "é boleh ga?") || len(got) > 503 || !utf8.ValidString(got) {
		t.Errorf("got %d bytes: %.20q", len(got), got)
	}
}

var (
	longNumber = regexp.MustCompile(`\d{7}`)
	account    = regexp.MustCompile(`@\pL\pL`)
)

func FuzzMask(f *testing.F) {
	for _, seed := range []string{"NIP 19800101 200501 1 001", "budi@contoh.id", "@budi", "Rp 5.000.000", "PKPU 13/2024", "https://x.id/y", "\xff0812", "+62 (812) 3456-7890"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, question string) {
		got := bot.Mask(question)
		if !utf8.ValidString(got) || len(got) > 503 {
			t.Errorf("got %d bytes: %q", len(got), got)
		}
		if longNumber.MatchString(got) || account.MatchString(got) {
			t.Errorf("%q: got %q", question, got)
		}
	})
}
