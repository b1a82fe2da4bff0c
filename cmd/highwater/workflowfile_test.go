package main_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// workflow is as much of a workflow, or of a composite action, as it takes to run its
// steps.
type workflow struct {
	Env    map[string]string
	Inputs map[string]struct{ Default string } // of an action
	Jobs   map[string]workflowJob
	Runs   struct{ Steps []workflowStep } // of an action
}

type workflowJob struct {
	If       string
	Env      map[string]string
	Strategy struct{ Matrix map[string][]string }
	Defaults struct {
		Run struct {
			Directory string `yaml:"working-directory"`
		}
	}
	Steps []workflowStep
}

type workflowStep struct {
	Name, ID, If, Run, Uses string

	Env, With map[string]string
	Directory string `yaml:"working-directory"`
	Anyway    bool   `yaml:"continue-on-error"`
}

func readWorkflow(t *testing.T, path string) workflow {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var w workflow
	if err := yaml.Unmarshal(data, &w); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return w
}

// contexts are the values that expressions may name: "github.event_name".
type contexts map[string]string

var expression = regexp.MustCompile(`\$\{\{(.*?)\}\}`)

// expand puts the values of expressions into a text. What is not known fails the test:
// an expression that means nothing is a mistake of the workflow.
func (c contexts) expand(t *testing.T, text string) string {
	t.Helper()
	return expression.ReplaceAllStringFunc(text, func(s string) string {
		return c.value(t, s[3:len(s)-2])
	})
}

// value is that of an expression without parentheses. False is "".
func (c contexts) value(t *testing.T, e string) string {
	t.Helper()
	if e = strings.TrimSpace(e); e == "" {
		t.Fatal("an empty expression")
	}
	if parts := strings.Split(e, "||"); len(parts) > 1 {
		for _, p := range parts {
			if v := c.value(t, p); v != "" {
				return v
			}
		}
		return ""
	}
	if parts := strings.Split(e, "&&"); len(parts) > 1 {
		v := ""
		for _, p := range parts {
			if v = c.value(t, p); v == "" {
				return ""
			}
		}
		return v
	}
	for _, operator := range []string{"==", "!="} {
		if a, b, ok := strings.Cut(e, operator); ok {
			return truth((c.value(t, a) == c.value(t, b)) == (operator == "=="))
		}
	}
	if rest, ok := strings.CutPrefix(e, "!"); ok {
		return truth(c.value(t, rest) == "")
	}
	if inner, ok := strings.CutPrefix(e, "'"); ok && strings.HasSuffix(inner, "'") {
		return strings.TrimSuffix(inner, "'")
	}
	if strings.Trim(e, "0123456789") == "" {
		return e
	}
	v, ok := c[e]
	if !ok {
		t.Fatalf("the expression %q is of nothing that this event has", e)
	}
	return v
}

func truth(b bool) string {
	if b {
		return "true"
	}
	return ""
}

// runs is whether a job or step with that condition runs. Without a word on it nothing
// runs after a failure.
func (c contexts) runs(t *testing.T, condition string, failed bool) bool {
	t.Helper()
	condition = strings.TrimSpace(condition)
	if inner, ok := strings.CutPrefix(condition, "${{"); ok {
		condition = strings.TrimSuffix(inner, "}}")
	}
	if strings.TrimSpace(condition) == "" {
		return !failed
	}
	if !strings.Contains(condition, "cancelled()") && !strings.Contains(condition, "always()") && failed {
		return false
	}
	return c.value(t, condition) != ""
}
