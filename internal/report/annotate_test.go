package report

import (
	"regexp"
	"strings"
	"testing"
)

// command is how the runner reads a line.
var command = regexp.MustCompile(`^::(error|warning|notice) ([^:]*)::(.*)$`)

func TestAnnotations(t *testing.T) {
	out := render(t, Annotations{Locate: inMidterm}, sampleBaseline())
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if want := "::error file=vt/screen.go,line=88,title=fail terminal_operations/scrollback@midterm::peak is +42 %25 against"; !strings.HasPrefix(lines[0], want) {
		t.Errorf("got %s, want %s", lines[0], want)
	}
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "::notice title=highwater::fail: 7 scenarios") {
		t.Errorf("the last line is %s", last)
	}
	if out := render(t, Annotations{}, knownSample()); !strings.Contains(out, "::notice title=warn") || !strings.Contains(out, "known until") || strings.Contains(out, "::error") {
		t.Errorf("what is accepted is more than a notice:\n%s", out)
	}
}

// No more than GitHub shows, each on a line of its own, whatever the report holds.
func TestAnnotationsAreBounded(t *testing.T) {
	all := everySample()
	all["many"] = sampleMany(500)
	for sample, r := range all {
		said := map[string]int{}
		for l := range strings.Lines(render(t, Annotations{Locate: inMidterm}, r)) {
			m := command.FindStringSubmatch(strings.TrimSuffix(l, "\n"))
			if m == nil {
				t.Fatalf("%s: no command: %q", sample, l)
			}
			said[m[1]]++
			if len(l) > 16<<10 {
				t.Errorf("%s: %d bytes", sample, len(l))
			}
		}
		for level, n := range said {
			if n > 10 {
				t.Errorf("%s: %d of %s", sample, n, level)
			}
		}
		if sample == "many" && (said["error"] != 10 || said["warning"] != 10) {
			t.Errorf("%v", said)
		}
	}
	if out := render(t, Annotations{}, sampleMany(500)); !strings.Contains(out, "findings and notes besides, in the summary") {
		t.Error("nothing is said of the rest")
	}
}
