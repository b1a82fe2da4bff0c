package driver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

// externalName is what an executable's format may be called. Nothing in it leads to
// another folder.
var externalName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// externalTime is how long an executable may take to render, and externalBytes how much
// it may print.
const (
	externalTime  = 2 * time.Minute
	externalBytes = 64 << 20
)

// external renders with an executable on the path, highwater-NAME: it gets the report as
// JSON on its standard input, and what it prints is the rendered report.
type external struct {
	name, path string
	stderr     io.Writer
}

// findExternal looks for the executable of a format, which is on the path and never in
// the working directory alone.
func (a *app) findExternal(format string) (highwater.Reporter, bool) {
	if !externalName.MatchString(format) {
		return nil, false
	}
	path, err := exec.LookPath("highwater-" + format)
	if err != nil {
		return nil, false
	}
	return external{format, path, a.Stderr}, true
}

// Render implements [highwater.Reporter].
func (e external) Render(w io.Writer, r *highwater.Report) error {
	var in bytes.Buffer
	if err := (report.JSON{}).Render(&in, r); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), externalTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, e.path)
	out := &bounded{left: externalBytes}
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &in, out, e.stderr, time.Second
	err := cmd.Run()
	switch {
	case out.left < 0:
		return fmt.Errorf("highwater-%s printed more than %d MiB", e.name, externalBytes>>20)
	case ctx.Err() != nil:
		return fmt.Errorf("highwater-%s took longer than %v and was ended", e.name, externalTime)
	case err != nil:
		return fmt.Errorf("highwater-%s, which is %s: %w", e.name, e.path, err)
	}
	// What it printed is the user's own program's, and is passed on as it is.
	_, err = w.Write(out.kept.Bytes())
	return err
}

// bounded keeps no more than it may. It is no [bytes.Buffer] itself, whose ReadFrom would
// read without a bound.
type bounded struct {
	kept bytes.Buffer
	left int
}

var errTooMuch = errors.New("too much output")

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errTooMuch
	}
	return b.kept.Write(p)
}
