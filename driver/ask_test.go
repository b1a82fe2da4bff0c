package driver

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// What is typed is taken by whole lines, and no more of them than it needs: on a
// terminal, what is left is run by the shell.
func TestAsksForWholeLines(t *testing.T) {
	ours, theirs, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	defer ours.Close()
	defer theirs.Close()
	const question = "which? "
	positive := func(n int) bool { return n > 0 }
	for _, c := range []struct {
		typed, left string
		want        int
		said        []string
	}{
		{"xecho LEFTOVER\n12\necho next\n", "echo next\n", 12, []string{"xecho LEFTOVER is no number"}},
		{"0\n12 13\n7\n", "", 7, []string{"0 is no number", "12 13 is no number"}},
		{"\necho next\n", "echo next\n", 0, nil},
		{"abc\n\n", "", 0, []string{"abc is no number"}},
	} {
		if _, err := io.WriteString(ours, c.typed+"mark\n"); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		a := &app{Config: Config{Stdin: theirs, Stdout: &out}}
		got, err := a.asks(t.Context(), question, "is no number", positive)
		if err != nil || got != c.want {
			t.Errorf("%q: %d, %v, want %d", c.typed, got, err, c.want)
		}
		said := strings.Split(strings.TrimSuffix(strings.ReplaceAll(out.String(), question, ""), "\n"), "\n")
		if out.String() == question {
			said = nil
		}
		if strings.Join(said, "|") != strings.Join(c.said, "|") {
			t.Errorf("%q: said %q, want %q", c.typed, said, c.said)
		}
		left := ""
		for one := make([]byte, 1); !strings.HasSuffix(left, "mark\n"); left += string(one) {
			if _, err := theirs.Read(one); err != nil {
				t.Fatal(err)
			}
		}
		if left != c.left+"mark\n" {
			t.Errorf("%q: %q is left, want %q", c.typed, left, c.left)
		}
	}
	// Where the input ends, so do the questions.
	var out bytes.Buffer
	a := &app{Config: Config{Stdin: strings.NewReader("abc"), Stdout: &out}}
	if got, err := a.asks(t.Context(), question, "is no number", positive); got != 0 || err != nil || !strings.HasSuffix(out.String(), "abc is no number\n") {
		t.Errorf("%d, %v, %q", got, err, out.String())
	}
}
