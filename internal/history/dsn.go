package history

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/highwater-dev/highwater/internal/store"
)

// fileName is what the store is called in the state directory.
const fileName = "history.db"

// place is where a store is.
type place struct {
	dialect *dialect
	source  string   // as the driver takes it
	file    string   // of SQLite
	name    string   // for people, without a password
	secrets []string // that no error may show
}

// Check reports what is wrong with a DSN as such, so that a typing error is found
// before anything is measured. It opens nothing.
func Check(dsn string) error {
	_, err := parse(dsn)
	return err
}

// Name is the store's name for people: the DSN without its password.
func Name(dsn string) string {
	p, err := parse(dsn)
	if err != nil {
		return Redact(dsn)
	}
	return p.name
}

func parse(dsn string) (place, error) {
	scheme, _, isURL := strings.Cut(dsn, "://")
	switch rest, prefixed := strings.CutPrefix(dsn, "sqlite:"); {
	case isURL && (scheme == "postgres" || scheme == "postgresql"):
		return parsePostgres(dsn)
	case isURL && scheme != "sqlite":
		return place{}, fmt.Errorf("store %s: there is no kind of store called %q; give a path, sqlite:PATH or postgres://USER@HOST/DATABASE", Redact(dsn), scheme)
	case strings.Contains(dsn, "password="):
		return place{}, errors.New("store: it looks like keywords of PostgreSQL; write it as postgres://USER@HOST/DATABASE, with the password in PGPASSWORD or ~/.pgpass")
	case strings.ContainsRune(dsn, 0):
		return place{}, errors.New("store: the path has a zero byte")
	case prefixed:
		return file(strings.TrimPrefix(rest, "//"))
	default:
		return file(dsn)
	}
}

// file is the place of an SQLite file, the one in the state directory for "".
func file(path string) (place, error) {
	if path == "" {
		dir, err := store.StateDir()
		if err != nil {
			return place{}, fmt.Errorf("store: %w", err)
		}
		path = filepath.Join(dir, fileName)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return place{}, fmt.Errorf("store %s: %w", path, err)
	}
	if info, err := os.Stat(abs); err == nil && info.IsDir() {
		return place{}, fmt.Errorf("store %s: it is a directory; name a file in it, such as %s", path, filepath.Join(path, fileName))
	}
	slashed := filepath.ToSlash(abs)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/…
	}
	// A writer that finds another one at work waits for it. In the write-ahead log
	// readers do not wait at all, and what a killed process left there is ignored.
	// A committed run is to be there after a power failure, too.
	q := "?_pragma=busy_timeout(30000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_txlock=immediate"
	u := url.URL{Path: slashed}
	return place{dialect: sqlite, source: "file:" + u.EscapedPath() + q, file: abs, name: path}, nil
}

func parsePostgres(dsn string) (place, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		// The parser's error quotes what it could not read, the password among it.
		return place{}, fmt.Errorf("store %s: it is not a valid address; characters such as @, : and / in a password are written as %%40, %%3A and %%2F", Redact(dsn))
	}
	p := place{dialect: postgres, source: dsn, name: Redact(dsn)}
	if secret, ok := u.User.Password(); ok && secret != "" {
		p.secrets = append(p.secrets, secret, url.QueryEscape(secret), url.PathEscape(secret))
	}
	for _, key := range []string{"password", "sslpassword"} {
		if secret := u.Query().Get(key); secret != "" {
			p.secrets = append(p.secrets, secret, url.QueryEscape(secret))
		}
	}
	return p, nil
}

var (
	// Greedy up to the last @ before the host: a password may hold an @ that somebody
	// forgot to escape.
	userPassword = regexp.MustCompile(`(?i)((?:postgres|postgresql)://[^:/?#\s]*):[^\s]*@`)
	keyPassword  = regexp.MustCompile(`(?i)(password=)[^&\s]*`)
)

// hidden stands for a password.
const hidden = "xxxxx"

// Redact takes passwords of PostgreSQL out of a text: a DSN, a command line, an error.
func Redact(text string) string {
	text = userPassword.ReplaceAllString(text, "${1}:"+hidden+"@")
	return keyPassword.ReplaceAllString(text, "${1}"+hidden)
}

// secretError is an error without the secrets that a driver may have put into it.
type secretError struct {
	text string
	err  error
}

func (e *secretError) Error() string { return e.text }
func (e *secretError) Unwrap() error { return e.err }

// scrub hides the place's secrets in an error, which is otherwise as it was.
func (p place) scrub(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	for _, s := range p.secrets {
		text = strings.ReplaceAll(text, s, hidden)
	}
	if text = Redact(text); text == err.Error() {
		return err
	}
	return &secretError{text, err}
}
