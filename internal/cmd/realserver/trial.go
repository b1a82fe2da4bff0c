package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// How long a soak is, and how often it looks: live memory as a whole takes sixty
// checkpoints.
const (
	soak     = "60s"
	interval = "500ms"
)

// trial is what is looked at, and what came of it.
type trial struct {
	dir, only, keep           string
	highwater, source, binary string
	ran                       string // the Run file of the soak that leaked; "" before there is one
	done                      []result
}

// result is what one way of looking has yielded.
type result struct {
	name    string // analyze by probe
	exit    int
	seconds float64
	said    []string // what it has found, in words
	wrong   []string // what is not as it should be
}

// check is held against what highwater wrote into a file.
type check func(file string, r *result) error

// all looks in every way.
func (t *trial) all(ctx context.Context) error {
	for _, by := range []func(context.Context) error{t.byProbe, t.byURL, t.byProfile} {
		if err := by(ctx); err != nil {
			return err
		}
	}
	if len(t.done) == 0 {
		return fmt.Errorf("no way of looking has %q in its name", t.only)
	}
	return nil
}

// commands are those that look once, with what their answer is held against.
var commands = []struct {
	name  string
	check check
}{{"analyze", anatomyOf}, {"hotspots", hotspotsOf}, {"optimize", adviceOf}}

// byProbe has highwater build and start the server.
func (t *trial) byProbe(ctx context.Context) error {
	started := func(name string, leak bool, want int, check check, args ...string) error {
		at, err := free()
		if err != nil {
			return err
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		go func() { _ = load(ctx, at.clients, leak) }()
		return t.look(ctx, name, want, check, slices.Concat(args, []string{".", "--"}, at.args())...)
	}
	for _, c := range commands {
		if err := started(c.name+" by probe", false, highwater.ExitOK, c.check, c.name); err != nil {
			return err
		}
	}
	soaked := []string{"leaks", "--monitoring-duration", soak, "--interval", interval, "--holders"}
	return errors.Join(
		started("leaks by probe, no leak", false, highwater.ExitOK, flat, soaked...),
		started("leaks by probe, a leak", true, highwater.ExitFail, t.leaking, soaked...),
	)
}

// byURL looks at a server that knows nothing of highwater through its pprof endpoint.
func (t *trial) byURL(ctx context.Context) error {
	at, done, err := t.serve(ctx)
	if err != nil {
		return err
	}
	defer done()
	working, rest := context.WithCancel(ctx)
	defer rest()
	if err := load(working, at.clients, false); err != nil {
		return err
	}
	for _, c := range commands {
		if err := t.look(ctx, c.name+" by pprof URL", highwater.ExitOK, c.check, c.name, "--url", at.url()); err != nil {
			return err
		}
	}
	soaked := []string{"leaks", "--monitoring-duration", soak, "--interval", interval, "--holders", "--url", at.url()}
	if err := t.look(ctx, "leaks by pprof URL, no leak", highwater.ExitOK, flat, soaked...); err != nil {
		return err
	}
	rest()
	if err := load(ctx, at.clients, true); err != nil {
		return err
	}
	return t.look(ctx, "leaks by pprof URL, a leak", highwater.ExitFail, t.leaking, soaked...)
}

// byProfile looks at a stored profile of a server that has worked for a while, and judges
// the soak that leaked again.
func (t *trial) byProfile(ctx context.Context) error {
	at, done, err := t.serve(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := load(ctx, at.clients, false); err != nil {
		return err
	}
	const worked = 10 * time.Second
	select { // this much of work is what the profile is to be of
	case <-time.After(worked):
	case <-ctx.Done():
		return ctx.Err()
	}
	profile, err := t.profile(ctx, at)
	if err != nil {
		return err
	}
	done()
	against := pprof{profile: profile, module: module}
	for _, c := range []struct {
		name  string
		check check
	}{{"analyze", against.anatomy}, {"hotspots", against.hotspots}, {"optimize", against.advice}} {
		if err := t.look(ctx, c.name+" from a stored profile", highwater.ExitOK, c.check, c.name, "--module", module, "--most", "1000", "--threshold", "1", profile); err != nil {
			return err
		}
	}
	if err := t.look(ctx, "leaks from a stored profile", highwater.ExitUsage, refused, "leaks", profile); err != nil {
		return err
	}
	if t.ran == "" {
		return nil
	}
	return t.look(ctx, "leaks from a stored run", highwater.ExitFail, t.leaking, "leaks", t.ran)
}

// look runs highwater debug, and checks its exit status and what it wrote.
func (t *trial) look(ctx context.Context, name string, want int, check check, args ...string) error {
	if !strings.Contains(name, t.only) {
		return nil
	}
	fmt.Fprintln(os.Stderr, "realserver:", name)
	file := filepath.Join(t.dir, "out.json")
	_ = os.Remove(file)
	cmd := subject.Command(ctx, t.source, t.highwater, slices.Insert(append([]string{"debug"}, args...), 2, "--quiet", "--output", file)...)
	cmd.Env = append(cmd.Env, "HIGHWATER_STATE_DIR="+filepath.Join(t.dir, "state"))
	begun := time.Now()
	printed, err := cmd.CombinedOutput()
	r := result{name: name, seconds: time.Since(begun).Seconds()}
	exit := new(exec.ExitError)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &exit):
		r.exit = exit.ExitCode()
	case err != nil:
		return err
	}
	if r.exit != want {
		r.wrong = append(r.wrong, fmt.Sprintf("exit status %d, want %d: %s", r.exit, want, strings.TrimSpace(string(printed))))
	} else if err := check(file, &r); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, printed)
	}
	t.done = append(t.done, r)
	return t.kept(name, file, printed)
}

// kept copies what highwater wrote where the user wants it.
func (t *trial) kept(name, file string, printed []byte) error {
	if t.keep == "" {
		return nil
	}
	base := filepath.Join(t.keep, strings.NewReplacer(" ", "-", ",", "").Replace(name))
	if data, err := os.ReadFile(file); err == nil {
		if err := os.WriteFile(base+".json", data, 0o600); err != nil {
			return err
		}
	}
	return os.WriteFile(base+".txt", printed, 0o600)
}
