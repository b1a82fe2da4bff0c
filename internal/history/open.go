package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Store is an open store. Its methods may be called from several goroutines, and
// several processes may have the same one open.
type Store struct {
	place
	db *sql.DB

	// halfway is called by tests, in the middle of a transaction.
	halfway func()
}

// Open opens the store that a DSN names, and makes it where there is none: a path or
// sqlite:PATH of an SQLite file, postgres://… of a PostgreSQL database, or "" for
// history.db in the state directory. A store of a later schema is refused, one of an
// earlier schema is brought to this one.
func Open(ctx context.Context, dsn string) (*Store, error) {
	p, err := parse(dsn)
	if err != nil {
		return nil, err
	}
	if p.file != "" {
		if err := p.create(); err != nil {
			return nil, err
		}
	}
	return p.open(ctx)
}

// OpenExisting is [Open] for whoever only wants to look: it makes no file. Without one
// the error is an [fs.ErrNotExist], and says how to begin a history.
func OpenExisting(ctx context.Context, dsn string) (*Store, error) {
	p, err := parse(dsn)
	if err != nil {
		return nil, err
	}
	if p.file != "" {
		if _, err := os.Stat(p.file); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no history in %s: `highwater gates --store %[1]s` or `highwater history add RUN` begins one: %w", p.name, fs.ErrNotExist)
		}
	}
	return p.open(ctx)
}

// create makes the file for its owner only: command lines are not in it, and names of
// scenarios and branches are. Who shares it with others gives them the rights.
func (p place) create() error {
	if err := os.MkdirAll(filepath.Dir(p.file), 0o700); err != nil {
		return fmt.Errorf("making a place for the store %s: %w; name another one with --store", p.name, err)
	}
	f, err := os.OpenFile(p.file, os.O_RDONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("opening the store %s: %w; check the permissions, or name another one with --store", p.name, err)
	}
	return f.Close()
}

func (p place) open(ctx context.Context) (*Store, error) {
	db, err := sql.Open(p.dialect.driver, p.source)
	if err != nil {
		return nil, p.explain("opening", err)
	}
	// One process has little to do at once, and a server many clients.
	db.SetMaxOpenConns(4)
	s := &Store{place: p, db: db}
	if err := s.retry(ctx, "opening", func() error { return s.migrate(ctx, p.dialect.migrations()) }); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close ends the store's connections. What was added is there already.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return s.explain("closing", err)
	}
	return nil
}

// Name is the store's name for people, without a password.
func (s *Store) Name() string { return s.name }

func (s *Store) bind(query string) string { return s.dialect.bind(query) }
