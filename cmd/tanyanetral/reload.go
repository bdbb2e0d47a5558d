package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/urfave/cli/v3"

	"tanyanetral/cmd/tanyanetral/control"
)

func (p *program) reloadCommand() *cli.Command {
	return &cli.Command{
		Name:   "reload",
		Usage:  "bot yang berjalan memuat ulang pengetahuannya; bila ada kesalahan, ia tetap memakai yang lama",
		Flags:  []cli.Flag{dataFlag()},
		Action: p.reload,
	}
}

func (p *program) reload(ctx context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return usagef("reload tidak memakai argumen; folder pengetahuan adalah yang dipakai bot yang berjalan")
	}
	dir, err := p.dataThere(c)
	if err != nil {
		return err
	}
	known, err := control.NewClient(dir).Reload(ctx)
	if refused, ok := errors.AsType[control.Refused](err); ok {
		fmt.Fprintln(p.err, refused) // the problems, a line each
		return errReported
	}
	if errors.Is(err, control.ErrNotRunning) {
		return fmt.Errorf("bot tidak berjalan dengan folder data %s (--data)", dir)
	}
	if err != nil {
		return controlHint(err)
	}
	fmt.Fprintf(p.out, "Pengetahuan dimuat: %s.\n", knowledgeCounts(known))
	return nil
}

// controlHint says of an error of the control socket what it means for who typed the command.
func controlHint(err error) error {
	switch {
	case errors.Is(err, control.ErrLongPath):
		return fmt.Errorf("%w: pilih folder data dengan alamat yang lebih pendek (--data)", err)
	case errors.Is(err, control.ErrRunning):
		return fmt.Errorf("bot sudah berjalan dengan folder data ini: %w", err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: jalankan perintah ini sebagai pengguna yang menjalankan bot, atau dengan sudo", err)
	}
	return err
}
