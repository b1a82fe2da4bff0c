package driver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/noise"
	"github.com/highwater-dev/highwater/internal/store"
)

// amendment is the configuration file that thresholds are to be written into.
type amendment struct {
	path string
	env  string
	temp string // stands in for a file that is not there yet
}

// amendment finds the file, as reading it does. One that --config names need not be
// there: until it is written an empty file stands in for it.
func (a *app) amendment(o *options) (*amendment, error) {
	t := &amendment{path: o.configFile, env: o.env}
	if t.path == "" {
		t.path = os.Getenv(config.VariableConfig)
	}
	if t.env == "" {
		t.env = os.Getenv(config.VariableEnv)
	}
	root, wd := moduleRoot()
	named := t.path != ""
	if !named {
		found, err := config.Find(wd)
		if err != nil {
			return nil, usage(err)
		}
		if t.path = found; found == "" {
			if !exists(filepath.Join(root, "go.mod")) {
				root = wd
			}
			t.path = filepath.Join(root, config.Name)
		}
	}
	if named && !exists(t.path) {
		dir, err := os.MkdirTemp("", "highwater-config-")
		if err != nil {
			return nil, fmt.Errorf("make an empty configuration: %w", err)
		}
		t.temp = dir
		o.configFile = filepath.Join(dir, config.Name)
		if err := os.WriteFile(o.configFile, nil, 0o600); err != nil {
			t.close()
			return nil, fmt.Errorf("make an empty configuration: %w", err)
		}
	}
	if rel, err := filepath.Rel(wd, t.path); err == nil && filepath.IsLocal(rel) {
		t.path = rel // as a user would call it
	}
	if err := writable(t.path); err != nil {
		t.close()
		return nil, usagef("--write into %s: %w", t.path, err)
	}
	return t, nil
}

func (t *amendment) close() {
	if t.temp != "" {
		_ = os.RemoveAll(t.temp) // an empty file, in the folder for temporary files
	}
}

// try reports whether the file can be amended, before anything is measured.
func (t *amendment) try() error {
	_, err := t.amended([]config.Measured{{Scenario: "suite/name", Reason: config.MeasuredReason + "a try", Comment: "a try", Thresholds: []config.MeasuredThreshold{{Metric: "peak", Text: "10%"}}}})
	return err
}

func (t *amendment) amended(add []config.Measured) ([]byte, error) {
	data, err := os.ReadFile(t.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return config.Amend(t.path, data, t.env, add)
}

// write puts the proposals of the sheet into the file.
func (t *amendment) write(a *app, sheet noise.Sheet, quiet bool) error {
	if sheet.Repeats < noise.Enough {
		return usagef("--write: run %s has %s of some figures, and a threshold that is to stay rests on %d or more", sheet.Run, count(sheet.Repeats, "repeat"), noise.Enough)
	}
	add := measured(sheet)
	if len(add) == 0 {
		if !quiet {
			say(a.Stderr, a.Name, fmt.Sprintf("%s is left as it is: no other threshold is proposed than those in force", t.path))
		}
		return nil
	}
	data, err := t.amended(add)
	if err != nil {
		return usage(err)
	}
	if err := store.WriteFile(t.path, data); err != nil {
		return fmt.Errorf("--write: %w", err)
	}
	if !quiet {
		say(a.Stderr, a.Name, fmt.Sprintf("wrote the thresholds of %s into %s", count(len(add), "scenario"), t.path))
	}
	return nil
}

// measured words the proposals of a sheet as overrides.
func measured(sheet noise.Sheet) []config.Measured {
	var all []config.Measured
	comment := fmt.Sprintf("%s, %s: %s on %s", strings.Join(sheet.Command[:min(2, len(sheet.Command))], " "),
		sheet.Created.UTC().Format(time.DateOnly), count(sheet.Repeats, "repeat"), sheet.Machine())
	for _, p := range sheet.Proposals() {
		m := config.Measured{Scenario: p.Scenario, Comment: comment}
		var why []string
		for _, f := range p.Figures {
			m.Thresholds = append(m.Thresholds, config.MeasuredThreshold{Metric: f.Metric, Text: f.Proposal()})
			why = append(why, f.Metric+" "+f.Spread())
		}
		m.Reason = config.MeasuredReason + "repeats differ by " + strings.Join(why, ", ")
		all = append(all, m)
	}
	return all
}
