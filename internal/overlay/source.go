package overlay

import (
	"bytes"
	"fmt"
	"go/build/constraint"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater/internal/probe"
)

// Oldest is the oldest Go release that compiles the probe. As a build constraint
// it also raises the language version of a file in a module with an older go
// directive.
const Oldest = "go1.24"

// writeProbe writes the probe's source to dir and returns the files' names.
func writeProbe(dir string) ([]string, error) {
	sources, err := probe.Source()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	names := slices.Sorted(maps.Keys(sources))
	for _, name := range names {
		text, err := constrain(sources[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// constrain adds the language version to the file's own build constraint.
func constrain(source []byte) ([]byte, error) {
	want := constraint.Expr(&constraint.TagExpr{Tag: Oldest})
	var rest bytes.Buffer
	for line := range bytes.Lines(source) {
		text := strings.TrimSpace(string(line))
		if !constraint.IsGoBuild(text) {
			rest.Write(line)
			continue
		}
		own, err := constraint.Parse(text)
		if err != nil {
			return nil, err
		}
		want = &constraint.AndExpr{X: want, Y: own}
	}
	return append([]byte("//go:build "+want.String()+"\n\n"), rest.Bytes()...), nil
}

// wrapperFile is a test file that is added to a package.
type wrapperFile struct{ file, source string }

func (p Package) wrappers() []wrapperFile {
	var files []wrapperFile
	if !p.Internal.None() {
		files = append(files, wrapperFile{"zz_highwater_probe_test.go", p.wrap(p.Name, "", p.Internal)})
	}
	if !p.External.None() {
		files = append(files, wrapperFile{"zz_highwater_probe_external_test.go", p.wrap(p.Name+"_test", external, p.External)})
	}
	return files
}

// wrap is the source of a wrapper. It uses nothing that an old language version
// lacks, and names that the package's own will not meet.
func (p Package) wrap(clause, suffix string, f Functions) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\nimport (\n\thighwaterTesting \"testing\"\n\n\thighwaterProbe %s\n)\n\n",
		clause, strconv.Quote(path.Join(p.Module, folder)))
	probe := "highwaterBench" + suffix
	fmt.Fprintf(&b, "var %s = highwaterProbe.Attach()\n", probe)
	if len(f.Benchmarks) > 0 {
		fmt.Fprintf(&b, "\nfunc %s(b *highwaterTesting.B) {\n", wrapper+suffix)
		for _, name := range f.Benchmarks {
			fmt.Fprintf(&b, "\t%s.End(b.Run(%q, func(b *highwaterTesting.B) {\n\t\t%s.Call(b, &b.N, func() { %s(b) })\n\t}))\n", probe, name, probe, name)
		}
		b.WriteString("}\n")
	}
	if len(f.Tests)+len(f.Examples) > 0 {
		// The cleanup runs when all tests have ended, also those that are parallel.
		fmt.Fprintf(&b, "\nfunc %s(t *highwaterTesting.T) {\n\tt.Cleanup(func() { %s.End(!t.Failed()) })\n", testWrapper+suffix, probe)
		for _, name := range f.Tests {
			fmt.Fprintf(&b, "\tt.Run(%q, func(t *highwaterTesting.T) {\n\t\t%s.Test(t, func() { %s(t) })\n\t})\n", name, probe, name)
		}
		for _, e := range f.Examples {
			fmt.Fprintf(&b, "\tt.Run(%q, func(t *highwaterTesting.T) {\n\t\t%s.Example(t, %q, %t, %s)\n\t})\n", e.Name, probe, e.Output, e.Unordered, e.Name)
		}
		b.WriteString("}\n")
	}
	return b.String()
}
