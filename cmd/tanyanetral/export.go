package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/urfave/cli/v3"

	"tanyanetral/bot/booklet"
	"tanyanetral/bot/card"
	"tanyanetral/knowledge"
)

func (p *program) exportCommand() *cli.Command {
	return &cli.Command{
		Name:  "export",
		Usage: "menulis seluruh pengetahuan: buku saku, data, atau kartu gambar",
		Flags: []cli.Flag{
			knowledgeFlag(), timezoneFlag(),
			&cli.StringFlag{Name: "html", Usage: "buku saku untuk ponsel dan cetak, satu halaman lengkap, ke `BERKAS`"},
			&cli.StringFlag{Name: "json", Usage: "data untuk laman instansi, ke `BERKAS`"},
			&cli.StringFlag{Name: "csv", Usage: "tabel untuk Excel, ke `BERKAS`"},
			&cli.StringFlag{Name: "cards", Usage: "kartu gambar setiap topik (PNG), ke folder `DIR`"},
			&cli.StringFlag{Name: "bot", Usage: "nama bot di Telegram, `NAMA`: tautan dan kode QR menuju ke sana"},
		},
		Action: p.export,
	}
}

// usernameForm is https://core.telegram.org/bots/features#creating-a-new-bot.
var usernameForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{3,31}$`)

func (p *program) export(_ context.Context, c *cli.Command) error {
	html, data, table, cards := c.String("html"), c.String("json"), c.String("csv"), c.String("cards")
	if c.Args().Present() || html+data+table+cards == "" {
		return usagef("knowledge export memerlukan --html, --json, --csv, atau --cards, masing-masing dengan tujuannya")
	}
	username := strings.TrimPrefix(c.String("bot"), "@")
	if username != "" && !usernameForm.MatchString(username) {
		return usagef("--bot: %q bukan nama bot Telegram; contoh: --bot tanyanetral_bot", c.String("bot"))
	}
	zone, err := p.timezone(c)
	if err != nil {
		return err
	}
	base, err := p.loadKnowledge(c)
	if err != nil {
		return err
	}
	today := knowledge.DateOf(p.now().In(zone))
	options := booklet.Options{Agency: agencyOf(base), Date: today}
	if username != "" {
		options.Bot = "https://t.me/" + username
	}
	for _, out := range []struct {
		file  string
		write func(io.Writer) error
	}{
		{html, func(w io.Writer) error { return booklet.Write(w, base, options) }},
		{data, func(w io.Writer) error { return booklet.JSON(w, base) }},
		{table, func(w io.Writer) error { return booklet.CSV(w, base) }},
	} {
		if out.file == "" {
			continue
		}
		if err := writeFile(out.file, out.write); err != nil {
			return fmt.Errorf("menulis %s: %w", out.file, err)
		}
		fmt.Fprintf(p.out, "%s ditulis\n", out.file)
	}
	if cards == "" {
		return nil
	}
	if err := writeCards(cards, base, username, today); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%d kartu ditulis ke %s\n", len(base.Topics), cards)
	return nil
}

func writeCards(dir string, base *knowledge.Base, username string, today knowledge.Date) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("membuat folder kartu (--cards): %w", err)
	}
	drawer := card.NewDrawer(1)
	for _, topic := range base.Topics {
		png, err := drawer.PNG(cardContent(base, topic, username, today))
		if err != nil {
			return fmt.Errorf("menggambar kartu %s: %w", topic.ID, err)
		}
		file := filepath.Join(dir, topic.ID+".png")
		if err := writeFile(file, func(w io.Writer) error { _, err := w.Write(png); return err }); err != nil {
			return fmt.Errorf("menulis %s: %w", file, err)
		}
	}
	return nil
}

// writeFile puts a whole file in place of what was there, or leaves that alone.
func writeFile(file string, write func(io.Writer) error) (err error) {
	temporary, err := os.CreateTemp(filepath.Dir(file), ".tanyanetral-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temporary.Name()))
		}
	}()
	w := bufio.NewWriter(temporary)
	if err := errors.Join(write(w), w.Flush(), temporary.Chmod(0o644), temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), file)
}

// agencyContact is the contact that names who runs the bot; a region's folder has it.
const agencyContact = "penyelenggara"

func agencyOf(base *knowledge.Base) string {
	for _, contact := range base.Contacts {
		if contact.ID == agencyContact {
			return contact.Name
		}
	}
	return ""
}

// cardContent is a topic as its card shows it, with a link to the bot of that
// name, "" for none.
func cardContent(base *knowledge.Base, topic knowledge.Topic, username string, today knowledge.Date) card.Content {
	content := card.Of(base, topic, today)
	content.Agency = agencyOf(base)
	if username != "" {
		content.Link = "https://t.me/" + username + "?start=t_" + topic.ID
	}
	return content
}
