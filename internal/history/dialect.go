package history

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect is all in which the two databases differ.
type dialect struct {
	driver    string
	serial    string // type of a key that the database counts up
	bytes     string // type of packed samples
	clustered string // keeps the rows of a series side by side, where that can be said
	hasSchema string // query: 1 where there is a schema
	numbered  bool   // parameters are $1, $2, … and not ?
	arrays    bool   // parameters may be arrays, which are rows by unnest

	// lock keeps other writers out until the transaction ends, and lockAll also others
	// that make the tables.
	lock, lockTables string

	// code tells the kind of an error.
	kind func(error) kind
}

// kind is what can be done about an error.
type kind int

const (
	kindOther   kind = iota
	kindRetry        // another writer was in the way: the same again can succeed
	kindFull         // the disk is full
	kindForeign      // it is no database, or damaged
	kindRefused      // it may not be written, or not be reached
)

// SQLite has one writer at a time: every transaction that writes begins as one.
var sqlite = &dialect{
	driver:    "sqlite",
	serial:    "INTEGER PRIMARY KEY",
	bytes:     "BLOB",
	clustered: " WITHOUT ROWID",
	hasSchema: `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'highwater_schema'`,
	kind: func(err error) kind {
		e, ok := errors.AsType[*driver.Error](err)
		if !ok {
			return kindOther
		}
		switch e.Code() & 0xff { // the rest is a further detail
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return kindRetry
		case sqlite3.SQLITE_FULL:
			return kindFull
		case sqlite3.SQLITE_IOERR:
			// The index of the log is made as large as it has to be beforehand, and
			// that fails in a way of its own.
			if e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE || e.Code() == sqlite3.SQLITE_IOERR_WRITE {
				return kindFull
			}
			return kindOther
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			return kindForeign
		case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
			return kindRefused
		}
		return kindOther
	},
}

var postgres = &dialect{
	driver:    "pgx",
	serial:    "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
	bytes:     "BYTEA",
	hasSchema: `SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'highwater_schema'`,
	numbered:  true,
	arrays:    true,
	// Adding a run begins with its row here, so that it waits for whoever has the lock,
	// and others can still read.
	lock: `LOCK TABLE highwater_runs IN SHARE ROW EXCLUSIVE MODE`,
	// Any number would do: "highwate" in ASCII.
	lockTables: `SELECT pg_advisory_xact_lock(7523094288207667301)`,
	kind: func(err error) kind {
		if connect, ok := errors.AsType[*pgconn.ConnectError](err); ok && connect != nil {
			if e, ok := errors.AsType[*pgconn.PgError](err); ok && (e.Code == "53300" || e.Code == "57P03") {
				return kindRetry // too many at once, or still starting
			}
			return kindRefused
		}
		e, ok := errors.AsType[*pgconn.PgError](err)
		if !ok {
			return kindOther
		}
		switch e.Code {
		case "40001", "40P01", "55P03": // serialisation, deadlock, lock not to be had
			return kindRetry
		case "53100":
			return kindFull
		case "42501", "25006": // no right, read only
			return kindRefused
		}
		return kindOther
	},
}

// bind renders a statement's ? as the database wants its parameters.
func (d *dialect) bind(query string) string {
	if !d.numbered {
		return query
	}
	var b strings.Builder
	n := 0
	for _, part := range strings.SplitAfter(query, "?") {
		text, parameter := strings.CutSuffix(part, "?")
		b.WriteString(text)
		if parameter {
			n++
			b.WriteString("$" + strconv.Itoa(n))
		}
	}
	return b.String()
}

// lockOut keeps other writers out until the transaction ends.
func (d *dialect) lockOut(ctx context.Context, tx *sql.Tx) error {
	if d.lock == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, d.lock)
	return err
}

func (d *dialect) lockAll(ctx context.Context, tx *sql.Tx) error {
	if d.lockTables == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, d.lockTables)
	return err
}
