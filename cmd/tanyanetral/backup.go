package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"tanyanetral/cmd/tanyanetral/control"
	"tanyanetral/store/bolt"
)

func (p *program) backupCommand() *cli.Command {
	return &cli.Command{
		Name:      "backup",
		Usage:     "menyalin berkas data ke BERKAS baru dan memeriksa salinannya, selagi bot berjalan atau tidak",
		ArgsUsage: "BERKAS",
		Flags:     []cli.Flag{dataFlag()},
		Action:    p.backup,
	}
}

func (p *program) backup(ctx context.Context, c *cli.Command) error {
	if c.Args().Len() != 1 || c.Args().First() == "" {
		return usagef("backup memerlukan satu BERKAS tujuan, misalnya tanyanetral-salinan.db")
	}
	dir, err := p.dataThere(c)
	if err != nil {
		return err
	}
	file, err := filepath.Abs(c.Args().First()) // the bot has another working directory
	if err != nil {
		return err
	}
	made, err := control.NewClient(dir).Backup(ctx, file)
	if errors.Is(err, control.ErrNotRunning) {
		made, err = backUpAtRest(dir, file)
	}
	if err != nil {
		return fmt.Errorf("cadangan tidak dibuat: %w", controlHint(err))
	}
	fmt.Fprintf(p.out, "Cadangan dibuat dan diperiksa: %s, %s.\n", made.Path, size(made.Bytes))
	return nil
}

// backUpAtRest copies the state of a bot that does not run.
func backUpAtRest(dir, file string) (made control.Backup, err error) {
	if !hasState(dir) {
		return made, fmt.Errorf("belum ada berkas data di %s (--data)", dir)
	}
	state, err := bolt.Open(dir)
	if err != nil {
		return made, stateHint(err)
	}
	defer func() { err = errors.Join(err, state.Close()) }()
	return backUp(state, file)
}

// backUp copies the state to a new file. One that exists is not touched: it may
// be a better backup than this one.
func backUp(state *bolt.Store, file string) (control.Backup, error) {
	if _, err := os.Lstat(file); err == nil {
		return control.Backup{}, fmt.Errorf("%s sudah ada dan tidak ditimpa; pilih nama lain", file)
	}
	if err := state.Backup(file); err != nil {
		return control.Backup{}, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return control.Backup{}, err
	}
	return control.Backup{Path: file, Bytes: info.Size(), Written: info.ModTime()}, nil
}
