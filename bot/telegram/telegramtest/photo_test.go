package telegramtest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime/multipart"
	"testing"

	"tanyanetral/bot/telegram/telegramtest"
)

func TestPhotosAreChecked(t *testing.T) {
	_, s := newBot(t, telegramtest.Options{})
	small := picture(200, 10)
	tests := []struct {
		name, field string
		content     []byte
		want        string
	}{
		{"photo", "photo", small, ""},
		{"attached", "lampiran", small, ""},
		{"empty", "photo", nil, "file must be non-empty"},
		{"no picture", "photo", []byte("teks"), "IMAGE_PROCESS_FAILED"},
		{"too long a side", "photo", picture(201, 10), "PHOTO_INVALID_DIMENSIONS"},
		{"too wide and high", "photo", picture(9000, 1001), "PHOTO_INVALID_DIMENSIONS"},
		{"too many bytes", "photo", append(picture(10, 10), make([]byte, 10<<20)...),
			"file is too big for a photo; the maximum size is 10485760 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := upload(t, s, test.field, test.content)
			if test.want == "" && !got.OK {
				t.Errorf("refused: %s", got.Description)
			}
			if test.want != "" {
				wantError(t, got, 400, "Bad Request: "+test.want)
			}
		})
	}
	sent := s.Chat(42).Sent()
	if len(sent) != 2 || !bytes.Equal(sent[0].Photo, small) || sent[0].FileID == sent[1].FileID {
		t.Errorf("got %d photos, want the two with bytes and ids", len(sent))
	}
}

// upload sends a photo as the file of a field; unless it is "photo", the parameter says that it is attached.
func upload(t *testing.T, s *telegramtest.Server, field string, content []byte) reply {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile(field, "kartu.png")
	if err != nil {
		t.Fatal(err)
	}
	_, wrote := part.Write(content)
	err = errors.Join(wrote, w.WriteField("chat_id", "42"))
	if field != "photo" {
		err = errors.Join(err, w.WriteField("photo", "attach://"+field))
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	resp, err := s.Client().Post(s.URL()+"/bot"+s.Token()+"/sendPhoto", w.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var r reply
	if err := json.NewDecoder(resp.Body).Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}
