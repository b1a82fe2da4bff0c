package main_test

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the outputs in docs/")

// feed is a package whose scenario holds as much as FEED_BYTES says, so that the
// pages can show a change for the worse.
const feed = `package feed

import (
	"os"
	"strconv"
	"testing"

	"github.com/highwater-dev/highwater/memtest"
)

func newBuffer() []byte {
	n, err := strconv.Atoi(os.Getenv("FEED_BYTES"))
	if err != nil {
		n = 1_000_000
	}
	return make([]byte, n)
}

func TestFeed(t *testing.T) {
	memtest.Run(t, func(m *memtest.M) {
		b := newBuffer()
		m.KeepAlive(b)
		for m.Loop() {
			for i := range b {
				b[i]++
			}
		}
	})
}
`

// Every command in a console block of the pages is run, in order, in a module of
// its own, and must end with the status that the page says after "$ echo $?", 0
// where it says nothing. With -update the outputs are written anew: figures
// differ from machine to machine, and so are not compared.
func TestDocs(t *testing.T) {
	if testing.Short() {
		t.Skip("measures for a minute")
	}
	for _, page := range []string{"gates.md", "baseline.md", "compare.md", "noise.md"} {
		t.Run(page, func(t *testing.T) {
			path := filepath.Join("..", "..", "docs", page)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			text := (&shell{t: t, dir: t.TempDir()}).page(string(data))
			if *update {
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// shell runs the commands of one page.
type shell struct {
	t   *testing.T
	dir string
	env []string
}

// page runs the page's commands and returns it with their outputs.
func (s *shell) page(text string) string {
	s.stage()
	var out strings.Builder
	inConsole, status, command := false, 0, ""
	settled := true // the status of the last command has been looked at
	settle := func() {
		if !settled && status != 0 {
			s.t.Errorf("%s: status %d, and the page says nothing of it", command, status)
		}
		settled = true
	}
	for line := range strings.Lines(text) {
		trimmed := strings.TrimRight(line, "\n")
		switch {
		case trimmed == "```console":
			inConsole = true
			out.WriteString(line)
		case !inConsole:
			out.WriteString(line)
		case trimmed == "```":
			settle()
			inConsole = false
			out.WriteString(line)
		case trimmed == "$ echo $?":
			settled, command = true, trimmed
			out.WriteString(line + strconv.Itoa(status) + "\n")
		case strings.HasPrefix(trimmed, "$ "):
			settle()
			command, settled = trimmed[2:], false
			var output string
			output, status = s.run(command)
			out.WriteString(line + output)
		case command == "$ echo $?":
			if trimmed != strconv.Itoa(status) && !*update {
				s.t.Errorf("status %d, and the page says %s", status, trimmed)
			}
		}
	}
	return out.String()
}

// stage makes the module, with a run before and a run after a change.
func (s *shell) stage() {
	repo, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		s.t.Fatal(err)
	}
	for name, content := range map[string]string{
		"go.mod":       "module example.com/feed\n\ngo 1.26.0\n",
		"go.work":      "go 1.26.0\n\nuse (\n\t.\n\t" + strconv.Quote(repo) + "\n)\n",
		"feed_test.go": feed,
	} {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(content), 0o644); err != nil {
			s.t.Fatal(err)
		}
	}
	s.env = append(os.Environ(),
		"PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"HIGHWATER_STATE_DIR="+filepath.Join(s.dir, "state"))
	for _, c := range []string{
		"highwater gates . --repeats 3 --output before.json",
		"FEED_BYTES=1400000 highwater gates . --repeats 3 --output after.json",
	} {
		if out, status := s.run(c); status != 0 {
			s.t.Fatalf("%s: status %d\n%s", c, status, out)
		}
	}
}

// run returns what the command prints, with the paths of a user's machine.
func (s *shell) run(command string) (string, int) {
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.CombinedOutput()
	exit := new(exec.ExitError)
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	text := strings.ReplaceAll(string(out), filepath.Join(s.dir, "state"), "/home/you/.local/state/highwater")
	if strings.Contains(text, s.dir) {
		s.t.Errorf("%s: the output names the test's folder:\n%s", command, text)
	}
	return text, cmd.ProcessState.ExitCode()
}
