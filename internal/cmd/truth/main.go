// Command truth measures workloads whose memory is known by hand and prints
// truth and measurement side by side. It exits 1 when one is out of tolerance.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
	"github.com/highwater-dev/highwater/internal/truth"
)

func main() {
	if code, done := target.MaybeSupervise(); done {
		os.Exit(code)
	}
	if code, done := measure.ChildMain(truth.ByID); done {
		os.Exit(code)
	}
	os.Exit(run())
}

func run() int {
	rows, err := truth.Measure(context.Background(), measure.Options{}, func(truth.Case) bool { return true })
	if err != nil {
		fmt.Fprintln(os.Stderr, "truth:", err)
		return highwater.ExitError
	}
	code := highwater.ExitOK
	fmt.Printf("%-38s %-12s %14s %14s %9s %12s\n", "workload", "figure", "truth (B)", "measured (B)", "error", "allowed")
	for _, r := range rows {
		mark := ""
		if !r.Good() {
			mark, code = "  OUT OF TOLERANCE", highwater.ExitFail
		}
		if r.Problem != "" {
			fmt.Printf("%-38s %-12s %s%s\n", r.Case, r.Figure, r.Problem, mark)
			continue
		}
		fmt.Printf("%-38s %-12s %14d %14d %9s %12s%s\n", r.Case, r.Figure, r.Truth, r.Measured,
			r.Error(), highwater.FormatBytes(r.Allowed), mark)
	}
	return code
}
