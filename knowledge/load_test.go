package knowledge_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"tanyanetral/knowledge"
)

var update = flag.Bool("update", false, "write what came out as what is wanted")

// embedded is the knowledge of the program, loaded once.
var embedded = sync.OnceValues(func() (*knowledge.Base, []knowledge.Problem) { return knowledge.Load(knowledge.Embedded()) })

func TestEmbeddedKnowledgeIsSound(t *testing.T) {
	base, problems := embedded()
	for _, p := range problems {
		t.Error(p)
	}
	if base != nil && len(base.Topics) < 138 {
		t.Errorf("got %d topics, want at least 138", len(base.Topics))
	}
}

func lines(problems []knowledge.Problem) string {
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(p.String() + "\n")
	}
	return b.String()
}

// TestBrokenFolders loads regional folders that break one rule each. The file
// "want" of each archive holds the problems, a line each.
func TestBrokenFolders(t *testing.T) {
	paths, err := filepath.Glob("testdata/broken/*.txtar")
	if err != nil || len(paths) < 15 {
		t.Fatalf("got %d archives, error %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			folder, want := fstest.MapFS{}, -1
			for i, file := range archive.Files {
				if file.Name == "want" {
					want = i
					continue
				}
				folder[file.Name] = &fstest.MapFile{Data: file.Data}
			}
			if want < 0 {
				t.Fatal("the archive has no file \"want\"")
			}
			base, problems := knowledge.Load(knowledge.Embedded(), knowledge.Folder{Name: "daerah", Files: folder})
			if len(problems) > 0 && base != nil {
				t.Error("a broken folder gave a base")
			}
			got := lines(problems)
			if got == "" {
				t.Error("no problem was found")
			}
			if *update {
				archive.Files[want].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[want].Data), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// regional is a topic that a region adds.
const regional = `- id: apel-netralitas
  category: tugas
  title: "Wajibkah ikut apel netralitas hari Senin di kabupaten kami?"
  verdict: info
  answer: "Ya, setiap Senin pukul 07.30."
  points: ["Pakaian seragam khaki."]
  basis: [{regulation: uu-20-2023, article: "Pasal 24"}]
  sources: ["Edaran Sekda"]
  confidence: kuat
  verified: 2026-11-22
  related: [ikrar-netralitas]
  questions:
`

func regionalTopic() []byte {
	var b strings.Builder
	b.WriteString(regional)
	for i := range knowledge.MinQuestions {
		b.WriteString("    - \"apel netralitas nomor " + strings.Repeat("i", i+1) + "\"\n")
	}
	return []byte(b.String())
}

func TestRegionAddsAndOverrides(t *testing.T) {
	folder := fstest.MapFS{
		"topics/daerah.yaml": {Data: regionalTopic()},
		"contacts.yaml":      {Data: []byte("- {id: bawaslu, name: Bawaslu Kabupaten Sukamaju, for: Laporan, reach: [\"Jalan Mawar 1\"]}\n")},
		"elections/psu.yaml": {Data: []byte("- {id: psu-sukamaju, name: PSU Sukamaju, region: Sukamaju, timezone: Asia/Makassar, source: pkpu-2-2024, stages: [{id: pemungutan-suara, name: Pemungutan suara ulang, from: 2025-04-19, to: 2025-04-19}]}\n")},
		"README.md":          {Data: []byte("catatan\n")},
	}
	base, problems := knowledge.Load(knowledge.Embedded(), knowledge.Folder{Name: "daerah", Files: folder})
	if len(problems) > 0 {
		t.Fatal(lines(problems))
	}
	if topic, ok := base.Topic("apel-netralitas"); !ok || topic.Verified.String() != "2026-11-22" {
		t.Errorf("got %+v, %v", topic, ok)
	}
	var reach []string
	for _, c := range base.Contacts {
		if c.ID == "bawaslu" {
			reach = append(reach, c.Reach...)
		}
	}
	if diff := cmp.Diff([]string{"Jalan Mawar 1"}, reach); diff != "" {
		t.Error(diff)
	}
	if n := len(base.Elections); n != 3 {
		t.Errorf("got %d elections, want 3", n)
	}
}

func TestUnreadableFolder(t *testing.T) {
	base, problems := knowledge.Load(knowledge.Embedded(), knowledge.Folder{Name: "tiada", Files: os.DirFS(filepath.Join(t.TempDir(), "tiada"))})
	if base != nil || len(problems) == 0 {
		t.Fatalf("got base %v, problems %v", base, problems)
	}
	if !strings.HasPrefix(problems[0].String(), "tiada:") && !strings.HasPrefix(problems[0].File, "tiada") {
		t.Errorf("the problem does not name the folder: %v", problems[0])
	}
}

func FuzzLoad(f *testing.F) {
	for _, name := range []string{"contacts.yaml", "elections/pilkada-2024.yaml", "reminders/tahapan.yaml", "categories.yaml"} {
		b, err := fs.ReadFile(knowledge.Embedded().Files, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("- id: x\n  stages: [{from: 2024-13-45}]\n"))
	f.Add([]byte("- {id: x, off: true}\n"))
	f.Add([]byte("- {id: x, history: [null, {date: 2026-05-01, verdict: boleh, basis: [{regulation: x}, 7]}]}\n"))
	f.Add([]byte("- {id: x, stage: x, edge: selesai, days: -1e9, at: 8.00, every: 7, text: \"{{hari_lagi}\", to: {unit: x}}\n"))
	f.Add([]byte("- &a [*a]\n"))
	f.Add(regionalTopic())
	f.Fuzz(func(t *testing.T, content []byte) {
		folder := fstest.MapFS{}
		for _, name := range []string{"topics/x.yaml", "regulations.yaml", "elections/x.yaml", "reminders/x.yaml", "contacts.yaml", "categories.yaml", "background.tsv", "phrasings/x.tsv", "conversations.txt", "concepts.txt"} {
			folder[name] = &fstest.MapFile{Data: content}
		}
		base, problems := knowledge.Load(knowledge.Folder{Name: "daerah", Files: folder})
		if (base == nil) != (len(problems) > 0) {
			t.Fatalf("base %v with problems %v", base, problems)
		}
		for _, p := range problems {
			if p.File == "" || p.What == "" || strings.Contains(p.String(), "\n") {
				t.Errorf("problem %q", p)
			}
		}
	})
}
