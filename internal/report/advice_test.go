package report

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
)

func sampleAdvice() advise.Document {
	where := highwater.Frame{Func: "example.com/m.read", File: "/m/read.go", Line: 7}
	return advise.Document{
		Schema: advise.DocumentSchema, Base: "main (1a2b3c4)",
		Subjects: []advise.Subject{{
			Name: "m/BenchmarkRead", How: "measured today",
			Advice: []advise.Advice{
				{
					Title: "a buffer that grows at \x1b[31mread", Kind: advise.KindPreallocate, Severity: advise.Major, Lines: []highwater.Frame{where}, Known: true,
					SavedAllocBytes: 65536, SavedObjects: 5, Per: advise.PerOp, SavedCPU: 0.12, Weight: 0.5,
					Evidence: []string{"5 sizes up to 64 KiB"}, How: "give it its size", Found: "growth copies",
					Source: []advise.SourceLine{{Number: 6, Text: "for {"}, {Number: 7, Text: "\tb.Write(p) // <b>", Here: true}},
				},
				{Title: "GOGC=200 would do", Kind: advise.KindCollector, Severity: advise.Minor, Known: true, Modelled: true, SavedCPU: 0.05, SavedBytes: -8e6},
				{Title: "unsized", Kind: advise.KindReuse, Severity: advise.Minor},
			},
			Gaps:  []advise.Gap{{Kinds: []advise.Kind{advise.KindStacks, advise.KindLimit}, Why: "it is gone", Remedy: "watch it"}},
			Model: &advise.Model{Live: 10e6, GOGC: 75, Share: 0.1},
		}},
		Verified: []advise.Check{
			{Scenario: "m/BenchmarkRead", Kind: advise.KindReuse, Where: where, Unit: "B/op", Expected: 1000, Measured: &highwater.Rate{Center: 990, Low: 980, High: 1000}, Whole: &highwater.Rate{Center: -5}, Saving: advise.NotThere, Reason: "others take it"},
			{Scenario: "m/BenchmarkRead", Kind: advise.KindLimit, Saving: advise.Unknown, Reason: "a setting"},
		},
	}
}

func written(t *testing.T, d advise.Document, most int, format string) string {
	t.Helper()
	var b strings.Builder
	if err := AdvicePaper(d, most).Write(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAdvicePaper(t *testing.T) {
	text := written(t, sampleAdvice(), 10, "text")
	last := 0
	for _, want := range []string{ // in this order
		"m/BenchmarkRead\n  measured today\n",
		"What became of the advice on main (1a2b3c4)\n  m.read (read.go:7) (reuse): others take it\n  limit: a setting\n",
		"not there  reuse  1.00 KB/op  990 B/op  980 B to 1.00 KB  -5 B/op",
		"Recommendations\n", "major   preallocate     -  65.5 KB/op  5.00/op  12 %  m.read (read.go:7)",
		`major: a buffer that grows at \x1b[31mread`, "saves 65.5 KB and 5.00 objects allocated an operation, 12.0 % of the CPU time that the program uses",
		"5 sizes up to 64 KiB", "to do: give it its size", "found by growth copies", "    >    7      b.Write(p)",
		"Minor\n  GOGC=200 would do: saves 5.0 % of the CPU time that the program uses, for 8.00 MB more memory (modelled)\n  unsized\n",
		"modelled, not measured", "the collector's share is of the CPU time that the program uses; debug analyze and the profiler tell it of all CPU time, idle included", "GOGC=75", "as it was seen",
		"Not looked for\n  stacks, limit: it is gone; what would allow it: watch it\n",
	} {
		at := strings.Index(text[last:], want)
		if at < 0 {
			t.Fatalf("%q is missing behind byte %d of:\n%s", want, last, text)
		}
		last += at
	}
	if page := written(t, sampleAdvice(), 10, "html"); !strings.Contains(page, "&lt;b&gt;") || strings.Contains(page, "\x1b") {
		t.Error("the page holds what is not its own")
	}
	if md := written(t, sampleAdvice(), 10, "markdown"); !strings.Contains(md, "| major | preallocate |") {
		t.Errorf("in Markdown:\n%s", md)
	}
	// Of several, each says what it is of; what is not shown is counted.
	two := sampleAdvice()
	two.Subjects = append(two.Subjects, two.Subjects[0])
	two.Subjects[1].Name, two.Subjects[1].Failed = "m/BenchmarkWrite", []string{"m/BenchmarkWrite: it panicked"}
	text = written(t, two, 1, "text")
	for _, want := range []string{"2 programs and scenarios", "not measured: m/BenchmarkWrite: it panicked", "[m/BenchmarkRead]", "1 further recommendations", "and 3 more"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
	if n := strings.Count(text, "it is gone"); n != 1 {
		t.Errorf("a reason stands %d times", n)
	}
	none := advise.Document{Subjects: []advise.Subject{{Name: "m/BenchmarkTight"}}}
	if text := written(t, none, 10, "text"); !strings.Contains(text, "nothing that was looked for is worth a change") {
		t.Errorf("nothing is said of nothing:\n%s", text)
	}
}
