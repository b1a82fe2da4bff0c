// Releases measures the releases of a module one after the other, and makes a history of
// them, in which each stands at the day on which it was released:
//
//	go run ./internal/cmd/releases -o DIR -packages ./benchmark/... -bench Unmarshal github.com/pelletier/go-toml/v2
//
// Nothing of the module is changed. A module proxy has no commits: in the history and in the
// Run files the commit is the version. What DIR has already is not measured again, so that
// it goes on where it was stopped.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
	"github.com/highwater-dev/highwater/internal/history"
)

// settings are the flags.
type settings struct {
	dir, highwater, config, packages, bench, benchtime string
	repeats                                            int
	versions                                           *regexp.Regexp
	module                                             string
}

func main() {
	subject.Main("releases", func(ctx context.Context) (bool, error) {
		s, err := flags()
		if err != nil {
			return false, err
		}
		return s.run(ctx)
	})
}

func flags() (settings, error) {
	var s settings
	flag.StringVar(&s.dir, "o", "releases", "`directory` for history.db and a Run file of each release")
	flag.StringVar(&s.highwater, "highwater", "", "the highwater to run; built from this tree if unset")
	flag.StringVar(&s.config, "config", "", "a highwater.yml by which the releases are measured and judged")
	flag.StringVar(&s.packages, "packages", "./...", "`patterns` of packages, separated by commas")
	flag.StringVar(&s.bench, "bench", ".", "`regexp` of the benchmarks")
	flag.StringVar(&s.benchtime, "benchtime", "20x", "as for gates; a number of operations makes the releases alike")
	flag.IntVar(&s.repeats, "repeats", 2, "processes of each pass")
	versions := flag.String("versions", "", "`regexp` of the versions; all if unset")
	flag.Parse()
	if flag.NArg() != 1 {
		return s, errors.New("name one module")
	}
	s.module = flag.Arg(0)
	var err error
	if s.versions, err = regexp.Compile(*versions); err != nil {
		return s, fmt.Errorf("-versions: %w", err)
	}
	for _, path := range []*string{&s.dir, &s.config} {
		if *path == "" {
			continue
		}
		if *path, err = filepath.Abs(*path); err != nil {
			return s, err
		}
	}
	return s, os.MkdirAll(s.dir, 0o755)
}

// run measures what is not there yet, and adds it to the history. It reports false where a
// release could not be measured.
func (s settings) run(ctx context.Context) (bool, error) {
	var err error
	if s.highwater, err = subject.Built(ctx, s.highwater, s.dir); err != nil {
		return false, err
	}
	out, err := subject.Output(ctx, s.dir, "go", "list", "-m", "-versions", s.module)
	if err != nil {
		return false, err
	}
	db, err := history.Open(ctx, filepath.Join(s.dir, "history.db"))
	if err != nil {
		return false, err
	}
	defer func() { _ = db.Close() }()
	all, n := true, 0
	for _, version := range strings.Fields(out)[1:] {
		if !s.versions.MatchString(version) {
			continue
		}
		n++
		line, err := s.release(ctx, db, version)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err != nil {
			line, all = err.Error(), false
		}
		fmt.Printf("%-16s %s\n", version, line)
	}
	if n == 0 {
		return false, fmt.Errorf("%s has no such versions: %s", s.module, strings.TrimSpace(out))
	}
	return all, nil
}
