package store

import (
	"crypto/sha256"
	"encoding/hex"
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

const howToSave = "make one with `highwater baseline save`"

// LoadBaseline reads the baseline that path names, as [FindBaseline] finds it.
// One that holds nothing to compare with is an error.
func LoadBaseline(path string) (*highwater.Run, error) {
	file, err := FindBaseline(path)
	if err != nil {
		return nil, err
	}
	r, err := ReadRun(file)
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	if err := Measured(file, r); err != nil {
		return nil, err
	}
	return r, nil
}

// Measured reports a run that holds nothing to compare with.
func Measured(file string, r *highwater.Run) error {
	for _, m := range r.Measurements {
		if m.Outcome.Status == highwater.StatusOK && len(m.Values) > 0 || m.Soak != nil {
			return nil // a soak is no baseline, which whoever compares will say
		}
	}
	return fmt.Errorf("baseline %s: none of its %d scenarios was measured, so there is nothing to compare with; %s", file, len(r.Scenarios), howToSave)
}

// FindBaseline returns the file that path names as a baseline: path itself
// where it is a file; in a directory baseline.json, or the only *.json there
// is, or run.json. Profiles are named relative to the file's directory.
func FindBaseline(path string) (string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("baseline %s: no such file or directory; %s", path, howToSave)
	}
	if err != nil {
		return "", fmt.Errorf("baseline: %w", err)
	}
	if !info.IsDir() {
		return path, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return "", fmt.Errorf("baseline: %w", err)
	}
	var files, names []string
	for _, e := range entries {
		names = append(names, e.Name())
		if filepath.Ext(e.Name()) == ".json" && !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			files = append(files, e.Name())
		}
	}
	switch {
	case slices.Contains(files, "baseline.json"):
		return filepath.Join(path, "baseline.json"), nil
	case len(files) == 1:
		return filepath.Join(path, files[0]), nil
	case slices.Contains(files, runFile):
		return filepath.Join(path, runFile), nil
	case len(files) > 1:
		return "", fmt.Errorf("baseline %s: which of %s? Name the file, or call one baseline.json", path, list(files))
	case len(names) == 0:
		return "", fmt.Errorf("baseline %s: the directory is empty; %s", path, howToSave)
	default:
		return "", fmt.Errorf("baseline %s: no *.json among what is there (%s); %s", path, list(names), howToSave)
	}
}

func list(names []string) string {
	const most = 10
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// SaveBaseline writes the run to path as a baseline, with its profiles beside
// it, which are looked for in the directory of report.RunFile. The directory of
// path is made. Unless forced, a run is refused that did not pass, that was cut
// short, or that the report is not about: a failing run replaces no baseline.
func SaveBaseline(path string, run *highwater.Run, report *highwater.Report, force bool) error {
	if err := worthy(run, report); err != nil && !force {
		return fmt.Errorf("baseline %s is not written: %w; --force writes it all the same", path, err)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("baseline %s: it is a directory; name a file in it, such as %s", path, filepath.Join(path, "baseline.json"))
	}
	c := *run
	if c.Name == "" {
		c.Name = stem(path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("baseline %s: %w; name another path", path, err)
	}
	from := ""
	if report != nil && report.RunFile != "" {
		from = filepath.Dir(report.RunFile)
	}
	var err error
	if c.Measurements, err = copyProfiles(run, from, path); err != nil {
		return fmt.Errorf("baseline %s: %w", path, err)
	}
	if err := WriteRun(path, &c); err != nil {
		return fmt.Errorf("baseline: %w", err)
	}
	return dropProfiles(path, run.ID)
}

func worthy(run *highwater.Run, report *highwater.Report) error {
	switch {
	case report == nil:
		return errors.New("the run was not judged")
	case report.RunID != run.ID:
		return fmt.Errorf("the report is about run %s, not about run %s", report.RunID, run.ID)
	case report.Exit != highwater.ExitOK:
		return fmt.Errorf("run %s did not pass (%s)", run.ID, report.Verdict)
	case run.Finished == nil:
		return fmt.Errorf("run %s was cut short, and scenarios that it lacks would be compared with nothing", run.ID)
	}
	return nil
}

// BaselinePath is the file of a named baseline of a module, in the user's state
// directory. It need not exist.
func BaselinePath(module, name string) (string, error) {
	if err := ValidID(name); err != nil {
		return "", fmt.Errorf("name of a baseline: %w", err)
	}
	dir, err := baselineDir(module)
	return filepath.Join(dir, name+".json"), err
}

func baselineDir(module string) (string, error) {
	if module == "" {
		return "", errors.New("named baselines belong to a module, and there is none here; name a file instead")
	}
	state, err := StateDir()
	sum := sha256.Sum256([]byte(module))
	return filepath.Join(state, "baselines", hex.EncodeToString(sum[:6])), err
}

// Baseline is one of a module's named baselines.
type Baseline struct {
	Name, Path string
	RunID      string
	Created    time.Time
	Scenarios  int
	Err        error // why it cannot be read
}

// ListBaselines lists the named baselines of a module by name. One that cannot
// be read is listed with the reason.
func ListBaselines(module string) ([]Baseline, error) {
	dir, err := baselineDir(module)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing baselines: %w", err)
	}
	var all []Baseline
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() || filepath.Ext(path) != ".json" || ValidID(stem(path)) != nil {
			continue
		}
		b := Baseline{Name: stem(path), Path: path}
		if r, err := ReadRun(path); err != nil {
			b.Err = err
		} else {
			b.RunID, b.Created, b.Scenarios = r.ID, r.Created, len(r.Scenarios)
		}
		all = append(all, b)
	}
	return all, nil
}

func stem(path string) string {
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}
