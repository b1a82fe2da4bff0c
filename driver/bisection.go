package driver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/bisect"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/revision"
	"github.com/highwater-dev/highwater/internal/stat"
	"github.com/highwater-dev/highwater/internal/target"
)

// bisection is a search under way.
type bisection struct {
	app  *app
	o    *bisectOptions
	h    held
	repo revision.Repository
	line []revision.Logged // from the good end to the bad one

	state *bisectState
	file  string   // where the state is kept
	held  *os.File // the lock of it
	begun time.Time
	spent time.Duration // by earlier invocations

	ends  sides
	good  target.Target // of the scenario, at the good end
	works *works        // commits that are built
}

// beginBisection finds the commits, and what is known of them. It is closed by the
// caller, also after an error.
func (a *app) beginBisection(ctx context.Context, h held, o *bisectOptions) (*bisection, error) {
	b := &bisection{app: a, o: o, h: h, begun: time.Now(), works: &works{all: map[int]*work{}}}
	if err := b.prepare(); err != nil {
		return b, err
	}
	wd, err := os.Getwd()
	if err != nil {
		return b, fmt.Errorf("find the working directory: %w", err)
	}
	if b.repo, err = revision.Find(ctx, wd); err != nil {
		return b, wrong(err)
	}
	var found [2]revision.Commit
	for i, ref := range []string{o.good, o.bad} {
		if found[i], err = b.repo.Resolve(ctx, ref); err != nil {
			return b, wrong(err)
		}
	}
	good, bad := found[0], found[1]
	line, note, err := b.repo.Line(ctx, good, bad)
	if err != nil {
		return b, wrong(err)
	}
	b.line = line
	if err := b.take(good, bad); err != nil {
		return b, err
	}
	for _, n := range []string{good.Note, bad.Note, note} {
		b.note(n)
	}
	return b, nil
}

// prepare settles what is searched through.
func (b *bisection) prepare() error {
	if len(b.h.Packages) == 0 {
		b.h.Packages = []string{"./..."}
	}
	all, err := b.app.everything()
	if err != nil {
		return err
	}
	for _, p := range b.h.Scenarios {
		for _, i := range infos(all) {
			if p != "all" && config.Match(p, i.ID()) {
				return usagef("--scenario %s is part of %s itself, and of no revision: name a benchmark or a memtest scenario of your module", p, b.app.Name)
			}
		}
	}
	b.h.compared = true
	return b.app.notScenarios(b.h.Packages)
}

// take takes up an earlier search for the same.
func (b *bisection) take(good, bad revision.Commit) error {
	s := b.h.Settings
	var err error
	b.file, err = bisectFile(
		b.repo.Identity(), b.repo.Prefix, good.Hash, bad.Hash, b.o.key(),
		strings.Join(s.Packages, "\x00"), strings.Join(s.Scenarios, "\x00"), or(s.Bench, ""), or(s.Tests, ""), or(s.Examples, ""),
		strings.Join(s.Tags, "\x00"), strings.Join(s.CPU, "\x00"), fmt.Sprint(or(s.Benchtime, config.Benchtime{}), or(s.Time, 0), or(s.MemoryTime, 0)),
	)
	if err != nil {
		return err
	}
	if b.held, err = holdBisect(b.file); err != nil {
		return err
	}
	fresh := newBisectState(good.Hash, bad.Hash)
	b.state = fresh
	if b.o.fresh {
		return nil
	}
	kept, err := readBisect(b.file)
	if err != nil {
		return err
	}
	if kept != nil && (kept.Probe != fresh.Probe || kept.GOARCH != fresh.GOARCH) {
		b.app.warn("what was measured before is of another version of highwater or another machine, and is left: the search begins anew")
		kept = nil
	}
	if kept == nil {
		if b.o.resume {
			return usagef("--resume: no search for this was begun here, with the same ends, packages and flags; leave --resume out")
		}
		return nil
	}
	b.state, b.spent = kept, kept.Took
	switch {
	case kept.Done != nil:
		b.say("this was searched for before, and here is the answer; --fresh searches again")
	case len(kept.Measured)+len(kept.Skipped) > 0:
		b.say("going on where it was: %s measured, %s skipped; --fresh begins anew", count(len(kept.Measured), "time"), count(len(kept.Skipped), "commit"))
	}
	return nil
}

