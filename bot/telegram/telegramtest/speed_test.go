package telegramtest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"tanyanetral/bot/telegram/telegramtest"
)

// BenchmarkSendMessage is one message over the network and its answer, clients included.
func BenchmarkSendMessage(b *testing.B) {
	for name, opt := range map[string]telegramtest.Options{
		"bare":    {Unchecked: true, Forget: true},
		"checked": {Forget: true},
	} {
		b.Run(name, func(b *testing.B) {
			s := telegramtest.Start(b, opt)
			client := s.Client()
			url := s.URL() + "/bot" + s.Token() + "/sendMessage"
			var person atomic.Int64
			b.ReportAllocs()
			b.SetParallelism(16)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					body := fmt.Sprintf("chat_id=%d&text=<b>Boleh</b>&parse_mode=HTML", person.Add(1))
					if err := post(client, url, body); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(s.Counts().Messages)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}

func post(client *http.Client, url, body string) error {
	resp, err := client.Post(url, "application/x-www-form-urlencoded", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// BenchmarkGetUpdates is one update, queued and fetched with 99 others.
func BenchmarkGetUpdates(b *testing.B) {
	s := telegramtest.Start(b, telegramtest.Options{Unchecked: true, Forget: true})
	client := s.Client()
	url := s.URL() + "/bot" + s.Token() + "/getUpdates"
	var offset int64
	for i := range b.N {
		offset = s.Person(int64(i + 1)).Say("boleh pakai kaos caleg?")
		if i%100 == 99 {
			if err := post(client, url, fmt.Sprint("timeout=1&offset=", offset-99)); err != nil {
				b.Fatal(err)
			}
		}
	}
}
