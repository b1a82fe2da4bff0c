package store

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/highwater-dev/highwater"
)

// journalFile holds measurements that are not in the Run file beside it yet, one
// in a line. A run of thousands of processes would otherwise be written anew as
// often, some megabytes each time.
const journalFile = "run.journal"

// Append keeps one more measurement of a run that was saved before, without
// writing the others again. Whoever reads the run gets it, too; the next Save takes
// it over.
func (d Dir) Append(id string, m highwater.Measurement) error {
	path, err := d.Path(id)
	if err != nil {
		return err
	}
	line, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("writing a measurement of run %s: %w", id, err)
	}
	path = filepath.Join(path, journalFile)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return cannotWrite(path, err)
	}
	_, err = f.Write(append(line, '\n'))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

// dropJournal is called when all of it is in the Run file.
func (d Dir) dropJournal(id string) error {
	path, err := d.Path(id)
	if err != nil {
		return err
	}
	err = os.Remove(filepath.Join(path, journalFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// takeJournal adds what the journal beside a Run file has. A crash may have left
// the end of a line out, or a line that is in the Run file already.
func takeJournal(file string, r *highwater.Run) error {
	if filepath.Base(file) != runFile {
		return nil
	}
	path := filepath.Join(filepath.Dir(file), journalFile)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading what was measured last: %w", err)
	}
	defer func() { _ = f.Close() }()
	type key struct {
		scenario string
		pass     highwater.Pass
		repeat   int
	}
	of := func(m highwater.Measurement) key { return key{m.Scenario, m.Pass, m.Repeat} }
	have := map[key]bool{}
	for _, m := range r.Measurements {
		have[of(m)] = true
	}
	r.Measurements = slices.Clip(r.Measurements)
	lines := bufio.NewReader(io.LimitReader(f, maxRunBytes))
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // also in the middle of a line
		}
		if err != nil {
			return fmt.Errorf("reading %s: %w", path, err)
		}
		var m highwater.Measurement
		if err := json.Unmarshal(line, &m); err != nil {
			return fmt.Errorf("reading %s, line %d: %w; remove the file to read what was saved before", path, n, err)
		}
		if len(r.Measurements) == maxMeasurements {
			return fmt.Errorf("reading %s: more than %d measurements: too many for a run", path, maxMeasurements)
		}
		if !have[of(m)] {
			have[of(m)] = true
			r.Measurements = append(r.Measurements, m)
		}
	}
	return Validate(r)
}