func (b *bisection) close() {
	b.works.close()
	for _, s := range b.ends {
		if s != nil {
			s.close()
		}
	}
	b.ends = sides{}
}

func (b *bisection) say(format string, args ...any) {
	if !b.o.quiet {
		say(b.app.Stderr, b.app.Name, fmt.Sprintf(format, args...))
	}
}

func (b *bisection) note(text string) {
	if text != "" && !slices.Contains(b.state.Notes, text) {
		b.state.Notes = append(b.state.Notes, text)
	}
}

// save keeps what is known by now.
func (b *bisection) save() error {
	b.state.Took = b.spent + time.Since(b.begun)
	return b.state.write(b.file)
}

// run searches to the end.
func (b *bisection) run(ctx context.Context) (bisect.Document, error) {
	if b.state.Done != nil {
		return *b.state.Done, nil
	}
	step, err := b.search(ctx)
	var d bisect.Document
	if err == nil {
		b.close() // its folders are wanted for the answer
		d, err = b.answer(ctx, step)
	}
	if ctx.Err() != nil {
		return d, fmt.Errorf("interrupted: what was measured is kept, and the same command goes on where it was")
	}
	if err != nil {
		return d, err
	}
	b.state.Done = &d
	return d, b.save()
}

// search measures until nothing is left to be measured.
func (b *bisection) search(ctx context.Context) (bisect.Step, error) {
	if err := b.openEnds(ctx); err != nil {
		return bisect.Step{}, err
	}
	for {
		step := bisect.Next(b.options(), b.sessions(), b.skipped)
		if step.Do != bisect.Measure {
			return step, ctx.Err()
		}
		commit := b.line[step.Commit]
		b.say("step %d: %s left, measuring %s %s%s …", len(b.state.Measured)+1, count(step.Left, "commit"), commit.Short(), commit.Subject, times(step.Repeats))
		if err := b.step(ctx, step); err != nil {
			return step, errors.Join(err, b.save())
		}
	}
}

// step builds and measures one commit.
func (b *bisection) step(ctx context.Context, step bisect.Step) error {
	commit := b.line[step.Commit]
	w, err := b.built(ctx, step.Commit)
	if err != nil {
		return err
	}
	why := w.reason
	if why == "" {
		b.ahead(ctx, step)
		var m bisect.Measured
		if m, why, err = b.measure(ctx, w, step.Repeats); err != nil {
			return err
		}
		if why == "" {
			b.state.Measured = append(b.state.Measured, m)
			b.state.Processes += len(m.Values) + len(m.Good)
			return b.save()
		}
	}
	if step.Commit == len(b.line)-1 {
		return fmt.Errorf("the bad end, %s, cannot be tested: %s", commit.Short(), why)
	}
	b.say("%s %s is skipped: %s", commit.Short(), commit.Subject, why)
	b.state.Skipped = append(b.state.Skipped, bisect.Skipped{Commit: commit.Hash, Subject: commit.Subject, Reason: why})
	return b.save()
}

// options are what the search goes by.
func (b *bisection) options() bisect.Options {
	m, _ := highwater.MetricByName(b.state.Metric)
	return bisect.Options{
		Last: len(b.line) - 1, Prior: stat.Prior{SD: b.state.Spread, DF: gate.PriorDF},
		Allowed: b.state.Allowed, Confidence: b.o.confidence, HigherIsBetter: m.HigherIsBetter,
	}
}

func (b *bisection) sessions() []bisect.Session {
	var all []bisect.Session
	for _, m := range b.state.Measured {
		if i := b.index(m.Commit); i > 0 {
			all = append(all, bisect.Session{Commit: i, Values: m.Values, Good: m.Good})
		}
	}
	return all
}

func (b *bisection) index(hash string) int {
	return slices.IndexFunc(b.line, func(l revision.Logged) bool { return l.Hash == hash })
}

func (b *bisection) skipped(commit int) bool {
	return slices.ContainsFunc(b.state.Skipped, func(s bisect.Skipped) bool { return s.Commit == b.line[commit].Hash })
}

func times(n int) string {
	if n == 1 {
		return ""
	}
	return fmt.Sprintf(", %d times", n)
}
