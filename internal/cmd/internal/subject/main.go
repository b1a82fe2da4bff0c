package subject

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/highwater-dev/highwater"
)

// Main runs a command that proves something, until it ends or is interrupted, and exits:
// 1 where something is not as it should be, 2 where it could not be found out.
func Main(name string, run func(context.Context) (ok bool, err error)) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ok, err := run(ctx)
	stop()
	switch {
	case err != nil:
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(highwater.ExitError)
	case !ok:
		os.Exit(highwater.ExitFail)
	}
}

// Built is the highwater to run: file, or, where that is empty, one that it builds in dir.
func Built(ctx context.Context, file, dir string) (string, error) {
	if file != "" {
		return file, nil
	}
	file = filepath.Join(dir, "highwater")
	return file, Build(ctx, file)
}
