package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/highwater-dev/highwater"
)

const full = `# everything that a file can say
scenarios: [terminal_operations, "plugin_system/*"]
packages: [./...]
bench: Put|Get/10
benchtime: 1000x
tags: [integration, sqlite]
cpu: [1, 4]
race: false
tests: Server
examples: .
engine: midterm
strict: false
baseline: main
fail_on: critical
allow_inconclusive: true
allow_missing: false
allow_mismatch: false
repeats: 2
max_repeats: 8
timeout: 90
max_memory: 2GiB
time: 1.5
memory_time: 500ms
jobs: 2
limits:
  peak: 4MB
  gc_pressure: 0.7
  goroutines: 1
thresholds:
  peak: 5%|32KiB
suites:
  terminal_operations:
    limits: {sustained: 2MB, allocs: 12.5}
    thresholds: {footprint: none}
overrides:
  - scenario: "*/scrollback@xvt"
    reason: keeps 10,000 lines
    limits: {peak: 20MB, retained: none}
known:
  - scenario: example.com/m/.../BenchmarkPut
    metric: [peak, sustained]
    reason: the cache is to go
    until: "2027-01-31"
    up_to: 6MB
  - {fingerprint: 0123456789ab, reason: upstream, until: "2027-01-31", up_to: 20%}
skip:
  - {scenario: example.com/m/slow/..., reason: needs a database}
environments:
  ci:
    strict: true
    repeats: 5
    skip: [{scenario: example.com/m/gpu, reason: there is none}]
    limits: {peak: 2MB}
  staging:
    limits: {gc_pressure: 0.9}
    overrides:
      - {scenario: terminal_operations/scrollback, reason: staging is larger, limits: {peak: 30MB}}
`

var goodFiles = map[string]string{
	"full":     full,
	"one list": "scenarios: all\nengine: [midterm, xvt]\n",
	"numbers":  "timeout: 90\nmax_memory: 100000000\nlimits: {peak: 3000000, efficiency: 0.5}\n",
	"spelling": "limits: {peak: 2.5 MB, retained: 64 KiB, growth: 10}\nthresholds: {allocs: 1%|0.5}\n",
}

func TestParseFull(t *testing.T) {
	f, err := Parse("highwater.yml", []byte(full))
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{
		Scenarios: []string{"terminal_operations", "plugin_system/*"}, Packages: []string{"./..."}, Engines: []string{"midterm"},
		Bench: new("Put|Get/10"), Tests: new("Server"), Examples: new("."),
		Benchtime: new(Benchtime{Ops: 1000}), Tags: []string{"integration", "sqlite"}, Race: new(false), CPU: []string{"1", "4"},
		Strict: new(false), Baseline: new("main"), FailOn: new(highwater.SeverityCritical),
		AllowInconclusive: new(true), AllowMissing: new(false), AllowMismatch: new(false),
		Repeats: new(2), MaxRepeats: new(8), Timeout: new(90 * time.Second), MaxMemory: new(int64(2 << 30)),
		Time: new(1500 * time.Millisecond), MemoryTime: new(500 * time.Millisecond), Jobs: new(2),
	}
	if d := cmp.Diff(want, f.Settings); d != "" {
		t.Errorf("settings (-want +got):\n%s", d)
	}
	r, err := f.In("ci")
	if err != nil {
		t.Fatal(err)
	}
	until := time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)
	known := []Known{
		{Scenario: "example.com/m/.../BenchmarkPut", Metrics: []string{"peak", "sustained"}, Reason: "the cache is to go", Until: until, UpTo: map[string]float64{"peak": 6e6, "sustained": 6e6}},
		{Fingerprint: "0123456789ab", Reason: "upstream", Until: until, Growth: 0.2},
	}
	if d := cmp.Diff(known, r.Known(), cmpopts.IgnoreFields(Known{}, "Line")); d != "" {
		t.Errorf("known (-want +got):\n%s", d)
	}
	for id, want := range map[string]string{
		"example.com/m/slow/BenchmarkA": "needs a database", "example.com/m/slow": "needs a database", "example.com/m/slow/a/b/BenchmarkA": "needs a database",
		"example.com/m/gpu/BenchmarkA": "there is none", "example.com/m/slower/BenchmarkA": "",
	} {
		if why, skipped := r.Skipped(id); skipped != (want != "") || !strings.HasPrefix(why, want) || skipped && !strings.Contains(why, "(highwater.yml:") {
			t.Errorf("Skipped(%s) = %q, %v; want %q", id, why, skipped, want)
		}
	}
	if !*r.Settings.Strict || *r.Settings.Repeats != 5 || *r.Settings.MaxRepeats != 8 {
		t.Errorf("ci: %+v: want its own strict and repeats, and the file's max_repeats", r.Settings)
	}
}

