package history

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"
)

// Format is what a store can be exported to and imported from.
type Format string

// The formats.
const (
	// FormatJSON is a JSON object in each line, with all that the store has; see
	// line. FormatBench is the Go benchmark format, which benchstat reads: a line for
	// each sample, under the names and units of highwater's other results.
	FormatJSON  Format = "jsonl"
	FormatBench Format = "bench"
)

// Export writes the results that a query means, of one moment. Runs without results are
// in the JSON form of the whole store only.
func (s *Store) Export(ctx context.Context, w io.Writer, q Query, f Format) error {
	b := bufio.NewWriterSize(w, 1<<16)
	var err error
	switch f {
	case FormatJSON:
		err = s.exportJSON(ctx, b, q)
	case FormatBench:
		err = s.exportBench(ctx, b, q)
	default:
		return fmt.Errorf("exporting: there is no format %q; there are %s and %s", f, FormatJSON, FormatBench)
	}
	if err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("exporting: %w", err)
	}
	return nil
}

// Imported is what came of an import.
type Imported struct {
	Runs    int // in what was read
	Results int // that the store did not have
	Ignored int // figures in units that are none of ours, such as sec/op
}

// Bounds on an import. A line holds at most the samples of a point.
const (
	maxLine        = 1 << 20
	maxImported    = 50_000_000
	maxRuns        = 1_000_000
	maxBenchBytes  = 256 << 20
	maxBenchPoints = 5_000_000
)

// Import reads what [Store.Export] wrote, or any file in the Go benchmark format, whose
// values in B/op, allocs/op and highwater's own units it takes. The format is found out.
// A run of which the file does not say when it was made, as one of go test, is of the
// time at. All of it is stored or, with an error, nothing.
func (s *Store) Import(ctx context.Context, r io.Reader, at time.Time) (Imported, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	first, err := b.Peek(1)
	if errors.Is(err, io.EOF) {
		return Imported{}, errors.New("importing: the file is empty")
	}
	if err != nil {
		return Imported{}, fmt.Errorf("importing: %w", err)
	}
	if first[0] == '{' {
		return s.importAll(ctx, func(ctx context.Context, in *importer) error { return in.json(ctx, b) })
	}
	data, err := io.ReadAll(io.LimitReader(b, maxBenchBytes+1))
	switch {
	case err != nil:
		return Imported{}, fmt.Errorf("importing: %w", err)
	case len(data) > maxBenchBytes:
		return Imported{}, fmt.Errorf("importing: the file has more than %d MiB; import it in parts, or as %s", maxBenchBytes>>20, FormatJSON)
	case bytes.IndexByte(data, 0) >= 0:
		return Imported{}, errors.New("importing: it is neither JSON lines nor in the Go benchmark format")
	}
	entries, ignored, err := parseBench(data, at)
	if err != nil {
		return Imported{}, fmt.Errorf("importing: %w", err)
	}
	done, err := s.importAll(ctx, func(ctx context.Context, in *importer) error {
		for _, e := range entries {
			if err := in.entry(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
	done.Ignored = ignored
	return done, err
}

// importer adds many runs in one transaction.
type importer struct {
	*writer
	byID  map[string]importedRun
	total int
}

type importedRun struct {
	Run
	row *storedRun
}

// importAll cannot begin anew, since what is read is gone: it has the store for itself
// from the beginning, so that nobody can be in its way.
func (s *Store) importAll(ctx context.Context, f func(context.Context, *importer) error) (Imported, error) {
	var done Imported
	var tx *sql.Tx
	err := s.retry(ctx, "importing into", func() (err error) {
		if tx, err = s.db.BeginTx(ctx, nil); err != nil {
			return err
		}
		if err := s.dialect.lockOut(ctx, tx); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return nil
	})
	if err != nil {
		return done, err
	}
	defer func() { _ = tx.Rollback() }() // nothing once it is committed
	in := &importer{writer: newWriter(s, tx), byID: map[string]importedRun{}}
	err = f(ctx, in)
	if err == nil {
		err = in.flush(ctx)
	}
	if err == nil {
		err = in.count(ctx)
	}
	if err == nil {
		err = tx.Commit()
	}
	if wrong, ok := errors.AsType[*contentError](err); ok {
		return done, fmt.Errorf("importing: %w; nothing was imported", wrong)
	}
	if err != nil {
		return done, s.explain("importing into", err)
	}
	return Imported{Runs: len(in.byID), Results: in.added}, nil
}

// contentError is the fault of what is imported.
type contentError struct{ err error }

func (e *contentError) Error() string { return e.err.Error() }
func (e *contentError) Unwrap() error { return e.err }

func (in *importer) entry(ctx context.Context, e Entry) error {
	if err := e.check(); err != nil {
		return &contentError{err}
	}
	if err := in.begin(ctx, e.Run, e.guessed); err != nil {
		return err
	}
	for _, r := range e.Results {
		if err := in.add(ctx, in.byID[e.Run.ID].row, r); err != nil {
			return err
		}
	}
	return nil
}

// begin makes or finds a run that has been checked.
func (in *importer) begin(ctx context.Context, r Run, guessed bool) error {
	if _, twice := in.byID[r.ID]; twice {
		return &contentError{fmt.Errorf("run %s stands there twice", r.ID)}
	}
	if len(in.byID) == maxRuns {
		return &contentError{fmt.Errorf("more than %d runs; import it in parts", maxRuns)}
	}
	row, err := in.run(ctx, r, guessed)
	if err == nil {
		in.byID[r.ID] = importedRun{r, row}
	}
	return err
}
