package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
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
	advice   []advise.Advice
}

// look lets highwater look at all programs.
func look(ctx context.Context, file, root, dir string) ([]program, error) {
	d, err := optimize(ctx, file, root, dir, "./"+faultsPackage, "./"+soundPackage, "--bench", ".", "--benchtime", operations, "--repeats", "1")
	if err != nil {
		return nil, err
	}
	var all []program
	for _, s := range d.Subjects {
		id, _, _ := strings.Cut(s.Name, "@")
		all = append(all, program{path.Base(path.Dir(id)), path.Base(id), s.Advice})
	}
	for _, in := range []string{faultsPackage, soundPackage} {
		for _, name := range []string{"stacks", "collector"} { // main packages
			d, err := optimize(ctx, file, root, dir, "./"+in+"/"+name, "--rate", "1", "--monitoring-duration", looking)
			if err != nil {
				return nil, err
			}
			all = append(all, program{in, name, d.Subjects[0].Advice})
		}
	}
	return all, nil
}

// optimize runs highwater debug optimize. Something that could not be measured is an error.
func optimize(ctx context.Context, file, root, dir string, args ...string) (d advise.Document, err error) {
	out := filepath.Join(dir, "advice.json")
	args = append([]string{"debug", "optimize", "--quiet", "--format", "json", "--output", out}, args...)
	if _, err := subject.Output(ctx, root, file, args...); err != nil {
		return d, err
	}
	data, err := os.ReadFile(out)
	if err == nil {
		err = json.Unmarshal(data, &d)
	}
	if err == nil && len(d.Subjects) == 0 {
		err = fmt.Errorf("%s was looked at, and nothing is said of it", strings.Join(args, " "))
	}
	return d, err
}
