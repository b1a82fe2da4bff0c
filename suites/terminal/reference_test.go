//go:build unix

package terminal

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/highwater-dev/highwater/suites/terminal/internal/script"
	"github.com/highwater-dev/highwater/suites/terminal/internal/tmux"
)

var update = flag.Bool("update", false, "write the reference screens anew, from real tmux")

// TestReferenceScreens feeds every scenario's input to a real tmux and compares
// its screens with the committed ones, on which the scenarios' checks rest.
func TestReferenceScreens(t *testing.T) {
	if err := tmux.Available(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	for _, s := range scenarios {
		for _, at := range sizes {
			t.Run(s.name+"-"+at.String(), func(t *testing.T) {
				t.Parallel()
				testReference(t, s, at)
			})
		}
	}
}

func testReference(t *testing.T, s scenario, at size) {
	w, err := s.workload(at)
	if err != nil {
		t.Fatal(err)
	}
	// When its history is full, tmux drops a tenth of it at once; with room for
	// more than is compared it never is.
	pane, err := tmux.Open(t.Context(), at.cols, at.rows, 20*scrollbackLines)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := pane.Close(); err != nil {
			t.Error(err)
		}
	}()
	show := func() []string {
		rows, err := pane.Screen()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	do(t, pane, w.prelude)
	do(t, pane, w.cycle)
	first := show()
	golden(t, s.referenceName(at, ""), first)
	if s.name == "scrollback" {
		lines, err := pane.History()
		if err != nil {
			t.Fatal(err)
		}
		goldens(t, s.referenceName(at, "history"), [][]string{lines[len(lines)-scrollbackLines:]})
	}
	var screens [][]string
	for _, step := range w.cycle {
		do(t, pane, []script.Step{step})
		screens = append(screens, show())
	}
	goldens(t, s.referenceName(at, "steps"), screens)
	// The second time around must look like the first, or the check would
	// depend on the number of operations.
	if diff := cmp.Diff(first, screens[len(screens)-1]); diff != "" {
		t.Errorf("tmux shows another screen after the second cycle (-first +second):\n%s", diff)
	}
	if len(w.closing) > 0 {
		do(t, pane, w.closing)
		golden(t, s.referenceName(at, "closing"), show())
	}
}

// do does the steps to the terminal. Output in a row is fed in one go.
func do(t *testing.T, term script.Screen, steps []script.Step) {
	t.Helper()
	var together script.Step
	flush := func() {
		if err := together.Do(term); err != nil {
			t.Fatal(err)
		}
		together = script.Step{}
	}
	for _, step := range steps {
		if step.Cols != 0 {
			flush()
			together.Cols, together.Rows = step.Cols, step.Rows
		}
		together.Output = append(together.Output, step.Output...)
	}
	flush()
}

func golden(t *testing.T, name string, rows []string) {
	t.Helper()
	if *update {
		path := filepath.Join("testdata", "screens", name+".txt")
		if err := os.WriteFile(path, []byte(strings.Join(rows, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := reference(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("tmux does not show what %s holds; if that is due to a new input or version, run with -update (-file +tmux):\n%s", name, diff)
	}
}

// goldens is golden for several screens in a compressed file.
func goldens(t *testing.T, name string, screens [][]string) {
	t.Helper()
	if *update {
		var file bytes.Buffer
		zip, err := gzip.NewWriterLevel(&file, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		for i, rows := range screens {
			if i > 0 {
				fmt.Fprint(zip, "\f\n")
			}
			fmt.Fprint(zip, strings.Join(rows, "\n")+"\n")
		}
		if err := zip.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("testdata", "screens", name+".gz"), file.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := references(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, screens); diff != "" {
		t.Errorf("tmux does not show what %s holds; if that is due to a new input or version, run with -update (-file +tmux):\n%s", name, diff)
	}
}
