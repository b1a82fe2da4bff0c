package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// How long a writer stands in line behind others, besides the time that SQLite itself
// waits for each try.
const (
	patience  = 2 * time.Minute
	firstWait = 5 * time.Millisecond
	mostWait  = 500 * time.Millisecond
)

// write does something in one transaction: all of it happens, or nothing. Where another
// writer was in the way it is done again, and so f begins anew each time.
func (s *Store) write(ctx context.Context, doing string, f func(tx *sql.Tx) error) error {
	return s.retry(ctx, doing, func() error { return s.once(ctx, f) })
}

func (s *Store) once(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		_ = tx.Rollback() // the first error is the one to tell
		return err
	}
	return tx.Commit()
}

// retry does something again for as long as only other writers are in the way of it.
func (s *Store) retry(ctx context.Context, doing string, f func() error) error {
	deadline := time.Now().Add(patience)
	for wait := firstWait; ; wait = min(2*wait, mostWait) {
		err := f()
		if err == nil {
			return nil
		}
		if s.dialect.kind(err) != kindRetry || time.Now().After(deadline) {
			return s.explain(doing, err)
		}
		// Those who wait for the same are not to come back at the same time.
		timer := time.NewTimer(wait/2 + rand.N(wait))
		select {
		case <-ctx.Done():
			timer.Stop()
			return s.explain(doing, errors.Join(ctx.Err(), err))
		case <-timer.C:
		}
	}
}

// storeError has been explained already.
type storeError struct{ err error }

func (e *storeError) Error() string { return e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }

// explain says what went wrong with which store, and what to do about it. No password
// is in it.
func (p place) explain(doing string, err error) error {
	if done := new(storeError); errors.As(err, &done) {
		return err
	}
	remedy := ""
	switch p.dialect.kind(err) {
	case kindRetry:
		remedy = "; other processes are writing all the time: try again later"
	case kindFull:
		remedy = "; the disk is full: make room and do it again. Nothing of this was stored, and what was there is unchanged"
	case kindForeign:
		remedy = "; the file is no store of highwater, or is damaged: name another one with --store, or restore it from where it was kept"
	case kindRefused:
		remedy = "; check that it can be reached and written, or name another one with --store"
	}
	return &storeError{p.scrub(fmt.Errorf("%s the store %s: %w%s", doing, p.name, err, remedy))}
}
