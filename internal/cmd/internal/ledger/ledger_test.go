package ledger

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type trial struct{ N int }

// A series goes on where it was, also when it was killed in the middle of a line.
func TestGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "results.jsonl")
	for i, want := range []int{0, 2, 4} {
		l, err := Open[trial](path)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.All) != want {
			t.Fatalf("time %d: %d results, want %d", i, len(l.All), want)
		}
		for range 2 {
			if err := l.Add(trial{len(l.All)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(`{"N": 4`); err != nil { // killed here
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	l, err := Open[trial](path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if want := []trial{{0}, {1}, {2}, {3}, {4}, {5}}; !slices.Equal(l.All, want) {
		t.Errorf("got %v", l.All)
	}
}

func TestDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.jsonl")
	if err := os.WriteFile(path, []byte("{\"N\": 1}\nnonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open[trial](path); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v, want the line", err)
	}
}

func TestKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "program")
	seen := map[string]bool{}
	for _, content := range []string{"a", "b"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, more := range [][]string{nil, {"x"}, {"x", "y"}, {"xy"}} {
			k, err := Key(path, more...)
			if err != nil || seen[k] {
				t.Errorf("%s %v: %s, %v", content, more, k, err)
			}
			seen[k] = true
		}
	}
}
