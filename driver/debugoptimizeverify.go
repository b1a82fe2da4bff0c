package driver

import (
	"context"
	"errors"
	"fmt"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
)

// verifyRepeats is how many processes of each pass tell whether a saving is real.
const verifyRepeats = 3

// verify measures what is named, and says what became of the advice on a base: of a stored
// result, or of another revision, which is measured in turn with this one.
func (a *app) verify(ctx context.Context, o *debugOptions, h held) (advise.Document, error) {
	h.compared = true
	if h.Repeats == nil {
		h.Repeats = new(verifyRepeats)
	}
	base, err := a.lookup(ctx, o.optimizing.verify)
	if err != nil {
		if exists(o.optimizing.verify) {
			return advise.Document{}, err
		}
		return a.verifyRevision(ctx, o, h, err)
	}
	before, err := a.advisedBefore(ctx, o, &base)
	if err != nil {
		return advise.Document{}, err
	}
	all, run, done, err := a.adviseMeasured(ctx, o, h, &base)
	defer done()
	if err == nil && o.optimizing.frontier {
		err = a.frontiers(ctx, o, h, all)
	}
	d, err := a.concludeAdvice(ctx, o, all, run, side{}, err)
	if err != nil {
		return d, err
	}
	return verified(d, o.optimizing.verify, before, base.run)
}

// advisedBefore is the advice that stands in a stored result, or that follows from a stored
// run. The source of that time is not here, so that of a bare run less can be told.
func (a *app) advisedBefore(ctx context.Context, o *debugOptions, base *stored) ([]advise.Subject, error) {
	if d, ok := resultIn(base.name); ok {
		return d.Subjects, nil
	}
	all, err := a.ofScenarios(o, base)
	if err != nil {
		return nil, err
	}
	subjects := make([]advise.Subject, len(all))
	for i, one := range all {
		one.evidence.NoCode = "the source of that time is not here"
		subjects[i] = advise.Of(one.name, one.how, one.evidence)
	}
	return subjects, nil
}

// verified adds what became of the advice of before to a document.
func verified(d advise.Document, name string, before []advise.Subject, base *highwater.Run) (advise.Document, error) {
	d.Base = name
	common := false
	for _, s := range before {
		if _, here := d.Run.Scenario(s.Name); here {
			common = true
			d.Verified = append(d.Verified, advise.Verify(s.Name, s.Advice, base.Of(s.Name), d.Run.Of(s.Name))...)
		}
	}
	if !common {
		return d, usagef("--verify %s: there is no scenario both there and among what is named here", name)
	}
	return d, nil
}

// verifyRevision measures another revision and this one, and advises on both. Unknown is
// why the base is nothing that is stored.
func (a *app) verifyRevision(ctx context.Context, o *debugOptions, h held, unknown error) (advise.Document, error) {
	if o.optimizing.frontier {
		return advise.Document{}, usagef("--frontier runs one revision: leave --verify out, or verify against a stored result")
	}
	if len(h.Packages) == 0 {
		h.Packages = []string{"./..."}
	}
	s, err := a.sides(ctx, revisionOptions{base: o.optimizing.verify})
	defer s.close()
	if err != nil {
		return advise.Document{}, errors.Join(fmt.Errorf("--verify %s: %w", o.optimizing.verify, unknown), err)
	}
	if err := a.buildSides(ctx, h, &o.options, s); err != nil {
		return advise.Document{}, err
	}
	if err := a.pair(h, &o.options, s); err != nil {
		return advise.Document{}, err
	}
	c, err := a.beginSides(ctx, h, s)
	if err != nil {
		return advise.Document{}, err
	}
	if r, err := c.measure(ctx, o.quiet, o.verbose); r == nil || err != nil || ctx.Err() != nil {
		return advise.Document{}, errors.Join(err, ctx.Err())
	}
	var documents [len(s)]advise.Document
	for i, one := range []*session{c.base, c.head} {
		var all []advised
		for _, info := range one.run.Scenarios {
			of := ofScenario(one.run, info.ID())
			of.noProgram = "it was not built"
			for _, t := range s[i].built.Targets {
				if t.Info.ID() == info.ID() {
					of.program = t.Path
				}
			}
			all = append(all, of)
		}
		if documents[i], err = a.concludeAdvice(ctx, o, all, one.run, *s[i], nil); err != nil {
			return advise.Document{}, err
		}
	}
	return verified(documents[1], s[0].source.String(), documents[0].Subjects, c.base.run)
}
