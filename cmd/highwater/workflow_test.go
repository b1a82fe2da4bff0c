package main_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater/internal/notify/forge"
	"github.com/highwater-dev/highwater/internal/store"
)

// passOn is a program that becomes another one, with more arguments.
const passOn = `package main

import (
	"log"
	"os"
	"syscall"
)

func main() {
	log.Fatal(syscall.Exec(%q, append([]string{"highwater"%s}, os.Args[1:]...), os.Environ()))
}
`

// keeps is a benchmark that holds so much.
const keeps = `package %s

import "testing"

var kept []byte

func BenchmarkKeep(b *testing.B) {
	for b.Loop() {
		kept = make([]byte, %d)
	}
}
`

// shop is a repository with the folders of this one that the workflow names: each suite
// is one small benchmark, and the programs are those of this repository, built before;
// speed is left out, since nothing in a test may depend on it.
// On its branch topic terminals hold twice as much, and on fixed as much as on main.
func shop(t *testing.T, box string) string {
	t.Helper()
	weight := filepath.Join(box, "weight")
	if out, err := exec.Command("go", "build", "-o", weight, "../../internal/cmd/weight").CombinedOutput(); err != nil {
		t.Fatalf("go build weight: %v\n%s", err, out)
	}
	dir := filepath.Join(box, "shop")
	write := func(name, text string) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/shop\n\ngo 1.24\n")
	write(".gitignore", "/bin/\n/results/\n")
	write("highwater.yml", `benchtime: 10x
thresholds: {gc_pressure: none, footprint: none}
overrides:
  - scenario: example.com/shop/...
    reason: far more than any of it holds
    limits: {peak: 50MB}
environments:
  nightly: {max_repeats: 3}
`)
	write("cmd/highwater/main.go", fmt.Sprintf(passOn, filepath.Join(bin, "highwater"), ""))
	write("internal/cmd/weight/main.go", fmt.Sprintf(passOn, weight, `, "-highwater", "bin/highwater", "-rounds", "0"`))
	for _, suite := range []string{"terminal", "plugin", "load", "own"} {
		write("internal/gated/"+suite+"/keep_test.go", fmt.Sprintf(keeps, suite, 1_000_000))
	}
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=n", "GIT_AUTHOR_EMAIL=n@example.com", "GIT_COMMITTER_NAME=n", "GIT_COMMITTER_EMAIL=n@example.com")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	git("init", "-q", "-b", "main")
	git("add", "-A")
	git("commit", "-q", "-m", "a shop")
	git("checkout", "-q", "-b", "topic")
	write("internal/gated/terminal/keep_test.go", fmt.Sprintf(keeps, "terminal", 2_000_000))
	git("commit", "-q", "-a", "-m", "twice as much")
	git("checkout", "-q", "-b", "fixed")
	write("internal/gated/terminal/keep_test.go", fmt.Sprintf(keeps, "terminal", 1_000_000))
	git("commit", "-q", "-a", "-m", "as much as before")
	return dir
}

// pull are the contexts of a pull request of that branch.
func pull(from string) contexts {
	return contexts{
		"github.event_name": "pull_request", "github.base_ref": "main", "github.repository": "octo/shop", "github.token": "ghs_secret",
		"github.event.pull_request.head.repo.full_name": from, "inputs.base": "", "inputs.scenario": "",
	}
}

func service(t *testing.T) (*forge.Forge, string) {
	t.Helper()
	f, err := forge.New()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return f, server.URL
}

// quick makes runs that see what is planted, and no more.
func quick(box, url string) []string {
	return append(os.Environ(),
		"PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "GOWORK=off", "GOFLAGS=-buildvcs=false",
		"HIGHWATER_STATE_DIR="+filepath.Join(box, "state"), "HIGHWATER_CACHE_DIR="+filepath.Join(box, "cache"),
		"HIGHWATER_REPEATS=2", "HIGHWATER_MAX_REPEATS=4",
		"GITHUB_API_URL="+url, "GITHUB_SERVER_URL=https://github.example", "GITHUB_REF=refs/pull/7/merge", "GITHUB_EVENT_PATH=")
}

