package driver

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/attach"
	"github.com/highwater-dev/highwater/internal/target"
)

// processSuite is the suite of processes that are looked at while they run.
const processSuite = "process"

// soakTasks are what the arguments name, of which dash stand before a "--" (less than
// 0: there is none). The caller closes what was built.
func (a *app) soakTasks(ctx context.Context, o *soakOptions, h *held, args []string, dash int) ([]soakTask, built, error) {
	o.drive.Duration = o.duration
	switch {
	case o.pid != 0 || o.url != "":
		t, err := a.attached(o)
		return []soakTask{t}, built{}, err
	case dash == 0 && len(args) > 0:
		t, err := o.soakedCommand(args)
		return []soakTask{t}, built{}, err
	case dash > 1 || dash == 0:
		return nil, built{}, usagef("%s: want one main package before --, and its arguments behind, or nothing but a command behind it", o.verb)
	}
	if dash == 1 || dash < 0 && len(args) == 1 && h.Bench == nil && h.Tests == nil && h.Examples == nil && !strings.Contains(args[0], "...") {
		tasks, b, err := a.soakedProgram(ctx, o, *h, args[0], args[1:])
		if dash == 1 || !target.IsNoProgram(err) {
			return tasks, b, usageOf(o.verb, err)
		}
		b.close() // it is no program: its benchmarks are meant
	}
	if o.drive.Load != "" || o.drive.Ready != nil {
		return nil, built{}, usagef("--load and --ready are for a main package")
	}
	return a.soakedScenarios(ctx, o, h, args)
}

// usageOf is an error of a name that is no program's, as the user's own.
func usageOf(verb string, err error) error {
	if target.IsNoProgram(err) {
		return usagef("%s %w", verb, err)
	}
	return err
}

// soakedScenarios are the scenarios of suites and packages.
func (a *app) soakedScenarios(ctx context.Context, o *soakOptions, h *held, args []string) ([]soakTask, built, error) {
	h.Packages = nil // of the configuration: they are for gates
	if len(args) > 0 {
		h.Packages, h.Scenarios = args, nil
	} else if o.said.Scenarios == nil {
		h.Scenarios = []string{"all"}
	}
	h.Scenarios = a.soakPatterns(h.Scenarios)
	b, err := a.build(ctx, *h, &o.options, nil)
	if err != nil {
		return nil, b, err
	}
	targets, err := a.chosen(*h, b)
	if err == nil {
		targets, _, err = h.keep(targets, b)
	}
	if err != nil {
		return nil, b, err
	}
	a.prepare(ctx, targets, o.quiet)
	var tasks []soakTask
	for _, t := range targets {
		tasks = append(tasks, soakTask{target: t})
	}
	return tasks, b, nil
}

// soakPatterns completes what the verb takes for short: all stands for the soak
// scenarios, and these have bare names.
func (a *app) soakPatterns(patterns []string) []string {
	all := slices.Clone(patterns)
	for i, p := range all {
		name, variant, _ := strings.Cut(p, "@")
		for _, s := range a.Suites {
			if !s.OnRequest {
				continue
			}
			if p == "all" {
				all[i] = s.Name
				continue
			}
			made, err := s.New(firstEngine(s))
			if err != nil {
				continue
			}
			for _, sc := range made.Scenarios {
				if sc.Name == name {
					all[i] = s.Name + "/" + name
					if variant != "" {
						all[i] += "@" + variant
					}
				}
			}
		}
	}
	return all
}

func firstEngine(s Suite) string {
	if len(s.Engines) == 0 {
		return ""
	}
	return s.Engines[0].Name
}

// soakedProgram is a main package, built with the probe.
func (a *app) soakedProgram(ctx context.Context, o *soakOptions, h held, pkg string, args []string) ([]soakTask, built, error) {
	r := &runOptions{options: o.options, name: o.name, drive: o.drive}
	r.leaks = true
	b, err := a.buildProgram(ctx, h, r, pkg, args)
	if err != nil {
		return nil, b, err
	}
	var tasks []soakTask
	for _, t := range b.Targets {
		t.Drive = &o.drive
		tasks = append(tasks, soakTask{target: t})
	}
	return tasks, b, nil
}

// soakedCommand is a command with all that it starts.
func (o *soakOptions) soakedCommand(argv []string) (soakTask, error) {
	r := &runOptions{name: o.name}
	t, err := r.command(argv)
	if err != nil {
		return soakTask{}, errors.Join(usagef("%s: %w", o.verb, errors.Unwrap(err)))
	}
	if o.drive.Load != "" || o.drive.Ready != nil {
		return soakTask{}, usagef("--load and --ready are for a main package")
	}
	return soakTask{target: t}, nil
}

// attached is a process that is running already.
func (a *app) attached(o *soakOptions) (soakTask, error) {
	open := func() (attach.Source, error) { return pidWithin(o.pid) }
	if o.url != "" {
		open = func() (attach.Source, error) { return attach.URL(o.url, attach.URLOptions{}) }
	}
	source, err := open()
	if err != nil { // what is wrong with it is said at once
		return soakTask{}, err
	}
	return soakTask{target: target.Target{Info: o.process()}, open: func() (attach.Source, error) { return source, nil }}, nil
}

// pidWithin soaks a process by its id: with its heap, where that can be read.
func pidWithin(pid int) (attach.Source, error) {
	inside, err := attach.InsideOf(pid)
	o := attach.PIDOptions{Inside: inside}
	if err != nil {
		o = attach.PIDOptions{Why: err.Error()}
	}
	source, err := attach.PIDWithin(pid, o)
	if err != nil && inside != nil {
		_ = inside.Close()
	}
	return source, err
}

// process describes the running process that the options name.
func (o *soakOptions) process() highwater.ScenarioInfo {
	info := highwater.ScenarioInfo{Suite: processSuite, Name: o.name, Sessions: 1, Ops: 1, NoBudget: true, Outside: true}
	info.Doc = fmt.Sprintf("the process %d", o.pid)
	fallback := fmt.Sprintf("pid-%d", o.pid)
	if o.url != "" {
		info.Doc = "the process behind " + withoutSecrets(o.url)
		fallback = "url"
		if u, err := url.Parse(o.url); err == nil && u.Host != "" {
			fallback = u.Host
		} else if path, ok := strings.CutPrefix(o.url, "unix:"); ok {
			fallback = filepath.Base(path)
		}
	}
	if info.Name == "" {
		info.Name = (&runOptions{}).scenarioName(fallback)
	}
	info.Doc = harmless(info.Doc)
	return info
}

// withoutSecrets takes a user and password out of an address.
func withoutSecrets(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Redacted()
}
