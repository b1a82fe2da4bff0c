package history

import (
	"context"
	"time"

	"github.com/highwater-dev/highwater"
)

// Runs lists the runs, the newest first: also those that have no result, since all of
// their measurements failed.
func (s *Store) Runs(ctx context.Context) ([]Run, error) {
	runs, err := s.runs(ctx, s.db)
	if err != nil {
		return nil, s.explain("reading", err)
	}
	return runs, nil
}

func (s *Store) runs(ctx context.Context, from rowsQueryer) ([]Run, error) {
	rows, err := from.QueryContext(ctx, `SELECT id, at, tool, module, revision, branch, dirty, go, goos, goarch, verdict, scenarios, errors, results
		FROM highwater_runs ORDER BY at DESC, id DESC`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var runs []Run
	for rows.Next() {
		var r Run
		var at, dirty int64
		var verdict string
		if err := rows.Scan(&r.ID, &at, &r.Tool, &r.Module, &r.Commit, &r.Branch, &dirty, &r.Go, &r.GOOS, &r.GOARCH, &verdict, &r.Scenarios, &r.Errors, &r.Results); err != nil {
			return nil, err
		}
		r.At, r.Dirty, r.Verdict = time.UnixMilli(at).UTC(), dirty != 0, highwater.Verdict(verdict)
		runs = append(runs, r)
	}
	return runs, rows.Err()
}
