package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestPipelines runs what init writes: all steps of its workflow for a pull request and
// for its merge, the jobs of GitLab, and the script. Installing is left out: highwater is
// on the path.
func TestPipelines(t *testing.T) {
	if testing.Short() {
		t.Skip("measures a small benchmark, six times")
	}
	box := t.TempDir()
	repo := shop(t, box)
	f, url := service(t)
	h := newHosted(t, repo, box, pull("octo/shop"))
	h.env = quick(box, url)
	run := func(dir, command string, env ...string) (string, int) {
		t.Helper()
		cmd := exec.Command("sh", "-c", command)
		cmd.Dir, cmd.Env = dir, append(append(h.env, "GIT_AUTHOR_NAME=n", "GIT_AUTHOR_EMAIL=n@example.com", "GIT_COMMITTER_NAME=n", "GIT_COMMITTER_EMAIL=n@example.com"), env...)
		out, err := cmd.CombinedOutput()
		if err != nil && cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	must := func(command string) string {
		t.Helper()
		out, status := run(repo, command)
		if status != 0 {
			t.Fatalf("%s: status %d\n%s", command, status, out)
		}
		return out
	}

	// init looks at the one package, and writes both files; then the others as well.
	must("git checkout -q main && mkdir .github && rm -r highwater.yml internal/gated/plugin internal/gated/load internal/gated/own")
	out := must("highwater init ./internal/gated/... --repeats 1")
	for _, s := range []string{"wrote highwater.yml with budgets for 1 scenario", "wrote .github/workflows/memory-regression.yml for GitHub Actions", "next: commit it, and require the check \"memory\""} {
		if !strings.Contains(out, s) {
			t.Errorf("init does not say %q:\n%s", s, out)
		}
	}
	if out, status := run(repo, "highwater init --ci github"); status != 3 || !strings.Contains(out, "is there already: write over it with --force") {
		t.Errorf("status %d\n%s", status, out)
	}
	must("highwater init --ci gitlab && highwater init --ci shell && printf 'thresholds: {gc_pressure: none, footprint: none}\n' >> highwater.yml")
	must("echo /memory-results/ >> .gitignore && git add -A && git commit -q -m 'memory is gated'")
	must("git checkout -q -b more && sed -i.old s/1000000/1300000/ internal/gated/terminal/keep_test.go && rm internal/gated/terminal/*.old && git commit -q -a -m more")

	// GitHub.
	w := readWorkflow(t, filepath.Join(repo, ".github/workflows/memory-regression.yml"))
	h.head = "more"
	if h.job(w, "memory", "") || h.status["gate"] != 1 || h.status["comment"] != 0 || !strings.Contains(h.summary, "fail: memory of 1 scenario") {
		t.Errorf("statuses %v\n%s", h.status, h.log.String())
	}
	if len(f.Comments) != 1 {
		t.Errorf("%d comments", len(f.Comments))
	}
	h.head, h.contexts["github.event_name"], h.contexts["github.base_ref"] = "main", "push", ""
	if !h.job(w, "memory", "") || len(h.read(filepath.Join(box, "artifacts", "memory", "baseline.json"))) == 0 {
		t.Errorf("statuses %v\n%s", h.status, h.log.String())
	}
	// By hand: one scenario, compared with any revision; none of that name is an error.
	h.head, h.contexts["github.event_name"], h.contexts["inputs.base"], h.contexts["inputs.scenario"] = "more", "workflow_dispatch", "main", "./...BenchmarkKeep"
	if h.job(w, "memory", "") || h.status["gate"] != 1 || !strings.Contains(h.summary, "fail: memory of 1 scenario") {
		t.Errorf("by hand: statuses %v\n%s", h.status, h.log.String())
	}
	h.contexts["inputs.scenario"] = "./...BenchmarkNone"
	if h.job(w, "memory", ""); h.status["gate"] != 3 {
		t.Errorf("by hand, of nothing: statuses %v\n%s", h.status, h.log.String())
	}
	h.contexts["inputs.base"], h.contexts["inputs.scenario"] = "", ""
	// At night. A soak as short as this one cannot be judged, however idle the machine is.
	h.env = append(h.env, "HIGHWATER_ALLOW_INCONCLUSIVE=true")
	h.head, h.contexts["github.event_name"] = "main", "schedule"
	h.said = map[string]string{"HIGHWATER_REPEATS": "1", "HIGHWATER_MAX_REPEATS": "1", "DURATION": "1s", "INTERVAL": "100ms"}
	if !h.job(w, "memory", "") {
		t.Errorf("at night: statuses %v\n%s", h.status, h.log.String())
	}
	for _, file := range []string{"soak/report.json", "history/history.db", "dashboard.html"} {
		if len(h.read(filepath.Join(box, "artifacts", "memory", filepath.FromSlash(file)))) == 0 {
			t.Errorf("the artifact of a night has no %s", file)
		}
	}
	if !strings.Contains(h.summary, "BenchmarkKeep") || !strings.Contains(h.summary, "## Memory over time") {
		t.Errorf("the summary of a night:\n%s", h.summary)
	}
	for i, s := range w.Jobs["memory"].Steps {
		if s.Run != "" && !h.ran["memory: "+s.Name] {
			t.Errorf("step %d, %q, was not run", i+1, s.Name)
		}
	}

	// GitLab: a job is its scripts in one shell, and after_script another one.
	var jobs map[string]struct {
		Script    []string
		Before    []string `yaml:"before_script"`
		After     []string `yaml:"after_script"`
		Variables map[string]string
	}
	if err := yaml.Unmarshal([]byte(h.read(filepath.Join(repo, ".gitlab/memory-regression.yml"))), &jobs); err != nil {
		t.Fatal(err)
	}
	before := jobs[".memory"].Before
	if !strings.HasPrefix(before[0], "GOTOOLCHAIN=auto go install ") {
		t.Fatalf("the first command is %s", before[0])
	}
	for job, c := range map[string]struct {
		status int
		says   string
		file   string
		set    []string
	}{
		"memory":          {1, "GITLAB_TOKEN is not set", "report.xml", nil},
		"memory-baseline": {1, "", "report.xml", nil}, // it is over its budget
		"memory-manual":   {1, "against origin/main", "report.xml", []string{"BASE=main", "SCENARIO=./...BenchmarkKeep"}},
		"memory-nightly":  {1, "BenchmarkKeep", "dashboard.html", []string{"HIGHWATER_REPEATS=1", "HIGHWATER_MAX_REPEATS=1", "DURATION=1s", "INTERVAL=100ms"}},
	} {
		dir := h.begin()
		h.head = "more"
		h.uses(workflowStep{Uses: "actions/checkout@v6", With: map[string]string{"fetch-depth": "0"}}, dir)
		env := []string{
			"CI_PROJECT_DIR=" + dir, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main", "GITLAB_CI=true", "CI_MERGE_REQUEST_IID=7", "CI_PROJECT_ID=1", "GITLAB_TOKEN=",
		}
		for _, of := range []string{".memory", job} {
			for name, value := range jobs[of].Variables {
				env = append(env, name+"="+strings.ReplaceAll(value, "$CI_PROJECT_DIR", dir))
			}
		}
		env = append(env, c.set...)
		out, status := run(dir, "set -e\n"+strings.Join(append(before[1:len(before):len(before)], jobs[job].Script...), "\n"), env...)
		if status != c.status {
			t.Errorf("job %s: status %d, want %d\n%s", job, status, c.status, out)
		}
		if after := jobs[job].After; len(after) > 0 {
			said, status := run(dir, "set -e\n"+strings.Join(after, "\n"), env...)
			if out += said; status != 0 {
				t.Errorf("job %s, after: status %d\n%s", job, status, said)
			}
		}
		if !strings.Contains(out, c.says) {
			t.Errorf("job %s does not say %q:\n%s", job, c.says, out)
		}
		if _, err := os.Stat(filepath.Join(dir, "memory-results", c.file)); err != nil {
			t.Errorf("job %s: %v\n%s", job, err, out)
		}
	}

	// The script, on the branch and then on main.
	if out, status := run(repo, "sh memory-regression.sh"); status != 1 || !strings.Contains(out, "vs base") {
		t.Errorf("status %d\n%s", status, out)
	}
	if out, status := run(repo, `git checkout -q main && ./memory-regression.sh ""`); status != 0 {
		t.Errorf("status %d\n%s", status, out)
	}
	if out, status := run(repo, "./memory-regression.sh --baseline && test -s memory-results/baseline.json", "SCENARIO="); status != 0 {
		t.Errorf("a baseline: status %d\n%s", status, out)
	}
	if out, status := run(repo, "./memory-regression.sh --nightly", "SCENARIO=./...BenchmarkKeep", "DURATION=1s", "INTERVAL=100ms"); status != 0 || !strings.Contains(out, "dashboard.html: 2 scenarios") {
		t.Errorf("a night: status %d\n%s", status, out)
	}
	if out, status := run(repo, "./memory-regression.sh --nigthly"); status != 3 {
		t.Errorf("a flag that there is not: status %d\n%s", status, out)
	}
}
