package driver

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/attach"
	"github.com/highwater-dev/highwater/internal/live"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/store"
)

// mostKept is how many sites and groups a snapshot keeps in the Run file, those that
// hold most; its profiles have all.
const mostKept = 500

// shots keeps snapshots of one process, in a Run that is on disk after each.
type shots struct {
	app  *app
	what *looked
	dir  store.Dir
	run  *highwater.Run
	all  []highwater.Snapshot
}

// begin makes the run on disk, with the first snapshot.
func (k *shots) begin(ctx context.Context) error {
	if k.run != nil {
		return nil
	}
	dir, err := store.Runs()
	if err != nil {
		return err
	}
	now := time.Now()
	run := &highwater.Run{
		Schema: highwater.Schema, ID: store.NewID(now), Created: now.UTC().Truncate(time.Millisecond),
		Environment: measure.Environment(ctx), Scenarios: []highwater.ScenarioInfo{k.what.info},
	}
	if _, err := dir.Create(run.ID); err != nil {
		return err
	}
	if err := dir.Save(run); err != nil {
		return err
	}
	k.dir, k.run = dir, run
	return nil
}

// keep takes a snapshot, and writes it and its profiles.
func (k *shots) keep(ctx context.Context) (string, highwater.Snapshot, error) {
	s, err := k.what.Look(ctx, true)
	if err != nil {
		return "", s, err
	}
	if err := k.begin(ctx); err != nil {
		return "", s, err
	}
	s.Profiles = map[string]string{}
	folder, err := k.dir.Path(k.run.ID)
	if err != nil {
		return "", s, err
	}
	for name, has := range map[string]bool{"heap": len(s.Sites) > 0, "goroutine": len(s.Groups) > 0} {
		if !has {
			continue
		}
		data, err := attach.ProfileOf(s, name)
		if err != nil {
			return "", s, err
		}
		file := filepath.Join("profiles", fmt.Sprintf("snapshot.%03d.%s.pb.gz", len(k.all)+1, name))
		if err := store.WriteFile(filepath.Join(folder, file), data); err != nil {
			return "", s, err
		}
		s.Profiles[name] = filepath.ToSlash(file)
	}
	kept := s
	kept.Sites, kept.Groups = kept.Sites[:min(mostKept, len(kept.Sites))], kept.Groups[:min(mostKept, len(kept.Groups))]
	m := highwater.Measurement{
		Scenario: k.what.info.ID(), Pass: highwater.PassLive, Repeat: len(k.all), Started: s.At.UTC(),
		Outcome: highwater.Outcome{Status: highwater.StatusOK}, Snapshot: &kept,
	}
	if err := k.dir.Append(k.run.ID, m); err != nil {
		return "", s, err
	}
	k.run.Measurements = append(k.run.Measurements, m)
	k.all = append(k.all, s)
	return fmt.Sprintf("%s:%d", k.run.ID, len(k.all)), s, nil
}

// end closes the run, with what is the last of it.
func (k *shots) end(last ...highwater.Measurement) error {
	if k.run == nil {
		return nil
	}
	k.run.Measurements = append(k.run.Measurements, last...)
	now := time.Now().UTC().Truncate(time.Millisecond)
	k.run.Finished = &now
	err := k.dir.Save(k.run)
	if _, pruned := k.dir.Prune(keepRuns, keepBytes); err == nil {
		err = pruned
	}
	return err
}

// snapshots keeps one an interval, and one whenever the process gets SIGUSR1 or s is
// pressed on its terminal, and says what they differ in.
func (a *app) snapshots(ctx context.Context, o *profilerOptions, l *looked, out io.Writer) (int, error) {
	k := &shots{app: a, what: l}
	asked, stop := askedForSnapshot()
	defer stop()
	keys, restore := pressed(a.Stdin, 's')
	defer restore()
	var show *progress
	if !o.quiet {
		show = newProgress(a.Stderr)
		if keys != nil {
			show.say("s keeps a snapshot now, Ctrl-C ends")
		}
	}
	err := k.series(ctx, o, asked, keys, func(ref string, s highwater.Snapshot) {
		heap := ""
		switch {
		case s.Lacks[highwater.QuantityLive] == "":
			heap = "  live heap " + highwater.FormatBytes(float64(s.Memory.Live))
		case s.Lacks[highwater.QuantityMemory] == "":
			heap = "  heap " + highwater.FormatBytes(float64(s.Memory.Heap))
		}
		show.say(fmt.Sprintf("snapshot %s%s  resident %s", ref, heap, highwater.FormatBytes(float64(s.Memory.RSS))))
	})
	show.end()
	saved := k.end()
	if len(k.all) == 0 {
		if err == nil {
			err = fmt.Errorf("%s: it ended before there was a snapshot", l.Name())
		}
		return highwater.ExitError, err
	}
	if err == nil {
		err = saved
	}
	file, named := k.dir.File(k.run.ID)
	if err == nil {
		err = named
	}
	if shown := a.showSnapshots(o, k.run, file, k.all, out); err == nil {
		err = shown
	}
	a.tellOutput(o, l)
	return exitOf(err), err
}

