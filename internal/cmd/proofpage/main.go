// Command proofpage makes the outputs in docs/proof.md anew: it runs the command
// at the head of every text block, as anybody could, and puts what it prints, the
// machine and the day below it. Commands that keep their results and go on where
// they were stopped (falsealarm, power) do so here.
//
//	go run ./internal/cmd/proofpage                  # all: hours
//	go run ./internal/cmd/proofpage -only overhead   # one command
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/internal/measure"
)

const page = "docs/proof.md"

func main() {
	only := flag.String("only", "", "run the commands with this `word` in them, and keep the other outputs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := renew(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "proofpage:", err)
		os.Exit(1)
	}
}

// renew writes the page after every command, so that an interrupt loses one
// output at most. A command that fails keeps its old output, and is an error: what
// the page claims does not hold.
func renew(ctx context.Context, only string) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return fmt.Errorf("%w; run this at the root of the repository", err)
	}
	const open, end = "```text\n$ ", "```"
	done, rest := "", string(text)
	var failures []error
	for {
		before, block, found := strings.Cut(rest, open)
		done += before
		if !found {
			return errors.Join(failures...)
		}
		old, after, closed := strings.Cut(block, end)
		if !closed {
			return fmt.Errorf("%s: a block is not closed", page)
		}
		command, _, _ := strings.Cut(old, "\n")
		if strings.Contains(command, only) && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, "$", command)
			output, err := run(ctx, command)
			if err != nil {
				failures = append(failures, fmt.Errorf("%s: %w", command, err))
			} else {
				old = command + "\n# " + where(ctx) + "\n" + output
			}
		}
		done, rest = done+open+old+end, after
		if err := os.WriteFile(page, []byte(done+rest), 0o644); err != nil {
			return err
		}
	}
}

func run(ctx context.Context, command string) (string, error) {
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.MultiWriter(&out, os.Stderr), os.Stderr
	err := cmd.Run()
	return strings.TrimRight(out.String(), "\n") + "\n", err
}

// where is the machine and the day.
func where(ctx context.Context) string {
	e := measure.Environment(ctx)
	return fmt.Sprintf("%d processors (%s), %s %s, %s, %s", e.CPUs, e.CPU, e.GOOS, e.Kernel, e.Go, time.Now().Format(time.DateOnly))
}
