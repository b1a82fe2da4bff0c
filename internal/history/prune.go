package history

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Keep says what stays in a store. Both bounds hold where both are given.
type Keep struct {
	Since  time.Time // results of runs from then on; zero for no bound
	Newest int       // so many results of each series; 0 for no bound
}

// Pruned is what was removed.
type Pruned struct {
	Results, Runs, Series int64
}

// Prune removes what is not to be kept. A run without any result left goes with its
// last one, and a series too. A run that never had one, since all of it failed, goes by
// its age alone.
func (s *Store) Prune(ctx context.Context, k Keep) (Pruned, error) {
	var p Pruned
	if k.Since.IsZero() && k.Newest <= 0 {
		return p, errors.New("pruning: nothing says what to keep")
	}
	err := s.write(ctx, "pruning", func(tx *sql.Tx) error {
		p = Pruned{}
		if err := s.dialect.lockOut(ctx, tx); err != nil {
			return err
		}
		remove := func(n *int64, query string, args ...any) error {
			res, err := tx.ExecContext(ctx, s.bind(query), args...)
			if err != nil {
				return err
			}
			removed, err := res.RowsAffected()
			*n += removed
			return err
		}
		var err error
		if !k.Since.IsZero() {
			at := k.Since.UnixMilli()
			err = errors.Join(
				remove(&p.Results, `DELETE FROM highwater_results WHERE at < ?`, at),
				remove(&p.Runs, `DELETE FROM highwater_runs WHERE at < ? AND results = 0`, at))
		}
		if err == nil && k.Newest > 0 {
			err = remove(&p.Results, `DELETE FROM highwater_results WHERE (series, at, run) IN (SELECT series, at, run FROM (
				SELECT series, at, run, ROW_NUMBER() OVER (PARTITION BY series ORDER BY at DESC, run DESC) AS place FROM highwater_results) ranked
				WHERE place > ?)`, k.Newest)
		}
		if err != nil {
			return err
		}
		return errors.Join(
			remove(&p.Runs, `DELETE FROM highwater_runs WHERE results > 0 AND seq NOT IN (SELECT run FROM highwater_results)`),
			remove(&p.Series, `DELETE FROM highwater_series WHERE seq NOT IN (SELECT series FROM highwater_results)`),
			recount(ctx, tx))
	})
	if err != nil {
		return Pruned{}, err
	}
	return p, nil
}
