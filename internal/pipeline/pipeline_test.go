package pipeline

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
	"go.yaml.in/yaml/v4"
)

// modules are what a repository may be like.
var modules = map[string]Module{
	"packages":   {Tool: "highwater", Version: "latest", Branch: "main", Dir: ".", Go: "1.26", Base: true},
	"suites":     {Tool: "highwater", Version: "v1.2.3", Branch: "trunk", Dir: ".", Go: "1.26"},
	"a folder":   {Tool: "mine", Version: "v0.0.0-20261101120000-0123456789ab", Branch: "release/1.x", Dir: "services/shop", Go: "1.25", Base: true},
	"no folders": {Tool: "highwater", Version: "latest", Branch: "main", Go: "1.26", Base: true},
}

func render(t *testing.T, name string, m Module) string {
	t.Helper()
	k, ok := ByName(name)
	if !ok {
		t.Fatalf("there is no kind %s", name)
	}
	text, err := k.Render(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// lint is what actionlint has to say of a workflow.
func lint(t *testing.T, path string, text []byte) {
	t.Helper()
	l, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := l.Lint(path, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range found {
		t.Errorf("%s:%d:%d: %s [%s]", path, e.Line, e.Column, e.Message, e.Kind)
	}
}

func TestGitHubIsValid(t *testing.T) {
	for name, m := range modules {
		t.Run(name, func(t *testing.T) {
			text := render(t, "github", m)
			lint(t, name+".yml", []byte(text))
			if got := strings.Contains(text, "--base"); got != m.Base {
				t.Errorf("compares with a base: %v, want %v", got, m.Base)
			}
			harmlessWorkflow(t, []byte(text))
		})
	}
}

// The workflow and the action of this repository are held to the same. An action's steps
// are those of a job to actionlint, which knows no action files.
func TestOwnWorkflowIsValid(t *testing.T) {
	text, err := os.ReadFile("../../.github/workflows/memory-regression.yml")
	if err != nil {
		t.Fatal(err)
	}
	lint(t, ".github/workflows/memory-regression.yml", text)
	harmlessWorkflow(t, text)

	action, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var a struct {
		Name, Description string
		Inputs            map[string]map[string]any
		Runs              struct {
			Using string
			Steps []map[string]any
		}
	}
	if err := yaml.Unmarshal(action, &a); err != nil {
		t.Fatal(err)
	}
	if a.Name == "" || a.Description == "" || a.Runs.Using != "composite" || len(a.Runs.Steps) == 0 {
		t.Fatalf("action.yml is no composite action: %+v", a)
	}
	inputs := map[string]any{}
	for name, i := range a.Inputs {
		inputs[name] = map[string]any{"type": "string", "description": i["description"]}
	}
	var wrapped bytes.Buffer
	if err := yaml.NewEncoder(&wrapped).Encode(map[string]any{
		"on":   map[string]any{"workflow_call": map[string]any{"inputs": inputs}},
		"jobs": map[string]any{"action": map[string]any{"runs-on": "ubuntu-24.04", "steps": a.Runs.Steps}},
	}); err != nil {
		t.Fatal(err)
	}
	lint(t, "action.yml", wrapped.Bytes())
	pinned(t, action)
}

// The workflow that docs/ci.md shows for the action is one, of five lines.
func TestFiveLines(t *testing.T) {
	page, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(page), "```yaml\non: pull_request\n")
	text, _, end := strings.Cut(rest, "```")
	if !ok || !end || !strings.Contains(text, "uses: highwater-dev/highwater@") {
		t.Fatal("docs/ci.md does not show the workflow")
	}
	text = "on: pull_request\n" + text
	if n := strings.Count(text, "\n"); n != 5 {
		t.Errorf("%d lines", n)
	}
	lint(t, "ci.md.yml", []byte(text))
}

// A broken workflow is found: the lint above is no test that cannot fail.
func TestLintFinds(t *testing.T) {
	l, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := l.Lint("w.yml", []byte(strings.Replace(render(t, "github", modules["packages"]), "github.base_ref", "github.base_rf", 1)), nil)
	if err != nil || len(found) != 1 {
		t.Errorf("%v, %v; want the misspelt property", found, err)
	}
}

var uses = regexp.MustCompile(`uses: (\S+)@(\S+)(.*)`)

// pins are the commits of actions, which are the same everywhere.
var pins = map[string]string{}

// pinned holds every action to a full commit, with its version beside it.
func pinned(t *testing.T, text []byte) {
	t.Helper()
	found := uses.FindAllStringSubmatch(string(text), -1)
	if len(found) == 0 {
		t.Error("uses no action: is it still read rightly?")
	}
	for _, m := range found {
		if !regexp.MustCompile(`^[0-9a-f]{40}$`).MatchString(m[2]) || !regexp.MustCompile(`^ # v[0-9]+\.[0-9]+\.[0-9]+$`).MatchString(m[3]) {
			t.Errorf("%s is not pinned to a commit with its version in a comment", m[0])
		}
		if p, ok := pins[m[1]]; ok && p != m[2] {
			t.Errorf("%s is pinned to %s here, and to %s elsewhere", m[1], m[2], p)
		}
		pins[m[1]] = m[2]
	}
}

// harmlessWorkflow holds a workflow to what a stranger's pull request must not get at.
func harmlessWorkflow(t *testing.T, text []byte) {
	t.Helper()
	pinned(t, text)
	var w struct {
		On          map[string]any
		Permissions map[string]string
		Jobs        map[string]struct {
			Permissions map[string]string
			Steps       []struct {
				Uses, Run string
				With      map[string]any
			}
		}
	}
	if err := yaml.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	if _, bad := w.On["pull_request_target"]; bad || w.On["pull_request"] == nil {
		t.Error("want pull_request, and not pull_request_target")
	}
	if w.Permissions == nil || len(w.Permissions) > 0 {
		t.Errorf("permissions of all jobs: %v, want none", w.Permissions)
	}
	may := map[string]string{"contents": "read", "pull-requests": "write", "security-events": "write"}
	for name, job := range w.Jobs {
		if job.Permissions == nil {
			t.Errorf("job %s does not say what it may do", name)
		}
		for p, v := range job.Permissions {
			if may[p] != v {
				t.Errorf("job %s has %s: %s", name, p, v)
			}
		}
		for _, s := range job.Steps {
			if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != false {
				t.Errorf("job %s leaves the token in the checkout", name)
			}
			if strings.Contains(s.Run, "${{") {
				t.Errorf("job %s: an expression in the command %q", name, s.Run)
			}
		}
	}
}

func TestGitLabIsYAML(t *testing.T) {
	for name, m := range modules {
		t.Run(name, func(t *testing.T) {
			var jobs map[string]struct {
				Extends      string
				Script       []string
				BeforeScript []string `yaml:"before_script"`
			}
			if err := yaml.Unmarshal([]byte(render(t, "gitlab", m)), &jobs); err != nil {
				t.Fatal(err)
			}
			for _, job := range []string{"memory", "memory-baseline", "memory-nightly"} {
				if j := jobs[job]; j.Extends != ".memory" || !strings.Contains(fmt.Sprint(j.Script), "highwater gates") {
					t.Errorf("job %s: %+v", job, j)
				}
			}
			if len(jobs[".memory"].BeforeScript) == 0 {
				t.Error("nothing installs highwater")
			}
		})
	}
}

func TestShellIsValid(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	for name, m := range modules {
		cmd := exec.Command(sh, "-n")
		cmd.Stdin = strings.NewReader(render(t, "shell", m))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// Names that would be something else in YAML or to a shell are refused.
func TestHostileNames(t *testing.T) {
	for _, m := range []Module{
		{Branch: "main]\npermissions: write-all #"},
		{Branch: "$(id)"},
		{Branch: "main", Dir: "a b"},
		{Branch: "main", Dir: "`id`"},
		{Branch: "main", Version: "v1.0.0; id"},
		{Branch: "-x"},
		{Branch: "main", Dir: ".", Go: "1.26'"},
	} {
		for _, k := range Kinds() {
			if text, err := k.Render(m); err == nil {
				t.Errorf("%s: %+v is taken:\n%s", k.Name, m, text)
			}
		}
	}
}

func TestInstallable(t *testing.T) {
	for version, want := range map[string]string{
		"v1.2.3": "v1.2.3", "v0.0.0-20261101120000-0123456789ab": "v0.0.0-20261101120000-0123456789ab",
		"(devel) 0123456789ab": "latest", "(unknown)": "latest", "v1.2.3+dirty": "latest", "": "latest",
	} {
		if got := Installable(version); got != want {
			t.Errorf("%q: %s, want %s", version, got, want)
		}
	}
}
