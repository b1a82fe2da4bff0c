package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "termshot:", err)
		}
		os.Exit(1)
	}
}

func run(args []string, stdin io.Reader, stdout io.Writer) error {
	flags := flag.NewFlagSet("termshot", flag.ContinueOnError)
	cols := flags.Int("cols", 120, "width of the terminal")
	rows := flags.Int("rows", 40, "height of the terminal; the picture shows the history too")
	file := flags.String("o", "", "SVG `file`; standard output otherwise")
	prompt := flags.String("prompt", "", "command line to show above the output, instead of the command")
	timeout := flags.Duration("timeout", 5*time.Minute, "how long the command may take")
	if err := flags.Parse(args); err != nil {
		return err
	}
	captured, title := "", *prompt
	if command := flags.Args(); len(command) > 0 {
		if title == "" {
			title = strings.Join(command, " ")
		}
		ctx, cancel := context.WithTimeout(context.Background(), *timeout)
		defer cancel()
		var err error
		if captured, err = capture(ctx, *cols, *rows, command); err != nil {
			return err
		}
	} else {
		b, err := io.ReadAll(stdin)
		if err != nil {
			return fmt.Errorf("reading what tmux captured: %w", err)
		}
		captured = string(b)
	}
	if strings.TrimSpace(captured) == "" {
		return errors.New("the terminal shows nothing")
	}
	if title != "" {
		captured = "\x1b[90m$\x1b[0m \x1b[1m" + title + "\x1b[0m\n" + captured
	}
	var b strings.Builder
	if err := render(&b, parse(captured), *cols, title); err != nil {
		return err
	}
	if *file == "" {
		_, err := io.WriteString(stdout, b.String())
		return err
	}
	return os.WriteFile(*file, []byte(b.String()), 0o644)
}
