package terminal

import (
	"compress/gzip"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/highwater-dev/highwater/suites/terminal/internal/asciicast"
	"github.com/highwater-dev/highwater/suites/terminal/internal/script"
)

//go:embed testdata/casts testdata/screens
var testdata embed.FS

// size is the size of a screen in characters.
type size struct{ cols, rows int }

func (s size) String() string { return fmt.Sprintf("%dx%d", s.cols, s.rows) }

// sizes are the sizes of the sessions, in turn.
var sizes = []size{{80, 24}, {120, 40}, {200, 60}}

// scrollbackLines is how many lines of scrollback every terminal is asked for.
const scrollbackLines = 1000

// recording decodes a program's recording at a size.
func recording(program string, at size) (*asciicast.Recording, error) {
	f, err := testdata.Open(fmt.Sprintf("testdata/casts/%s-%s.cast.gz", program, at))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s at %s: %w", program, at, err)
	}
	rec, err := asciicast.Decode(zip)
	if err != nil {
		return nil, fmt.Errorf("%s at %s: %w", program, at, err)
	}
	return rec, nil
}

// visit is all that a program printed, from its start to its end.
func visit(program string, at size) ([]byte, error) {
	rec, err := recording(program, at)
	if err != nil {
		return nil, err
	}
	return script.Output(rec, 0, len(rec.Events)), nil
}

// stay is what a program printed until it was about to be left.
func stay(program string, at size) ([]byte, error) {
	rec, err := recording(program, at)
	if err != nil {
		return nil, err
	}
	quit, err := script.Mark(rec, "quit")
	if err != nil {
		return nil, err
	}
	return script.Output(rec, 0, quit), nil
}

// visits are several programs' visits, one after the other.
func visits(at size, programs ...string) ([]byte, error) {
	var all []byte
	for _, program := range programs {
		p, err := visit(program, at)
		if err != nil {
			return nil, err
		}
		all = append(all, p...)
	}
	return all, nil
}

// reference is what tmux showed: the rows of its screen. It is nil when there is
// no such file.
func reference(name string) ([]string, error) {
	text, err := testdata.ReadFile("testdata/screens/" + name + ".txt")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"), err
}

// references are several screens of tmux's, or lines of its history, in a
// compressed file. There, a line with a form feed stands between two of them.
func references(name string) ([][]string, error) {
	f, err := testdata.Open("testdata/screens/" + name + ".gz")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var screens [][]string
	for screen := range strings.SplitSeq(string(text), "\f\n") {
		screens = append(screens, strings.Split(strings.TrimSuffix(screen, "\n"), "\n"))
	}
	return screens, nil
}
