package bot

import (
	"tanyanetral/knowledge/match"
)

// What the bot says when it has no card to show stands together here.

func emptyMessage() Reply {
	return Reply{Blocks: []Block{text("Silakan tulis pertanyaan Anda, misalnya: \"kakak saya nyaleg, boleh bantu ga?\" Perintah lain ada di /bantuan.")}}
}

// choices asks which of some topics was meant.
func (b *Bot) choices(ids []string) Reply {
	r := Reply{
		Blocks: []Block{heading("Maksud Anda yang mana?")},
		Offer:  "Ketik nomornya, atau tulis pertanyaan Anda dengan kata lain:",
	}
	for _, id := range ids {
		topic, _ := b.base.Topic(id)
		r.Actions = append(r.Actions, topicAction(topic))
	}
	return r
}

func unknown() Reply {
	return Reply{Blocks: []Block{
		heading("Belum ada jawabannya"),
		text("Maaf, untuk pertanyaan itu saya belum punya jawaban yang dapat dipertanggungjawabkan. Saya hanya menjawab soal netralitas ASN dalam Pemilu dan Pilkada, dan tidak menebak."),
		text("Coba tulis dengan kata lain, lihat daftar /topik, atau tanyakan ke BKPSDMD (/kontak)."),
	}}
}

func (t *turn) social(kind match.Social) Reply {
	switch kind {
	case match.Greeting:
		return Reply{Blocks: []Block{text("Halo! Silakan tanyakan apa saja tentang netralitas ASN dalam Pemilu dan Pilkada, dengan kata-kata Anda sendiri. Contoh: \"blh ga like postingan cabup\".")}}
	case match.Thanks:
		return Reply{Blocks: []Block{text("Sama-sama. Semoga membantu. Bila ada pertanyaan lain, tulis saja.")}}
	case match.About:
		return Reply{Blocks: []Block{text("Saya TanyaNetral, bot tanya jawab tentang netralitas ASN. Jawaban saya diambil dari kumpulan jawaban yang disusun dan diperiksa orang, lengkap dengan dasar hukumnya; saya tidak mengarang, dan bukan pengganti putusan pejabat. Lihat /bantuan dan /topik.")}}
	}
	blocks := []Block{text("Saya ikut prihatin, dan terima kasih sudah bercerita. Anda tidak harus menghadapinya sendirian. Saya hanya bot; bicaralah dengan orang yang dapat menolong sekarang: keluarga atau teman dekat, tenaga kesehatan di puskesmas atau rumah sakit terdekat.")}
	for _, c := range t.bot.base.Contacts {
		if c.ID == crisisContact {
			blocks = append(blocks, contactBlock(c))
		}
	}
	return Reply{Blocks: append(blocks, text("Bila yang membebani adalah tekanan politik di kantor, tulis ceritanya; hak dan jalan keluarnya ada."))}
}
