package noise

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// sheet has figures in every state.
func sheet(t *testing.T, names ...string) Sheet {
	t.Helper()
	scenarios := map[string]map[string][]float64{}
	for _, n := range names {
		scenarios[n] = map[string][]float64{
			highwater.Peak: around(20, 1e6, 5e3), highwater.Footprint: around(20, 30e6, 4.5e6), highwater.Retained: around(20, 48, 30),
			highwater.Efficiency: around(20, 0.4, 0.1), highwater.GCPressure: around(20, 0.5, 0.09), highwater.FDs: make([]float64, 20),
		}
	}
	return Analyse(made(scenarios), usual)
}

const wantText = `20 repeats of 1 scenario, 2026-11-23, A, 2 processors, linux/amd64, 6.1, go1.26.8, run r1

  metric        n     mean      CV  worst  threshold  found from  proposed
s/a
  peak         20  1.00 MB  0.50 %  1.2 %  10%|64KiB       +12 %         -
  retained     20     48 B   ±30 B   72 B  10%|64KiB    +68.2 KB         -
  gc_pressure  20     0.50    18 %   43 %    25%|0.1      +83 %!   80%|0.1
  footprint    20  30.0 MB    15 %   36 %   20%|4MiB      +67 %!  60%|4MiB
`

func TestText(t *testing.T) {
	s := sheet(t, "a")
	var b strings.Builder
	if err := s.Text(&b, false); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if !strings.HasPrefix(got, wantText) {
		t.Errorf("got\n%s\nwant\n%s", got, wantText)
	}
	if !strings.HasSuffix(got, s.Conclusion+"\n") {
		t.Errorf("the last line is not the conclusion:\n%s", got)
	}
	for _, out := range []string{"efficiency", "fds", "all scenarios"} {
		if strings.Contains(got, out) {
			t.Errorf("%s is shown:\n%s", out, got)
		}
	}
	b.Reset()
	if err := sheet(t, "a", "b").Text(&b, true); err != nil {
		t.Fatal(err)
	}
	for _, in := range []string{"efficiency", "fds", "all scenarios  median CV  worst CV\n", "footprint         15 %      15 %  s/a\n"} {
		if !strings.Contains(b.String(), in) {
			t.Errorf("%q is not shown:\n%s", in, b.String())
		}
	}
}

// Names come from files that anybody may have written: none moves a cursor, breaks a
// line or a table, or becomes markup.
func TestHostileNames(t *testing.T) {
	s := sheet(t, "a\x1b[2J\nb|c`d\u202e<img>")
	s.Scenarios[0].Problem = "panic: \x1b[31m\n| `x` <b> @all"
	for name, render := range map[string]func(*strings.Builder) error{
		"text":     func(b *strings.Builder) error { return s.Text(b, true) },
		"markdown": func(b *strings.Builder) error { return s.Markdown(b, true) },
	} {
		var b strings.Builder
		if err := render(&b); err != nil {
			t.Fatal(err)
		}
		for _, c := range []string{"\x1b", "\u202e"} {
			if strings.Contains(b.String(), c) {
				t.Errorf("%s holds %q", name, c)
			}
		}
		if name == "markdown" {
			for line := range strings.Lines(b.String()) {
				if strings.HasPrefix(line, "| `s/a") && strings.Count(line, "|")-strings.Count(line, `\|`) != 10 {
					t.Errorf("a row of another width: %s", line)
				}
				if strings.Contains(line, "<b>") {
					t.Errorf("markup: %s", line)
				}
			}
		}
	}
}

// The JSON form has every figure, and reads back.
func TestJSON(t *testing.T) {
	s := sheet(t, "a")
	var b strings.Builder
	if err := s.JSON(&b); err != nil {
		t.Fatal(err)
	}
	var back Sheet
	if err := json.Unmarshal([]byte(b.String()), &back); err != nil {
		t.Fatal(err)
	}
	if len(back.Scenarios) != 1 || len(back.Scenarios[0].Figures) != len(s.Scenarios[0].Figures) || back.Conclusion != s.Conclusion || back.Schema != Schema {
		t.Errorf("%+v", back)
	}
	for i, f := range back.Scenarios[0].Figures {
		if want := s.Scenarios[0].Figures[i]; f.Metric != want.Metric || f.State != want.State || (f.Proposed == nil) != (want.Proposed == nil) {
			t.Errorf("%+v, want %+v", f, want)
		}
	}
}
