// Command weight holds highwater's own binary to a size, and what it does with a large
// run to a speed: go run ./internal/cmd/weight. The limits stand in limits.yml beside it,
// each with its reason.
//
// A size is that of a binary without its tables of symbols, and without what differs from
// commit to commit. A speed is a ratio, which does not depend on how fast the machine is: how many times as
// long a piece of work takes as decoding the same run with encoding/json does, in one
// process, in turn.
//
// It exits with 1 where something is over its limit, and with 2 where that could not be
// found out.
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

//go:embed limits.yml
var limitsFile []byte

func main() {
	binary := flag.String("highwater", "", "weigh this `file`, and build none")
	rounds := flag.Int("rounds", 15, "`number` of times that each piece of work is done; 0 leaves speed out")
	flag.Parse()
	subject.Main("weight", func(ctx context.Context) (bool, error) {
		return run(ctx, os.Stdout, *binary, *rounds)
	})
}

func run(ctx context.Context, w io.Writer, binary string, rounds int) (ok bool, err error) {
	limits, err := parseLimits(limitsFile)
	if err != nil {
		return false, err
	}
	dir, err := os.MkdirTemp("", "weight-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	if binary == "" {
		binary = filepath.Join(dir, "highwater")
		// As it would be released, without the tables of symbols; but not with -trimpath,
		// for which everything would be compiled a second time.
		if _, err := subject.Output(ctx, "", "go", "build", "-buildvcs=false", "-ldflags=-s -w", "-o", binary, "github.com/highwater-dev/highwater/cmd/highwater"); err != nil {
			return false, err
		}
	}
	info, err := os.Stat(binary)
	if err != nil {
		return false, err
	}
	begun := time.Now()
	var ratios map[string]float64
	if rounds != 0 {
		if ratios, err = speeds(ctx, rounds); err != nil {
			return false, err
		}
	}
	ok, err = show(w, limits, info.Size(), ratios)
	fmt.Fprintf(w, "%d rounds in %.1f s\n", rounds, time.Since(begun).Seconds())
	return ok, err
}
