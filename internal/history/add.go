package history

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
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
		w := newWriter(s, tx)
		added = 0
		run, err := w.run(ctx, e.Run, false)
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

	full map[string]*sql.Stmt // statements of rowsAtOnce, by their text
}

func newWriter(s *Store, tx *sql.Tx) *writer {
	return &writer{store: s, tx: tx, series: map[highwater.SeriesKey]int64{}, full: map[string]*sql.Stmt{}}
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
	rowsAtOnce    = 256
	resultsAtOnce = 16 * rowsAtOnce

	maxRemembered = 50_000 // series, which an import can have any number of
)

// run makes the run's row, or finds it. Two runs of one ID are not made one, unless
// nobody knows when it was made.
func (w *writer) run(ctx context.Context, r Run, guessed bool) (*storedRun, error) {
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
	if run.at != at && !guessed {
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
	render, atOnce := w.rows, rowsAtOnce
	if w.store.dialect.arrays {
		render, atOnce = w.columns, resultsAtOnce
	}
	for rows := range slices.Chunk(w.waiting, atOnce) {
		values, args := render(rows)
		query := `INSERT INTO highwater_results (series, at, run, center, low, high, bound, samples) ` +
			values + ` ON CONFLICT (series, at, run) DO NOTHING`
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

// rows are the values of results, each its own.
func (w *writer) rows(all []waiting) (values string, args []any) {
	args = make([]any, 0, 8*len(all))
	for _, r := range all {
		p := r.Point
		args = append(args, w.series[r.Key], r.run.at, r.run.seq, p.Center, p.Low, p.High, p.Limit, pack(p))
	}
	return `VALUES ` + tuples(len(all), 8), args
}

// columns are the values of results as eight arrays, which PostgreSQL takes in a tenth of
// the time.
func (w *writer) columns(all []waiting) (values string, args []any) {
	n := len(all)
	series, at, run := make([]int64, n), make([]int64, n), make([]int64, n)
	center, low, high := make([]float64, n), make([]float64, n), make([]float64, n)
	bound, samples := make([]*float64, n), make([][]byte, n)
	for i, r := range all {
		p := r.Point
		series[i], at[i], run[i] = w.series[r.Key], r.run.at, r.run.seq
		center[i], low[i], high[i], bound[i], samples[i] = p.Center, p.Low, p.High, p.Limit, pack(p)
	}
	return `SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::float8[], ?::float8[], ?::float8[], ?::float8[], ?::bytea[])`,
		[]any{series, at, run, center, low, high, bound, samples}
}

// prepared compiles a statement once; it ends with the transaction.
func (w *writer) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt := w.full[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := w.tx.PrepareContext(ctx, w.store.bind(query))
	if err == nil {
		w.full[query] = stmt
	}
	return stmt, err
}

// insert also tells how many rows were new, of each run where they are of several.
func (w *writer) insert(ctx context.Context, query string, args []any, rows []waiting) error {
	var res sql.Result
	var err error
	if len(rows) == rowsAtOnce || w.store.dialect.arrays {
		var stmt *sql.Stmt
		if stmt, err = w.prepared(ctx, query); err == nil {
			res, err = stmt.ExecContext(ctx, args...)
		}
	} else {
		res, err = w.tx.ExecContext(ctx, w.store.bind(query), args...)
	}
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
	if len(w.series) > maxRemembered {
		clear(w.series)
	}
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
	atOnce := rowsAtOnce
	if w.store.dialect.arrays {
		atOnce = resultsAtOnce
	}
	for digests := range slices.Chunk(slices.Collect(maps.Keys(open)), atOnce) {
		where, args := `= ANY(?::text[])`, []any{digests}
		if !w.store.dialect.arrays {
			where, args = `IN `+tuples(1, len(digests)), nil
			for _, d := range digests {
				args = append(args, d)
			}
		}
		rows, err := w.tx.QueryContext(ctx, w.store.bind(`SELECT seq, digest FROM highwater_series WHERE digest `+where), args...)
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