// TestWorkflow runs every step of .github/workflows/memory-regression.yml, for each kind
// of event, in a small repository.
func TestWorkflow(t *testing.T) {
	if testing.Short() {
		t.Skip("measures small benchmarks, a dozen times")
	}
	box := t.TempDir()
	repo := shop(t, box)
	w := readWorkflow(t, "../../.github/workflows/memory-regression.yml")
	f, url := service(t)
	h := newHosted(t, repo, box, pull("octo/shop"))
	h.env, h.head = quick(box, url), "topic"
	want := func(what string, got, want bool) {
		t.Helper()
		if got != want {
			t.Fatalf("%s: passed is %v, want %v\n%s", what, got, want, h.log.String())
		}
	}
	says := func(where, text string, all ...string) {
		t.Helper()
		for _, s := range all {
			if !strings.Contains(text, s) {
				t.Errorf("%s lacks %q:\n%s", where, s, text)
			}
		}
	}

	// A suite whose job did not get as far as its report has not passed.
	for _, suite := range []string{"plugin", "load"} {
		want(suite, h.job(w, "suite", suite), true)
	}
	want("suite terminal with a regression", h.job(w, "suite", "terminal"), false)
	want("memory without a suite", h.job(w, "memory", ""), false)
	says("the comment", f.Comments[0].Body, "error", "suite-own")
	want("suite own", h.job(w, "suite", "own"), true)

	// The pull request is told of the regression, and of nothing else.
	want("memory with a regression", h.job(w, "memory", ""), false)
	if h.status["size and speed"] != 0 || h.status["comment"] != 0 || h.status["report"] != 1 {
		t.Errorf("statuses %v", h.status)
	}
	const keep = "example.com/shop/internal/gated/terminal/BenchmarkKeep"
	says("the comment", f.Comments[0].Body, "fail: memory of 4 scenarios", keep, "internal/gated/terminal/keep_test.go:9", "--base")
	says("the summary", h.summary, "fail: memory of 4 scenarios")
	says("the log", h.log.String(), "::error file=internal/gated/terminal/keep_test.go,line=9")

	// Of a fork, whose token may only read: the summary is what there is.
	ours := f.Comments
	f.Comments = nil
	f.Refuse = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet {
			return false
		}
		w.WriteHeader(http.StatusForbidden)
		return true
	}
	h.contexts["github.event.pull_request.head.repo.full_name"] = "fork/shop"
	want("memory of a fork", h.job(w, "memory", ""), false)
	if h.status["comment"] != 0 {
		t.Errorf("the comment that may not be made has status %d", h.status["comment"])
	}
	says("the summary of a fork", h.summary, "fail: memory of 4 scenarios", keep)
	says("the log of a fork", h.log.String(), "the token may only read")
	f.Refuse, f.Comments, h.contexts["github.event.pull_request.head.repo.full_name"] = nil, ours, "octo/shop"

	// Fixed: the same comment is green.
	h.head = "fixed"
	want("suite terminal, fixed", h.job(w, "suite", "terminal"), true)
	want("memory, fixed", h.job(w, "memory", ""), true)
	if len(f.Comments) != 1 || len(f.Wrong) > 0 {
		t.Errorf("%d comments, and wrong requests %v", len(f.Comments), f.Wrong)
	}
	says("the comment", f.Comments[0].Body, "pass: memory of 4 scenarios")

	// On main: what it is becomes the baseline.
	h.head, h.contexts["github.event_name"], h.contexts["github.base_ref"] = "main", "push", ""
	want("baseline", h.job(w, "baseline", "terminal"), true)
	if run, err := store.ReadRun(filepath.Join(box, "artifacts", "baseline-terminal", "baseline-terminal.json")); err != nil || len(run.Scenarios) != 1 {
		t.Errorf("the baseline: %v, %v", run, err)
	}

	// On request, with a revision and a scenario.
	h.head, h.contexts["github.event_name"] = "topic", "workflow_dispatch"
	h.contexts["inputs.base"], h.contexts["inputs.scenario"] = "main", keep
	want("manual", h.job(w, "manual", ""), false)
	says("the summary", h.summary, "fail: memory of 1 scenario", keep)

	// At night.
	h.head, h.contexts["github.event_name"] = "main", "schedule"
	for _, suite := range []string{"terminal", "plugin", "load"} {
		want("nightly", h.job(w, "nightly", suite), true)
	}
	// Soaks as short as these cannot be judged, however idle the machine is.
	h.env = append(h.env, "HIGHWATER_ALLOW_INCONCLUSIVE=true")
	h.said = map[string]string{"DURATION": "2s", "INTERVAL": "200ms"}
	for _, scenario := range []string{"vim_session", "interactive_shell", "log_streaming"} {
		program := map[string]string{"vim_session": "vim", "interactive_shell": "bash"}[scenario]
		_, missing := exec.LookPath(program)
		want("soak "+scenario, h.job(w, "soak", scenario), program == "" || missing == nil)
		says("the summary", h.summary, scenario)
	}
	// A suite of which there is nothing: the others are in the history all the same.
	want("history of a night without a suite", h.job(w, "history", ""), false)
	says("the log", h.log.String(), "nightly-own")
	want("nightly", h.job(w, "nightly", "own"), true)
	want("history", h.job(w, "history", ""), true)
	says("the summary", h.summary, "## Memory over time", "too few results", keep)
	says("the log", h.log.String(), "dashboard.html: 7 scenarios")
	for _, a := range []string{"suite-own/state/runs/*/run.json", "suite-own/report.html", "nightly-plugin/report.sarif", "soak-log_streaming/*.pb.gz", "report/report.xml", "dashboard/history.db", "dashboard/dashboard.html"} {
		if files, _ := filepath.Glob(filepath.Join(box, "artifacts", filepath.FromSlash(a))); len(files) == 0 {
			t.Errorf("no artifact has %s", a)
		}
	}
	for name, job := range w.Jobs {
		for i, s := range job.Steps {
			if s.Run != "" && !h.ran[name+": "+s.Name] {
				t.Errorf("step %d of job %s, %q, was not run", i+1, name, s.Name)
			}
		}
	}
	if log := h.log.String(); strings.Contains(log, "ghs_secret") {
		t.Error("the token is in the log")
	}
}

