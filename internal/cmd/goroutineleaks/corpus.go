package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
	"github.com/highwater-dev/highwater/internal/overlay"
)

// experiment is what a build needs for the runtime's leak profile.
const experiment = "goroutineleakprofile"

// corpus is where the Go toolchain has it.
type corpus struct {
	goroot, version string
	programs        map[bool]string // built, by entry.Goker
}

func locate(ctx context.Context) (*corpus, error) {
	out, err := subject.Output(ctx, "", "go", "env", "GOROOT", "GOVERSION")
	if err != nil {
		return nil, err
	}
	root, version, _ := strings.Cut(strings.TrimSpace(out), "\n")
	version, _, _ = strings.Cut(version, " ")
	return &corpus{goroot: root, version: version, programs: map[bool]string{}}, nil
}

func (c *corpus) entries() ([]entry, error) {
	file := filepath.Join(c.goroot, "src/runtime/goroutineleakprofile_test.go")
	source, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w: this Go release has no such corpus, or came without its tests; Go 1.26 has it", err)
	}
	all, err := expectations(source)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return all, nil
}

// build builds both programs into dir.
func (c *corpus) build(ctx context.Context, dir string) error {
	for _, goker := range []bool{false, true} {
		folder, name := filepath.Join(c.goroot, "src/runtime/testdata/testgoroutineleakprofile"), "corpus"
		if goker {
			folder, name = filepath.Join(folder, "goker"), "goker"
		}
		work := filepath.Join(dir, name+".overlay")
		if err := os.MkdirAll(work, 0o755); err != nil {
			return err
		}
		file := filepath.Join(dir, name)
		if err := c.one(ctx, folder, work, file); err != nil {
			return fmt.Errorf("build %s: %w", folder, err)
		}
		c.programs[goker] = file
	}
	return nil
}

// one builds the program in folder. The path of a package of the standard library is
// that below src, without a module's before it.
func (c *corpus) one(ctx context.Context, folder, work, file string) error {
	p := overlay.Program{Dir: folder, Module: "", Root: filepath.Join(c.goroot, "src"), GoVersion: c.version}
	added, err := overlay.WriteProgram(work, p)
	if err != nil {
		return err
	}
	if err := hold(folder, work, added); err != nil {
		return err
	}
	// Without the revision in it, what is built again is the same file.
	args := []string{"build", "-buildvcs=false", "-overlay", added, "-o", file}
	if flags := p.LinkFlags(); len(flags) > 0 {
		args = append(args, "-ldflags="+strings.Join(flags, " "))
	}
	cmd := exec.CommandContext(ctx, "go", append(args, ".")...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOEXPERIMENT="+strings.TrimPrefix(os.Getenv("GOEXPERIMENT")+","+experiment, ","))
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// Between these an entry runs: main waits for a byte on its standard input before it,
// and until its standard input is closed after it.
const (
	call = "\tf()\n}"
	held = `	wait := make([]byte, 1)
	os.Stdin.Read(wait)
	f()
	os.Stdout.WriteString("` + over + `")
	os.Stdin.Read(wait)
}`
	over = `\n\nentry over\n`
)

// hold adds to the overlay a main.go that waits.
func hold(folder, work, added string) error {
	name := filepath.Join(folder, "main.go")
	source, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if strings.Count(string(source), call) != 1 {
		return fmt.Errorf("%s calls its entry in another way in this Go release", name)
	}
	file := filepath.Join(work, "main.go")
	if err := os.WriteFile(file, []byte(strings.Replace(string(source), call, held, 1)), 0o600); err != nil {
		return err
	}
	text, err := os.ReadFile(added)
	if err != nil {
		return err
	}
	var o struct{ Replace map[string]string }
	if err := json.Unmarshal(text, &o); err != nil {
		return err
	}
	o.Replace[name] = file
	if text, err = json.Marshal(o); err != nil {
		return err
	}
	return os.WriteFile(added, text, 0o600)
}
