package main

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
)

func TestRight(t *testing.T) {
	planted := &fault{kind: advise.KindReuse, bytes: 1000, file: "/x/a.go", line: 7}
	advice := func(kind advise.Kind, severity advise.Severity, line int, saved float64) advise.Advice {
		return advise.Advice{Kind: kind, Severity: severity, Lines: []highwater.Frame{{File: "/x/a.go", Line: line}}, SavedAllocBytes: saved, Per: advise.PerOp}
	}
	for _, c := range []struct {
		name   string
		fault  *fault
		advice []advise.Advice
		want   bool
	}{
		{"right", planted, []advise.Advice{advice(advise.KindReuse, advise.Major, 7, 1190)}, true},
		{"no advice", planted, nil, false},
		{"another first", planted, []advise.Advice{advice(advise.KindEscape, advise.Major, 7, 1000), advice(advise.KindReuse, advise.Major, 7, 1000)}, false},
		{"minor", planted, []advise.Advice{advice(advise.KindReuse, advise.Minor, 7, 1000)}, false},
		{"another line", planted, []advise.Advice{advice(advise.KindReuse, advise.Major, 8, 1000)}, false},
		{"too much", planted, []advise.Advice{advice(advise.KindReuse, advise.Major, 7, 1210)}, false},
		{"too little", planted, []advise.Advice{advice(advise.KindReuse, advise.Major, 7, 790)}, false},
		{"sound", nil, []advise.Advice{advice(advise.KindReuse, advise.Minor, 7, 1000)}, true},
		{"a false alarm", nil, []advise.Advice{advice(advise.KindReuse, advise.Moderate, 7, 1000)}, false},
	} {
		r := row{program: program{name: c.name, advice: c.advice}, fault: c.fault}
		if got := r.right(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		var b strings.Builder
		tellAll(&b, []row{r})
		if got := print(&b, []row{r}); got != c.want || !strings.Contains(b.String(), c.name) {
			t.Errorf("%s: printed %v:\n%s", c.name, got, b.String())
		}
	}
}

// Every program in testdata has its fault, and there are ten and more of them.
func TestFaults(t *testing.T) {
	root := t.TempDir() + "/programs"
	if err := unpack(root); err != nil {
		t.Fatal(err)
	}
	all, err := faults(root)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[advise.Kind]bool{}
	for name, f := range all {
		kinds[f.kind] = true
		if f.bytes <= 0 || f.line == 0 {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if len(all) < 10 || len(kinds) != 9 {
		t.Errorf("%d faults of %d kinds", len(all), len(kinds))
	}
}
