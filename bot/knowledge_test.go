package bot_test

import (
	"fmt"
	"strings"
	"sync"
	"testing/fstest"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/match"
)

// Topics of the region whose knowledge some tests use.
const (
	changedTopic = "medsos-like"    // with another verdict
	foundedTopic = "medsos-comment" // with another basis
	newTopic     = "cuti-haji"
	longTopic    = "panjang"
)

// regional is the embedded knowledge with that of a region, and its matcher.
var regional = sync.OnceValues(func() (*knowledge.Base, *match.Matcher) {
	base, _ := embedded()
	verdict := func(id string) knowledge.Verdict { topic, _ := base.Topic(id); return topic.Verdict }
	topics := strings.Join([]string{
		topicYAML(changedTopic, "Bolehkah menyukai (like) unggahan calon atau partai?", knowledge.Bersyarat, "Boleh dengan syarat.", "skb-2022", "like unggahan calon"),
		topicYAML(foundedTopic, "Bolehkah berkomentar pada unggahan calon atau partai?", verdict(foundedTopic), "Tidak boleh.", "uu-20-2023", "komentar di unggahan calon"),
		topicYAML(newTopic, "Bolehkah cuti haji pada masa kampanye?", knowledge.Boleh, "Boleh, dengan cuti besar.", "uu-20-2023", "berapa lama cuti haji"),
		topicYAML(longTopic, strings.Repeat("Judul yang panjang ", 20), knowledge.Info, strings.Repeat("jawaban ", 74)+"akhir.", "uu-20-2023", "panjang sekali"),
	}, "")
	folder := knowledge.Folder{Name: "daerah", Files: fstest.MapFS{
		"topics/daerah.yaml":    {Data: []byte(topics)},
		"elections/daerah.yaml": {Data: []byte(regionalElection)},
	}}
	changed, problems := knowledge.Load(knowledge.Embedded(), folder)
	if len(problems) > 0 {
		panic(problems[0].String())
	}
	return changed, match.New(changed)
})

// regionalElection is held in one region alone.
const regionalElection = `
- id: psu-sukamaju
  name: Pemungutan suara ulang
  region: Kabupaten Sukamaju
  timezone: Asia/Jakarta
  source: pkpu-2-2024
  stages: [{id: kampanye, name: Masa kampanye, from: 2028-01-01, to: 2028-01-31}]
`

func topicYAML(id, title string, verdict knowledge.Verdict, answer, regulation, question string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `- id: %s
  category: tugas
  title: %q
  verdict: %s
  answer: %q
  points: ["Butir."]
  basis: [{regulation: %s, article: "Pasal 1"}]
  sources: ["Uji"]
  confidence: kuat
  verified: 2026-11-22
  related: [golput-asn]
  questions:
`, id, title, verdict, answer, regulation)
	for i := range knowledge.MinQuestions {
		fmt.Fprintf(&b, "    - %q\n", question+strings.Repeat(" ya", i))
	}
	return b.String()
}
