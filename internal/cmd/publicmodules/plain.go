package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// plain is a test binary as go test builds it, without highwater's overlay.
type plain struct {
	file string
	dir  string // of the package
}

// processTime bounds each process of a plain test binary.
const processTime = 2 * time.Minute

func buildPlain(ctx context.Context, dir, pkg, to string) (plain, error) {
	out, err := subject.Output(ctx, dir, "go", "list", "-f", "{{.Dir}}", pkg)
	if err != nil {
		return plain{}, err
	}
	p := plain{file: filepath.Join(to, strings.ReplaceAll(pkg, "/", "_")+".test"), dir: strings.TrimSpace(out)}
	_, err = subject.Output(ctx, dir, "go", "test", "-c", "-o", p.file, pkg)
	return p, err
}

// args select one benchmark, and nothing else, as go test would pass them on; with more
// than one, the others are no parents of any.
func args(ops int, benchmarks ...string) []string {
	var parts []string
	for _, b := range benchmarks {
		for i, p := range strings.Split(b, "/") {
			if p = "^" + regexp.QuoteMeta(p) + "$"; i < len(parts) {
				parts[i] += "|" + p
			} else {
				parts = append(parts, p)
			}
		}
	}
	for i := range parts {
		parts[i] = "(" + parts[i] + ")"
	}
	return []string{
		"-test.run=^$", "-test.bench=" + strings.Join(parts, "/"), "-test.benchmem",
		fmt.Sprintf("-test.benchtime=%dx", ops), "-test.timeout=" + peakTime.String(),
	}
}

// figures are what testing prints of a benchmark.
type figures struct{ bytes, allocs float64 }

var (
	resultLine = regexp.MustCompile(`^(Benchmark\S+)\s.*?([0-9.]+) B/op\s+([0-9.]+) allocs/op`)
	processors = regexp.MustCompile(`-[0-9]+$`)
)

// figures runs the benchmark in a fresh process and reads its result line.
func (p plain) figures(ctx context.Context, benchmark string, ops int) (figures, error) {
	out, err := p.run(ctx, processTime, nil, args(ops, benchmark)...)
	if err != nil {
		return figures{}, err
	}
	// A pattern for one benchmark selects those whose names continue its own, too.
	for line := range bytes.Lines(out) {
		found := resultLine.FindSubmatch(line)
		if found == nil || processors.ReplaceAllString(string(found[1]), "") != benchmark {
			continue
		}
		bytesOp, err := strconv.ParseFloat(string(found[2]), 64)
		if err != nil {
			return figures{}, err
		}
		allocs, err := strconv.ParseFloat(string(found[3]), 64)
		return figures{bytesOp, allocs}, err
	}
	return figures{}, fmt.Errorf("%s: go test printed no result:\n%s", benchmark, out)
}

func (p plain) run(ctx context.Context, most time.Duration, env []string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.file, args...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", filepath.Base(p.file), err, bytes.TrimSpace(out))
	}
	return out, nil
}
