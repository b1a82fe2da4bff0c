package history

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// Query says which series and which of their points. Its zero value means all.
type Query struct {
	Module string // "" for all
	// Match chooses scenarios by ID, such as with config.Match; nil for all.
	Match        func(scenario string) bool
	Metrics      []string // nil for all, also of the next two
	Branches     []string // "" is what was measured with no branch checked out
	Environments []string

	Since time.Time // points from then on
	Last  int       // at most so many points of each series, the newest; 0 for all
	Bare  bool      // leave the samples out
}

// keyed is a series with its number.
type keyed struct {
	seq int64
	key highwater.SeriesKey
}

// Keys lists the series that a query means, in their usual order. Since and Last have
// no say in it.
func (s *Store) Keys(ctx context.Context, q Query) ([]highwater.SeriesKey, error) {
	all, err := s.keys(ctx, s.db, q)
	if err != nil {
		return nil, s.explain("reading", err)
	}
	keys := make([]highwater.SeriesKey, len(all))
	for i, k := range all {
		keys[i] = k.key
	}
	return keys, nil
}

// Series returns the series that a query means, the oldest point of each first, in the
// order of [highwater.SeriesKey.Compare]. Those that have no point left are not among
// them.
func (s *Store) Series(ctx context.Context, q Query) ([]highwater.Series, error) {
	var all []highwater.Series
	err := s.Each(ctx, q, func(one highwater.Series) error {
		all = append(all, one)
		return nil
	})
	return all, err
}

// Each is Series one at a time, for a whole store. An error of f ends it, and is
// returned as it is.
func (s *Store) Each(ctx context.Context, q Query, f func(highwater.Series) error) error {
	return s.read(ctx, func(tx *sql.Tx) error { return s.each(ctx, tx, q, f) })
}

// ownError is one of the caller's, which says nothing of the store.
type ownError struct{ error }

// read does something that sees the store as it is at one moment.
func (s *Store) read(ctx context.Context, f func(tx *sql.Tx) error) error {
	o := &sql.TxOptions{ReadOnly: true}
	if s.dialect.numbered {
		o.Isolation = sql.LevelRepeatableRead // as SQLite does by itself
	}
	tx, err := s.db.BeginTx(ctx, o)
	if err != nil {
		return s.explain("reading", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	err = f(tx)
	if own, ok := err.(ownError); ok { //nolint:errorlint // it is never wrapped
		return own.error
	}
	if err != nil {
		return s.explain("reading", err)
	}
	return nil
}

type rowsQueryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func (s *Store) each(ctx context.Context, tx *sql.Tx, q Query, f func(highwater.Series) error) error {
	keys, err := s.keys(ctx, tx, q)
	if err != nil {
		return err
	}
	samples := "t.samples"
	if q.Bare {
		samples = "NULL"
	}
	stmt, err := tx.PrepareContext(ctx, s.bind(`SELECT r.id, r.revision, r.dirty, r.go, t.at, t.center, t.low, t.high, t.bound, `+samples+`
		FROM highwater_results t JOIN highwater_runs r ON r.seq = t.run
		WHERE t.series = ? AND t.at >= ? ORDER BY t.at DESC, t.run DESC LIMIT ?`))
	if err != nil {
		return err
	}
	defer func() { _ = stmt.Close() }()
	since, last := int64(math.MinInt64), int64(math.MaxInt64)
	if !q.Since.IsZero() {
		since = q.Since.UnixMilli()
	}
	if q.Last > 0 {
		last = int64(q.Last)
	}
	for _, k := range keys {
		points, err := points(ctx, stmt, k.seq, since, last)
		if err != nil {
			return err
		}
		if len(points) == 0 {
			continue
		}
		if err := f(highwater.Series{Key: k.key, Points: points}); err != nil {
			return ownError{err}
		}
	}
	return nil
}

func points(ctx context.Context, stmt *sql.Stmt, series, since, last int64) ([]highwater.Point, error) {
	rows, err := stmt.QueryContext(ctx, series, since, last)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var points []highwater.Point
	for rows.Next() {
		var p highwater.Point
		var dirty, at int64
		var bound sql.NullFloat64
		var packed sql.RawBytes
		if err := rows.Scan(&p.Run, &p.Commit, &dirty, &p.Go, &at, &p.Center, &p.Low, &p.High, &bound, &packed); err != nil {
			return nil, err
		}
		if bound.Valid {
			p.Limit = &bound.Float64
		}
		p.Dirty, p.At = dirty != 0, time.UnixMilli(at).UTC()
		if p.Samples, err = unpack(packed, p.Center); err != nil {
			return nil, err
		}
		points = append(points, p)
	}
	// Runs of one millisecond stand in the order of their IDs, and not in that in which
	// they were added: an imported store is like the one that it was exported from.
	slices.SortStableFunc(points, func(a, b highwater.Point) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Run, b.Run))
	})
	return points, rows.Err()
}

// keys finds the series. There are some thousand of them, of whatever number of
// results.
func (s *Store) keys(ctx context.Context, from rowsQueryer, q Query) ([]keyed, error) {
	query := `SELECT seq, module, scenario, metric, branch, environment, sessions FROM highwater_series WHERE 1 = 1`
	var args []any
	if q.Module != "" {
		query, args = query+` AND module = ?`, append(args, q.Module)
	}
	for _, in := range []struct {
		column string
		values []string
	}{{"metric", q.Metrics}, {"branch", q.Branches}, {"environment", q.Environments}} {
		if in.values == nil {
			continue
		}
		if len(in.values) == 0 {
			return nil, nil // of none
		}
		query += ` AND ` + in.column + ` IN (?` + strings.Repeat(", ?", len(in.values)-1) + `)`
		for _, v := range in.values {
			args = append(args, v)
		}
	}
	rows, err := from.QueryContext(ctx, s.bind(query), args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var keys []keyed
	for rows.Next() {
		var k keyed
		if err := rows.Scan(&k.seq, &k.key.Module, &k.key.Scenario, &k.key.Metric, &k.key.Branch, &k.key.Environment, &k.key.Sessions); err != nil {
			return nil, err
		}
		if q.Match == nil || q.Match(k.key.Scenario) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b keyed) int { return a.key.Compare(b.key) })
	return keys, rows.Err()
}
