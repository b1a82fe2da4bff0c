package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// cell is the trials of one regression under one threshold.
type cell struct {
	trials, found, failed int
	repeats, seconds      []float64
	measured              []float64
}

// required says what has to come of a change under a threshold: all found, none failed,
// or, between half and twice the threshold, either.
func required(change, threshold float64) (all, none bool) {
	const slack = 1e-9 // the ratios are decimal
	return change >= 2*threshold-slack, change <= threshold/2+slack
}

// broken is why the cell is not as required, "" where it is.
func (c cell) broken(change, threshold float64) string {
	switch all, none := required(change, threshold); {
	case c.trials == 0:
		return "was not tried"
	case all && c.found < c.trials:
		return fmt.Sprintf("was found in %d of %d trials only", c.found, c.trials)
	case none && c.failed > 0:
		return fmt.Sprintf("failed in %d of %d trials", c.failed, c.trials)
	}
	return ""
}

// table prints the share found and what it took, and returns the status to exit with.
func table(w io.Writer, results []result, only []string) int {
	cells := map[trial]cell{}
	for _, r := range results {
		key := trial{r.Kind, r.Change, r.Threshold, 0}
		c := cells[key]
		c.trials++
		if r.Found {
			c.found++
		}
		if r.Exit == highwater.ExitFail {
			c.failed++
		}
		c.repeats, c.seconds, c.measured = append(c.repeats, float64(r.Repeats)), append(c.seconds, r.Seconds), append(c.measured, r.Measured)
		cells[key] = c
	}
	head := fmt.Sprintf("%-8s %8s %16s", "planted", "change", "measured")
	for _, t := range thresholds {
		head += fmt.Sprintf("  %-19s", "threshold "+percent(t))
	}
	fmt.Fprintln(w, strings.TrimRight(head, " "))
	var wrong []string
	for _, kind := range only {
		for _, change := range changes {
			var measured []float64
			line := ""
			for _, threshold := range thresholds {
				c := cells[trial{kind, change, threshold, 0}]
				measured = append(measured, c.measured...)
				text := "-"
				if c.trials > 0 {
					text = fmt.Sprintf("%d/%d  n %.0f  %.1f s", c.found, c.trials, stat.Median(c.repeats), stat.Median(c.seconds))
				}
				line += fmt.Sprintf("  %-19s", text)
				if why := c.broken(change, threshold); why != "" {
					wrong = append(wrong, fmt.Sprintf("%s +%s under a threshold of %s %s", kind, percent(change), percent(threshold), why))
				}
			}
			fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("%-8s %8s %16s", kind, "+"+percent(change), between(measured))+line, " "))
		}
	}
	fmt.Fprintln(w, "found/trials, n: repeats of the pass (median), seconds of a gate run (median)")
	if len(wrong) == 0 {
		fmt.Fprintln(w, "every regression of twice its threshold and more was found, and none of half of it failed")
		return highwater.ExitOK
	}
	for _, why := range wrong {
		fmt.Fprintln(w, "WRONG:", why)
	}
	return highwater.ExitFail
}

// between is the range of the changes that were measured.
func between(xs []float64) string {
	if len(xs) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f to %.1f %%", 100*slices.Min(xs), 100*slices.Max(xs))
}

func percent(r float64) string { return fmt.Sprintf("%.0f %%", math.Round(100*r)) }
