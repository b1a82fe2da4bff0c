package report

import (
	"strings"
	"testing"
)

// Names from outside do no harm in any format.
func TestPaperHostile(t *testing.T) {
	const hostile = "a|b<script>alert(1)</script>\x1b[31m\u202e@team #1 \x00" + "`x`"
	p := Paper{
		Title: hostile, Lead: []string{hostile},
		Sections: []Section{{
			Title: hostile, Lines: []string{hostile}, Code: []string{"\t" + hostile},
			Table: &Grid{Columns: []GridColumn{{Head: "name"}, {Head: "n", Right: true}}, Rows: [][]string{{hostile, "1"}}, Bars: []float64{0.5}},
		}},
	}
	for _, format := range PaperFormats {
		var b strings.Builder
		if err := p.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"\x1b", "\u202e", "\x00"} {
			if strings.Contains(b.String(), bad) {
				t.Errorf("%s holds %q", format, bad)
			}
		}
		if format != "text" && strings.Contains(strings.ReplaceAll(b.String(), "    \t", ""), "<script>alert") && format == "html" {
			t.Errorf("%s holds markup from outside", format)
		}
		if format == "markdown" {
			for l := range strings.Lines(b.String()) {
				if !strings.HasPrefix(l, "    ") && (strings.Contains(l, "<script>") || strings.Contains(l, "@team")) {
					t.Errorf("markdown holds markup from outside: %q", l)
				}
				if strings.HasPrefix(l, "|") && strings.Count(strings.ReplaceAll(l, `\|`, ""), "|") != 3 {
					t.Errorf("a name makes cells of its own: %q", l)
				}
			}
		}
	}
	if err := p.Write(&strings.Builder{}, "yaml"); err == nil {
		t.Error("there is a format yaml")
	}
}

func TestBar(t *testing.T) {
	for part, want := range map[float64]string{0: "", 1: strings.Repeat("█", barCells), 0.5: strings.Repeat("█", barCells/2), -1: "", 7: strings.Repeat("█", barCells), 1.0 / (8 * barCells): "▏"} {
		if got := bar(part); got != want {
			t.Errorf("%v is drawn %q, want %q", part, got, want)
		}
	}
}

func TestPaperText(t *testing.T) {
	p := Paper{Title: "server", Lead: []string{"now"}, Sections: []Section{{Title: "Parts", Table: &Grid{
		Columns: []GridColumn{{Head: "part"}, {Head: "bytes", Right: true}},
		Rows:    [][]string{{"live heap", "1 MB"}, {"stacks", "300 KB"}},
		Bars:    []float64{0.25, 0},
	}}}}
	var b strings.Builder
	if err := p.Write(&b, "text"); err != nil {
		t.Fatal(err)
	}
	want := "server\n  now\n\nParts\n  part        bytes\n  live heap    1 MB  ██████\n  stacks     300 KB\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
