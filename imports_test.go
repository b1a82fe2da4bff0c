package highwater_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/highwater-dev/highwater"

// siblings says which of the module's packages each internal package, and
// memtest, may import besides the root, and why. A package that is not listed
// fails the test. See "Imports run one way" in CONTRIBUTING.md.
var siblings = map[string]struct {
	may []string
	why string
}{
	"internal/probe":            {nil, "it runs in the measured process, and must not bring highwater along"},
	"internal/overlay":          {[]string{"internal/probe"}, "it writes source, and builds and runs nothing"},
	"internal/procfs":           {nil, "it reads what the kernel tells, whoever asks"},
	"internal/target":           {[]string{"internal/overlay", "internal/probe", "internal/procfs"}, "it builds test binaries with the probe in them, starts processes, and asks test binaries for their scenarios through the probe's protocol"},
	"internal/measure":          {[]string{"internal/heap", "internal/probe", "internal/stat", "internal/target"}, "it turns the probe's readings into measurements, and judges nothing"},
	"internal/heap":             {nil, "profiles are about allocations, whoever made or wants them"},
	"internal/stat":             {nil, "arithmetic knows no measurements"},
	"internal/gate":             {[]string{"internal/heap", "internal/stat"}, "verdicts follow from Runs alone, so that a stored one can be judged again"},
	"internal/noise":            {[]string{"internal/gate", "internal/printable", "internal/stat"}, "what can be found follows from the gate's own comparison, of Runs that somebody else made"},
	"internal/stability":        {[]string{"internal/stat"}, "verdicts follow from stored soaks alone, also while one runs"},
	"internal/trend":            {[]string{"internal/stat"}, "what a series does follows from its points alone, wherever they are kept"},
	"internal/store":            {nil, "a Run is read and written without being understood"},
	"internal/history":          {[]string{"internal/gate", "internal/stat", "internal/store"}, "results are kept as the gate has judged them, in series that its conditions tell apart; what they say over time is somebody else's"},
	"internal/report":           {[]string{"internal/advise", "internal/anatomy", "internal/bisect", "internal/live"}, "rendering is pure: a report, or a view of a process, holds all that is shown"},
	"internal/matrix":           {nil, "Reports and Runs become one, whoever judged them"},
	"internal/anatomy":          {[]string{"internal/heap", "internal/live", "internal/stat"}, "it takes apart what somebody else has seen"},
	"internal/attach":           {[]string{"internal/heap", "internal/inspect", "internal/procfs"}, "it looks at processes that somebody else has started, and judges nothing"},
	"internal/live":             {nil, "it remembers snapshots, wherever they come from, and draws nothing"},
	"internal/tui":              {[]string{"internal/live"}, "it draws what it is given, and asks no process itself"},
	"internal/retain":           {nil, "it is about memory that somebody else has read"},
	"internal/inspect":          {[]string{"internal/heap", "internal/procfs", "internal/retain"}, "it reads the memory of processes that know nothing of it, and judges nothing"},
	"internal/notify":           {nil, "it sends what somebody else has rendered"},
	"internal/notify/forge":     {nil, "it is a server that knows nothing of its clients"},
	"internal/config":           {[]string{"internal/suggest"}, "settings say what to do, and do nothing"},
	"internal/flock":            {nil, "a lock knows nothing of what it is for"},
	"internal/suggest":          {nil, "it compares words"},
	"internal/printable":        {nil, "it is about text, whatever that is of"},
	"internal/revision":         {[]string{"internal/flock", "internal/suggest"}, "it makes source trees, and neither builds nor measures them"},
	"internal/pipeline":         {nil, "it writes text, and neither reads a repository nor asks a service"},
	"internal/dashboard":        {[]string{"internal/advise", "internal/report"}, "a page is made of a report and of trends that somebody else has, and in a report's words"},
	"internal/dashboard/madeup": {[]string{"internal/advise", "internal/dashboard"}, "it makes data up, and draws nothing"},
	"internal/serve":            {nil, "it serves a page that somebody else makes"},
	"internal/browser":          {nil, "it opens pages, whatever is on them"},
	"internal/pressure":         {nil, "workloads know nothing of how they are measured"},
	"internal/truth":            {[]string{"internal/measure", "internal/target"}, "it checks the measuring side, and nothing behind it"},
	"internal/advise":           {[]string{"internal/heap", "internal/stat"}, "advice follows from evidence alone, wherever that comes from"},
	"internal/frontier":         {[]string{"internal/measure", "internal/stat", "internal/target"}, "it measures one target under several settings, and compares what comes out"},
	"internal/why":              {nil, "it reads sources, and judges and measures nothing"},
	"memtest":                   {[]string{"internal/flock", "internal/gate", "internal/measure", "internal/probe", "internal/store", "internal/target"}, "it is in every user's test binary"},
	"internal/platforms":        {[]string{"internal/gate", "internal/printable", "internal/stat", "internal/suggest"}, "it sets Runs side by side that somebody else made, and what differs follows from the gate's own comparison"},
	"internal/bisect":           {[]string{"internal/stat"}, "it decides what to measure next, and measures nothing"},

	// Those below gated are tests, and what benchmarks of highwater itself are of.
	"internal/gated/terminal": {nil, "there is nothing in it but a test"},
	"internal/gated/plugin":   {nil, "there is nothing in it but a test"},
	"internal/gated/load":     {nil, "there is nothing in it but a test"},
	"internal/gated/own":      {nil, "what it makes is made up, and is of the root's types alone"},
}

