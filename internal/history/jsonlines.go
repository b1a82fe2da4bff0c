package history

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/highwater-dev/highwater"
)

// exportVersion is that of the lines that this code writes; a later one is refused.
const exportVersion = 1

// line is one line of an export: one of its fields. The first is the version. A run
// stands before the first point of it, and a series before its points.
//
//	{"history":1}
//	{"run":{"run":"20261129-012210-0a1b2c","at":"2026-11-29T01:22:10Z","scenarios":1,"errors":0}}
//	{"series":{"scenario":"feed/TestFeed","metric":"peak","environment":"linux/amd64 …","sessions":1}}
//	{"point":{"run":"20261129-012210-0a1b2c","at":"2026-11-29T01:22:10Z","center":1e6,"low":1e6,"high":1e6}}
type line struct {
	History int                  `json:"history,omitempty"`
	Run     *Run                 `json:"run,omitempty"`
	Series  *highwater.SeriesKey `json:"series,omitempty"`
	Point   *highwater.Point     `json:"point,omitempty"`
}

func (s *Store) exportJSON(ctx context.Context, w io.Writer, q Query) error {
	out := json.NewEncoder(w)
	write := func(l line) error {
		if err := out.Encode(l); err != nil {
			return fmt.Errorf("exporting: %w", err)
		}
		return nil
	}
	return s.read(ctx, func(tx *sql.Tx) error {
		runs, err := s.runs(ctx, tx)
		if err != nil {
			return err
		}
		if err := write(line{History: exportVersion}); err != nil {
			return ownError{err}
		}
		open := make(map[string]*Run, len(runs))
		for i := range runs {
			open[runs[i].ID] = &runs[i]
		}
		err = s.each(ctx, tx, q, func(one highwater.Series) error {
			for _, p := range one.Points {
				if r := open[p.Run]; r != nil {
					delete(open, p.Run)
					if err := write(line{Run: r}); err != nil {
						return err
					}
				}
			}
			if err := write(line{Series: &one.Key}); err != nil {
				return err
			}
			for i := range one.Points {
				if err := write(line{Point: &one.Points[i]}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || !q.all() {
			return err
		}
		for i := range runs {
			if open[runs[i].ID] != nil {
				if err := write(line{Run: &runs[i]}); err != nil {
					return ownError{err}
				}
			}
		}
		return nil
	})
}

// all reports whether a query means the whole store.
func (q Query) all() bool {
	return q.Module == "" && q.Match == nil && q.Metrics == nil && q.Branches == nil && q.Environments == nil && q.Since.IsZero() && q.Last == 0
}

func (in *importer) json(ctx context.Context, b *bufio.Reader) error {
	var series *highwater.SeriesKey
	for n := 1; ; n++ {
		text, err := readLine(b)
		if errors.Is(err, io.EOF) {
			if n == 1 {
				return &contentError{errors.New("the file is empty")}
			}
			return nil
		}
		if err != nil {
			return &contentError{fmt.Errorf("line %d: %w", n, err)}
		}
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		var l line
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&l); err != nil {
			return &contentError{fmt.Errorf("line %d: %w", n, err)}
		}
		if d.More() {
			return &contentError{fmt.Errorf("line %d: more than one object", n)}
		}
		if n == 1 && l.History == 0 {
			return &contentError{errors.New(`line 1: want {"history":1}: this is no export of a history; a Run file is added with history add`)}
		}
		if err := in.line(ctx, l, &series); err != nil {
			if wrong, ok := errors.AsType[*contentError](err); ok {
				return &contentError{fmt.Errorf("line %d: %w", n, wrong.err)}
			}
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
}

func (in *importer) line(ctx context.Context, l line, series **highwater.SeriesKey) error {
	switch {
	case l.History > exportVersion:
		return &contentError{fmt.Errorf("the export has version %d, and this highwater reads versions up to %d: update highwater", l.History, exportVersion)}
	case l.History < 0:
		return &contentError{fmt.Errorf("the export has version %d", l.History)}
	case l.History > 0:
		return nil
	case l.Run != nil:
		l.Run.At = l.Run.At.UTC().Truncate(time.Millisecond)
		if err := l.Run.check(); err != nil {
			return &contentError{err}
		}
		return in.begin(ctx, *l.Run, false)
	case l.Series != nil:
		if err := checkKey(*l.Series); err != nil {
			return &contentError{err}
		}
		*series = l.Series
		return nil
	case l.Point == nil:
		return &contentError{errors.New("want a run, a series or a point")}
	case *series == nil:
		return &contentError{errors.New("a point before its series")}
	}
	run, known := in.byID[l.Point.Run]
	if !known {
		return &contentError{fmt.Errorf("a point of run %.80q before the run itself", l.Point.Run)}
	}
	if !l.Point.At.UTC().Truncate(time.Millisecond).Equal(run.At) {
		return &contentError{fmt.Errorf("a point of run %s is of %s, and the run of %s", run.ID, l.Point.At.Format(time.RFC3339), run.At.Format(time.RFC3339))}
	}
	if err := checkPoint(*l.Point); err != nil {
		return &contentError{err}
	}
	if in.total++; in.total > maxImported {
		return &contentError{fmt.Errorf("more than %d results", maxImported)}
	}
	return in.add(ctx, run.row, Result{**series, *l.Point})
}

// readLine reads a line of at most maxLine bytes.
func readLine(b *bufio.Reader) ([]byte, error) {
	var all []byte
	for {
		part, err := b.ReadSlice('\n')
		all = append(all, part...)
		switch {
		case len(all) > maxLine:
			return nil, fmt.Errorf("longer than %d bytes", maxLine)
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(all) > 0:
			return all, nil
		default:
			return all, err
		}
	}
}
