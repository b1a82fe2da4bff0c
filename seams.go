package highwater

import (
	"context"
	"io"
)

// Check turns a run and its baseline (nil where there is none) into findings.
// It is a value, so that third parties compose their own.
type Check struct {
	Name string
	Doc  string
	Run  func(run, baseline *Run) []Finding
}

// Reporter renders a report to w and does nothing else. Options belong to its
// constructor.
type Reporter interface {
	Render(w io.Writer, r *Report) error
}

// Notifier sends a report somewhere outside.
type Notifier interface {
	Notify(ctx context.Context, r *Report) error
}

// Store keeps Runs.
type Store interface {
	// Save writes the run, replacing an earlier state of the same run, so that
	// a reader sees either the old or the new one whole.
	Save(r *Run) error
	// Load reads the run with that ID.
	Load(id string) (*Run, error)
	// List returns the IDs, newest first.
	List() ([]string, error)
}
