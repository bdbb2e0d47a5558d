package bot

import (
	"slices"
	"strings"
	"unicode"
)

// Command is something that people can type, with "/" before its name.
type Command struct {
	Name, Description string
	Group             bool // answers in groups, too
	Admin             bool // for administrators only, in their own conversations
}

// Commands lists the commands: what help, completion and the menus of channels show.
func Commands() []Command {
	var all []Command
	for _, c := range commands() {
		all = append(all, c.Command)
	}
	return all
}

// command is a Command with what it does.
type command struct {
	Command
	alias string
	run   func(t *turn, rest string) (Reply, error)

	// start is set where the answer is for the eyes of one person: elsewhere a
	// button goes on in the private conversation, with /start and this parameter.
	start string
}

func commands() []command {
	return []command{
		{Command: Command{Name: "start", Description: "mulai, dengan contoh pertanyaan", Group: true}, run: (*turn).start},
		{Command: Command{Name: "bantuan", Description: "cara bertanya, dan semua perintah", Group: true}, alias: "help", run: simple((*turn).help)},
		{Command: Command{Name: "topik", Description: "semua topik menurut kategori", Group: true}, run: withRest((*turn).browse)},
		{Command: Command{Name: "cari", Description: "mencari topik, misalnya /cari stiker", Group: true}, run: withRest((*turn).find)},
		{Command: Command{Name: "tahapan", Description: "tahapan pemilihan yang berjalan dan sisa harinya", Group: true}, run: simple((*turn).stages)},
		{Command: Command{Name: "kuis", Description: "satu kasus untuk ditebak, boleh atau dilarang", Group: true}, run: func(t *turn, _ string) (Reply, error) { return t.newCase() }},
		{Command: Command{Name: "kartu", Description: "jawaban sebagai gambar untuk dibagikan, misalnya /kartu stiker", Group: true}, run: (*turn).card},
		{Command: Command{Name: "lapor", Description: "cara melaporkan dugaan pelanggaran", Group: true}, run: simple((*turn).report)},
		{Command: Command{Name: "kontak", Description: "lembaga yang dapat dihubungi", Group: true}, run: simple((*turn).contacts)},
		{Command: Command{Name: "langganan", Description: "mulai, ubah, atau hentikan pengingat tahapan pemilihan"}, start: "langganan", run: withRest((*turn).subscribe)},
		{Command: Command{Name: "berhenti", Description: "menghentikan semua pengingat, seketika"}, start: "langganan", run: simple((*turn).unsubscribe)},
		{Command: Command{Name: "profil", Description: "status, unit kerja, dan zona waktu Anda (semua boleh dikosongkan)"}, alias: "settings", start: "profil", run: withRest((*turn).profile)},
		{Command: Command{Name: "data_saya", Description: "semua yang disimpan tentang Anda"}, start: "data_saya", run: simple((*turn).kept)},
		{Command: Command{Name: "hapus_data", Description: "menghapus semua data Anda, seketika"}, start: "data_saya", run: func(t *turn, _ string) (Reply, error) { return t.forget() }},
		{Command: Command{Name: "siaran", Description: "mengirim siaran kepada pelanggan; misalnya /siaran semua | Isi siaran", Admin: true}, run: (*turn).broadcast},
		{Command: Command{Name: "pengingat", Description: "yang akan dikirim dalam 30 hari, dan /pengingat riwayat untuk yang sudah", Admin: true}, run: (*turn).reminders},
		{Command: Command{Name: "statistik", Description: "pertanyaan, penilaian, dan pemakaian; misalnya /statistik 7 untuk tujuh hari", Admin: true}, run: (*turn).statistics},
		{Command: Command{Name: "belum_terjawab", Description: "pertanyaan 30 hari terakhir yang belum ada jawabannya", Admin: true}, run: func(t *turn, _ string) (Reply, error) { return t.unanswered() }},
		{Command: Command{Name: "dasbor", Description: "keadaan layanan sekarang", Admin: true}, run: simple((*turn).dashboard)},
	}
}

