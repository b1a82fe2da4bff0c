package platforms

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// env is an environment that differs from the plain one by what change does.
func env(change func(*highwater.Environment)) highwater.Environment {
	e := highwater.Environment{
		Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", GOGC: "100", GOMEMLIMIT: "off", GOMAXPROCS: 2, Probe: 4,
		Kernel: "6.1", CPU: "EPYC", CPUs: 2, MemoryBytes: 8e9, Revision: "abc",
	}
	if change != nil {
		change(&e)
	}
	return e
}

// arch386 is the same machine with words of four bytes.
func arch386(e *highwater.Environment) { e.GOARCH = "386" }

// made is a run whose scenarios have those peaks, each in five processes that differ by
// noise, a ratio.
func made(id string, e highwater.Environment, r *rand.Rand, noise float64, peaks map[string]float64) *highwater.Run {
	run := &highwater.Run{Schema: highwater.Schema, ID: id, Environment: e}
	for i := range len(peaks) {
		name := string(rune('a' + i))
		run.Scenarios = append(run.Scenarios, highwater.ScenarioInfo{Suite: "s", Name: name, Sessions: 1, Ops: 100})
		for k := range 5 {
			peak := peaks[name] * (1 + noise*r.NormFloat64())
			run.Measurements = append(run.Measurements, highwater.Measurement{
				Scenario: "s/" + name, Pass: highwater.PassExact, Repeat: k, Outcome: highwater.Outcome{Status: highwater.StatusOK},
				Values: map[string]float64{highwater.Peak: peak},
			})
		}
	}
	return run
}

func peaks(values ...float64) map[string]float64 {
	m := map[string]float64{}
	for i, v := range values {
		m[string(rune('a'+i))] = v
	}
	return m
}

