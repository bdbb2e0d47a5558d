package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tanyanetral/bot"
	"tanyanetral/store"
)

// What people see before they write, at most 512 and 120 characters, see
// https://core.telegram.org/bots/api#setmydescription.
const (
	description = "Tanyakan dengan kata-kata Anda sendiri apa yang boleh dan tidak boleh bagi ASN dalam Pemilu dan Pilkada, misalnya: \"kakak saya nyaleg, boleh bantu ga?\"\n\n" +
		"Setiap jawaban menyebut dasar hukumnya. Nama Anda tidak disimpan; lihat /data_saya."
	shortDescription = "Tanya jawab netralitas ASN dalam Pemilu dan Pilkada, dengan dasar hukumnya."
)

// command is https://core.telegram.org/bots/api#botcommand.
type command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// commands lists those that show wants, for a menu.
func commands(show func(bot.Command) bool) string {
	var list []command
	for _, c := range bot.Commands() {
		if show(c) {
			list = append(list, command{c.Name, c.Description})
		}
	}
	return encode(list)
}

// describe tells Telegram the texts and menus that people see. The bot answers
// without them, so a failure is logged and no more.
func (c *Channel) describe(ctx context.Context) {
	c.set(ctx, "setMyDescription", tgbotapi.Params{"description": description})
	c.set(ctx, "setMyShortDescription", tgbotapi.Params{"short_description": shortDescription})
	c.set(ctx, "setMyCommands", tgbotapi.Params{
		"commands": commands(func(b bot.Command) bool { return !b.Admin }), "scope": `{"type":"all_private_chats"}`,
	})
	c.set(ctx, "setMyCommands", tgbotapi.Params{
		"commands": commands(func(b bot.Command) bool { return b.Group && !b.Admin }), "scope": `{"type":"all_group_chats"}`,
	})
	for _, admin := range c.bot.Admins {
		if admin.Channel == channelName {
			c.describeAdmin(ctx, admin)
		}
	}
}

// describeAdmin gives an administrator's chat its own menu. Telegram knows the
// chat only once the administrator has written to the bot.
func (c *Channel) describeAdmin(ctx context.Context, admin store.Key) {
	scope := fmt.Sprintf(`{"type":"chat","chat_id":%s}`, admin.ID)
	params := tgbotapi.Params{"commands": commands(func(bot.Command) bool { return true }), "scope": scope}
	if c.set(ctx, "setMyCommands", params) {
		c.admins.Store(admin.ID, true)
	}
}

// greetAdmin gives an administrator the menu who had not written before.
func (c *Channel) greetAdmin(ctx context.Context, from origin) {
	if from.group || !slices.Contains(c.bot.Admins, keyOf(from.person)) {
		return
	}
	if _, done := c.admins.Load(strconv.FormatInt(from.person, 10)); !done {
		ctx, cancel := context.WithTimeout(ctx, firstPause) // the answer does not wait for it
		defer cancel()
		c.describeAdmin(ctx, keyOf(from.person))
	}
}

// set tries again as long as it may help.
func (c *Channel) set(ctx context.Context, method string, params tgbotapi.Params) bool {
	for attempt := 1; ; attempt++ {
		_, err := c.client.call(ctx, method, params, slowest)
		if err == nil {
			return true
		}
		if ctx.Err() != nil { // the bot ends: nothing is wrong with telegram
			return false
		}
		kind, wait, _ := assess(err)
		if kind != temporary && kind != tooMany || attempt == 1 {
			c.log.Warn("could not tell telegram how to present the bot", "method", method, "error", err)
		}
		if kind != temporary && kind != tooMany || sleep(ctx, max(wait, backoff(attempt))) != nil {
			return false
		}
	}
}

func decodeUser(result []byte) (tgbotapi.User, error) {
	var user tgbotapi.User
	if err := json.Unmarshal(result, &user); err != nil {
		return user, fmt.Errorf("getMe: %w", err)
	}
	return user, nil
}
