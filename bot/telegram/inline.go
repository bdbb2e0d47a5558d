package telegram

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tanyanetral/bot"
)

// inlineResult is https://core.telegram.org/bots/api#inlinequeryresultarticle.
type inlineResult struct {
	Type        string        `json:"type"`
	ID          string        `json:"id"`
	Title       string        `json:"title"`
	Description string        `json:"description,omitempty"`
	Content     inlineContent `json:"input_message_content"`
	Markup      inlineMarkup  `json:"reply_markup"`
}

type inlineContent struct {
	Text    string `json:"message_text"`
	Mode    string `json:"parse_mode"`
	Preview struct {
		Disabled bool `json:"is_disabled"`
	} `json:"link_preview_options"`
}

type inlineMarkup struct {
	Rows [][]button `json:"inline_keyboard"`
}

const (
	resultsAtOnce  = 10
	maxDescription = 200 // letters of an answer that are shown below a title

	// Telegram answers for so many seconds by itself what somebody typed before.
	// While a stage runs, cards name the days that are left of it.
	cacheInSeason  = 60
	cacheOffSeason = 300
)

// suggest answers an inline query, see https://core.telegram.org/bots/api#answerinlinequery.
// Nothing of it is kept, so nothing is lost if it is not answered.
func (c *Channel) suggest(ctx context.Context, q *tgbotapi.InlineQuery) {
	if q.ID == "" || q.From == nil {
		return
	}
	select {
	case <-c.options.Ready:
	case <-ctx.Done():
		return
	}
	all := c.bot.Suggest(q.Query)
	from, err := strconv.Atoi(q.Offset)
	if err != nil || from < 0 || from > len(all) {
		from = 0
	}
	results := []inlineResult{}
	for _, s := range all[from:min(len(all), from+resultsAtOnce)] {
		results = append(results, c.inlineResult(s))
	}
	params := tgbotapi.Params{"inline_query_id": q.ID, "results": encode(results), "cache_time": strconv.Itoa(cacheOffSeason)}
	if c.bot.InSeason() {
		params["cache_time"] = strconv.Itoa(cacheInSeason)
	}
	if next := from + len(results); next < len(all) {
		params["next_offset"] = strconv.Itoa(next)
	}
	if len(all) == 0 {
		params["button"] = `{"text":"Tidak ditemukan. Tanya di chat pribadi","start_parameter":"tanya"}`
	}
	if _, err := c.client.call(ctx, "answerInlineQuery", params, slowest); err != nil && ctx.Err() == nil {
		if kind, _, _ := assess(err); kind != refused { // a query is too old after seconds
			c.log.Warn("could not answer an inline query", "error", err)
		}
		return
	}
	c.metrics.replies.WithLabelValues("inline").Inc()
}

func (c *Channel) inlineResult(s bot.Suggestion) inlineResult {
	r := inlineResult{
		Type: "article", ID: s.ID, Title: printable(s.Title), Description: shortened(printable(s.Description), maxDescription),
		Content: inlineContent{Text: render(s.Card, maxText)[0], Mode: tgbotapi.ModeHTML},
		Markup:  inlineMarkup{c.keyboard(s.Card)},
	}
	r.Content.Preview.Disabled = true
	return r
}

// shortened is the beginning of a text, up to the last word that fits.
func shortened(text string, letters int) string {
	if utf8.RuneCountInString(text) <= letters {
		return text
	}
	text = string([]rune(text)[:letters-1])
	if i := strings.LastIndexByte(text, ' '); i > 0 {
		text = text[:i]
	}
	return text + "…"
}
