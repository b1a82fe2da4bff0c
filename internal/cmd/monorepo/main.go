// Command monorepo generates a module with many packages and benchmarks, in a git
// repository of its own: a large module to try highwater on. With -prove it tries it,
// and prints the table in docs/packages.md.
//
//	go run ./internal/cmd/monorepo -packages 200 -benchmarks 500 -prove DIR
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/highwater-dev/highwater"
)

func main() {
	packages := flag.Int("packages", 200, "number of packages")
	benchmarks := flag.Int("benchmarks", 500, "number of benchmarks in all of them")
	try := flag.Bool("prove", false, "list, measure and interrupt highwater over it, and print what came of it")
	file := flag.String("highwater", "", "the highwater to run with -prove; built from this tree if unset")
	processes := flag.Int("processes", 100, "how many processes it measures with -prove before it is interrupted")
	flag.Parse()
	if flag.NArg() != 1 || *packages < 1 || *benchmarks < 1 {
		fmt.Fprintln(os.Stderr, "monorepo: want one folder, and at least one package and one benchmark; see -help")
		os.Exit(highwater.ExitUsage)
	}
	if err := generate(flag.Arg(0), *packages, *benchmarks); err != nil {
		fmt.Fprintln(os.Stderr, "monorepo:", err)
		os.Exit(highwater.ExitError)
	}
	if !*try {
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p, err := prove(ctx, *file, flag.Arg(0), *packages, *benchmarks, *processes)
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "monorepo:", err)
		os.Exit(highwater.ExitError)
	case !p.print(os.Stdout):
		os.Exit(highwater.ExitFail)
	}
}

// generate writes the module, and commits it.
func generate(dir string, packages, benchmarks int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		return fmt.Errorf("%s is not empty (%v): name another folder", dir, err)
	}
	files := map[string]string{"go.mod": "module example.com/monorepo\n\ngo 1.24\n"}
	for i := range packages {
		name := fmt.Sprintf("service%03d", i)
		folder := filepath.Join(fmt.Sprintf("team%02d", i/10), name)
		// Some packages need others, and some of the standard library's larger ones.
		files[filepath.Join(folder, name+".go")] = code(i, name)
		from, to := i*benchmarks/packages, (i+1)*benchmarks/packages
		files[filepath.Join(folder, name+"_test.go")] = tests(name, to-from)
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	for _, args := range [][]string{
		{"init", "-q"},
		{"add", "."},
		{"-c", "user.name=monorepo", "-c", "user.email=monorepo@example.com", "commit", "-q", "-m", "all"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Stderr = dir, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("git %s: %w", strings.Join(args, " "), err)
		}
	}
	return nil
}

func code(i int, name string) string {
	imports, call := "\t\"encoding/json\"\n", ""
	if i%10 > 0 {
		before := fmt.Sprintf("service%03d", i-1)
		imports += fmt.Sprintf("\n\t%q\n", fmt.Sprintf("example.com/monorepo/team%02d/%s", i/10, before))
		call = "\t_ = " + before + ".Name\n"
	}
	return fmt.Sprintf(`package %[1]s

import (
%[2]s)

// Name is the service's.
const Name = %[1]q

// Record is what the service keeps.
type Record struct {
	ID   int
	Text []byte
}

// Make makes n records of %[3]d bytes.
func Make(n int) []Record {
%[4]s	records := make([]Record, n)
	for i := range records {
		records[i] = Record{ID: i, Text: make([]byte, %[3]d)}
	}
	return records
}

// Encode returns them as JSON.
func Encode(records []Record) ([]byte, error) { return json.Marshal(records) }
`, name, imports, 100+i, call)
}

func tests(name string, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\nimport \"testing\"\n\nvar sink any\n", name)
	for i := range n {
		fmt.Fprintf(&b, `
func Benchmark%02d(b *testing.B) {
	for b.Loop() {
		text, err := Encode(Make(%d))
		if err != nil {
			b.Fatal(err)
		}
		sink = text
	}
}
`, i, 10*(i+1))
	}
	return b.String()
}