// closures lists the modules that a package may need at all, however indirectly,
// and why no others.
var closures = []struct {
	pkg     string
	modules []string
	why     string
}{
	{".", nil, "the nouns are for everybody, and need the standard library only"},
	{"internal/probe", nil, "its source is to be added to programs that know nothing of highwater"},
	{"internal/stat", nil, "it is arithmetic"},
	{"memtest", []string{module, "github.com/google/pprof/profile"}, "it is in every user's test binary: no command line, no terminal library, no database, no YAML"},
	{"suites/terminal", []string{module}, "users bring their own terminal, and need none of ours"},
	{"suites/plugin", []string{module}, "users bring their own plugin host, and need none of ours"},
	{"suites/load", []string{module}, "users bring their own server, and need none of ours"},
	{"suites/soak", []string{module, "github.com/creack/pty"}, "users bring their own terminal, and need none of ours; the programs in it need a pseudo-terminal"},
}

// forbidden are packages of this module that others must not need.
var forbidden = []struct{ pkg, other, why string }{
	{"memtest", "driver", "a test has no command line"},
	{"memtest", "internal/report", "a test prints through testing"},
	{"memtest", "internal/config", "a test's limits are its options"},
	{"suites/terminal", "internal/measure", "a suite is workloads, whoever measures them"},
	{"suites/soak", "internal/measure", "a suite is workloads, whoever measures them"},
	{"suites/soak", "suites/terminal/engines", "users bring their own terminal, and need none of ours"},
}

type listed struct {
	ImportPath    string
	Imports, Deps []string
	Standard      bool
}

func list(t *testing.T) map[string]listed {
	t.Helper()
	// go test takes a cached result unless a file has changed that the test
	// itself looked at.
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") {
			_, err = os.Stat(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Deps,Standard", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]listed{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
	}
}

// find returns the module's package of that name, relative to the module's root.
func find(t *testing.T, all map[string]listed, name string) listed {
	t.Helper()
	p, ok := all[strings.TrimSuffix(module+"/"+name, "/.")]
	if !ok {
		t.Errorf("there is no package %s: take it out of the table", name)
	}
	return p
}

// within reports whether a package is the named one, or below it.
func within(pkg, name string) bool { return pkg == name || strings.HasPrefix(pkg, name+"/") }

func TestImports(t *testing.T) {
	all := list(t)
	for name, rule := range siblings {
		for _, i := range find(t, all, name).Imports {
			if rest, ours := strings.CutPrefix(i, module+"/"); ours && !slices.Contains(rule.may, rest) {
				t.Errorf("%s imports %s, but: %s", name, rest, rule.why)
			}
		}
	}
	for path := range all {
		name, ours := strings.CutPrefix(path, module+"/")
		if _, ruled := siblings[name]; ours && !ruled && within(name, "internal") && !within(name, "internal/cmd") {
			t.Errorf("no rule says what %s may import: add one", name)
		}
	}
	for _, c := range closures {
		for _, d := range find(t, all, c.pkg).Deps {
			allowed := slices.ContainsFunc(c.modules, func(m string) bool { return within(d, m) })
			if !all[d].Standard && !allowed {
				t.Errorf("%s needs %s, but: %s", c.pkg, d, c.why)
			}
		}
	}
	for _, f := range forbidden {
		find(t, all, f.other)
		for _, d := range find(t, all, f.pkg).Deps {
			if within(d, module+"/"+f.other) {
				t.Errorf("%s needs %s, but: %s", f.pkg, d, f.why)
			}
		}
	}
}
