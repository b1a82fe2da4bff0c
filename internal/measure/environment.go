package measure

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
)

// Environment describes this machine and the settings under which natural
// processes run: those of highwater's own environment.
func Environment(ctx context.Context) highwater.Environment {
	e := highwater.Environment{
		Go: runtime.Version(), GOOS: runtime.GOOS, GOARCH: runtime.GOARCH,
		GOGC: orDefault("GOGC", "100"), GOMEMLIMIT: orDefault("GOMEMLIMIT", "off"), GODEBUG: os.Getenv("GODEBUG"),
		GOMAXPROCS: runtime.GOMAXPROCS(0), Probe: probe.Version, CPUs: runtime.NumCPU(),
		Kernel: kernel(), CPU: cpuModel(), MemoryBytes: memoryTotal(), MemoryLimit: containerLimit(),
		CI: ci(),
	}
	e.Revision = git(ctx, "rev-parse", "HEAD")
	if e.Revision != "" {
		e.Branch = branch(git(ctx, "rev-parse", "--abbrev-ref", "HEAD"), os.Getenv)
		e.Dirty = git(ctx, "status", "--porcelain", "--untracked-files=no") != ""
	}
	e.Module = Module()
	return e
}

// branch is the one that git names, or, where a pipeline has checked out a commit by
// itself, for which git says HEAD, the one that the pipeline says it runs for.
func branch(name string, env func(string) string) string {
	if name != "HEAD" {
		return name
	}
	for _, variable := range []string{"GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME", "BUILDKITE_BRANCH", "CIRCLE_BRANCH", "BRANCH_NAME"} {
		if v := env(variable); v != "" {
			return v
		}
	}
	return name
}

func orDefault(name, value string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return value
}

// git asks about the working directory's checkout; "" where there is none.
func git(ctx context.Context, args ...string) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "git", append([]string{"--no-optional-locks"}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// ci names the service that runs this, by the variables that each documents.
func ci() string {
	for _, c := range []struct{ variable, name string }{
		{"GITHUB_ACTIONS", "github"},
		{"GITLAB_CI", "gitlab"},
		{"BUILDKITE", "buildkite"},
		{"CIRCLECI", "circleci"},
		{"JENKINS_URL", "jenkins"},
		{"CI", "unknown"},
	} {
		if v := os.Getenv(c.variable); v != "" && v != "false" {
			return c.name
		}
	}
	return ""
}
