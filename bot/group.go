package bot

// joined introduces the bot to a group.
func joined() Reply {
	return Reply{
		Blocks: []Block{
			text("Halo, saya TanyaNetral. Saya menjawab pertanyaan tentang netralitas ASN dalam Pemilu dan Pilkada, dengan dasar hukumnya."),
			text("Di grup ini saya hanya menjawab bila dipanggil: dengan perintah seperti /topik, dengan menyebut nama saya, atau dengan membalas pesan saya. Percakapan lain tidak saya tanggapi dan tidak saya simpan."),
			text("Bila pertanyaannya tentang diri Anda sendiri, silakan bertanya di chat pribadi."),
		},
		Controls: privateChat(),
	}
}

// privateChat is a button that opens the private conversation.
func privateChat() [][]Action {
	return [][]Action{{{ID: "tanya", Label: "Tanya di chat pribadi", Kind: Private}}}
}

// privately goes on where nobody else reads, with /start and a parameter.
func privately(start string) Reply {
	reply := say("Itu urusan pribadi Anda, jadi saya jawab di chat pribadi saja.")
	reply.Controls = [][]Action{{{ID: start, Label: "Lanjut di chat pribadi", Kind: Private}}}
	return reply
}
