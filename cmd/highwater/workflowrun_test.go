package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// hosted is what runs jobs in place of GitHub: each in a checkout of its own, with the
// files and variables that GitHub gives it, by the same shell.
type hosted struct {
	t    *testing.T
	repo string // that is checked out
	head string
	base string // folder of everything else
	env  []string
	said map[string]string // variables that the test sets over those of the workflow

	contexts contexts
	jobs     int
	ran      map[string]bool   // run steps, by job and name
	log      strings.Builder   // of all steps of the last job
	status   map[string]int    // of its steps, by name
	summary  string            // of its steps
	outputs  map[string]string // steps.ID.outputs.NAME
}

func newHosted(t *testing.T, repo, base string, c contexts) *hosted {
	h := &hosted{t: t, repo: repo, base: base, contexts: contexts{"always()": "true", "cancelled()": ""}, ran: map[string]bool{}}
	maps.Copy(h.contexts, c)
	return h
}

// job runs a job with one element of its matrix, and returns whether it passed. One
// whose condition does not hold is not run.
func (h *hosted) job(w workflow, name, element string) (passed bool) {
	h.t.Helper()
	job, ok := w.Jobs[name]
	if !ok {
		h.t.Fatalf("there is no job %s", name)
	}
	if !h.contexts.runs(h.t, job.If, false) {
		h.t.Fatalf("job %s does not run for %s", name, h.contexts["github.event_name"])
	}
	for axis, elements := range job.Strategy.Matrix {
		if !slices.Contains(elements, element) {
			h.t.Fatalf("%s is not in the matrix of job %s", element, name)
		}
		h.contexts["matrix."+axis] = element
	}
	dir := h.begin()
	env := append(slices.Clone(h.env), h.variables(w.Env)...)
	env = append(env, h.variables(job.Env)...)
	return h.steps(name, job.Steps, dir, job.Defaults.Run.Directory, env)
}

// begin makes the folders of a job.
func (h *hosted) begin() (dir string) {
	h.jobs++
	h.log.Reset()
	h.status, h.summary, h.outputs = map[string]int{}, "", map[string]string{}
	dir = filepath.Join(h.base, fmt.Sprintf("job%d", h.jobs), "work")
	temp := filepath.Join(filepath.Dir(dir), "temp")
	for _, d := range []string{dir, temp} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			h.t.Fatal(err)
		}
	}
	h.contexts["github.workspace"], h.contexts["runner.temp"] = dir, temp
	h.contexts["github.run_id"] = fmt.Sprintf("%04d", h.jobs)
	return dir
}

func (h *hosted) variables(env map[string]string) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		v := h.contexts.expand(h.t, env[name])
		if over, ok := h.said[name]; ok {
			v = over
		}
		all = append(all, name+"="+v)
	}
	return all
}

func (h *hosted) steps(job string, steps []workflowStep, dir, in string, env []string) (passed bool) {
	h.t.Helper()
	failed := false
	for i, s := range steps {
		if !h.contexts.runs(h.t, s.If, failed) {
			continue
		}
		if s.Uses != "" {
			h.uses(s, dir)
			continue
		}
		name := s.Name
		if name == "" {
			name = fmt.Sprintf("step %d", i+1)
		}
		h.ran[job+": "+name] = true
		if s.Directory != "" {
			in = h.contexts.expand(h.t, s.Directory)
		}
		status := h.step(s, name, filepath.Join(dir, in), append(slices.Clone(env), h.variables(s.Env)...))
		h.status[name] = status
		if status != 0 && !s.Anyway {
			failed = true
		}
	}
	return !failed
}