func simple(f func(*turn) Reply) func(*turn, string) (Reply, error) {
	return func(t *turn, _ string) (Reply, error) { return f(t), nil }
}

func withRest(f func(*turn, string) Reply) func(*turn, string) (Reply, error) {
	return func(t *turn, rest string) (Reply, error) { return f(t, rest), nil }
}

// command answers a message that begins with "/". A group's "/topik@bot" works too.
func (t *turn) command(said string) (Reply, error) {
	name, rest, named := commandName(said)
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return name != "" && (name == c.Name || name == c.alias) })
	switch {
	case (i < 0 || all[i].Admin && !t.admin()) && t.event.Group && !named:
		return Reply{}, nil // it may be for another bot
	case i < 0 || all[i].Admin && !t.admin():
		return unknownCommand(), nil
	case all[i].start != "" && !t.personal():
		return privately(all[i].start), nil
	}
	return all[i].run(t, rest)
}

// commandName takes a message apart that is a command; named tells whether it
// says which bot is meant. name is "" for any other message.
func commandName(said string) (name, rest string, named bool) {
	said, ok := strings.CutPrefix(said, "/")
	if !ok {
		return "", "", false
	}
	if space := strings.IndexFunc(said, unicode.IsSpace); space >= 0 {
		said, rest = said[:space], strings.TrimSpace(said[space:])
	}
	name, _, named = strings.Cut(strings.ToLower(said), "@")
	return name, rest, named
}

// admin tells whether an administrator asks, for no other eyes.
func (t *turn) admin() bool {
	return t.personal() && slices.Contains(t.bot.Admins, t.event.Person)
}

// startTopic begins the parameter of /start that opens a topic.
const startTopic = "t_"

// start greets, or goes on with what the parameter of a link names. No link
// deletes or changes anything: somebody else may have made it.
func (t *turn) start(parameter string) (Reply, error) {
	if t.event.Group {
		return joined(), nil
	}
	if id, ok := strings.CutPrefix(parameter, startTopic); ok {
		if topic, ok := t.base.Topic(id); ok {
			return t.show(topic), nil
		}
		reply := welcome()
		reply.Blocks = append([]Block{text("Topik dari tautan itu sudah tidak ada. Tulis saja pertanyaan Anda, atau lihat /topik.")}, reply.Blocks...)
		return reply, nil
	}
	for _, c := range commands() {
		if c.start != "" && c.start == parameter && c.Name == parameter && t.personal() {
			return c.run(t, "")
		}
	}
	return welcome(), nil
}

func (t *turn) help() Reply {
	var items, admin []string
	for _, c := range commands() {
		line := "/" + c.Name + ": " + c.Description
		switch {
		case c.Name == "start" || c.Name == "bantuan":
		case c.Admin && t.admin():
			admin = append(admin, line)
		case !c.Admin && (c.Group || !t.event.Group):
			items = append(items, line)
		}
	}
	reply := Reply{Blocks: []Block{
		heading("Bantuan"),
		text("Tulis saja pertanyaan Anda; tidak perlu bahasa resmi. Pertanyaan lanjutan (\"kalau istri saya?\", \"sanksinya apa?\") dipahami selama 30 menit."),
		{Kind: Bullets, Text: "Perintah:", Items: items},
	}}
	if len(admin) > 0 {
		reply.Blocks = append(reply.Blocks, Block{Kind: Bullets, Text: "Untuk administrator:", Items: admin})
	}
	if t.event.Group {
		reply.Blocks[1] = text("Di grup saya menjawab bila dipanggil: tulis pertanyaan sambil menyebut nama saya, atau balas pesan saya. Pertanyaan tentang diri Anda sendiri lebih baik di chat pribadi.")
		reply.Controls = privateChat()
	}
	return reply
}
