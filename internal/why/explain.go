package why

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Side is the source of one side of a comparison.
type Side struct {
	// Dir is the root of the module as it was built: the files of stack frames
	// begin with it.
	Dir string
	// Flags are those that go commands need to load the packages as they were
	// built, such as -modfile=FILE.
	Flags []string
	Env   []string // added to highwater's own environment, for the same
}

// Options say what was compared.
type Options struct {
	Base, Head Side
	Say        func(what string) // told what is under way; may be nil
}

func (o Options) say(format string, args ...any) {
	if o.Say != nil {
		o.Say(fmt.Sprintf(format, args...))
	}
}

// explained is how many of a finding's sites are explained: those that a reader
// looks at.
const explained = 3

// Explain completes the failures and warnings of a report that compares two
// source trees: each site of their evidence gets its nearest hunk and, where a
// line newly escapes, the compiler's reason, and the finding's reason says which
// it was. What could not be found out is a note of the row. The error is that of
// ctx, or of a folder that is not there.
func Explain(ctx context.Context, r *highwater.Report, o Options) error {
	for _, s := range []Side{o.Base, o.Head} {
		if info, err := os.Stat(s.Dir); err != nil {
			return fmt.Errorf("explaining the changes: %w", err)
		} else if !info.IsDir() {
			return fmt.Errorf("explaining the changes: %s is no folder", s.Dir)
		}
	}
	o.say("looking for the lines behind what has changed")
	e := &explainer{options: o, trees: newTrees(o), analyses: map[analysed]escapes{}}
	for i := range r.Rows {
		for j := range r.Rows[i].Findings {
			if err := ctx.Err(); err != nil {
				return err
			}
			e.finding(ctx, &r.Rows[i], &r.Rows[i].Findings[j])
		}
	}
	return nil
}

type explainer struct {
	options  Options
	trees    *trees
	analyses map[analysed]escapes
}

func (e *explainer) finding(ctx context.Context, row *highwater.Row, f *highwater.Finding) {
	if f.Check != "baseline" || f.Verdict != highwater.VerdictFail && f.Verdict != highwater.VerdictWarn {
		return
	}
	// The evidence may be shared with another finding.
	f.Evidence = slices.Clone(f.Evidence)
	lead := true
	left := explained
	for i := range f.Evidence {
		c := &f.Evidence[i]
		if !grew(*c) {
			continue
		}
		if left--; left < 0 {
			break
		}
		s, err := e.site(ctx, c)
		if err != nil && ctx.Err() == nil {
			row.Notes = note(row.Notes, err)
		}
		if lead {
			f.Reason = sentence(f.Reason, *c, s)
			lead = false
		}
	}
}

// grew tells sites that took more from those that gave something back.
func grew(c highwater.SiteChange) bool {
	return c.After > c.Before || c.AfterObjects > c.BeforeObjects
}

// site finds the hunk and the escape of one site.
func (e *explainer) site(ctx context.Context, c *highwater.SiteChange) (found, error) {
	s, err := e.nearest(ctx, c.Site)
	c.Hunk = s.hunk
	for _, f := range allocating(c.Site) {
		found, failed := e.newEscape(ctx, f)
		err = errors.Join(err, failed)
		if found != nil {
			s.escape, c.Escape = found, found.String()
			break
		}
	}
	return s, err
}

// allocating are the lines on which the compiler may have decided where the site's
// memory is: that of the site and, since a call may have been inlined, those of its
// callers in the same file. A site in the standard library decides for itself.
func allocating(s highwater.Site) []highwater.Frame {
	i := slices.Index(s.Stack, s.Where)
	if i < 0 {
		return []highwater.Frame{s.Where}
	}
	for _, f := range s.Stack[:i] {
		if !strings.HasPrefix(f.Func, "runtime.") {
			return nil
		}
	}
	n := i + 1
	for n < min(len(s.Stack), i+3) && s.Stack[n].File == s.Where.File {
		n++
	}
	return s.Stack[i:n]
}

func note(notes []string, err error) []string {
	for _, one := range flatten(err) {
		if text := one.Error(); !slices.Contains(notes, text) {
			notes = append(notes, text)
		}
	}
	return notes
}

func flatten(err error) []error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return joined.Unwrap()
	}
	return []error{err}
}
