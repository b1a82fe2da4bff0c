package guest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/internal/flock"
)

// Program is a Go program in source.
type Program struct {
	Name string // of the file that is built

	// Files is the program's module. An embedded folder cannot hold a go.mod, so
	// go.mod.txt and go.sum.txt stand for go.mod and go.sum.
	Files fs.FS

	Env  []string // added to the environment of go build: GOOS=wasip1
	Args []string // of go build: -buildmode=c-shared
}

// Path is where the built program is. It is built first where it is not there.
func (p Program) Path(ctx context.Context) (string, error) {
	path, err := p.place()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := p.build(ctx, path); err != nil {
		return "", fmt.Errorf("building the guest program %s: %w", p.Name, err)
	}
	return path, nil
}

// Missing reports whether the program has still to be built.
func (p Program) Missing() bool {
	path, err := p.place()
	if err != nil {
		return true
	}
	_, err = os.Stat(path)
	return err != nil
}

// Prepare builds those of the programs that are missing, telling say which, and
// removes what builds that were killed have left.
func Prepare(ctx context.Context, say func(string), programs ...Program) error {
	if dir, err := CacheDir("guests"); err == nil {
		sweep(dir)
	}
	for _, p := range programs {
		if !p.Missing() {
			continue
		}
		say("building " + p.Name)
		if _, err := p.Path(ctx); err != nil {
			return err
		}
	}
	return nil
}

// CacheDir is the folder in the user's cache directory in which suites may keep
// what can be made again. It is there when CacheDir returns.
func CacheDir(name string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding a folder for built guests: %w; set XDG_CACHE_HOME or HOME", err)
	}
	dir := filepath.Join(cache, "highwater", name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("making a folder for built guests: %w", err)
	}
	return dir, nil
}

// place is where the program belongs: a folder named after all that it is made
// of.
func (p Program) place() (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%q\n%q\n", runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH, p.Env, p.Args)
	err := p.each(func(name string, text []byte) error {
		fmt.Fprintf(h, "%q %d\n", name, len(text))
		_, _ = h.Write(text)
		return nil
	})
	if err != nil {
		return "", err
	}
	dir, err := CacheDir("guests")
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, hex.EncodeToString(h.Sum(nil))[:16], p.Name), nil
}

// each calls f with the module's files, under the names that they have in it.
func (p Program) each(f func(name string, text []byte) error) error {
	return fs.WalkDir(p.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(p.Files, path)
		if err != nil {
			return err
		}
		switch path {
		case "go.mod.txt", "go.sum.txt":
			path = strings.TrimSuffix(path, ".txt")
		}
		return f(path, text)
	})
}

// goEnds is how long an interrupted go command is given to end.
const goEnds = 10 * time.Second

// build builds into a folder beside the final one, so that two processes which
// build at once do not meet, and none sees half a program.
func (p Program) build(ctx context.Context, path string) error {
	if _, err := exec.LookPath("go"); err != nil {
		return fmt.Errorf("%w; it is built from source once, with the go command: https://go.dev/dl", err)
	}
	final := filepath.Dir(path)
	work, err := os.MkdirTemp(filepath.Dir(final), "build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if held, err := flock.Try(filepath.Join(work, lockName)); err == nil && held != nil {
		defer held.Close()
	}
	source, out, tmp := filepath.Join(work, "source"), filepath.Join(work, "out"), filepath.Join(work, "tmp")
	err = p.each(func(name string, text []byte) error {
		to := filepath.Join(source, filepath.FromSlash(name))
		return errors.Join(os.MkdirAll(filepath.Dir(to), 0o700), os.WriteFile(to, text, 0o600))
	})
	if err == nil {
		err = errors.Join(os.MkdirAll(out, 0o700), os.MkdirAll(tmp, 0o700))
	}
	if err != nil {
		return err
	}
	// The kernel takes the end of the thread that started a process for its
	// parent's.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	args := append([]string{"build", "-trimpath", "-ldflags=-s -w"}, p.Args...)
	cmd := exec.CommandContext(ctx, "go", append(args, "-o", filepath.Join(out, p.Name), ".")...)
	cmd.Dir = source
	cmd.Env = append(append(environ(), "GOTMPDIR="+tmp), p.Env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	interruptible(cmd)
	cmd.WaitDelay = goEnds
	if err := cmd.Run(); ctx.Err() != nil {
		return context.Cause(ctx)
	} else if err != nil {
		return fmt.Errorf("go build: %w\n%s", err, strings.TrimSpace(stderr.String()))
	}
	if err := os.Rename(out, final); err != nil {
		if _, there := os.Stat(path); there == nil {
			return nil // another process was faster
		}
		return err
	}
	return nil
}

// environ is this process's environment without what would change the guest, or
// the go command's own memory.
func environ() []string {
	env := []string{"GOWORK=off", "CGO_ENABLED=0"}
	for _, e := range os.Environ() {
		switch name, _, _ := strings.Cut(e, "="); name {
		case "GOFLAGS", "GOOS", "GOARCH", "GOWORK", "CGO_ENABLED", "GODEBUG", "GOGC", "GOMEMLIMIT", "GOMAXPROCS", "GOEXPERIMENT", "GOTMPDIR":
		default:
			env = append(env, e)
		}
	}
	return env
}