// TestAction runs the steps of action.yml for the same pull request, in a workflow that
// does nothing besides, and where the repository is checked out already.
func TestAction(t *testing.T) {
	if testing.Short() {
		t.Skip("builds highwater")
	}
	box := t.TempDir()
	f, url := service(t)
	h := newHosted(t, shop(t, box), box, pull("octo/shop"))
	h.env, h.head = quick(box, url), "topic"
	dir := h.begin()
	action := readWorkflow(t, "../../action.yml")
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	h.contexts["github.action_path"] = root
	for name, input := range action.Inputs {
		h.contexts["inputs."+name] = h.contexts.expand(t, input.Default)
	}
	h.contexts["inputs.packages"] = "./internal/gated/terminal"
	if h.steps("action", action.Runs.Steps, dir, ".", h.env) {
		t.Errorf("the regression passed:\n%s", h.log.String())
	}
	if h.contexts["steps.place.outputs.checkout"] != "true" || h.status["build highwater"] != 0 || h.status["gate"] != 1 || h.status["comment"] != 0 ||
		!strings.Contains(h.log.String(), "::error file=internal/gated/terminal/keep_test.go,line=9") {
		t.Errorf("statuses %v:\n%s", h.status, h.log.String())
	}
	if len(f.Comments) != 1 || !strings.Contains(f.Comments[0].Body, "fail: memory of 1 scenario") {
		t.Errorf("comments: %v\n%s", f.Comments, h.log.String())
	}
	if files, _ := filepath.Glob(filepath.Join(box, "artifacts", "highwater", "report.sarif")); len(files) != 1 {
		t.Error("the artifact has no report")
	}
	if !slices.ContainsFunc(strings.Split(h.contexts["steps.place.outputs.results"], string(filepath.Separator)), func(s string) bool { return s == "results" }) {
		t.Errorf("the output results is %s", strconv.Quote(h.contexts["steps.place.outputs.results"]))
	}
	dir = h.begin()
	h.uses(workflowStep{Uses: "actions/checkout@v6", With: map[string]string{"fetch-depth": "0"}}, dir)
	if !h.steps("action", action.Runs.Steps[:1], dir, ".", h.env) || h.contexts["steps.place.outputs.checkout"] != "" {
		t.Errorf("what is checked out is checked out again: %q\n%s", h.contexts["steps.place.outputs.checkout"], h.log.String())
	}
}
