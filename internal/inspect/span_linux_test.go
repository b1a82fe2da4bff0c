package inspect

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
)

// The sizes add up to what the program says of itself.
func TestSizeClasses(t *testing.T) {
	prog := start(t, build(t))
	p := prog.open()
	prog.do("gogc -1") // nothing is swept later
	prog.do("hold 5000")
	prog.do("gc")
	var m runtime.MemStats
	prog.ask("memstats", &m)
	figures := prog.figures()
	classes, err := p.SizeClasses()
	if err != nil {
		t.Fatal(err)
	}
	want := func(name string) int64 {
		n, err := figures[name].Int64()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	var used, unused int64
	objects := map[int64]int64{}
	for _, c := range classes {
		used += c.Used
		unused += c.Unused()
		objects[c.Size] += c.Objects
		if c.Unused() < 0 || c.Spans <= 0 || c.Size > 0 && c.Used != c.Size*c.Objects {
			t.Errorf("%+v", c)
		}
	}
	// The program allocates a little when it answers.
	const little = 64 << 10
	in := want("/memory/classes/heap/objects:bytes") + want("/memory/classes/heap/unused:bytes")
	if d := used + unused - in; max(d, -d) > little {
		t.Errorf("the spans have %d bytes, want %d", used+unused, in)
	}
	if d := used - want("/memory/classes/heap/objects:bytes"); max(d, -d) > little {
		t.Errorf("the objects have %d bytes, want %s", used, figures["/memory/classes/heap/objects:bytes"])
	}
	if used < 200<<20 {
		t.Errorf("only %d bytes are in use", used)
	}
	for _, c := range m.BySize[1:] { // the first is of no size
		if d := objects[int64(c.Size)] - int64(c.Mallocs-c.Frees); max(d, -d) > 200 {
			t.Errorf("%d objects of %d bytes, want %d", objects[int64(c.Size)], c.Size, c.Mallocs-c.Frees)
		}
	}
	for i, c := range classes[1:] {
		if before := classes[i]; c.Size != 0 && before.Size > c.Size || before.Size == 0 && c.Size != 0 {
			t.Errorf("%d after %d", c.Size, before.Size)
		}
	}
}

// Another release may lack what is needed, and only this then fails.
func TestNoSpans(t *testing.T) {
	p := start(t, build(t)).open()
	l := *p.layout
	l.span.bits = field{}
	q := *p
	prog := *p.program
	prog.layout = &l
	q.program = &prog
	_, err := q.SizeClasses()
	if want := fmt.Sprintf("%s: %v: its runtime.mspan has no allocBits", p.version, ErrUnknown); !errors.Is(err, ErrUnknown) || err.Error() != want {
		t.Errorf("%v; want %s", err, want)
	}
}
