// Command frontier runs programs of package pressure at several settings of GOGC and
// GOMEMLIMIT and prints what memory costs each of them in CPU time: a table, a chart, and
// the least limit at which throughput stays within 5 %.
//
// It exits 1 where a program that has garbage beside what is live is not slower at the
// least memory than at the most.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
	"github.com/highwater-dev/highwater/internal/frontier"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/pressure"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/target"
)

func main() {
	if code, done := target.MaybeSupervise(); done {
		os.Exit(code)
	}
	if code, done := measure.ChildMain(pressure.ByID); done {
		os.Exit(code)
	}
	repeats := flag.Int("repeats", 5, "processes at each setting")
	length := flag.Duration("time", 500*time.Millisecond, "length of each")
	only := flag.String("only", "trees_beside_8MB,trees_beside_32MB,map_churn_beside_4MB", "the programs, with commas between them")
	flag.Parse()
	subject.Main("frontier", func(ctx context.Context) (bool, error) {
		return run(ctx, strings.Split(*only, ","), measure.Options{Repeats: *repeats, Time: *length})
	})
}

func run(ctx context.Context, names []string, o measure.Options) (bool, error) {
	self, err := os.Executable()
	if err != nil {
		return false, err
	}
	ok := true
	for _, name := range names {
		s, found := pressure.ByID("pressure/" + name)
		if !found {
			return false, fmt.Errorf("there is no program %s in package pressure", name)
		}
		f, err := frontier.Run(ctx, target.Target{Info: s.Info(), Path: self}, frontier.Options{Measure: o})
		if err != nil {
			return false, err
		}
		if err := report.FrontierText(os.Stdout, f, 80); err != nil {
			return false, errors.Join(err, ctx.Err())
		}
		fmt.Println()
		first, last := f.Points[0], f.Points[len(f.Points)-1]
		ok = ok && first.PerCPU.High < last.PerCPU.Low
	}
	return ok, nil
}
