package report

import (
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Conclusive runs a command of a page, and again up to twice where a verdict is inconclusive
// and the page has none that is: a busy machine may not be able to tell, which is no other
// result.
func Conclusive(page string, run func() (output string, status int)) (output string, status int) {
	const verdict = string(highwater.VerdictInconclusive)
	for range 3 {
		output, status = run()
		if !strings.Contains(output, verdict) || strings.Contains(page, verdict) {
			break
		}
	}
	return output, status
}

// Outline is what of a text report, and of go test's, agrees on all machines: the
// columns of each table, its scenarios and their verdicts, and the tests that passed.
// The pages are held to it; figures differ from machine to machine, and so does whether
// there is a control group to be had.
func Outline(text string) []string {
	verdicts := []string{"pass", "new", "unjudged", "unsupported", "warn", "inconclusive", "missing", "error", "fail"}
	var all []string
	inTable := false
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0:
			inTable = false
		case fields[0] == "---" && len(fields) > 2: // of go test
			all = append(all, fields[1]+" "+fields[2])
		case strings.HasPrefix(line, "scenario") && slices.Contains(fields, "verdict"):
			inTable = true
			all = append(all, strings.Join(slices.DeleteFunc(fields, func(f string) bool { return f == "cgroup" }), " "))
		case inTable && fields[0] != "*" && fields[0] != "+": // not a footnote
			i := slices.IndexFunc(fields, func(f string) bool { return slices.Contains(verdicts, f) })
			if i >= 0 {
				all = append(all, strings.TrimRight(fields[0], "*")+" "+fields[i])
			}
		}
	}
	return all
}