// Every bad file must be refused with the line and with what to do.
var badFiles = []struct {
	text       string
	want       []string // one a problem, in order
	onlyParser bool     // a JSON Schema cannot say it
}{
	{text: "limit:\n  peak: 3MB\n", want: []string{`highwater.yml:1: unknown key "limit"; did you mean "limits"?`}},
	{text: "\npeak: 3MB\n", want: []string{`highwater.yml:2: key "peak": a metric belongs under limits: or thresholds:`}},
	{text: "kitchen: 1\n", want: []string{`highwater.yml:1: unknown key "kitchen"; valid are allow_inconclusive, `}},
	{text: "limits:\n  paek: 3MB\n", want: []string{`highwater.yml:2: limits: unknown metric "paek"; did you mean "peak"?`}},
	{text: "limits:\n  peak: 3 elephants\n", want: []string{`highwater.yml:2: limits: peak: size "3 elephants": want a number`}},
	{text: "limits: {peak: 0}\n", want: []string{`no program can keep within a peak of zero`}, onlyParser: true},
	{text: "limits: {gc_pressure: 80}\n", want: []string{`limits: gc_pressure: "80": want a ratio, a number from 0 to 1`}},
	{text: "limits: {gc_pressure: -1}\n", want: []string{`gc_pressure: "-1": want a ratio`}},
	{text: "limits: {fds: 1.5}\n", want: []string{`fds: "1.5": want a count`}},
	{text: "limits:\n", want: []string{`highwater.yml:1: limits: want keys with values`}},
	{text: "limits: {peak: }\n", want: []string{`limits: peak: has no value; give one or take the line out`}},
	{text: "thresholds: {peak: 10}\n", want: []string{`threshold "10": want a percentage`}},
	{text: "thresholds: {peak: 0%}\n", want: []string{`would judge every change of noise; write none`}, onlyParser: true},
	{text: "thresholds: {goroutines: 10%}\n", want: []string{`goroutines is an exact count`}},
	{text: "repeats: 0\n", want: []string{`highwater.yml:1: repeats: "0": want a whole number from 1 to 1000`}},
	{text: "repeats: [1, 2]\n", want: []string{`repeats: want a single value`}},
	{text: "benchtime: 1\n", want: []string{`benchtime: "1": want a number of operations and an x, such as 100x`}},
	{text: "benchtime: 0x\n", want: []string{`benchtime: "0x": want a number of operations`}},
	{text: "cpu: 0\n", want: []string{`cpu: "0": want a whole number from 1`}},
	{text: "tags: 'a b'\n", want: []string{`tags: tag "a b": want one tag an entry`}, onlyParser: true},
	{text: "timeout: soon\n", want: []string{`timeout: duration "soon": want seconds or a duration with units`}},
	{text: "timeout: -3s\n", want: []string{`must be more than zero`}},
	{text: "timeout: 99999999999\n", want: []string{`must be at most`}, onlyParser: true},
	{text: "max_memory: 1MB\n", want: []string{`a Go process needs at least 16MiB`}, onlyParser: true},
	{text: "strict: maybe\n", want: []string{`strict: "maybe": want true or false`}},
	{text: "fail_on: never\n", want: []string{`severity "never": want warning or critical`}},
	{text: "scenarios: ['a[']\n", want: []string{`pattern "a["`}, onlyParser: true},
	{text: "scenarios: [*]\n", want: []string{`not valid YAML`}},
	{text: "scenarios: *foo\n", want: []string{`put quotes around a pattern that begins with *`}},
	{text: "- a\n", want: []string{`highwater.yml:1: want keys with values`}},
	{text: "strict: true\nstrict: false\n", want: []string{`highwater.yml:2: key "strict" stands twice, first in line 1`}},
	{text: "strict: true\n---\nstrict: false\n", want: []string{`multiple`}},
	{text: "overrides: {a: b}\n", want: []string{`overrides: want a list`}},
	{text: "overrides:\n  - limits: {peak: 1MB}\n", want: []string{`highwater.yml:2: override: say which scenarios`}},
	{text: "overrides:\n  - scenario: a/b\n    reason: x\n", want: []string{`override of a/b: has neither limits nor thresholds`}},
	{text: "overrides:\n  - scenario: a/b\n    limits: {peak: 1MB}\n", want: []string{`override of a/b: give the reason`}},
	{text: "known: {}\n", want: []string{`known: want a list`}},
	{text: "known:\n  - {reason: r, until: '2027-01-31'}\n", want: []string{`highwater.yml:2: known regression: say which scenarios it is for`}},
	{text: "known:\n  - {scenario: a/b, until: '2027-01-31'}\n", want: []string{`known regression of a/b: give the reason`}},
	{text: "known:\n  - {scenario: a/b, reason: r}\n", want: []string{`known regression of a/b: say until when it is accepted`}},
	{text: "known:\n  - {scenario: a/b, reason: r, until: '2027-02-30'}\n", want: []string{`known regression: until: "2027-02-30": want a day`}, onlyParser: true},
	{text: "known:\n  - {scenario: a/b, reason: r, until: soon}\n", want: []string{`"soon": want a day`}},
	{text: "known:\n  - {scenario: a/b, metric: paek, reason: r, until: '2027-01-31'}\n", want: []string{`unknown metric "paek"; did you mean "peak"?`}},
	{text: "known:\n  - {scenario: a/b, reason: r, until: '2027-01-31', up_to: 6MB}\n", want: []string{`known regression of a/b: up_to: "6MB" is a value of one metric: say which`}, onlyParser: true},
	{text: "known:\n  - {scenario: a/b, metric: peak, reason: r, until: '2027-01-31', up_to: lots}\n", want: []string{`up_to: peak: size "lots"`}},
	{text: "known:\n  - {fingerprint: XYZ, reason: r, until: '2027-01-31'}\n", want: []string{`want the 12 hexadecimal digits`}},
	{text: "skip:\n  - {scenario: a/b}\n", want: []string{`highwater.yml:2: skip of a/b: give the reason`}},
	{text: "skip:\n  - {reason: a}\n", want: []string{`skip: say what is not measured`}},
	{text: "skip:\n  - {scenario: 'a/.../[', reason: a}\n", want: []string{`close the bracket`}, onlyParser: true},
	{text: "environments: {ci: {environments: {}}}\n", want: []string{`unknown key "environments"`}},
	{
		text: "strct: true\nlimits:\n  peak: lots\n  sustaind: 1MB\nrepeats: x\nenvironments:\n  ci:\n    timout: 3\n",
		want: []string{
			`highwater.yml:1: unknown key "strct"; did you mean "strict"?`,
			`highwater.yml:3: limits: peak: size "lots"`,
			`highwater.yml:4: limits: unknown metric "sustaind"; did you mean "sustained"?`,
			`highwater.yml:5: repeats: "x"`,
			`highwater.yml:8: unknown key "timout"; did you mean "timeout"?`,
		},
	},
}

