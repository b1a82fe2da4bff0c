package subject

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A shell stands in for highwater.
func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.json")
	const document = `{"report":{"verdict":"fail","rows":[{"verdict":"fail"}]}}`
	for _, c := range []struct {
		name, script string
		exit         int
		fails        bool
	}{
		{"passed", `echo '` + document + `' >"$2"`, 0, false},
		{"a finding", `echo '` + document + `' >"$2"; exit 1`, 1, false},
		{"no report, and an old one there", `echo oops; exit 0`, 0, true},
		{"wrong usage", `echo '` + document + `' >"$2"; exit 3`, 3, true},
		{"killed", `kill -KILL $$`, -1, true},
		{"half a report", `echo '{"report"' >"$2"`, 0, true},
		{"an empty report", `echo '{"report":{}}' >"$2"`, 0, true},
	} {
		if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Run(t.Context(), Command(t.Context(), "", "/bin/sh", "-c", c.script, "sh"), file)
		if (err != nil) != c.fails || r.Exit != c.exit || !c.fails && len(r.Report.Rows) != 1 {
			t.Errorf("%s: got %+v, %v", c.name, r, err)
		}
	}
	script := `echo '{"report":{"rows":[{}]},"run":{"id":"r1"}}' >"$2"; echo "$@"`
	r, err := Run(t.Context(), Command(t.Context(), "", "/bin/sh", "-c", script, "sh", "--", "-leak"), file)
	if want := "--output " + file + " -- -leak\n"; err != nil || r.Printed != want || r.Report.Run == nil || r.Report.Run.ID != "r1" {
		t.Errorf("a program's own flags: got %+v, %v, want %q", r, err, want)
	}
	if r, err := Run(t.Context(), Command(t.Context(), "", "/bin/sh", "-c", "echo said"), ""); err != nil || r.Printed != "said\n" || r.Report != nil {
		t.Errorf("without a report: got %+v, %v", r, err)
	}
}

// A case that fails leaves the others, and their results are printed.
func TestCases(t *testing.T) {
	var printed []string
	l := Cases[string, string]{
		Name: "test", All: []string{"a1", "b", "a2", "a3"}, Path: func(c string) string { return c },
		Do: func(_ context.Context, c, file, _ string, _ bool) (string, error) {
			if c == "a2" {
				return "", errors.New("broken")
			}
			return c + file, nil
		},
		Print: func(all []string, _ bool) bool { printed = all; return len(all) > 1 },
	}
	ok, err := l.run(t.Context(), "a", "+", false)
	if !ok || err == nil || err.Error() != "a2: broken" || !slices.Equal(printed, []string{"a1+", "a3+"}) {
		t.Errorf("got %v, %v, %q", ok, err, printed)
	}
	if ok, err := l.run(t.Context(), "b", "+", false); ok || err != nil {
		t.Errorf("one that is not as it should be: %v, %v", ok, err)
	}
	if _, err := l.run(t.Context(), "c", "+", false); err == nil {
		t.Error("no case is no error")
	}
}
