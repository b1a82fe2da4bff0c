package load

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hinshun/vt10x"
)

// A page says what a screen must show without an emulator. Here is one, to which
// its account is compared, after every update.
func TestPageAgreesWithATerminal(t *testing.T) {
	for _, session := range []int{0, 3, 42, 7999} {
		term := vt10x.New(vt10x.WithSize(cols, rows))
		model, prog := newPage(cols, rows), programOf(session)
		for n := range 3 * rows {
			model.out = model.out[:0]
			prog.update(model, session, n)
			if _, err := term.Write(model.out); err != nil {
				t.Fatal(err)
			}
			var got []string
			for line := range strings.SplitSeq(strings.TrimSuffix(term.String(), "\n"), "\n") {
				got = append(got, strings.TrimRight(strings.ReplaceAll(line, "\x00", " "), " "))
			}
			if err := compare(model.rows, got); err != nil {
				t.Fatalf("session %d, update %d: %v", session, n, err)
			}
		}
	}
}

func TestEveryUpdateLeavesATrace(t *testing.T) {
	for _, session := range []int{0, 1, 2, 4} {
		seen := map[string]int{}
		model, prog := newPage(cols, rows), programOf(session)
		for n := range 300 {
			prog.update(model, session, n)
			// All but what the next update draws over: the field of marks.
			field := fmt.Sprintf("%s", model.rows[markRow:])
			if before, ok := seen[field]; ok {
				t.Fatalf("session %d: updates %d and %d leave the same marks", session, before, n)
			}
			seen[field] = n
		}
	}
}

// A write that reaches the wrong session must show there.
func TestSessionsDiffer(t *testing.T) {
	for n := range 50 {
		seen := map[string]int{}
		for session := range 90 {
			if session%4 == 3 {
				continue
			}
			var p page
			dashboard{}.update(&p, session, n)
			if before, ok := seen[string(p.out)]; ok {
				t.Fatalf("update %d is the same in sessions %d and %d", n, before, session)
			}
			seen[string(p.out)] = session
			if a, b := mark(session, n), mark(session+1, n); a == b {
				t.Fatalf("update %d: sessions %d and %d have the same mark", n, session, session+1)
			}
		}
	}
}

func TestPrintingAllocatesNothing(t *testing.T) {
	for _, prog := range []program{dashboard{}, logger{}} {
		p := page{out: make([]byte, 0, 1<<10)}
		n := 0
		allocs := testing.AllocsPerRun(100, func() {
			p.out = p.out[:0]
			prog.update(&p, 12345, n)
			n++
		})
		if allocs != 0 {
			t.Errorf("%T: %v allocations an update", prog, allocs)
		}
	}
}

func TestClientSeesTheLastHeading(t *testing.T) {
	var p page
	heading(&p, 17, 4)
	first := string(p.out)
	p.out = nil
	heading(&p, 17, 5)
	second := string(p.out)
	for name, c := range map[string]struct {
		sent string
		want string // in the error; "" for none
	}{
		"one":                  {second, ""},
		"two":                  {first + "\r\n" + second, ""},
		"within a frame":       {"\x1b[H\x1b[2Jsess session \x1b[31m" + second + " sessions session 00", ""},
		"colours in between":   {"s\x1b[1mession 000017 up\x1b[0mdate 000\x1b[38;5;1m005", ""},
		"the one before":       {second + first, `last shown "session 000017 update 000004", want "session 000017 update 000005"`},
		"another session's":    {strings.ReplaceAll(second, "17", "71"), `last shown "session 000071 update 000005"`},
		"nothing":              {"", `last shown ""`},
		"within a control":     {"\x1b[session 000017 update 000005", `last shown ""`},
		"broken by other text": {"session 000017 x update 000005", `last shown ""`},
	} {
		for _, piece := range []int{1, 7, 1000} {
			var client client
			for rest := c.sent; rest != ""; {
				n := min(piece, len(rest))
				if _, err := client.Write([]byte(rest[:n])); err != nil {
					t.Fatal(err)
				}
				rest = rest[n:]
			}
			err := client.verify(17, 5)
			if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, in pieces of %d: error %v, want %q", name, piece, err, c.want)
			}
		}
	}
}

func TestSteps(t *testing.T) {
	for n, want := range map[int]string{1: "[1]", 7: "[1 7]", 10: "[1 10]", 50: "[1 10 50]", 1000: "[1 10 100 1000]"} {
		if got := fmt.Sprint(steps(n)); got != want {
			t.Errorf("steps(%d) = %s, want %s", n, got, want)
		}
	}
}
