package driver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/highwater-dev/highwater/internal/suggest"
	"github.com/spf13/cobra"
)

// latest names the newest run wherever a run's ID is wanted.
const latest = "latest"

// stored is a run that was read, and where from.
type stored struct {
	run  *highwater.Run
	file string
	name string // as the user called it
	dir  string // to which the names of profiles are relative

	judged *store.Judged // what a report that was read says besides; nil for a Run file
}

// kept completes a stored run with where its profiles are. A report that was
// written elsewhere has none beside it: they are with the run in the state
// directory, if that is still there. A profile that is nowhere is forgotten, so
// that no report tells the user to open it.
func kept(run *highwater.Run, file, name string) stored {
	s := stored{run: run, file: file, name: name, dir: filepath.Dir(file)}
	there := func(dir string) bool {
		return slices.ContainsFunc(run.Measurements, func(m highwater.Measurement) bool {
			return m.Profile != "" && exists(filepath.Join(dir, filepath.FromSlash(m.Profile)))
		})
	}
	if dir, err := store.Runs(); err == nil && !there(s.dir) {
		if path, err := dir.File(run.ID); err == nil && there(filepath.Dir(path)) {
			s.file, s.dir = path, filepath.Dir(path)
		}
	}
	for i, m := range run.Measurements {
		if m.Profile != "" && !exists(filepath.Join(s.dir, filepath.FromSlash(m.Profile))) {
			run.Measurements[i].Profile = ""
		}
	}
	return s
}

// module is what named baselines belong to.
func (a *app) module(ctx context.Context) string { return measure.Environment(ctx).Module }

// lookup is find for what must hold a run.
func (a *app) lookup(ctx context.Context, ref string) (stored, error) {
	s, err := a.find(ctx, ref)
	if err == nil && s.run == nil {
		err = fmt.Errorf("%s only says why nothing was measured; `%s report %s` shows it", ref, a.Name, ref)
	}
	return s, err
}

// find reads the run that ref names: a named baseline of this module, a run's
// ID or "latest", a file, or a directory with a baseline. A bare word is a name
// first: ./word is always the file. The run is nil in a report of why nothing was
// measured.
func (a *app) find(ctx context.Context, ref string) (stored, error) {
	if ref+":" == historyPrefix {
		return a.fromHistory(ctx, "")
	}
	if branch, ok := strings.CutPrefix(ref, historyPrefix); ok {
		return a.fromHistory(ctx, branch)
	}
	bare := store.ValidID(ref) == nil
	if bare {
		if path, err := store.BaselinePath(a.module(ctx), ref); err == nil && exists(path) {
			run, err := store.LoadBaseline(path)
			if err != nil {
				return stored{}, err
			}
			return kept(run, path, ref), nil
		}
		dir, err := store.Runs()
		if err != nil {
			return stored{}, err
		}
		if id, err := a.runID(dir, ref); err != nil {
			return stored{}, err
		} else if id != "" {
			run, err := dir.Load(id)
			if err != nil {
				return stored{}, err
			}
			path, err := dir.File(id)
			return kept(run, path, id), err
		}
	}
	if _, err := os.Stat(ref); errors.Is(err, fs.ErrNotExist) {
		return stored{}, a.unknownReference(ctx, ref)
	}
	path, err := store.FindBaseline(ref)
	if err != nil {
		return stored{}, err
	}
	run, judged, err := store.ReadJudged(path)
	if err != nil {
		return stored{}, err
	}
	if run == nil {
		return stored{file: path, name: ref, dir: filepath.Dir(path), judged: judged}, nil
	}
	found := kept(run, path, ref)
	found.judged = judged
	return found, nil
}

// runID returns the ID of the stored run that ref means, "" where it means
// none.
func (a *app) runID(dir store.Dir, ref string) (string, error) {
	ids, err := dir.List()
	if err != nil {
		return "", err
	}
	if ref == latest {
		if len(ids) == 0 {
			return "", usagef("there is no latest run: %s is empty; `%s gates` makes one", dir.Root, a.Name)
		}
		return ids[0], nil
	}
	for _, id := range ids {
		if id == ref {
			return id, nil
		}
	}
	return "", nil
}

// unknownReference says what there is that is called nearly so.
func (a *app) unknownReference(ctx context.Context, ref string) error {
	names := a.references(ctx)
	if entries, err := os.ReadDir(filepath.Dir(ref)); err == nil {
		for _, e := range entries {
			names = append(names, filepath.Join(filepath.Dir(ref), e.Name()))
		}
	}
	hint := suggest.Hint(ref, names)
	if hint == "" {
		hint = fmt.Sprintf("; `%s baseline list` and `%s runs list` show what there is", a.Name, a.Name)
	}
	kind := "no baseline, run or file is called"
	if strings.ContainsAny(ref, `/\`) {
		kind = "there is no file or directory"
	}
	return usagef("%s %q%s", kind, ref, hint)
}

// completeReference lets the shell complete names of baselines and runs, and
// files besides.
func (a *app) completeReference(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return a.references(cmd.Context()), cobra.ShellCompDirectiveDefault
}

// references lists the names of baselines and runs.
func (a *app) references(ctx context.Context) []string {
	names := []string{latest}
	if baselines, err := store.ListBaselines(a.module(ctx)); err == nil {
		for _, b := range baselines {
			names = append(names, b.Name)
		}
	}
	if dir, err := store.Runs(); err == nil {
		if ids, err := dir.List(); err == nil {
			names = append(names, ids...)
		}
	}
	return names
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// reference reads the baseline of that name, nil for none.
func (a *app) reference(ctx context.Context, name *string) (*stored, error) {
	if name == nil {
		return nil, nil
	}
	found, err := a.lookup(ctx, *name)
	if err != nil {
		return nil, err
	}
	// What snapshots and traces are compared with, or not, is said where they are shown.
	if !isSoak(found.run) && len(snapshotsOf(found.run)) == 0 && traceOf(found.run) == nil {
		if err := store.Measured(found.file, found.run); err != nil {
			return nil, err
		}
	}
	if isSoak(found.run) {
		return nil, usagef("%s is a soak, and nothing that gates measure compares with it; `%s stability --resume %s` reports on it", *name, a.Name, *name)
	}
	return &found, nil
}