// series keeps snapshots until the time is over, ctx ends, or the process does.
func (k *shots) series(ctx context.Context, o *profilerOptions, asked, keys <-chan struct{}, say func(string, highwater.Snapshot)) error {
	end := time.NewTimer(o.duration)
	defer end.Stop()
	tick := time.NewTicker(o.interval)
	defer tick.Stop()
	for {
		ref, s, err := k.keep(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && len(k.all) > 0 && isGone(err):
			k.app.warn("%s: %s; %s were kept until then", k.what.Name(), k.what.ending(err), count(len(k.all), "snapshot"))
			return nil
		case err != nil:
			return err
		}
		say(ref, s)
		select {
		case <-end.C: // also where the next one is due
			return nil
		default:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-end.C:
			return nil
		case <-asked:
		case <-keys:
		case <-tick.C:
		}
	}
}

// showSnapshots says what was kept, and what they differ in: the first and the last, and
// what grew at every step.
func (a *app) showSnapshots(o *profilerOptions, run *highwater.Run, file string, all []highwater.Snapshot, out io.Writer) error {
	if o.format == "json" {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		c := live.Compare(all[0], all[len(all)-1])
		grew := live.Steps(all)
		return e.Encode(map[string]any{
			"run": run.ID, "snapshots": len(all), "first_to_last": c,
			"sites_that_grew_at_every_step": grew.Sites, "groups_that_grew_at_every_step": grew.Groups,
			"snapshots_with_new_sites": grew.Profiles, "snapshots_with_new_groups": grew.Lists, "snapshots_it_takes": live.LeastSteps,
		})
	}
	first, last := all[0], all[len(all)-1]
	if _, err := fmt.Fprintf(out, "%s of %s, kept as %s:1 to %s:%d\n", count(len(all), "snapshot"), harmless(last.Name), run.ID, run.ID, len(all)); err != nil {
		return err
	}
	if len(all) > 1 {
		if err := report.DifferenceText(out, live.Compare(first, last), o.shown); err != nil {
			return err
		}
	}
	if err := report.StepsText(out, all, o.shown); err != nil {
		return err
	}
	if p := last.Profiles["heap"]; p != "" {
		path := filepath.Join(filepath.Dir(file), filepath.FromSlash(p))
		base := filepath.Join(filepath.Dir(file), filepath.FromSlash(first.Profiles["heap"]))
		if _, err := fmt.Fprintf(out, "what it holds:    go tool pprof -top %s\nwhat grew:        go tool pprof -top -base %s %s\n", path, base, path); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "two of them:      %s compare %s:1 %s:%d\n", a.Name, run.ID, run.ID, len(all))
	return err
}

// snapshotsOf are those that a run holds, in their order.
func snapshotsOf(run *highwater.Run) []highwater.Snapshot {
	var all []highwater.Snapshot
	for _, m := range run.Measurements {
		if m.Snapshot != nil {
			all = append(all, *m.Snapshot)
		}
	}
	return all
}

// snapshotOf returns the snapshot that RUN:NUMBER names; false for what has no such form.
func (a *app) snapshotOf(ctx context.Context, ref string) (highwater.Snapshot, bool, error) {
	i := strings.LastIndexByte(ref, ':')
	if i < 0 {
		return highwater.Snapshot{}, false, nil
	}
	n, err := strconv.Atoi(ref[i+1:])
	if err != nil {
		return highwater.Snapshot{}, false, nil //nolint:nilerr // a path with a colon in it
	}
	run, err := a.lookup(ctx, ref[:i])
	if err != nil {
		return highwater.Snapshot{}, false, err
	}
	all := snapshotsOf(run.run)
	switch {
	case len(all) == 0:
		return highwater.Snapshot{}, false, usagef("%s holds no snapshots; %s profiler --mode snapshot keeps some", ref[:i], a.Name)
	case n < 1 || n > len(all):
		return highwater.Snapshot{}, false, usagef("%s: there are %d snapshots in it, numbered from 1", ref, len(all))
	}
	return all[n-1], true, nil
}

// showDifference says what two snapshots differ in.
func (a *app) showDifference(o *options, before, after highwater.Snapshot) (int, error) {
	c := live.Compare(before, after)
	switch o.output.format {
	case "json":
		e := json.NewEncoder(a.Stdout)
		e.SetIndent("", "  ")
		return highwater.ExitOK, e.Encode(c)
	case "", "text":
		return highwater.ExitOK, report.DifferenceText(a.Stdout, c, report.LookOptions{Threshold: 1})
	}
	return 0, usagef("--format %s: snapshots are compared as text or json", o.output.format)
}
