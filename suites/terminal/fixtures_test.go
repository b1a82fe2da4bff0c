package terminal

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater/suites/internal/ansi"
	"github.com/highwater-dev/highwater/suites/terminal/internal/asciicast"
	"github.com/highwater-dev/highwater/suites/terminal/internal/script"
)

func TestRecordings(t *testing.T) {
	for _, program := range []string{"vim", "nvim", "less", "bash", "htop", "mc", "vimresize"} {
		for _, at := range sizes {
			rec, err := recording(program, at)
			if err != nil {
				t.Fatal(err)
			}
			if rec.Cols != at.cols || rec.Rows != at.rows {
				t.Errorf("%s at %s: is %dx%d", program, at, rec.Cols, rec.Rows)
			}
			quit, err := script.Mark(rec, "quit")
			if err != nil {
				t.Fatalf("%s at %s: %v", program, at, err)
			}
			last := at
			for _, e := range rec.Events {
				if e.Kind == asciicast.Resize {
					last = size{e.Cols, e.Rows}
				}
			}
			if last != at {
				t.Errorf("%s at %s: ends at %s", program, at, last)
			}
			if n := len(script.Output(rec, 0, quit)); n < 5000 {
				t.Errorf("%s at %s: prints %d bytes, too few to be real work", program, at, n)
			}
			private(t, program+" at "+at.String(), ansi.Text(string(script.Output(rec, 0, len(rec.Events)))))
		}
	}
}

// private looks for what must not come out of a recording machine. Programs run
// as root of a namespace of their own, in /home/user on a host called box.
func private(t *testing.T, what, text string) {
	t.Helper()
	for _, path := range []string{"/root", "/tmp", "/home/", "/work", "/mnt", "/Users"} {
		for rest := text; ; {
			_, after, found := strings.Cut(rest, path)
			if !found {
				break
			}
			if path != "/home/" || !strings.HasPrefix(after, "user") {
				t.Errorf("%s: shows the path %q", what, path+after[:min(20, len(after))])
			}
			rest = after
		}
	}
	if strings.Contains(text, "@") && strings.Contains(text, "root@") {
		t.Errorf("%s: shows a user and host name", what)
	}
}

// The input ends between characters and sequences, whatever is cut from it.
func TestInputIsWhole(t *testing.T) {
	for _, s := range scenarios {
		in, err := s.load()
		if err != nil {
			t.Fatal(err)
		}
		if s.ops%in.length != 0 {
			t.Errorf("%s: %d operations are not a whole number of cycles of %d", s.name, s.ops, in.length)
		}
		for at, w := range in.workloads {
			bytes := 0
			for _, steps := range [][]script.Step{w.prelude, w.cycle, w.closing} {
				for n, step := range steps {
					bytes += len(step.Output)
					if end := ansi.Boundary(append(step.Output[:len(step.Output):len(step.Output)], 'x'), len(step.Output)); end != len(step.Output) {
						t.Errorf("%s at %s: step %d ends within a sequence: %q", s.name, at, n, step.Output[max(0, len(step.Output)-20):])
					}
				}
			}
			if bytes > 2<<20 {
				t.Errorf("%s at %s: %d bytes of input", s.name, at, bytes)
			}
		}
	}
}
