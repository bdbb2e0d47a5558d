package telegramtest_test

import (
	"testing"

	"tanyanetral/bot/telegram/telegramtest"
)

func TestHTMLIsReadAsTelegramDoes(t *testing.T) {
	b, s := newBot(t, telegramtest.Options{})
	tests := []struct {
		html string
		want string // as a person reads it
		err  string // after "Bad Request: can't parse entities: "
	}{
		{html: "<b>a</b><strong>b</strong><i>c</i><em>d</em><u>e</u><ins>f</ins><s>g</s><strike>h</strike><del>i</del>", want: "abcdefghi"},
		{html: `<code>a</code><pre>b</pre><pre><code class="language-go">c</code></pre>`, want: "abc"},
		{html: `<a href="https://a.id/?x=1&amp;y=2">a</a><a href='x'>b</a><a href=x>c</a><a>d</a>`, want: "abcd"},
		{html: "<blockquote>a</blockquote><blockquote expandable>b</blockquote>", want: "ab"},
		{html: `<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>`, want: "ab"},
		{html: `<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>`, want: "👍"},
		{html: "<B>a</B >", want: "a"},
		{html: "<b><i>a</i>b</b>", want: "ab"},
		{html: "<b>a</>", want: "a"},
		{html: "&lt;b&gt; &amp;&quot; &#65;&#x42; &lt &#67", want: `<b> &" AB < C`},
		{html: "&nbsp; &apos; & &; &#; &#x; &#99999999; &#0;", want: "&nbsp; &apos; & &; &#; &#x; &#99999999; &#0;"},
		{html: " \n a \n ", want: "a"},
		{html: "a > b", want: "a > b"},

		{html: "<b>a", err: `Can't find end tag corresponding to start tag "b"`},
		{html: "<b><i>a</b></i>", err: `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`},
		{html: "a</b>", err: "Unexpected end tag at byte offset 1"},
		{html: "<b>a</b", err: "Unclosed end tag at byte offset 4"},
		{html: "a <3", err: `Unsupported start tag "3" at byte offset 2`},
		{html: "<br/>", err: `Unsupported start tag "br" at byte offset 0`},
		{html: "a<!-- b -->", err: `Unsupported start tag "!--" at byte offset 1`},
		{html: "<b", err: `Unclosed start tag "b" at byte offset 0`},
		{html: "<a href", err: `Unclosed start tag "a" at byte offset 0`},
		{html: "<a href=", err: `Unclosed start tag "a" at byte offset 0`},
		{html: `<a href="x>a</a>`, err: `Unclosed start tag "a" at byte offset 0`},
		{html: `<a ="x">a</a>`, err: `Empty attribute name in the tag "a" at byte offset 0`},
		{html: "<span>a</span>", err: `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{html: "<tg-emoji>a</tg-emoji>", err: "Invalid custom emoji identifier specified"},
	}
	for _, test := range tests {
		got := b.call("sendMessage", "chat_id=42", "parse_mode=HTML", "text="+test.html)
		if test.err != "" {
			wantError(t, got, 400, "Bad Request: can't parse entities: "+test.err)
			continue
		}
		if !got.OK {
			t.Errorf("%s: %s", test.html, got.Description)
			continue
		}
		sent := s.Chat(42).Sent()
		if got := sent[len(sent)-1].Text; got != test.want {
			t.Errorf("%s: got %q, want %q", test.html, got, test.want)
		}
	}
}