// step runs the command as GitHub's runner does, with an empty summary of its own.
func (h *hosted) step(s workflowStep, name, dir string, env []string) int {
	h.t.Helper()
	if strings.HasPrefix(s.Run, "go install github.com/highwater-dev/highwater/") {
		return 0 // it is on the path: a release cannot be had here
	}
	if expression.MatchString(s.Run) {
		h.t.Errorf("%s: an expression in a command is how others get to run theirs; put it into env", name)
	}
	temp := h.contexts["runner.temp"]
	for _, f := range []string{"summary", "output"} {
		if err := os.WriteFile(filepath.Join(temp, f), nil, 0o644); err != nil {
			h.t.Fatal(err)
		}
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
	cmd.Dir = dir
	cmd.Env = append(env, "GITHUB_STEP_SUMMARY="+filepath.Join(temp, "summary"), "GITHUB_OUTPUT="+filepath.Join(temp, "output"),
		"RUNNER_TEMP="+temp, "GITHUB_WORKSPACE="+h.contexts["github.workspace"], "GITHUB_ACTIONS=true", "CI=true",
		"GITHUB_EVENT_NAME="+h.contexts["github.event_name"], "GITHUB_BASE_REF="+h.contexts["github.base_ref"],
		"GITHUB_REPOSITORY="+h.contexts["github.repository"])
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	exit := new(exec.ExitError)
	if err != nil && !errors.As(err, &exit) {
		h.t.Fatal(err)
	}
	fmt.Fprintf(&h.log, "--- %s: status %d\n%s", name, cmd.ProcessState.ExitCode(), out.String())
	h.summary += h.read(filepath.Join(temp, "summary"))
	for line := range strings.Lines(h.read(filepath.Join(temp, "output"))) {
		k, v, _ := strings.Cut(strings.TrimSpace(line), "=")
		h.contexts["steps."+s.ID+".outputs."+k] = v
	}
	return cmd.ProcessState.ExitCode()
}

func (h *hosted) read(path string) string {
	h.t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(data)
}

// uses does what the actions do that the workflows need.
func (h *hosted) uses(s workflowStep, dir string) {
	h.t.Helper()
	with := func(name string) string { return h.contexts.expand(h.t, s.With[name]) }
	name, _, _ := strings.Cut(s.Uses, "@")
	artifacts := filepath.Join(h.base, "artifacts")
	switch name {
	case "actions/checkout":
		depth := []string{}
		if with("fetch-depth") != "0" {
			depth = []string{"--depth=1"}
		}
		h.git(dir, "init", "-q", "-b", "none")
		h.git(dir, "remote", "add", "origin", "file://"+h.repo)
		h.git(dir, append(append([]string{"fetch", "-q"}, depth...), "origin", "+refs/heads/*:refs/remotes/origin/*")...)
		h.git(dir, "checkout", "-q", "--detach", "refs/remotes/origin/"+h.head)
	case "actions/setup-go":
		h.read(filepath.Join(dir, with("go-version-file"))) // which must be there
	case "actions/upload-artifact":
		to := filepath.Join(artifacts, with("name"))
		if err := os.RemoveAll(to); err != nil {
			h.t.Fatal(err)
		}
		from := h.in(dir, with("path"))
		info, err := os.Stat(from)
		switch {
		case err != nil:
			fmt.Fprintf(&h.log, "--- upload: warning: no files in %s\n", from)
		case info.IsDir():
			err = os.CopyFS(to, os.DirFS(from))
		default:
			if err = os.MkdirAll(to, 0o755); err == nil {
				err = os.WriteFile(filepath.Join(to, filepath.Base(from)), []byte(h.read(from)), 0o644)
			}
		}
		if info != nil && err != nil {
			h.t.Fatal(err)
		}
	case "actions/download-artifact":
		all, err := filepath.Glob(filepath.Join(artifacts, with("pattern")))
		if err != nil {
			h.t.Fatal(err)
		}
		for _, a := range all {
			if err := os.CopyFS(filepath.Join(dir, with("path"), filepath.Base(a)), os.DirFS(a)); err != nil {
				h.t.Fatal(err)
			}
		}
	case "actions/cache/restore":
		// The newest whose key begins like that; a job has its own, which nobody has saved.
		all, err := filepath.Glob(filepath.Join(h.base, "cached", with("restore-keys")+"*"))
		if err != nil {
			h.t.Fatal(err)
		}
		if n := len(all); n > 0 {
			if err := os.CopyFS(h.in(dir, with("path")), os.DirFS(all[n-1])); err != nil {
				h.t.Fatal(err)
			}
		}
	case "actions/cache/save":
		if err := os.CopyFS(filepath.Join(h.base, "cached", with("key")), os.DirFS(h.in(dir, with("path")))); err != nil {
			h.t.Fatal(err)
		}
	case "github/codeql-action/upload-sarif":
		if text := h.read(filepath.Join(dir, with("sarif_file"))); !strings.Contains(text, `"2.1.0"`) {
			h.t.Errorf("%s is no SARIF file:\n%s", with("sarif_file"), text)
		}
	default:
		h.t.Fatalf("what %s does is not known to this test", s.Uses)
	}
}

// in is a path as an action understands it.
func (h *hosted) in(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

func (h *hosted) git(dir string, args ...string) {
	h.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		h.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}
