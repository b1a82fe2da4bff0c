package main

import (
	"bytes"
	"strings"
	"testing"
)

// Whatever is left behind, or cannot be read, is told.
func TestJudge(t *testing.T) {
	good := func() proof {
		return proof{packages: 2, benchmarks: 5, listed: 5, exit: 2, rows: 5, runs: 1, loads: "1 to 2"}
	}
	for name, change := range map[string]func(p *proof) (status string, temporary int){
		"--list finds 4":         func(p *proof) (string, int) { p.listed = 4; return "", 0 },
		"ended with status 0":    func(p *proof) (string, int) { p.exit = 0; return "", 0 },
		"no rows":                func(p *proof) (string, int) { p.rows = 0; return "", 0 },
		"0 runs":                 func(p *proof) (string, int) { p.runs = 0; return "", 0 },
		"git status: ?? x":       func(*proof) (string, int) { return "?? x", 0 },
		"1 temporary files are ": func(*proof) (string, int) { return "", 1 },
	} {
		p := good()
		p.judge(change(&p))
		var out bytes.Buffer
		if p.print(&out) || !strings.Contains(out.String(), name) {
			t.Errorf("%s is not told:\n%s", name, out.String())
		}
	}
	p := good()
	p.judge("", 0)
	var out bytes.Buffer
	if !p.print(&out) || !strings.Contains(out.String(), "nothing is left") {
		t.Errorf("all was well:\n%s", out.String())
	}
}
