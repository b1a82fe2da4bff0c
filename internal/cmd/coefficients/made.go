package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
	"github.com/highwater-dev/highwater/internal/store"
)

// maker makes runs with a highwater that is built from this module.
type maker struct {
	dir, file, scenario string
	repeats             int
}

// newMaker builds it; close removes it, and the runs.
func newMaker(ctx context.Context, scenario string, repeats int) (*maker, error) {
	dir, err := os.MkdirTemp("", "coefficients-")
	if err != nil {
		return nil, err
	}
	m := &maker{dir: dir, file: filepath.Join(dir, "highwater"), scenario: scenario, repeats: repeats}
	if err := subject.Build(ctx, m.file); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

func (m *maker) close() { _ = os.RemoveAll(m.dir) }

// noise is the run of a `highwater noise` with these flags.
func (m *maker) noise(ctx context.Context, flags ...string) (*highwater.Run, error) {
	fmt.Fprintln(os.Stderr, "coefficients: highwater noise", flags)
	state, err := os.MkdirTemp(m.dir, "state-")
	if err != nil {
		return nil, err
	}
	args := append([]string{"noise", "--quiet", "--scenario", m.scenario, "--repeats", strconv.Itoa(m.repeats)}, flags...)
	cmd := subject.Command(ctx, m.dir, m.file, args...)
	cmd.Env = append(cmd.Env, "HIGHWATER_STATE_DIR="+state)
	r, err := subject.Run(ctx, cmd, "")
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(state, "runs", "*", "run.json"))
	if err != nil || len(files) != 1 {
		return nil, fmt.Errorf("highwater noise left %d runs, want one (status %d)\n%s", len(files), r.Exit, r.Printed)
	}
	return store.ReadRun(files[0])
}

// both are the runs that a table of noise compares.
func both(ctx context.Context, m *maker, first, second []string) (a, b *highwater.Run, err error) {
	if a, err = m.noise(ctx, first...); err == nil {
		b, err = m.noise(ctx, second...)
	}
	return a, b, err
}
