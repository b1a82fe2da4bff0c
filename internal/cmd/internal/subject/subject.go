// Package subject runs highwater itself for the commands that prove something about it.
package subject

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

// Build builds the highwater of this module into file, without what differs from
// build to build.
func Build(ctx context.Context, file string) error {
	_, err := Output(ctx, "", "go", "build", "-trimpath", "-buildvcs=false", "-o", file, "github.com/highwater-dev/highwater/cmd/highwater")
	return err
}

// Command is a command in dir that ends its own children when ctx ends, as
// highwater does when it is interrupted. The user's workspace has no part in it.
func Command(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	return cmd
}

// Output runs a [Command] and returns its standard output; what it wrote to
// standard error is in the error.
func Output(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := Command(ctx, dir, name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%s %s: %w: %s", filepath.Base(name), strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return string(out), err
}

// Result is what came of one run of highwater.
type Result struct {
	Exit    int
	Report  *highwater.Report // nil where none was asked for; with its Run where that is in the file
	Printed string            // on both outputs
	Seconds float64
}

// Run runs highwater, which writes its report to file as JSON unless that is "".
// That it found something is no error: only a missing report is, an exit status that
// is none of highwater's for a report, and the end of ctx.
func Run(ctx context.Context, highwaterCommand *exec.Cmd, file string) (Result, error) {
	var r Result
	if file != "" {
		_ = os.Remove(file) // an older one must not be taken for this one's
		// What stands after -- is for a program that highwater starts.
		args := highwaterCommand.Args
		end := slices.Index(args, "--")
		if end < 0 {
			end = len(args)
		}
		highwaterCommand.Args = slices.Insert(slices.Clone(args), end, "--output", file)
	}
	var printed bytes.Buffer
	highwaterCommand.Stdout, highwaterCommand.Stderr = &printed, &printed
	begun := time.Now()
	err := highwaterCommand.Run()
	r.Seconds, r.Printed = time.Since(begun).Seconds(), printed.String()
	exit := new(exec.ExitError)
	switch {
	case ctx.Err() != nil:
		return r, ctx.Err()
	case errors.As(err, &exit):
		r.Exit = exit.ExitCode()
	case err != nil:
		return r, err
	}
	failed := func(err error) (Result, error) {
		return r, fmt.Errorf("%s ended with status %d: %w\n%s", strings.Join(highwaterCommand.Args, " "), r.Exit, err, r.Printed)
	}
	if r.Exit < highwater.ExitOK || r.Exit > highwater.ExitError {
		return failed(errors.New("no status of a report"))
	}
	if file == "" {
		return r, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return failed(err)
	}
	var doc report.Document
	if err := json.Unmarshal(data, &doc); err != nil {
		return failed(fmt.Errorf("read its report: %w", err))
	}
	if doc.Report == nil || len(doc.Report.Rows)+len(doc.Report.Findings) == 0 {
		return failed(errors.New("its report is empty"))
	}
	r.Report = doc.Report
	r.Report.Run = doc.Run // which stands beside it in the document
	return r, nil
}
