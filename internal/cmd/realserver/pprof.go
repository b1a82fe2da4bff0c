package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/anatomy"
)

// pprof is a profile as go tool pprof tells of it.
type pprof struct{ profile, module string }

// top is bytes by line, "function file:line", of the lines of the module alone if own:
// what is allocated further in is laid to them then, as pprof's -show does it. Cumulative
// are the bytes of all that the line calls.
func (p pprof) top(index string, own, cumulative bool) (map[string]int64, error) {
	args := []string{"tool", "pprof", "-top", "-lines", "-unit=B", "-nodefraction=0", "-edgefraction=0", "-nodecount=1000000", "-sample_index=" + index}
	if own {
		args = append(args, "-show=^"+regexp.QuoteMeta(p.module)+"[/.]|^main\\.")
	}
	cmd := exec.Command("go", append(args, p.profile)...)
	cmd.Env = append(os.Environ(), "PPROF_TMPDIR="+filepath.Dir(p.profile))
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go tool pprof: %w", err)
	}
	return parse(string(out), cumulative), nil
}

// parse reads the rows of pprof's -top: flat flat% sum% cum cum% name.
func parse(text string, cumulative bool) map[string]int64 {
	at := 0
	if cumulative {
		at = 3
	}
	all := map[string]int64{}
	for row := range strings.Lines(text) {
		fields := strings.Fields(row)
		if len(fields) < 6 {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSuffix(fields[at], "B"), 10, 64)
		if err == nil && n != 0 {
			all[withoutTypes(strings.TrimSuffix(strings.Join(fields[5:], " "), " (inline)"))] += n
		}
	}
	return all
}

// types are the arguments of a generic function, which highwater and pprof write otherwise.
var types = regexp.MustCompile(`\[.*\]`)

func withoutTypes(name string) string { return types.ReplaceAllString(name, "[...]") }

func key(f highwater.Frame) string {
	return withoutTypes(fmt.Sprintf("%s %s:%d", f.Func, f.File, f.Line))
}

func sum(all map[string]int64) (n int64) {
	for _, b := range all {
		n += b
	}
	return n
}

// anatomy: the packages add up to what pprof has in all.
func (p pprof) anatomy(file string, r *result) error {
	var a anatomy.Anatomy
	if err := read(file, &a); err != nil {
		return err
	}
	live, err := p.top("inuse_space", false, false)
	if err != nil {
		return err
	}
	var packages int64
	for _, one := range a.Packages {
		packages += one.Bytes
	}
	r.must(packages == sum(live) && a.Profiled == packages, "packages hold %d B, and pprof has %d B", packages, sum(live))
	r.saw("%d B live, as pprof has it", packages)
	return nil
}

// hotspots: each line of the server's holds and allocates what pprof lays to it.
func (p pprof) hotspots(file string, r *result) error {
	var l lines
	if err := read(file, &l); err != nil {
		return err
	}
	equal := 0
	for _, c := range []struct {
		index string
		all   []anatomy.Hotspot
		of    func(anatomy.Hotspot) int64
	}{
		{"inuse_space", l.Live, func(h anatomy.Hotspot) int64 { return h.Bytes }},
		{"alloc_space", l.Rate, func(h anatomy.Hotspot) int64 { return h.Allocated }},
	} {
		theirs, err := p.top(c.index, true, false)
		if err != nil {
			return err
		}
		ours := map[string]int64{}
		for _, h := range c.all {
			if n := c.of(h); h.Own && n != 0 {
				ours[key(h.Where)] += n
			}
		}
		for at, n := range ours {
			if r.must(theirs[at] == n, "%s: %s has %d B, and pprof %d B", c.index, at, n, theirs[at]) {
				equal++
			}
		}
		r.must(len(ours) == len(theirs), "%s: %d lines, and pprof has %d", c.index, len(ours), len(theirs))
	}
	r.must(equal > 0, "there is no line of the server's")
	r.saw("%d figures of lines, as pprof has them", equal)
	return nil
}

// advice: nothing is saved on a line beyond what pprof lays to it and what it calls.
func (p pprof) advice(file string, r *result) error {
	if err := adviceOf(file, r); err != nil {
		return err
	}
	var d advise.Document
	if err := read(file, &d); err != nil {
		return err
	}
	made, err := p.top("alloc_space", false, true)
	if err != nil {
		return err
	}
	held, err := p.top("inuse_space", false, true)
	if err != nil {
		return err
	}
	for _, a := range d.Subjects[0].Advice {
		if len(a.Lines) == 0 {
			continue
		}
		at := key(a.Lines[0])
		r.must(a.SavedAllocBytes <= float64(made[at]) && a.SavedBytes <= held[at], "%s: it saves more than pprof has there, %d B allocated and %d B live", a.Title, made[at], held[at])
	}
	return nil
}
