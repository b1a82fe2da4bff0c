package history

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// Add keeps what a judged run came to, see [Of], and returns how many results were new.
// All of it is stored or, with an error, nothing. Results of the same run that are there
// already stay as they are and are not counted.
func (s *Store) Add(ctx context.Context, r *highwater.Report) (added int, err error) {
	e, err := Of(r)
	if err != nil {
		return 0, err
	}
	return s.AddEntry(ctx, e)
}

// AddEntry is [Store.Add] of what was made by other means.
func (s *Store) AddEntry(ctx context.Context, e Entry) (added int, err error) {
	if err := e.check(); err != nil {
		return 0, fmt.Errorf("storing run %s: %w", e.Run.ID, err)
	}
	err = s.write(ctx, "adding run "+e.Run.ID+" to", func(tx *sql.Tx) error {
		w := &writer{store: s, tx: tx, series: map[highwater.SeriesKey]int64{}}
		added = 0
		run, err := w.run(ctx, e.Run)
		if err != nil {
			return err
		}
		for _, r := range e.Results {
			if err := w.add(ctx, run, r); err != nil {
				return err
			}
		}
		if err := w.flush(ctx); err != nil {
			return err
		}
		added = w.added
		return w.count(ctx)
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

// writer adds results in one transaction.
type writer struct {
	store  *Store
	tx     *sql.Tx
	series map[highwater.SeriesKey]int64
	runs   []*storedRun

	waiting []waiting
	added   int
}

type storedRun struct {
	seq   int64
	at    int64
	added int
}

type waiting struct {
	run *storedRun
	Result
}

// Rows of one statement. Databases bound the number of its parameters (SQLite 32,766),
// and a statement of one length only is compiled once.
const (
	rowsAtOnce    = 64
	resultsAtOnce = 64 * rowsAtOnce
)

// run makes the run's row, or finds it. Two runs of one ID are not made one.
func (w *writer) run(ctx context.Context, r Run) (*storedRun, error) {
	at := r.At.UnixMilli()
	dirty := 0
	if r.Dirty {
		dirty = 1
	}
	_, err := w.tx.ExecContext(ctx, w.store.bind(`INSERT INTO highwater_runs
		(id, at, tool, module, revision, branch, dirty, go, goos, goarch, verdict, scenarios, errors, results)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO NOTHING`),
		r.ID, at, r.Tool, r.Module, r.Commit, r.Branch, dirty, r.Go, r.GOOS, r.GOARCH, string(r.Verdict), r.Scenarios, r.Errors)
	if err != nil {
		return nil, err
	}
	run := &storedRun{}
	if err := w.tx.QueryRowContext(ctx, w.store.bind(`SELECT seq, at FROM highwater_runs WHERE id = ?`), r.ID).Scan(&run.seq, &run.at); err != nil {
		return nil, err
	}
	if run.at != at {
		return nil, fmt.Errorf("there is another run %s, of %s, and this one is of %s; give this one another ID, or prune the other",
			r.ID, time.UnixMilli(run.at).UTC().Format(time.RFC3339), r.At.UTC().Format(time.RFC3339))
	}
	w.runs = append(w.runs, run)
	return run, nil
}

// add takes a result, and stores it with others some time before count.
func (w *writer) add(ctx context.Context, run *storedRun, r Result) error {
	w.waiting = append(w.waiting, waiting{run, r})
	if len(w.waiting) < resultsAtOnce {
		return nil
	}
	return w.flush(ctx)
}

// flush stores what waits.
func (w *writer) flush(ctx context.Context) error {
	if err := w.keys(ctx); err != nil {
		return err
	}
	for rows := range slices.Chunk(w.waiting, rowsAtOnce) {
		args := make([]any, 0, 8*len(rows))
		for _, r := range rows {
			p := r.Point
			var bound any
			if p.Limit != nil {
				bound = *p.Limit
			}
			args = append(args, w.series[r.Key], r.run.at, r.run.seq, p.Center, p.Low, p.High, bound, pack(p))
		}
		query := `INSERT INTO highwater_results (series, at, run, center, low, high, bound, samples) VALUES ` +
			tuples(len(rows), 8) + ` ON CONFLICT (series, at, run) DO NOTHING`
		if err := w.insert(ctx, query, args, rows); err != nil {
			return err
		}
		if w.store.halfway != nil {
			w.store.halfway()
		}
	}
	w.waiting = w.waiting[:0]
	return nil
}

// insert also tells how many rows were new, of each run where they are of several.
func (w *writer) insert(ctx context.Context, query string, args []any, rows []waiting) error {
	res, err := w.tx.ExecContext(ctx, w.store.bind(query), args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	w.added += int(n)
	if int(n) == len(rows) || !slices.ContainsFunc(rows, func(r waiting) bool { return r.run != rows[0].run }) {
		for _, r := range rows[:n] {
			r.run.added++
		}
		return nil
	}
	for _, r := range rows { // which of them they were is not told: count has to look
		r.run.added = -1 << 40
	}
	return nil
}

// count brings the number of results that each run's row tells up to date.
func (w *writer) count(ctx context.Context) error {
	for _, r := range w.runs {
		var err error
		switch {
		case r.added > 0:
			_, err = w.tx.ExecContext(ctx, w.store.bind(`UPDATE highwater_runs SET results = results + ? WHERE seq = ?`), r.added, r.seq)
		case r.added < 0:
			return recount(ctx, w.tx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// recount counts the results of all runs anew.
func recount(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE highwater_runs SET results = COALESCE(counted.n, 0)
		FROM highwater_runs AS r LEFT JOIN (SELECT run, COUNT(*) AS n FROM highwater_results GROUP BY run) AS counted ON counted.run = r.seq
		WHERE highwater_runs.seq = r.seq AND highwater_runs.results <> COALESCE(counted.n, 0)`)
	return err
}

// keys finds the series of what waits, and makes those that are new.
func (w *writer) keys(ctx context.Context) error {
	open := map[string]highwater.SeriesKey{}
	for _, r := range w.waiting {
		if _, known := w.series[r.Key]; !known {
			open[digest(r.Key)] = r.Key
		}
	}
	if err := w.find(ctx, open); err != nil || len(open) == 0 {
		return err
	}
	// In one order, so that two writers never wait for each other.
	missing := make([]string, 0, len(open))
	for d := range open {
		missing = append(missing, d)
	}
	slices.SortFunc(missing, func(a, b string) int { return cmp.Compare(a, b) })
	for digests := range slices.Chunk(missing, rowsAtOnce) {
		var args []any
		for _, d := range digests {
			k := open[d]
			args = append(args, d, k.Module, k.Scenario, k.Metric, k.Branch, k.Environment, k.Sessions)
		}
		_, err := w.tx.ExecContext(ctx, w.store.bind(`INSERT INTO highwater_series (digest, module, scenario, metric, branch, environment, sessions) VALUES `+
			tuples(len(digests), 7)+` ON CONFLICT (digest) DO NOTHING`), args...)
		if err != nil {
			return err
		}
	}
	if err := w.find(ctx, open); err != nil || len(open) == 0 {
		return err
	}
	return fmt.Errorf("%d series were made and are not there: the store is damaged; restore it from where it was kept", len(open))
}

// find takes the series that there are out of open.
func (w *writer) find(ctx context.Context, open map[string]highwater.SeriesKey) error {
	all := make([]any, 0, len(open))
	for d := range open {
		all = append(all, d)
	}
	for digests := range slices.Chunk(all, rowsAtOnce) {
		rows, err := w.tx.QueryContext(ctx, w.store.bind(`SELECT seq, digest FROM highwater_series WHERE digest IN `+tuples(1, len(digests))), digests...)
		if err != nil {
			return err
		}
		for rows.Next() {
			var seq int64
			var d string
			if err := rows.Scan(&seq, &d); err != nil {
				_ = rows.Close()
				return err
			}
			w.series[open[d]] = seq
			delete(open, d)
		}
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return nil
}

// tuples is n times (?, ?, …).
func tuples(n, width int) string {
	one := "(?" + strings.Repeat(", ?", width-1) + ")"
	return one + strings.Repeat(", "+one, n-1)
}

// digest stands for a key: two keys have the same only if they are the same.
func digest(k highwater.SeriesKey) string {
	text, err := json.Marshal(k)
	if err != nil {
		panic(err) // strings and a number
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
