// Dashshots makes the pictures of docs/dashboard.md, and says how long a page takes to
// load and to filter.
//
//	go run ./internal/cmd/dashshots [-o DIR] [RUN.json [BASELINE.json]]
//
// With runs the pictures are of what they measured; those of 500 scenarios and of a year
// are of made-up data, and the page says so.
//
//	go run ./internal/cmd/dashshots -page PAGE.html [-open SCENARIO] [-height N] [-o DIR]
//
// takes pictures of a page that highwater dashboard has made: light, dark, on a phone, and
// on paper.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "dashshots:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("dashshots", flag.ContinueOnError)
	dir := flags.String("o", ".", "directory for the pictures")
	only := flags.String("only", "", "only the pictures of these names, and no times")
	page := flags.String("page", "", "a `file` that highwater dashboard has made")
	open := flags.String("open", "", "the `scenario` that is opened in it, by its ID")
	height := flags.Int64("height", 1240, "of the large pictures, in pixels")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s := &shots{dir: *dir, out: out, only: strings.Split(*only, ",")}
	if *page != "" {
		return s.ofPage(ctx, *page, *open, *height)
	}
	return s.all(ctx, flags.Args())
}
