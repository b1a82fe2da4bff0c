package driver

import (
	"context"
	"fmt"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/bisect"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
)

// measuring are the options by which processes are measured.
func (b *bisection) measuring() measure.Options {
	h := b.h
	return measure.Options{
		Timeout: or(h.Timeout, 0), MaxMemory: or(h.MaxMemory, 0),
		Time: or(h.Time, 0), MemoryTime: or(h.MemoryTime, 0), Jobs: or(h.Jobs, 0), Compared: true,
	}
}

// progress shows on a terminal what is being measured.
func (b *bisection) progress(o *measure.Options) *progress {
	if b.o.quiet {
		return nil
	}
	show := newProgress(b.app.Stderr)
	o.Progress = show.update
	return show
}

// measure measures a commit in turn with the good end: one process of the pass that has
// the metric each time, A B B A. It returns the reason where the commit cannot be
// measured.
func (b *bisection) measure(ctx context.Context, w *work, repeats int) (m bisect.Measured, why string, err error) {
	metric, _ := highwater.MetricByName(b.state.Metric)
	good, here := b.good, w.target
	target.Equalise(&good, &here)
	var told [2][]highwater.Measurement
	var all []measure.Side
	asked := make([][]measure.Repeat, len(told))
	for i, t := range []target.Target{good, here} {
		all = append(all, measure.Side{
			Name: []string{"good", w.side.name}[i], Targets: []target.Target{t},
			Record: func(m highwater.Measurement) { told[i] = append(told[i], m) },
		})
		for n := range repeats {
			asked[i] = append(asked[i], measure.Repeat{Target: t, Pass: metric.Pass, Number: n, ProfileRate: b.state.Rate})
		}
	}
	o := b.measuring()
	show := b.progress(&o)
	err = measure.AlternateMore(ctx, all, asked, o)
	show.end()
	if err != nil {
		return m, "", err
	}
	m = bisect.Measured{Commit: w.side.source.Revision, Subject: w.side.source.Subject}
	m.Good, m.Values = valuesOf(told[0], metric), valuesOf(told[1], metric)
	if len(m.Good) == 0 {
		return m, "", fmt.Errorf("the good end cannot be measured any more: %s", trouble(told[0], metric))
	}
	if len(m.Values) == 0 {
		return m, trouble(told[1], metric), nil
	}
	return m, "", nil
}

// trouble is why processes told nothing.
func trouble(all []highwater.Measurement, metric highwater.Metric) string {
	for _, m := range all {
		if m.Outcome.Status != highwater.StatusOK {
			text := "its process " + string(m.Outcome.Status)
			if m.Outcome.Detail != "" {
				text += ": " + m.Outcome.Detail
			}
			return text
		}
		if why := m.Unsupported[metric.Name]; why != "" {
			return why
		}
	}
	return "its process told no " + metric.Name
}
