package driver

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/bisect"
	"github.com/highwater-dev/highwater/internal/flock"
	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/store"
)

// bisectSchema is the version of the file of a search.
const bisectSchema = 1

// bisectState is all that a search has to know to go on: what was measured, and what
// could not be. It is written after every measurement.
type bisectState struct {
	Schema int    `json:"schema"`
	Probe  int    `json:"probe"` // version of the measuring: figures of another one do not compare
	GOARCH string `json:"goarch"`
	Go     string `json:"go,omitempty"` // that built the ends
	Good   string `json:"good"`         // hashes
	Bad    string `json:"bad"`

	// Subject is the scenario and Metric the metric that was chosen, once the ends
	// were measured; Rate is the profile rate of its exact processes.
	Subject *highwater.ScenarioInfo `json:"subject,omitempty"`
	Metric  string                  `json:"metric,omitempty"`
	Rate    int                     `json:"profile_rate,omitempty"`
	// Allowed is how much worse the metric may be, and Spread what its repeats are
	// expected to differ by, in its unit.
	Allowed float64             `json:"allowed,omitempty"`
	Spread  float64             `json:"spread,omitempty"`
	Ends    []bisect.Difference `json:"ends,omitempty"`

	Measured []bisect.Measured `json:"measured,omitempty"`
	Skipped  []bisect.Skipped  `json:"skipped,omitempty"`
	Notes    []string          `json:"notes,omitempty"`

	Builds    int           `json:"builds"`
	Processes int           `json:"processes"`
	Took      time.Duration `json:"took_ns"`

	Done *bisect.Document `json:"done,omitempty"` // the answer, once there is one
}

// mostState bounds what is read of a file of a search.
const mostState = 64 << 20

// bisectFile is where a search with that key is kept.
func bisectFile(key ...string) (string, error) {
	state, err := store.StateDir()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, k := range key {
		fmt.Fprintf(h, "%q\n", k)
	}
	dir := filepath.Join(state, "bisect")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("making the folder for searches: %w; set HIGHWATER_STATE_DIR to a directory that can be written", err)
	}
	forgetBisects(dir)
	return filepath.Join(dir, hex.EncodeToString(h.Sum(nil)[:12])+".json"), nil
}

// keepBisects is how long a search is kept that nobody goes on with.
const keepBisects = 90 * 24 * time.Hour

// forgetBisects removes old searches. What cannot be removed does no harm.
func forgetBisects(dir string) {
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, f := range files {
		if info, err := os.Lstat(f); err == nil && time.Since(info.ModTime()) > keepBisects {
			_ = os.Remove(f)
		}
	}
}

// holdBisect keeps a search for this process, until the file is closed. It is an error
// where another process is at it.
func holdBisect(path string) (*os.File, error) {
	f, err := flock.Try(strings.TrimSuffix(path, ".json") + ".lock")
	switch {
	case err != nil:
		return nil, fmt.Errorf("taking the lock of the search: %w", err)
	case f == nil:
		return nil, errors.New("another process is at this very search; wait for it, and the same command prints its answer")
	}
	now := time.Now()
	_ = os.Chtimes(f.Name(), now, now) // it is not an old one
	return f, nil
}

func newBisectState(good, bad string) *bisectState {
	return &bisectState{Schema: bisectSchema, Probe: probe.Version, GOARCH: runtime.GOARCH, Good: good, Bad: bad}
}

// readBisect reads what is left of an earlier search, nil where there is none.
func readBisect(path string) (*bisectState, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && info.Size() > mostState {
		err = errors.New("it is too large to be one")
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(path)
	}
	s := &bisectState{}
	if err == nil {
		err = json.Unmarshal(data, s)
	}
	if err == nil && (s.Schema != bisectSchema || s.Metric != "" && s.Subject == nil) {
		err = errors.New("it is of another version of highwater, or damaged")
	}
	if err != nil {
		return nil, fmt.Errorf("reading the search in %s: %w; begin anew with --fresh", path, err)
	}
	return s, nil
}

func (s *bisectState) write(path string) error {
	data, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	if err := store.WriteFile(path, append(data, '\n')); err != nil {
		return fmt.Errorf("keeping what was measured: %w", err)
	}
	return nil
}
