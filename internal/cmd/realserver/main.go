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
	onPage := flag.String("page", "", "put the table into this `file`, too: docs/debug-proof.md")
	flag.Parse()
	subject.Main("realserver", func(ctx context.Context) (bool, error) { return run(ctx, *file, *only, *keep, *onPage) })
}

func run(ctx context.Context, file, only, keep, onPage string) (bool, error) {
	dir, err := os.MkdirTemp("", "realserver-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	t := &trial{dir: dir, only: only, keep: keep}
	if t.highwater, err = subject.Built(ctx, file, dir); err != nil {
		return false, err
	}
	if err := t.fetch(ctx); err != nil {
		return false, err
	}
	if err := t.all(ctx); err != nil {
		return false, err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s. %s\n\n", module, version, page.Where(ctx))
	ok := print(&text, t.done)
	fmt.Print(text.String())
	if onPage != "" {
		return ok, page.Put(onPage, "realserver", text.String())
	}
	return ok, nil
}
