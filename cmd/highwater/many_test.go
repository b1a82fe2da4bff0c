package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/highwater-dev/highwater"
)

// many makes a Run of so many scenarios from one of a single one: many N FROM TO.
func many(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: many N FROM TO")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	run := readRun(ts, args[1])
	one, measured := run.Scenarios[0], run.Measurements
	run.Scenarios, run.Measurements = nil, nil
	for i := 1; i <= n; i++ {
		s := one
		s.Name = fmt.Sprintf("%s_%d", one.Name, i)
		run.Scenarios = append(run.Scenarios, s)
		for _, m := range measured {
			m.Scenario, m.Profile = s.ID(), ""
			run.Measurements = append(run.Measurements, m)
		}
	}
	writeRun(ts, args[2], run)
}

// sedgo says of a Run that it was made with another release of Go: sedgo RELEASE FROM TO.
func sedgo(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: sedgo RELEASE FROM TO")
	}
	run := readRun(ts, args[1])
	run.Environment.Go = args[0]
	writeRun(ts, args[2], run)
}

// atmost asserts the size of a file: atmost BYTES FILE.
func atmost(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: atmost BYTES FILE")
	}
	most, err := strconv.Atoi(args[0])
	ts.Check(err)
	if n := len(ts.ReadFile(args[1])); n > most {
		ts.Fatalf("%s has %d bytes, more than %d", args[1], n, most)
	}
}

func readRun(ts *testscript.TestScript, name string) (run highwater.Run) {
	d := json.NewDecoder(bytes.NewReader([]byte(ts.ReadFile(name))))
	d.UseNumber()
	ts.Check(d.Decode(&run))
	if len(run.Scenarios) == 0 {
		ts.Fatalf("%s is a Run without a scenario", name)
	}
	return run
}

func writeRun(ts *testscript.TestScript, name string, run highwater.Run) {
	data, err := json.Marshal(run)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(name), data, 0o644))
}
