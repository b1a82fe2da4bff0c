package main_test

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater/internal/report"
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
// where it says nothing; where the page shows an output, its tables must have the
// columns, scenarios and verdicts of the page. With -update the outputs are written
// anew: figures differ from machine to machine, and so are not compared.
func TestDocs(t *testing.T) {
	if testing.Short() {
		t.Skip("measures for a minute")
	}
	for page, stage := range map[string]func(*shell){
		"gates.md": (*shell).feed, "baseline.md": (*shell).feed, "compare.md": (*shell).feed, "noise.md": (*shell).feed,
		"revisions.md": (*shell).term, "init.md": (*shell).cache,
		"packages.md": (*shell).entries, "run.md": (*shell).programs, "trends.md": (*shell).nights,
	} {
		t.Run(page, func(t *testing.T) {
			path := filepath.Join("..", "..", "docs", page)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s := &shell{t: t, dir: t.TempDir()}
			stage(s)
			text := s.page(string(data))
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
	t    *testing.T
	dir  string
	env  []string
	yaml string // the file that the page's YAML is, if it is one that a command writes
}

// page runs the page's commands and returns it with their outputs.
func (s *shell) page(text string) string {
	var out strings.Builder
	inConsole, inYAML, status, command := false, false, 0, ""
	settled := true          // the status of the last command has been looked at
	var output, shown string // what it printed, and what the page shows of it
	settle := func() {
		if !settled && status != 0 {
			s.t.Errorf("%s: status %d, and the page says nothing of it:\n%s", command, status, output)
		}
		settled = true
	}
	compare := func() {
		if got, want := report.Outline(output), report.Outline(shown); shown != "" && !*update && !slices.Equal(got, want) {
			s.t.Errorf("the output is not as the page shows it; -update writes it anew\n got %q\nwant %q", got, want)
		}
		output, shown = "", ""
	}
	for line := range strings.Lines(text) {
		trimmed := strings.TrimRight(line, "\n")
		switch {
		case trimmed == "```console":
			inConsole = true
			out.WriteString(line)
		case trimmed == "```yaml" && s.yaml != "":
			inYAML = true
			out.WriteString(line + s.read(s.yaml) + "```\n")
		case inYAML:
			inYAML = trimmed != "```"
		case !inConsole:
			out.WriteString(line)
		case trimmed == "```":
			settle()
			compare()
			inConsole = false
			out.WriteString(line)
		case trimmed == "$ echo $?":
			compare()
			settled, command = true, trimmed
			out.WriteString(line + strconv.Itoa(status) + "\n")
		case strings.HasPrefix(trimmed, "$ "):
			settle()
			compare()
			command, settled = trimmed[2:], false
			output, status = report.Conclusive(text, func() (string, int) { return s.run(command) })
			out.WriteString(line + output)
		case command == "$ echo $?":
			if trimmed != strconv.Itoa(status) && !*update {
				s.t.Errorf("status %d, and the page says %s", status, trimmed)
			}
		default:
			shown += line
		}
	}
	return out.String()
}

// stage puts the files into the page's folder, with which its commands begin.
func (s *shell) stage(files map[string]string) {
	for name, content := range files {
		path := filepath.Join(s.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			s.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			s.t.Fatal(err)
		}
	}
	s.env = append(os.Environ(),
		"PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"HIGHWATER_STATE_DIR="+filepath.Join(s.dir, "state"), "HIGHWATER_CACHE_DIR="+filepath.Join(s.dir, "cached"),
		"GIT_AUTHOR_NAME=you", "GIT_AUTHOR_EMAIL=you@example.com", "GIT_COMMITTER_NAME=you", "GIT_COMMITTER_EMAIL=you@example.com")
}

// must runs commands that the page does not show.
func (s *shell) must(commands ...string) {
	for _, c := range commands {
		if out, status := s.run(c); status != 0 {
			s.t.Fatalf("%s: status %d\n%s", c, status, out)
		}
	}
}

func (s *shell) read(name string) string {
	data, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data)
}

// feed is the module of one scenario, with a run before and a run after a change.
func (s *shell) feed() {
	repo, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		s.t.Fatal(err)
	}
	s.stage(map[string]string{
		"go.mod":       "module example.com/feed\n\ngo 1.26.0\n",
		"go.work":      "go 1.26.0\n\nuse (\n\t.\n\t" + strconv.Quote(repo) + "\n)\n",
		"feed_test.go": feed,
	})
	s.must("highwater gates . --repeats 3 --output before.json", "FEED_BYTES=1400000 highwater gates . --repeats 3 --output after.json")
}

// term is a repository whose branch topic makes a line larger than main does.
func (s *shell) term() {
	s.stage(map[string]string{
		".gitignore":    "/state/\n/cached/\n",
		"go.mod":        "module example.com/term\n\ngo 1.24\n",
		"highwater.yml": "thresholds: {peak: 2%, sustained: 2%, alloc_bytes: 2%, gc_pressure: none, footprint: none}\n",
		"scrollback/buffer.go": `// Package scrollback keeps lines.
package scrollback

// Buffer is the lines of a terminal.
type Buffer struct{ lines [][]byte }

// Insert adds a line.
func (b *Buffer) Insert() {
	b.lines = append(b.lines, make([]byte, 13_500))
}
`,
		"scrollback/buffer_test.go": `package scrollback

import (
	"fmt"
	"testing"
)

var kept *Buffer

func BenchmarkInsert(b *testing.B) {
	for _, lines := range []int{8, 80} {
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			for b.Loop() {
				kept = &Buffer{}
				for range lines {
					kept.Insert()
				}
			}
		})
	}
}
`,
	})
	s.must("git init -q -b main", "git add .", "git commit -q -m 'the lines of a terminal'", "git checkout -q -b topic",
		"sed -i.old s/13_500/14_300/ scrollback/buffer.go && rm scrollback/*.old", "git commit -q -a -m 'lines have room for attributes'")
}

// cache is a module with benchmarks and no configuration.
func (s *shell) cache() {
	s.yaml = "highwater.yml"
	s.stage(map[string]string{
		"go.mod":         "module example.com/cache\n\ngo 1.24\n",
		"cache/cache.go": "// Package cache keeps values.\npackage cache\n\n// Cache keeps values by key.\ntype Cache map[int][]byte\n",
		"cache/cache_test.go": `package cache

import (
	"fmt"
	"testing"
)

var kept Cache

func BenchmarkPut(b *testing.B) {
	kept = Cache{}
	for i := 0; b.Loop(); i++ {
		kept[i%64] = make([]byte, 1024)
	}
}

func BenchmarkGet(b *testing.B) {
	for _, n := range []int{10, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			kept = Cache{}
			for i := range n {
				kept[i] = make([]byte, 1024)
			}
			for i := 0; b.Loop(); i++ {
				kept[i%n] = append([]byte(nil), kept[(i+1)%n]...)
			}
		})
	}
}
`,
	})
}

// entries is the module whose benchmarks docs/packages.md measures. What depends on
// what else the machine does is not judged.
func (s *shell) entries() {
	s.stage(map[string]string{
		"go.mod":        "module example.com/cache\n\ngo 1.24\n",
		"highwater.yml": "thresholds: {gc_pressure: none, footprint: none}\n",
		"cache/cache.go": `// Package cache keeps values.
package cache

// Cache keeps values by key.
type Cache struct{ values [1024][]byte }

// Put keeps a value.
func (c *Cache) Put(key, size int) { c.values[key%1024] = make([]byte, size) }

// Get copies a value.
func (c *Cache) Get(key int) []byte { return append([]byte(nil), c.values[key%1024]...) }
`,
		"cache/cache_test.go": `package cache

import (
	"fmt"
	"testing"
)

func BenchmarkPut(b *testing.B) {
	c := new(Cache)
	for i := 0; b.Loop(); i++ {
		c.Put(i, 1024)
	}
}

func BenchmarkGet(b *testing.B) {
	for _, size := range []int{10, 10_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			c := new(Cache)
			c.Put(0, size)
			for b.Loop() {
				c.Get(0)
			}
		})
	}
}
`,
	})
}

// programs is the program that docs/run.md measures, a copy of a tool of this
// repository out of the module cache, and the server in another language.
func (s *shell) programs() {
	if _, err := exec.LookPath("python3"); err != nil {
		s.t.Skip("there is no python3, in which the page's server is")
	}
	repo, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		s.t.Fatal(err)
	}
	list := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "mvdan.cc/gofumpt")
	list.Dir = repo
	source, err := list.Output()
	if err != nil {
		s.t.Fatal(err)
	}
	above := s.dir
	s.dir = filepath.Join(above, "gofumpt")
	if err := os.CopyFS(s.dir, os.DirFS(strings.TrimSpace(string(source)))); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Symlink(repo, filepath.Join(above, "highwater")); err != nil {
		s.t.Fatal(err)
	}
	s.stage(map[string]string{"server.py": `import os, time
held = bytearray(b"x") * 40_000_000
for worker in range(3):
    if os.fork() == 0:
        time.sleep(1)
        os._exit(0)
for worker in range(3):
    os.wait()
`})
	s.env = append(s.env, "GOWORK=off")
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
