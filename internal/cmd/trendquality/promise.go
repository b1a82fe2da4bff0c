package main

import (
	"errors"
	"fmt"
	"io"
	"math"
)

// measured is what highwater, at its own threshold of 10 %, made of series of a kind:
// of clean ones (by is 0), or of a step, or of forecasts.
type measured struct {
	kind    kind
	by      float64
	alarms  float64 // in 1,000
	found   float64 // in percent
	delay   float64 // in results
	covered float64 // in percent
}

// promise is a figure that docs/trends.md states.
type promise struct {
	says string
	// about reports whether a measurement is one of those that it is about, and worst is
	// the figure of it.
	about func(m measured) bool
	of    func(m measured) float64
	most  float64
	least float64
}

var promises = []promise{
	{
		says: "false alarms in 1,000 clean series, ordinary noise and drifts", most: 5, least: 0,
		about: func(m measured) bool { return m.by == 0 && m.covered == 0 && !m.kind.hard },
		of:    func(m measured) float64 { return m.alarms },
	},
	{
		says: "false alarms in 1,000 clean series, hard noise", most: 100, least: 0,
		about: func(m measured) bool { return m.by == 0 && m.covered == 0 && m.kind.hard },
		of:    func(m measured) float64 { return m.alarms },
	},
	{
		says: "percent of steps of 11 % and more that are found", most: 100, least: 99,
		about: func(m measured) bool { return math.Abs(m.by) > 0.10 },
		of:    func(m measured) float64 { return m.found },
	},
	{
		says: "median delay of these, in results after the first", most: 2, least: 0,
		about: func(m measured) bool { return math.Abs(m.by) > 0.10 },
		of:    func(m measured) float64 { return m.delay },
	},
	{
		says: "percent of steps of 3 % and 5 % that are told as one of 10 %", most: 1, least: 0,
		about: func(m measured) bool { return m.by != 0 && math.Abs(m.by) <= 0.05 },
		of:    func(m measured) float64 { return m.found },
	},
	{
		says: "percent of next results in the 95 % interval", most: 97, least: 92,
		// Of what is nearly always exactly the same an interval holds more or less than
		// 95 %, and nothing in between.
		about: func(m measured) bool { return m.covered != 0 && !m.kind.lumpy() },
		of:    func(m measured) float64 { return m.covered },
	},
}

// lumpy kinds are far from normal: no interval by a standard deviation fits them.
func (k kind) lumpy() bool {
	return k.name == "quantised 2 %" || k.name == "two levels +6 %" || k.name == "gaussian 0.1 %"
}

// check prints each promise with the worst of what was measured.
func check(w io.Writer, got []measured) error {
	fmt.Fprintln(w, "\nPromises")
	var err error
	for _, p := range promises {
		low, high := math.Inf(1), math.Inf(-1)
		for _, m := range got {
			if p.about(m) {
				low, high = math.Min(low, p.of(m)), math.Max(high, p.of(m))
			}
		}
		word := "kept"
		// Written so that what was not measured, NaN, is broken.
		if !(low >= p.least && high <= p.most) {
			word = "BROKEN"
			err = errors.Join(err, fmt.Errorf("%s: %.1f to %.1f, promised %g to %g", p.says, low, high, p.least, p.most))
		}
		fmt.Fprintf(w, "%-66s  %5.1f to %5.1f  promised %g to %g  %s\n", p.says, low, high, p.least, p.most, word)
	}
	return err
}
