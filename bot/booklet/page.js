(() => {
	"use strict";
	const box = document.getElementById("cari");
	const result = document.getElementById("hasil");
	const main = document.getElementById("isi");
	const plain = text => text.toLowerCase().normalize("NFD").replace(/\p{M}+/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ");

	// A topic is found by what it says, not by what it refers to.
	const topics = [...document.querySelectorAll(".topic")].map(topic => {
		const own = [...topic.children].filter(part => !part.matches(".related"));
		return {topic, text: plain(own.map(part => part.textContent).join(" ") + " " + topic.dataset.words)};
	});
	const chapters = [...document.querySelectorAll(".chapter")];

	function search() {
		const words = plain(box.value).split(" ").filter(word => word);
		let found = 0;
		for (const {topic, text} of topics) {
			topic.hidden = !words.every(word => text.includes(word));
			found += topic.hidden ? 0 : 1;
		}
		for (const chapter of chapters) {
			chapter.hidden = !chapter.querySelector(".topic:not([hidden])");
		}
		document.body.classList.toggle("searching", words.length > 0);
		result.textContent = words.length === 0 ? ""
			: found > 0 ? `${found} dari ${topics.length} topik ditemukan.`
			: `Tidak ada topik yang memuat “${box.value.trim()}”. Coba kata yang lebih pendek atau kata lain.`;
	}
	box.addEventListener("input", () => {
		search();
		if (main.getBoundingClientRect().top < 0) main.scrollIntoView(); // else what was found stands above
	});

	// A link leads to its target although the search has hidden that.
	document.addEventListener("click", event => {
		const link = event.target.closest("a[href^='#']");
		const target = link && document.getElementById(link.hash.slice(1));
		if (target && target.getClientRects().length === 0) {
			box.value = "";
			search();
		}
	});

	search(); // browsers put back what was typed before
})();
