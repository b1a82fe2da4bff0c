package target

import (
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Equalise gives two targets of one benchmark, from two source trees, the same
// numbers of operations in every pass: of each the smaller, which both are known
// to bear. Targets that are no benchmarks have the numbers of their own source.
func Equalise(a, b *Target) {
	if !a.Bench || !b.Bench {
		return
	}
	for _, pass := range highwater.Passes() {
		from, to := a, b
		if operations(b.PassArgs[pass]) < operations(a.PassArgs[pass]) {
			from, to = b, a
		}
		// Another map: targets may share one.
		args := map[highwater.Pass][]string{}
		for p, list := range to.PassArgs {
			args[p] = list
		}
		args[pass] = from.PassArgs[pass]
		to.PassArgs = args
	}
	if b.Info.Ops < a.Info.Ops {
		a, b = b, a
	}
	b.Info.Ops, b.Info.Doc = a.Info.Ops, a.Info.Doc
}

// operations reads -test.benchtime=Nx; 0 where there is none.
func operations(args []string) int {
	for _, arg := range args {
		if times, ok := strings.CutPrefix(arg, "-test.benchtime="); ok {
			n, _ := strconv.Atoi(strings.TrimSuffix(times, "x"))
			return n
		}
	}
	return 0
}
