package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

const (
	runFile     = "run.json"
	profilesDir = "profiles"
)

// Dir keeps runs below a directory, a folder each: Root/ID/run.json and the
// profiles in Root/ID/profiles. Several processes may use it at once.
type Dir struct {
	Root string
}

var _ highwater.Store = Dir{}

// Runs is the store in the user's state directory.
func Runs() (Dir, error) {
	state, err := StateDir()
	return Dir{filepath.Join(state, "runs")}, err
}

// Path is the folder of the run with that ID. It need not exist.
func (d Dir) Path(id string) (string, error) {
	if err := ValidID(id); err != nil {
		return "", err
	}
	return filepath.Join(d.Root, id), nil
}

// File is the Run file of the run with that ID. It need not exist.
func (d Dir) File(id string) (string, error) {
	path, err := d.Path(id)
	return filepath.Join(path, runFile), err
}

// Create makes the folder of a run that is about to be measured, and in it the
// one for its profiles, whose path it returns. Measurement.Profile is relative
// to the first.
func (d Dir) Create(id string) (profiles string, err error) {
	path, err := d.Path(id)
	if err != nil {
		return "", err
	}
	profiles = filepath.Join(path, profilesDir)
	// Runs hold command lines and what processes printed: for the owner only.
	if err := os.MkdirAll(profiles, 0o700); err != nil {
		return "", fmt.Errorf("making the folder of run %s: %w; set HIGHWATER_STATE_DIR to a directory that can be written", id, err)
	}
	return profiles, nil
}

// Save writes the run, replacing an earlier state of it.
func (d Dir) Save(r *highwater.Run) error {
	if _, err := d.Create(r.ID); err != nil {
		return err
	}
	path, err := d.File(r.ID)
	if err != nil {
		return err
	}
	if err := WriteRun(path, r); err != nil {
		return err
	}
	return d.dropJournal(r.ID)
}

// Load reads the run with that ID.
func (d Dir) Load(id string) (*highwater.Run, error) {
	path, err := d.File(id)
	if err != nil {
		return nil, err
	}
	r, err := ReadRun(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no run %s in %s; `highwater runs list` shows those there are: %w", id, d.Root, fs.ErrNotExist)
	}
	if err == nil && r.ID != id {
		return nil, fmt.Errorf("reading run %s: it says of itself that it is run %s; its folder was renamed or its file replaced", path, r.ID)
	}
	return r, err
}

// List returns the IDs of all runs, newest first, also of those that cannot be
// read. A Root that does not exist holds none.
func (d Dir) List() ([]string, error) {
	entries, err := d.entries()
	var ids []string
	for _, e := range entries {
		if e.hasRun {
			ids = append(ids, e.id)
		}
	}
	return ids, err
}

// graceful is how long an unfinished run that was written to may go on being
// written to, before it counts as abandoned.
const graceful = time.Hour

// Prune removes the oldest runs until at most maxRuns are left that take at most
// maxBytes, profiles included. Zero means no bound. The newest run stays
// whatever its size, and so does one that another process is still measuring.
// It returns the IDs that it removed.
func (d Dir) Prune(maxRuns int, maxBytes int64) (removed []string, err error) {
	entries, err := d.entries()
	if err != nil {
		return nil, err
	}
	var count int
	var bytes int64
	sizes := make([]int64, len(entries))
	for i, e := range entries {
		sizes[i] = folderBytes(filepath.Join(d.Root, e.id))
		count, bytes = count+1, bytes+sizes[i]
	}
	newest := slices.IndexFunc(entries, func(e entry) bool { return e.hasRun })
	for i := len(entries) - 1; i >= 0; i-- {
		within := (maxRuns <= 0 || count <= maxRuns) && (maxBytes <= 0 || bytes <= maxBytes)
		if within {
			break
		}
		if i == newest || entries[i].busy() {
			continue
		}
		if err := os.RemoveAll(filepath.Join(d.Root, entries[i].id)); err != nil {
			return removed, fmt.Errorf("removing run %s: %w", entries[i].id, err)
		}
		removed = append(removed, entries[i].id)
		count, bytes = count-1, bytes-sizes[i]
	}
	return removed, nil
}

// entry is one run's folder. What a crash left of a folder has no Run file.
type entry struct {
	id       string
	hasRun   bool
	created  time.Time
	finished bool
	touched  time.Time
}

func (e entry) busy() bool { return !e.finished && time.Since(e.touched) < graceful }

// entries lists the folders, newest first.
func (d Dir) entries() ([]entry, error) {
	dirs, err := os.ReadDir(d.Root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing runs: %w", err)
	}
	var entries []entry
	for _, f := range dirs {
		if !f.IsDir() || ValidID(f.Name()) != nil {
			continue
		}
		e := entry{id: f.Name()}
		path := filepath.Join(d.Root, e.id)
		info, err := os.Stat(filepath.Join(path, runFile))
		if err == nil {
			e.hasRun = true
			e.created, e.finished = times(filepath.Join(path, runFile))
		} else if info, err = os.Stat(path); err != nil {
			continue // removed by another process in the meantime
		}
		e.touched = info.ModTime()
		if journal, err := os.Stat(filepath.Join(path, journalFile)); err == nil && journal.ModTime().After(e.touched) {
			e.touched = journal.ModTime()
		}
		if e.created.IsZero() {
			e.created = e.touched
		}
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if c := b.created.Compare(a.created); c != 0 {
			return c
		}
		return strings.Compare(b.id, a.id)
	})
	return entries, nil
}

// times reads when a run was begun and whether it was finished, from the head
// of its file, so that listing a hundred runs does not read them whole.
func times(path string) (created time.Time, finished bool) {
	f, err := os.Open(path)
	if err != nil {
		return created, false
	}
	defer func() { _ = f.Close() }()
	dec := json.NewDecoder(f)
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return created, false
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil || key == "environment" {
			break // what comes from here on is long
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			break
		}
		switch key {
		case "created":
			_ = json.Unmarshal(value, &created)
		case "finished":
			finished = string(value) != "null"
		}
	}
	return created, finished
}

// folderBytes adds up the files in a folder. What disappears meanwhile takes no
// space.
func folderBytes(path string) int64 {
	var n int64
	_ = filepath.WalkDir(path, func(_ string, f fs.DirEntry, err error) error {
		if err == nil && f.Type().IsRegular() {
			if info, err := f.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return n
}