func by(t *testing.T, names string) []Key {
	t.Helper()
	keys, err := ParseBy(names)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// analysed sets two runs side by side by architecture.
func analysed(t *testing.T, a, b *highwater.Run, names string) Sheet {
	t.Helper()
	s, err := Analyse([]Source{{"a.json", a}, {"b.json", b}}, Options{By: by(t, names)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func peakTable(t *testing.T, s Sheet) Table {
	t.Helper()
	for _, one := range s.Tables {
		if one.Metric == highwater.Peak {
			return one
		}
	}
	t.Fatal("no table of peaks")
	return Table{}
}

// Five scenarios, of which four halve and one stays: that one is named and no other, all
// that halve are real and large and explained by the size of words, and what stays is not.
func TestDifferent(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	a := made("a", env(nil), r, 0.003, peaks(1e6, 2e6, 3e6, 4e6, 5e6))
	b := made("b", env(arch386), r, 0.003, peaks(0.5e6, 1e6, 1.5e6, 2e6, 5e6))
	s := analysed(t, a, b, "goos,goarch,go")
	table := peakTable(t, s)
	for i, row := range table.Rows {
		c := row.Cells[1]
		if stays := i == 4; c.Difference.Real == stays || c.Difference.Large == stays || (c.Differently != nil) != stays {
			t.Errorf("%s: %+v, differently %+v", row.Scenario, c.Difference, c.Differently)
		}
		if i < 4 && (c.Difference.Explained == "" || c.Difference.Unexplained) {
			t.Errorf("%s: a half is not explained by words of half the size: %q", row.Scenario, c.Difference.Explained)
		}
	}
	if d := table.Rows[4].Cells[1].Differently; d != nil && (math.Abs(d.Ratio-1) > 0.02 || math.Abs(d.Others-0.5) > 0.02) {
		t.Errorf("goes %v where others go %v", d.Ratio, d.Others)
	}
	if ty := table.Typical[1]; ty == nil || math.Abs(ty.Ratio.Center-0.5) > 0.02 || !ty.Agree || ty.N != 5 {
		t.Errorf("typical %+v", ty)
	}
	var text bytes.Buffer
	if err := s.Text(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"-50 % !", "~ s/e, peak on 386", "386 has words of 4 bytes, and amd64 of 8", "5 comparisons on amd64, 386: 4 real, of which 4 larger than a regression may be; 1 figure goes its own way"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, text.String())
		}
	}
}

// More than words explain: to a quarter.
func TestUnexplained(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	s := analysed(t, made("a", env(nil), r, 0.003, peaks(1e6)), made("b", env(arch386), r, 0.003, peaks(0.25e6)), "goarch")
	if d := peakTable(t, s).Rows[0].Cells[1].Difference; !d.Unexplained || !strings.Contains(d.Explained, "more than words of 4 bytes against 8 explain") {
		t.Errorf("%+v", d)
	}
}

// Where the scenarios go ways of their own, none is an exception; and three others are not
// enough where they do not agree.
func TestNoWayToGo(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, after := range [][]float64{{0.5e6, 0.65e6, 0.8e6, 0.95e6, 1.1e6, 1.3e6}, {0.5e6, 0.51e6, 1e6, 1e6}} {
		before := make([]float64, len(after))
		for i := range before {
			before[i] = 1e6
		}
		s := analysed(t, made("a", env(nil), r, 0.003, peaks(before...)), made("b", env(arch386), r, 0.003, peaks(after...)), "goarch")
		for _, row := range peakTable(t, s).Rows {
			if d := row.Cells[1].Differently; d != nil {
				t.Errorf("of %v, %s goes its own way: %+v", after, row.Scenario, d)
			}
		}
	}
}

// In 150 pairs of runs of unchanged programs no more than one in twenty may have anything
// that is called real, or any scenario that is said to go its own way.
func TestFalseAlarms(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const pairs = 150
	real, own := 0, 0
	sizes := peaks(1e6, 2e6, 0.4e6, 8e6, 3e6, 5e6, 0.9e6, 2.2e6)
	for i := range pairs {
		// A hair more than the metric's prior has it.
		a, b := made(fmt.Sprint("a", i), env(nil), r, 0.006, sizes), made(fmt.Sprint("b", i), env(arch386), r, 0.006, sizes)
		s := analysed(t, a, b, "goarch")
		anyReal, anyOwn := false, false
		for _, row := range peakTable(t, s).Rows {
			anyReal = anyReal || row.Cells[1].Difference.Real
			anyOwn = anyOwn || row.Cells[1].Differently != nil
		}
		if anyReal {
			real++
		}
		if anyOwn {
			own++
		}
	}
	t.Logf("of %d pairs of unchanged programs %d have a difference that is called real, %d a scenario of its own way", pairs, real, own)
	if real > pairs/20+8 || own > pairs/20 { // 7.5 expected at most, and three standard deviations
		t.Errorf("%d and %d of %d", real, own, pairs)
	}
}

// A difference of a tenth, at repeats that differ by half a percent, is always found.
func TestPower(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 50 {
		s := analysed(t, made("a", env(nil), r, 0.005, peaks(1e6, 2e6, 3e6)), made("b", env(arch386), r, 0.005, peaks(1.1e6, 2e6, 3e6)), "goarch")
		if d := peakTable(t, s).Rows[0].Cells[1].Difference; !d.Real {
			t.Fatalf("a tenth more is not found: %+v", d)
		}
	}
}

func TestJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	s := analysed(t, made("a", env(nil), r, 0.003, peaks(1e6)), made("b", env(arch386), r, 0.003, peaks(0.5e6)), "goarch")
	var b bytes.Buffer
	if err := s.JSON(&b); err != nil {
		t.Fatal(err)
	}
	var back Sheet
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Schema != Schema || len(back.Columns) != 2 || back.Columns[1].Values["goarch"] != "386" || !back.Tables[0].Rows[0].Cells[1].Difference.Real {
		t.Errorf("%s", b.String())
	}
}
