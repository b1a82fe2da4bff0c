package main

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
)

// most is by how much a saving may be off.
const most = 0.20

// row is a program with what it was advised.
type row struct {
	program
	fault *fault // nil for a sound one
}

// first is the advice that a reader sees first.
func (r row) first() advise.Advice {
	if len(r.advice) == 0 {
		return advise.Advice{}
	}
	return r.advice[0]
}

// above counts the advice that is more than minor.
func (r row) above() (n int) {
	for _, a := range r.advice {
		if a.Severity != advise.Minor {
			n++
		}
	}
	return n
}

// line reports whether the advice points first at the planted line. A setting is of the
// process, and of no line.
func (r row) line() bool {
	a := r.first()
	if r.fault.kind == advise.KindCollector {
		return len(a.Lines) == 0
	}
	return len(a.Lines) > 0 && a.Lines[0].File == r.fault.file && a.Lines[0].Line == r.fault.line
}

// saving is what the advice says, in the fault's terms.
func (r row) saving() float64 {
	if r.fault.live {
		return float64(r.first().SavedBytes)
	}
	if r.first().Per != advise.PerOp {
		return 0
	}
	return r.first().SavedAllocBytes
}

// off is by how much the saving is off, a ratio.
func (r row) off() float64 { return r.saving()/r.fault.bytes - 1 }

// right reports whether all is as claimed.
func (r row) right() bool {
	if r.fault == nil {
		return r.above() == 0
	}
	a := r.first()
	return a.Kind == r.fault.kind && a.Severity != advise.Minor && r.line() && math.Abs(r.off()) <= most
}

// print prints the tables, in Markdown, and reports whether every claim holds.
func print(w io.Writer, rows []row) bool {
	ok := true
	mark := func(good bool, text string) string {
		if good {
			return text
		}
		return "**" + text + "**"
	}
	fmt.Fprintln(w, "| fault | first advice | severity | line | truth | saving | off | others above minor |")
	fmt.Fprintln(w, "|---|---|---|---|--:|--:|--:|--:|")
	for _, r := range rows {
		if r.fault == nil {
			continue
		}
		ok = ok && r.right()
		a := r.first()
		per := " B/op"
		if r.fault.live {
			per = " B live"
		}
		place := "-"
		if len(a.Lines) > 0 {
			place = fmt.Sprintf("%s:%d", filepath.Base(a.Lines[0].File), a.Lines[0].Line)
		}
		others := r.above()
		if a.Severity != advise.Minor && others > 0 {
			others--
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %.0f%s | %.0f | %s | %d |\n", r.name, mark(a.Kind == r.fault.kind, string(a.Kind)),
			mark(a.Severity != advise.Minor, string(a.Severity)), mark(r.line(), place), r.fault.bytes, per, r.saving(),
			mark(math.Abs(r.off()) <= most, fmt.Sprintf("%+.1f %%", 100*r.off())), others)
	}
	fmt.Fprintln(w, "\n| sound program | advice above minor | minor advice |\n|---|--:|--:|")
	for _, r := range rows {
		if r.fault == nil {
			ok = ok && r.right()
			fmt.Fprintf(w, "| %s | %s | %d |\n", r.name, mark(r.above() == 0, fmt.Sprint(r.above())), len(r.advice)-r.above())
		}
	}
	return ok
}

// tellAll prints all advice with its evidence.
func tellAll(w io.Writer, rows []row) {
	for _, r := range rows {
		for _, a := range r.advice {
			tell(w, r.package_+"/"+r.name, a)
		}
	}
}

// tell prints an advice with its evidence.
func tell(w io.Writer, name string, a advise.Advice) {
	fmt.Fprintf(w, "\n%s: %s: %s\n", name, a.Severity, a.Title)
	for _, e := range a.Evidence {
		fmt.Fprintf(w, "  %s\n", e)
	}
	if a.Known {
		fmt.Fprintf(w, "  saves %s live, %s and %.0f objects allocated per %s, %.1f %% of the CPU time\n", highwater.FormatBytes(float64(a.SavedBytes)),
			highwater.FormatBytes(a.SavedAllocBytes), a.SavedObjects, a.Per, 100*a.SavedCPU)
	}
	fmt.Fprintf(w, "  how: %s\n  found by %s\n", a.How, strings.TrimSuffix(a.Found, "."))
}
