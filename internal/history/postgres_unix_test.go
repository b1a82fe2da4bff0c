//go:build unix

package history

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is a real PostgreSQL, for all tests of the package, started by the first that
// needs it.
var server struct {
	once sync.Once
	dir  string
	cmd  *exec.Cmd
	err  error
	n    int // databases made
}

// errNoPostgres says that the programs are not installed.
var errNoPostgres = errors.New("there is no PostgreSQL on this machine")

// program finds one of PostgreSQL's, which Debian keeps out of the path.
func program(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return path, nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return "", errNoPostgres
	}
	return found[len(found)-1], nil
}

// as lets a command run as somebody who is not root, as which PostgreSQL refuses to.
func as(cmd *exec.Cmd, paths ...string) error {
	if os.Getuid() != 0 {
		return nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		if who, err = user.Lookup("nobody"); err != nil {
			return err
		}
	}
	uid, err := strconv.Atoi(who.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(who.Gid)
	if err != nil {
		return err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	for _, p := range paths {
		if err := os.Chown(p, uid, gid); err != nil {
			return err
		}
	}
	return nil
}

func startPostgres() error {
	initdb, err := program("initdb")
	if err != nil {
		return err
	}
	postgres, err := program("postgres")
	if err != nil {
		return err
	}
	// Its path must be short enough for the name of a socket.
	if server.dir, err = os.MkdirTemp("", "hwpg"); err != nil {
		return err
	}
	data := filepath.Join(server.dir, "data")
	init := exec.Command(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
	if err := as(init, server.dir); err != nil {
		return err
	}
	init.Dir = server.dir
	if out, err := init.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w\n%s", init, err, out)
	}
	var log bytes.Buffer
	server.cmd = exec.Command(postgres, "-D", data, "-k", server.dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=100")
	if err := as(server.cmd); err != nil {
		return err
	}
	server.cmd.Dir, server.cmd.Stderr, server.cmd.Stdout = server.dir, &log, &log
	if err := server.cmd.Start(); err != nil {
		return err
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		db, err := sql.Open("pgx", postgresDSN("postgres"))
		if err == nil {
			err = db.Ping()
			_ = db.Close()
		}
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, log.String())
		}
	}
}

// stopPostgres ends the server, and waits until it is gone.
func stopPostgres() {
	if server.cmd != nil && server.cmd.Process != nil {
		_ = server.cmd.Process.Signal(syscall.SIGINT) // its fast shutdown
		_ = server.cmd.Wait()
	}
	if server.dir != "" {
		_ = os.RemoveAll(server.dir)
	}
}

func postgresDSN(database string) string {
	return "postgres://postgres:s3cret@/" + database + "?host=" + server.dir
}

// postgresDatabase makes a new database and returns its DSN, with a password that
// nobody asks for.
func postgresDatabase(t testing.TB) string {
	t.Helper()
	server.once.Do(func() { server.err = startPostgres() })
	if errors.Is(server.err, errNoPostgres) {
		t.Skip(server.err)
	}
	if server.err != nil {
		t.Fatal(server.err)
	}
	server.n++
	name := fmt.Sprintf("history%d", server.n)
	administer(t, "CREATE DATABASE "+name)
	return postgresDSN(name)
}

// administer lets the server's owner do something.
func administer(t testing.TB, statements ...string) {
	t.Helper()
	db, err := sql.Open("pgx", postgresDSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}