func TestParseBad(t *testing.T) {
	for _, c := range badFiles {
		_, err := Parse("highwater.yml", []byte(c.text))
		if err == nil {
			t.Errorf("%q: no error", c.text)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		if len(lines) != len(c.want) {
			t.Errorf("%q: %d problems, want %d:\n%v", c.text, len(lines), len(c.want), err)
			continue
		}
		for i, want := range c.want {
			if !strings.Contains(lines[i], want) {
				t.Errorf("%q:\n got %s\nwant %s", c.text, lines[i], want)
			}
		}
	}
}

func TestParseEmpty(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing yet\n", "---\n"} {
		f, err := Parse("highwater.yml", []byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if d := cmp.Diff(Settings{}, f.Settings); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
}

func TestUnknownEnvironment(t *testing.T) {
	f, err := Parse("highwater.yml", []byte(full))
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.In("stagin")
	if want := `environment "stagin" is not in highwater.yml; did you mean "staging"?`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = (*File)(nil).In("ci")
	if err == nil || !strings.Contains(err.Error(), "there is no highwater.yml") {
		t.Errorf("got %v for no file", err)
	}
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "mod", "a", "b")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(parts ...string) string {
		p := filepath.Join(append([]string{root}, parts...)...)
		if err := os.WriteFile(p, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		return p
	}
	find := func(want string) {
		t.Helper()
		if got, err := Find(deep); err != nil || got != want {
			t.Errorf("Find = %q, %v; want %q", got, err, want)
		}
	}
	write(Name)
	find("") // no module: a file far above does not count
	write("mod", "go.mod")
	find("") // and none above the module's root either
	inModule := write("mod", Name)
	find(inModule)
	nearest := write("mod", "a", Name)
	find(nearest)
	write("mod", "a", "b", "highwater.yaml")
	if _, err := Find(deep); err == nil || !strings.Contains(err.Error(), "rename the file") {
		t.Errorf("highwater.yaml: got %v, want an error that says to rename it", err)
	}
}

func TestFromVariables(t *testing.T) {
	s, warnings, err := FromVariables([]string{
		"HIGHWATER_STRICT=1", "HIGHWATER_ENGINE=midterm,xvt", "HIGHWATER_TIMEOUT=90", "HIGHWATER_REPEATS=",
		"HIGHWATER_ENV=ci", "HIGHWATER_PROBE=x", "HIGHWATER_STATE_DIR=/s", "HIGHWATER_STRCIT=1", "PATH=/bin",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{Strict: new(true), Engines: []string{"midterm", "xvt"}, Timeout: new(90 * time.Second)}
	if d := cmp.Diff(want, s); d != "" {
		t.Error(d)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "did you mean HIGHWATER_STRICT?") {
		t.Errorf("warnings: %q", warnings)
	}
	_, _, err = FromVariables([]string{"HIGHWATER_REPEATS=many"})
	if want := `HIGHWATER_REPEATS: "many": want a whole number from 1 to 1000`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Patterns that begin with a dot are meant from the folder of the file.
func TestLocal(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) string {
		p := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return p
	}
	write("go.mod", "// a comment\nmodule example.com/m // more\n\ngo 1.26\n")
	const text = "suites: {./cache: {limits: {peak: 1MB}}}\noverrides:\n  - {scenario: ./..., reason: all, limits: {allocs: 1}}\n  - {scenario: ./cache/BenchmarkPut, reason: big, limits: {peak: 2MB}}\n" +
		"known:\n  - {scenario: ../m/cache/..., reason: r, until: '2027-01-31'}\n"
	_, err := Load(write("highwater.yml", text))
	if err == nil {
		t.Error("a pattern that leads out of the module is taken")
	} else if !strings.Contains(err.Error(), `:6: pattern "../m/cache/...": it leads out of the module example.com/m`) {
		t.Error(err)
	}
	f, err := Load(write("sub/highwater.yml", strings.ReplaceAll(text, "../m/cache", "..")))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := f.Suites["example.com/m/sub/cache"]; !ok {
		t.Errorf("suites %v", f.Suites)
	}
	for i, want := range []string{"example.com/m/sub/...", "example.com/m/sub/cache/BenchmarkPut"} {
		if got := f.Overrides[i].Scenario; got != want {
			t.Errorf("override of %s, want %s", got, want)
		}
	}
	if got := f.Known[0].Scenario; got != "example.com/m/..." {
		t.Errorf("known %s", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range goodFiles {
		f.Add(text)
	}
	for _, c := range badFiles {
		f.Add(c.text)
	}
	f.Add("a: &x [*x]\n")
	f.Add("limits: &l\n  peak: *l\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse("highwater.yml", []byte(text))
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without a word")
			}
			return
		}
		r, err := file.In("")
		if err != nil {
			t.Fatal(err)
		}
		info := highwater.ScenarioInfo{Suite: "terminal_operations", Name: "scrollback"}
		for _, l := range r.Limits(true)(info) {
			if _, ok := highwater.MetricByName(l.Metric); !ok || l.Bound < 0 {
				t.Errorf("limit %+v", l)
			}
		}
		for _, m := range highwater.Metrics() {
			if th := r.Thresholds()(info.ID(), m.Name); th.Relative < 0 || th.Floor < 0 {
				t.Errorf("threshold %+v on %s", th, m.Name)
			}
		}
	})
}
