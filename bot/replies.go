package bot

import (
	"tanyanetral/knowledge/match"
)

// What the bot says when it has no card to show stands together here.

func welcome() Reply {
	return Reply{Blocks: []Block{
		heading("Selamat datang di TanyaNetral"),
		text("Tanyakan apa yang boleh dan tidak boleh bagi ASN dalam Pemilu dan Pilkada, dengan kata-kata Anda sendiri. Setiap jawaban menyebut dasar hukumnya."),
		text("Contoh: \"kakak saya nyaleg, boleh bantu ga?\""),
		text("Nama Anda tidak disimpan, dan tidak dicatat siapa bertanya apa; lihat /data_saya. Perintah lain: /bantuan."),
	}}
}

func emptyMessage() Reply {
	return say("Silakan tulis pertanyaan Anda, misalnya: \"kakak saya nyaleg, boleh bantu ga?\" Perintah lain ada di /bantuan.")
}

func attachment() Reply {
	return say("Maaf, saya hanya dapat membaca tulisan. Gambar, suara, dan berkas tidak saya buka dan tidak saya simpan. Silakan tulis pertanyaan Anda.")
}

func unknownCommand() Reply {
	return say("Perintah itu tidak saya kenal. Daftar perintah ada di /bantuan; pertanyaan dapat langsung Anda tulis.")
}

// gone answers an action that is not there any more: the knowledge changed since it was offered.
func gone() Reply {
	return say("Pilihan itu sudah tidak ada. Lihat /topik, atau tulis pertanyaan Anda.")
}

func apology() Reply {
	return say("Maaf, ada gangguan pada penyimpanan, jadi pesan Anda belum dapat dijawab. Silakan coba lagi sebentar lagi.")
}

// TooMany is what somebody reads who writes too much in too short a time.
func TooMany() Reply {
	reply := say("Pesan dari Anda terlalu banyak dalam satu menit, jadi saya berhenti menjawab dahulu. Tunggu sebentar, lalu tulis pertanyaan Anda sekali lagi.")
	reply.Notice = "Terlalu banyak dalam satu menit. Tunggu sebentar, lalu coba lagi."
	return reply
}

// TooManyInGroup is what a group reads that has had many answers in a short time.
func TooManyInGroup() Reply {
	reply := say("Grup ini sudah mendapat banyak jawaban dalam satu menit, jadi saya berhenti menjawab di sini dahulu. Tunggu sebentar, atau tanya di chat pribadi.")
	reply.Controls = privateChat()
	return reply
}

// NotSaved is what somebody reads whose change could not be kept, after a reply
// that said otherwise.
func NotSaved() Reply {
	return say("Maaf, ada gangguan pada penyimpanan: yang baru saja Anda ubah belum tersimpan. Coba lagi sebentar lagi.")
}

// Crashed is what somebody reads whose message the bot failed over.
func Crashed() Reply {
	return say("Maaf, ada kesalahan pada saya, jadi pesan Anda tidak dapat dijawab. Coba tulis dengan kata lain, atau lihat /topik.")
}

// choices asks which of some topics was meant. question is the id of the
// question in the log, "" where it is not there.
func (t *turn) choices(ids []string, question string) Reply {
	r := Reply{
		Blocks:   []Block{heading("Maksud Anda yang mana?")},
		Offer:    "Ketik nomornya, atau tulis pertanyaan Anda dengan kata lain:",
		Controls: [][]Action{{{ID: "n:" + question, Label: "Bukan semuanya"}}},
	}
	if t.event.Group { // where the bot may see no more than what replies to it
		r.Offer = "Balas pesan ini dengan nomornya, atau dengan pertanyaan Anda dalam kata lain:"
	}
	for _, id := range ids {
		topic, _ := t.base.Topic(id)
		r.Actions = append(r.Actions, topicAction(topic))
	}
	return t.offer(r)
}

// unknown says that there is no answer. question is as for choices.
func (t *turn) unknown(question string) Reply {
	r := Reply{Blocks: []Block{
		heading("Belum ada jawabannya"),
		text("Maaf, untuk pertanyaan itu saya belum punya jawaban yang dapat dipertanggungjawabkan. Saya hanya menjawab soal netralitas ASN dalam Pemilu dan Pilkada, dan tidak menebak."),
		text("Coba tulis dengan kata lain, lihat daftar /topik, atau tanyakan ke BKPSDMD (/kontak)."),
	}}
	if question != "" && (t.known() || t.event.Group) {
		r.Controls = [][]Action{{questionButton(question, false)}}
	}
	return r
}

func (t *turn) social(kind match.Social) Reply {
	switch kind {
	case match.Greeting:
		return say("Halo! Silakan tanyakan apa saja tentang netralitas ASN dalam Pemilu dan Pilkada, dengan kata-kata Anda sendiri. Contoh: \"blh ga like postingan cabup\".")
	case match.Thanks:
		return say("Sama-sama. Semoga membantu. Bila ada pertanyaan lain, tulis saja.")
	case match.About:
		return say("Saya TanyaNetral, bot tanya jawab tentang netralitas ASN. Jawaban saya diambil dari kumpulan jawaban yang disusun dan diperiksa orang, lengkap dengan dasar hukumnya; saya tidak mengarang, dan bukan pengganti putusan pejabat. Lihat /bantuan dan /topik.")
	}
	blocks := []Block{text("Saya ikut prihatin, dan terima kasih sudah bercerita. Anda tidak harus menghadapinya sendirian. Saya hanya bot; bicaralah dengan orang yang dapat menolong sekarang: keluarga atau teman dekat, tenaga kesehatan di puskesmas atau rumah sakit terdekat.")}
	for _, c := range t.base.Contacts {
		if c.ID == crisisContact {
			blocks = append(blocks, contactBlock(c))
		}
	}
	return Reply{Blocks: append(blocks, text("Bila yang membebani adalah tekanan politik di kantor, tulis ceritanya; hak dan jalan keluarnya ada."))}
}
