package inspect

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// holding starts the program of testdata/holders.
func holding(t testing.TB, env ...string) *target {
	t.Helper()
	return start(t, buildProgram(t, "holders"), append(env, "GODEBUG=memprofilerate=1")...)
}

// at reports stacks whose innermost line of the program has a mark at its end.
func at(t testing.TB, mark string) func([]highwater.Frame) bool {
	line := sourceOf(t, "holders", mark)
	return func(stack []highwater.Frame) bool {
		i := slices.IndexFunc(stack, func(f highwater.Frame) bool { return strings.HasPrefix(f.Func, "main.") })
		return i >= 0 && stack[i].Line == line
	}
}

func TestHolders(t *testing.T) {
	for _, c := range []struct {
		does    string
		n       int
		mark    string
		objects int64
		kind    highwater.HolderKind
		path    string // all of it
		holds   string // the step that holds them: the beginning of what is shown of it
	}{
		{"map", 1000, "session", 1000, highwater.HolderGlobal, "main.store *main.Store → .sessions map[string]*main.Session → [] *main.Session", "x"},
		{"map", 5, "line", 20, highwater.HolderGlobal, "x", "x"},
		{"slice", 3000, "item", 6000, highwater.HolderGlobal, "x", "x"},
		{"local", 2000, "mine", 2000, highwater.HolderGoroutine, "x", "x"},
		{"closure", 1500, "seen", 1500, highwater.HolderGlobal, "x", "x"},
		{"channel", 800, "job", 1600, highwater.HolderGlobal, "x", "x"},
		{"list", 10_000, "node", 10_000, highwater.HolderGlobal, "x", "x"},
		{"sync", 700, "value", 700, highwater.HolderGlobal, "x", "x"},
		{"interface", 900, "chunk", 900, highwater.HolderGlobal, "x", "x"},
		{"blobs", 500, "blob", 500, highwater.HolderGlobal, "x", "x"},
	} {
		t.Run(c.does+" "+c.mark, func(t *testing.T) {
			prog := holding(t)
			p := prog.open()
			var grown int64
			prog.ask(c.does+" "+strconv.Itoa(c.n), &grown)
			h, err := p.Holders(context.Background(), HoldersOptions{Match: at(t, c.mark)})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("stopped %v, live %d in %d, grown %d", h.Stopped, h.Bytes, h.Objects, grown)
			for _, v := range h.Holders {
				b, _ := json.Marshal(v)
				t.Logf("%s\n%s", v, b)
			}
		})
	}
}
