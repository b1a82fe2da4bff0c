// Command realserver holds highwater debug against a server that nobody here wrote:
// nats-server, in a pinned version from the module proxy, built as its users build it and
// under the load of clients that publish to each other.
//
// Each of analyze, hotspots, leaks and optimize looks at it by the probe (highwater builds
// and starts it), by its pprof URL, and from what was stored: a heap profile, and for leaks
// the run of a soak. Sums and lines are held against go tool pprof, to the byte; advice
// against what pprof has of its line; and leaks sees the server twice: as it is, and while
// a client subscribes to ever new subjects and never takes one back.
//
// It exits 1 where something is not as it should be, and 2 where it could not find out.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/highwater-dev/highwater/internal/cmd/internal/page"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

func main() {
	file := flag.String("highwater", "", "the highwater to run; built from this tree if unset")
	only := flag.String("only", "", "look in those ways alone whose name has this `text`, such as leaks, or probe")
	keep := flag.String("keep", "", "keep what was printed in this `folder`")
	source := flag.String("source", "", "`folder` with the server's module; a copy of the pinned version in the user's cache if unset")
	onPage := flag.String("page", "", "put the table into this `file`, too: docs/debug-proof.md")
	flag.Parse()
	subject.Main("realserver", func(ctx context.Context) (bool, error) {
		return run(ctx, &trial{highwater: *file, source: *source, only: *only, keep: *keep}, *onPage)
	})
}

// run prints also what was found before something went wrong.
func run(ctx context.Context, t *trial, onPage string) (ok bool, err error) {
	if t.dir, err = os.MkdirTemp("", "realserver-"); err != nil {
		return false, err
	}
	defer os.RemoveAll(t.dir)
	if t.highwater, err = subject.Built(ctx, t.highwater, t.dir); err != nil {
		return false, err
	}
	if err := t.fetch(ctx); err != nil {
		return false, err
	}
	err = t.all(ctx)
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s. %s\n\n", module, version, page.Where(ctx))
	ok = print(&text, t.done)
	fmt.Print(text.String())
	if onPage != "" && err == nil {
		err = page.Put(onPage, "realserver", text.String())
	}
	return ok, err
}
