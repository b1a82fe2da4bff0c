package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"sync"

	"github.com/highwater-dev/highwater/internal/stat"
	"github.com/highwater-dev/highwater/internal/trend"
)

const (
	begin  = 20  // results that there are before anybody looks
	length = 100 // of a clean series
	place  = 60  // of a step
	after  = 30  // how many results a method has to find it
	near   = 5   // results by which the place may be off
)

// outcome is what a method made of one series.
type outcome struct {
	false bool // it told of a change where there is none
	found bool
	delay int // results after the first changed one
	off   int // how far from the place of the step
}

// follow looks at a series after each result, as one does in the morning.
func follow(m method, ys []float64, at int) outcome {
	var o outcome
	for n := begin; n <= len(ys); n++ {
		index, told := m.find(ys[:n])
		switch {
		case !told:
		case index < at-near:
			o.false = true
		case n > at:
			o.found, o.delay, o.off = true, n-1-at, max(index-at, at-index)
			return o
		}
	}
	return o
}

// parallel runs f for 0 to n-1 on all processors.
func parallel(n int, f func(i int)) {
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}

// outcomes of all methods for series of a kind: by method, then by series.
func outcomes(k kind, by float64, count int, seed uint64) [][]outcome {
	n, at := length, length
	if by != 0 {
		n, at = place+after, place
	}
	all := make([][]outcome, len(methods))
	for m := range all {
		all[m] = make([]outcome, count)
	}
	parallel(count, func(i int) {
		ys := make1(rand.New(rand.NewPCG(seed, uint64(i))), k, n, by, at)
		for m := range methods {
			all[m][i] = follow(methods[m], ys, at)
		}
	})
	return all
}

func per1000(os []outcome, is func(outcome) bool) float64 {
	n := 0
	for _, o := range os {
		if is(o) {
			n++
		}
	}
	return 1000 * float64(n) / float64(len(os))
}

// run prints everything, and returns the promises that are broken.
func run(w io.Writer, count int, seed uint64) error {
	var got []measured
	fmt.Fprintf(w, "False alarms in 1,000 series of %d results without a step, looked at after each\n", length)
	head(w, "noise")
	for _, k := range clean {
		fmt.Fprintf(w, "%-22s", k.name)
		for m, os := range outcomes(k, 0, count, seed) {
			alarms := per1000(os, func(o outcome) bool { return o.false })
			fmt.Fprintf(w, "  %15.0f", alarms)
			if m == 0 {
				got = append(got, measured{kind: k, alarms: alarms})
			}
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "\nSteps: found within %d results, median delay in results after the first, false alarms before it in 1,000\n", after)
	head(w, "noise, step")
	for _, s := range steps {
		fmt.Fprintf(w, "%-22s", fmt.Sprintf("%s, %+.0f %%", s.kind.name, 100*s.by))
		for m, os := range outcomes(s.kind, s.by, count, seed) {
			alarms := per1000(os, func(o outcome) bool { return o.false })
			fmt.Fprintf(w, "  %15s", fmt.Sprintf("%.1f %%, %.0f, %.0f", found(os), delay(os), alarms))
			if m == 0 {
				got = append(got, measured{kind: s.kind, by: s.by, found: found(os), delay: delay(os)})
			}
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, "\nNext results inside of the 95 % prediction interval, after 40")
	for _, k := range clean {
		if !k.hard {
			share := coverage(k, max(count, 1000), seed)
			fmt.Fprintf(w, "%-22s  %.1f %%\n", k.name, share)
			got = append(got, measured{kind: k, covered: share})
		}
	}
	return check(w, got)
}

// coverage is in how many of a hundred series the forecast holds the next result.
func coverage(k kind, count int, seed uint64) float64 {
	const known = 40
	in := make([]bool, count)
	parallel(count, func(i int) {
		ys := make1(rand.New(rand.NewPCG(seed+1, uint64(i))), k, known+1, 0, 0)
		s := series(ys[:known])
		f := trend.Of(s, trend.For(s.Key)).Forecast
		in[i] = f.Low <= ys[known] && ys[known] <= f.High
	})
	n := 0
	for _, is := range in {
		if is {
			n++
		}
	}
	return 100 * float64(n) / float64(count)
}

func found(os []outcome) float64 {
	return per1000(os, func(o outcome) bool { return o.found }) / 10
}

// delay is the median of those that were found, NaN for none.
func delay(os []outcome) float64 {
	var delays []float64
	for _, o := range os {
		if o.found {
			delays = append(delays, float64(o.delay))
		}
	}
	return stat.Median(delays)
}

func head(w io.Writer, first string) {
	fmt.Fprintf(w, "%-22s", first)
	for _, m := range methods {
		fmt.Fprintf(w, "  %15s", m.name)
	}
	fmt.Fprintln(w)
}
