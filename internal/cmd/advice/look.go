package main

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
	"github.com/highwater-dev/highwater/internal/why"
)

// operations of each benchmark, and how long a main package is looked at.
const (
	operations = "300x"
	looking    = "3s"
)

// program is one that highwater has looked at.
type program struct {
	package_ string // faults or sound
	name     string // BenchmarkReuse, or stacks for a main package
	evidence advise.Evidence
}

// look measures all programs, and gathers what there is of evidence beside.
func look(ctx context.Context, file, root, dir string) ([]program, error) {
	cmd := subject.Command(ctx, root, file, "gates", "./"+faultsPackage, "./"+soundPackage, "--bench", ".", "--benchtime", operations, "--repeats", "1", "--quiet")
	got, err := subject.Run(ctx, cmd, filepath.Join(dir, "report.json"))
	if err != nil {
		return nil, err
	}
	if got.Report.Run == nil {
		return nil, errors.New("the report of highwater gates has no run")
	}
	var all []program
	for _, info := range got.Report.Run.Scenarios {
		p := program{package_: path.Base(info.Suite), name: info.Name}
		for _, m := range got.Report.Run.Measurements {
			if m.Scenario != info.ID() {
				continue
			}
			if m.Outcome.Status != highwater.StatusOK {
				return nil, fmt.Errorf("%s: %s", m.Scenario, m.Outcome.Detail)
			}
			p.evidence.Measurements = append(p.evidence.Measurements, m)
		}
		all = append(all, p)
	}
	for _, in := range []string{faultsPackage, soundPackage} {
		p := program{package_: in, name: "stacks"}
		if p.evidence.Snapshots, err = watch(ctx, file, root, "./"+in+"/stacks"); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	source := sources{root: root, reasons: map[string][]why.Reason{}, structs: map[string][]advise.Struct{}}
	for i := range all {
		if err := source.complete(ctx, dir, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// watch looks at a main package while it runs.
func watch(ctx context.Context, file, root, pkg string) ([]highwater.Snapshot, error) {
	out, err := subject.Output(ctx, root, file, "profiler", pkg, "--format", "json", "--rate", "1", "--duration", looking)
	if err != nil {
		return nil, err
	}
	var all []highwater.Snapshot
	for d := json.NewDecoder(strings.NewReader(out)); ; {
		var s highwater.Snapshot
		if err := d.Decode(&s); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("read what highwater profiler says of %s: %w", pkg, err)
		}
		if s.Ended == "" {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("highwater profiler has not seen %s", pkg)
	}
	return all, nil
}

// sources are the files, the compiler's diagnostics and the types of the packages, each
// asked for once.
type sources struct {
	root    string
	reasons map[string][]why.Reason
	structs map[string][]advise.Struct
}

// complete adds the code of the places that matter, and the types.
func (s sources) complete(ctx context.Context, dir string, p *program) error {
	p.evidence.Code = map[advise.Line]advise.Code{}
	for _, f := range advise.Wanted(p.evidence) {
		folder := filepath.Dir(f.File)
		if rel, err := filepath.Rel(s.root, folder); err != nil || strings.HasPrefix(rel, "..") {
			continue // the standard library's
		}
		text, err := os.ReadFile(f.File)
		if err != nil {
			return err
		}
		if s.reasons[folder] == nil {
			if s.reasons[folder], err = why.Escapes(ctx, why.Side{Dir: s.root, Env: []string{"GOWORK=off"}}, folder); err != nil {
				return fmt.Errorf("ask the compiler about %s: %w", folder, err)
			}
		}
		c := advise.Code{Text: string(text), First: 1}
		for _, r := range s.reasons[folder] {
			if r.File == f.File && r.Line == f.Line {
				c.Escapes = append(c.Escapes, advise.Escape{What: r.What, Moved: r.Moved, Because: r.Because})
			}
		}
		p.evidence.Code[advise.Line{File: f.File, Number: f.Line}] = c
	}
	if s.structs[p.package_] == nil {
		types, err := s.types(ctx, filepath.Join(dir, p.package_+".test"), "./"+p.package_)
		if err != nil {
			return err
		}
		s.structs[p.package_] = types
	}
	p.evidence.Structs = s.structs[p.package_]
	return nil
}

// types builds the tests of a package once more, with debug information.
func (s sources) types(ctx context.Context, file, pkg string) ([]advise.Struct, error) {
	if _, err := subject.Output(ctx, s.root, "go", "test", "-c", "-o", file, pkg); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	executable, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	info, err := executable.DWARF()
	if err != nil {
		return nil, fmt.Errorf("the types in %s: %w", file, err)
	}
	return advise.Structs(info)
}

func (p program) advise() []advise.Advice { return advise.Advise(p.evidence) }
