package history

import (
	"context"
	"database/sql"
	"fmt"
)

// migrations lead from one version of the schema to the next: the first from an empty
// database to version 1. What stands here has been released and is never changed; a
// later version is appended. They are a few statements, which both databases take in
// one transaction: a library for it would bring more than it replaces.
//
// One row for each series and run, with the figures in columns and the samples packed:
// a trend is one range of one index, whatever else is in the store.
func (d *dialect) migrations() [][]string {
	return [][]string{{
		`CREATE TABLE highwater_runs (
			seq ` + d.serial + `,
			id TEXT NOT NULL UNIQUE,
			at BIGINT NOT NULL,
			tool TEXT NOT NULL, module TEXT NOT NULL, revision TEXT NOT NULL, branch TEXT NOT NULL,
			dirty BIGINT NOT NULL, go TEXT NOT NULL, goos TEXT NOT NULL, goarch TEXT NOT NULL,
			verdict TEXT NOT NULL, scenarios BIGINT NOT NULL, errors BIGINT NOT NULL, results BIGINT NOT NULL)`,
		// The names can be longer than an index of PostgreSQL takes: digest is of all.
		`CREATE TABLE highwater_series (
			seq ` + d.serial + `,
			digest TEXT NOT NULL UNIQUE,
			module TEXT NOT NULL, scenario TEXT NOT NULL, metric TEXT NOT NULL, branch TEXT NOT NULL,
			environment TEXT NOT NULL, sessions BIGINT NOT NULL)`,
		`CREATE TABLE highwater_results (
			series BIGINT NOT NULL REFERENCES highwater_series (seq),
			at BIGINT NOT NULL,
			run BIGINT NOT NULL REFERENCES highwater_runs (seq),
			center DOUBLE PRECISION NOT NULL, low DOUBLE PRECISION NOT NULL, high DOUBLE PRECISION NOT NULL,
			bound DOUBLE PRECISION, samples ` + d.bytes + `,
			PRIMARY KEY (series, at, run))` + d.clustered,
	}}
}

// migrate brings the schema to this version. A later one is refused: what a later
// highwater has written must not be read or written in the belief of knowing it.
func (s *Store) migrate(ctx context.Context, migrations [][]string) error {
	version, err := s.version(ctx, s.db)
	if err != nil {
		return err
	}
	if version == len(migrations) {
		return nil
	}
	return s.write(ctx, "preparing", func(tx *sql.Tx) error {
		if err := s.dialect.lockAll(ctx, tx); err != nil {
			return err
		}
		version, err := s.version(ctx, tx) // now that nobody else changes it
		if err != nil {
			return err
		}
		if version > len(migrations) {
			return fmt.Errorf("it has schema %d, and this highwater knows schemas up to %d; update highwater, or name another store. Nothing in it was changed", version, len(migrations))
		}
		if version == 0 {
			if _, err := tx.ExecContext(ctx, `CREATE TABLE highwater_schema (version BIGINT NOT NULL)`); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO highwater_schema (version) VALUES (0)`); err != nil {
				return err
			}
		}
		for i, statements := range migrations[version:] {
			for _, statement := range statements {
				if _, err := tx.ExecContext(ctx, statement); err != nil {
					return fmt.Errorf("making schema %d: %w", version+i+1, err)
				}
			}
		}
		_, err = tx.ExecContext(ctx, s.bind(`UPDATE highwater_schema SET version = ?`), len(migrations))
		return err
	})
}

type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// version is that of the schema in the database, 0 where there is none.
func (s *Store) version(ctx context.Context, q queryer) (int, error) {
	var there int
	if err := q.QueryRowContext(ctx, s.dialect.hasSchema).Scan(&there); err != nil || there == 0 {
		return 0, err
	}
	var version int
	err := q.QueryRowContext(ctx, `SELECT version FROM highwater_schema`).Scan(&version)
	return version, err
}
