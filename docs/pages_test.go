package docs_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater/internal/report"
)

// Every command in a console block of these pages is run at the root of the
// repository. It must end with the status that the page says after "$ echo $?",
// or 0, and a table of its output must have the page's columns, scenarios and
// verdicts. Figures are not compared: they differ from machine to machine. With
// -update the outputs are written anew. The other pages' blocks are run by
// cmd/highwater, in a module of their own.
func TestPages(t *testing.T) {
	if testing.Short() {
		t.Skip("measures for minutes")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", bin+string(filepath.Separator), "./cmd/highwater")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build ./cmd/highwater: %v\n%s", err, out)
	}
	for _, page := range []string{"README.md", "docs/memtest.md", "docs/suites.md", "docs/plugins.md", "docs/load.md"} {
		t.Run(page, func(t *testing.T) {
			path := filepath.Join(root, page)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			p := &pageRun{t: t, root: root, bin: bin, state: t.TempDir()}
			text := p.page(string(data))
			if *update {
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// pageRun is the state of a page whose commands are being run.
type pageRun struct {
	t                *testing.T
	root, bin, state string
}

// page runs the page's commands and returns it with their outputs.
func (p *pageRun) page(text string) string {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "```console\n")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		block, after, closed := strings.Cut(rest, "```\n")
		if !closed {
			p.t.Fatal("a console block is not closed")
		}
		out.WriteString("```console\n" + p.block(block) + "```\n")
		text = after
	}
}

// block runs the commands of one console block.
func (p *pageRun) block(text string) string {
	var out strings.Builder
	command, output, status := "", "", 0
	steps := strings.Split("\n"+text, "\n$ ")[1:]
	for i, step := range steps {
		var want string
		command, want, _ = strings.Cut(step, "\n")
		if command == "echo $?" {
			if said := strings.TrimSpace(want); said != strconv.Itoa(status) && !*update {
				p.t.Errorf("%s: status %d, and the page says %s", command, status, said)
			}
			fmt.Fprintf(&out, "$ echo $?\n%d\n", status)
			continue
		}
		output, status = report.Conclusive(want, func() (string, int) { return p.run(command) })
		out.WriteString("$ " + command + "\n" + output)
		if status != 0 && (i+1 == len(steps) || !strings.HasPrefix(steps[i+1], "echo $?\n")) {
			p.t.Errorf("%s: status %d, and the page says nothing of it\n%s", command, status, output)
		}
		if got, want := report.Outline(output), report.Outline(want); !*update && !slices.Equal(got, want) {
			p.t.Errorf("%s:\n got %q\nwant %q; -update writes the page anew", command, got, want)
		}
	}
	return out.String()
}

// run returns what the command prints to standard output, with the paths of a
// user's machine.
func (p *pageRun) run(command string) (string, int) {
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = p.root
	cmd.Env = append(os.Environ(), "PATH="+p.bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "HIGHWATER_STATE_DIR="+p.state)
	out, err := cmd.Output()
	exit := new(exec.ExitError)
	if errors.As(err, &exit) {
		out = append(out, exit.Stderr...)
	} else if err != nil {
		p.t.Fatal(err)
	}
	text := strings.ReplaceAll(string(out), p.state, "/home/you/.local/state/highwater")
	return strings.ReplaceAll(text, p.root, "/home/you/highwater"), cmd.ProcessState.ExitCode()
}
