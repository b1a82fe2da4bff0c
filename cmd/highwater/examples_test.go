package main_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// examplePrograms are the main packages that examples measure.
var examplePrograms = map[string]string{
	"report": `package main

import (
	"flag"
	"fmt"
	"strings"
)

func main() {
	lines := flag.Int("lines", 1, "how many")
	flag.Parse()
	fmt.Print(strings.Repeat("a line of the report\n", *lines))
}
`,
	"server": `package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
)

func main() {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", l.Addr())
	log.Fatal(http.Serve(l, nil))
}
`,
}

// Every line under "Examples:" in the help of every command is run, by a shell,
// in one sandbox and in the order of the help. Each must succeed.
func TestHelpExamples(t *testing.T) {
	box := t.TempDir()
	env := append(os.Environ(),
		"PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"HIGHWATER_STATE_DIR="+filepath.Join(box, "state"),
		"HIGHWATER_CACHE_DIR="+t.TempDir())
	run := func(line string) (string, error) {
		cmd := exec.Command("sh", "-c", line)
		cmd.Dir, cmd.Env = box, env
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		err := cmd.Run()
		if err != nil {
			return stdout.String() + stderr.String(), err
		}
		return stdout.String(), nil
	}
	if err := os.WriteFile(filepath.Join(box, "go.mod"), []byte("module example.com/sandbox\n\ngo 1.26\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	const benchmark = "package sandbox\n\nimport \"testing\"\n\nvar keep []byte\n\n" +
		"func BenchmarkKeep(b *testing.B) {\n\tfor i := 0; i < b.N; i++ {\n\t\tkeep = make([]byte, 100_000)\n\t}\n}\n"
	if err := os.WriteFile(filepath.Join(box, "keep_test.go"), []byte(benchmark), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, source := range examplePrograms {
		dir := filepath.Join(box, "cmd", name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(source), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := nights(filepath.Join(box, "state", "history.db"), []string{"0123456789abcdef"}); err != nil {
		t.Fatal(err)
	}
	// What the examples take for granted: a branch main that is worse than a tag, and runs
	// in files, one of them as if of another system.
	const one = " --scenario terminal_operations/cursor_operations --repeats 2"
	for _, line := range []string{
		"git init -q -b main && sed -i.bak s/100_000/80_000/ keep_test.go && rm keep_test.go.bak && git add -A && git -c user.name=n -c user.email=n@example.com commit -q -m 'a benchmark' && git tag v1.0.0",
		"sed -i.bak s/80_000/100_000/ keep_test.go && rm keep_test.go.bak && git -c user.name=n -c user.email=n@example.com commit -q -a -m 'keep more'",
		"highwater baseline save --output before.json" + one,
		"highwater baseline save main" + one,
		"highwater gates --output after.json" + one,
		"cp before.json linux.json",
		`sed 's/"goos": "linux"/"goos": "darwin"/' after.json >macos.json`,
	} {
		if out, err := run(line); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
	}
	seen := map[string]bool{}
	var walk func(path []string)
	walk = func(path []string) {
		help, err := run(strings.Join(append(path, "--help"), " "))
		if err != nil {
			t.Fatalf("%v --help: %v\n%s", path, err, help)
		}
		examples := section(help, "Examples:")
		if len(examples) == 0 {
			t.Errorf("the help of %s has no examples", strings.Join(path, " "))
		}
		for _, line := range examples {
			if seen[line] {
				continue
			}
			seen[line] = true
			t.Run(line, func(t *testing.T) {
				if strings.HasSuffix(line, " gates") {
					t.Skip("runs all suites; the test of the README's blocks in ./docs runs it")
				}
				if strings.HasPrefix(line, "highwater bisect ") {
					// Its comparison of two commits would be the latest run for the others.
					line = "HIGHWATER_STATE_DIR=bisected " + line
				}
				out, err := run(line)
				// On a machine that is busy with other things a comparison may
				// stay open, which is a true answer and no fault of the example.
				if exit := new(exec.ExitError); errors.As(err, &exit) && exit.ExitCode() == 2 && strings.Contains(out, "inconclusive") {
					t.Skipf("inconclusive:\n%s", out)
				}
				if err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
		for _, command := range section(help, "Available Commands:") {
			walk(append(append([]string{}, path...), strings.Fields(command)[0]))
		}
	}
	walk([]string{"highwater"})
	if len(seen) < 15 {
		t.Errorf("found %d examples only: is the help still read rightly?", len(seen))
	}
}

// section returns the indented lines under a heading of the help.
func section(help, heading string) []string {
	_, rest, ok := strings.Cut(help, "\n"+heading+"\n")
	if !ok {
		return nil
	}
	var lines []string
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "  ") {
			break
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}
