package advise

import (
	"math"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

const file = "/src/m/m.go"

// site is one at a line of f, beneath functions of the runtime.
func site(line int, bytes, objects int64, above ...string) highwater.Site {
	where := highwater.Frame{Func: "example.com/m.f", File: file, Line: line}
	s := highwater.Site{Bytes: bytes, Objects: objects, Where: where}
	for _, a := range append([]string{"runtime.mallocgc"}, above...) {
		s.Stack = append(s.Stack, highwater.Frame{Func: a})
	}
	s.Stack = append(s.Stack, where, highwater.Frame{Func: "main.main"})
	return s
}

// measured is a scenario of 100 operations with those allocations, and live sites.
func measured(allocated, live, retained []highwater.Site) Evidence {
	var total int64
	for _, s := range allocated {
		total += s.Bytes
	}
	for i := range allocated {
		allocated[i].Share = float64(allocated[i].Bytes) / float64(total)
	}
	return Evidence{Measurements: []highwater.Measurement{
		{Pass: highwater.PassNatural, Outcome: highwater.Outcome{Status: highwater.StatusOK}, GC: &highwater.GCWork{CPUShare: 0.08, Cycles: 20, Busy: 0.5}},
		{Pass: highwater.PassExact, Outcome: highwater.Outcome{Status: highwater.StatusOK}, Allocated: allocated, AllocatedOps: 100, Sites: live, Retained: retained},
	}}
}

func withCode(e Evidence, text string, line int, escapes ...Escape) Evidence {
	e.Code = map[Line]Code{{file, line}: {Text: text, First: 1, Escapes: escapes}}
	return e
}

// first is the first advice, which must be of the kind.
func first(t *testing.T, e Evidence, kind Kind) Advice {
	t.Helper()
	all := Advise(e)
	if len(all) == 0 || all[0].Kind != kind {
		t.Fatalf("got %+v, want %s first", all, kind)
	}
	if a := all[0]; len(a.Evidence) == 0 || a.How == "" || a.Found == "" || a.Title == "" {
		t.Errorf("something is not said: %+v", a)
	}
	return all[0]
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-6*math.Max(1, math.Abs(want)) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestPreallocateSlice(t *testing.T) {
	s := site(7, 0, 0, "runtime.growslice")
	for size := int64(64); size <= 8192; size *= 2 { // each of 100 slices grows from 64 B to 8 KiB
		s.Sizes = append(s.Sizes, highwater.SizeUse{Size: size, Objects: 100})
		s.Bytes += 100 * size
		s.Objects += 100
	}
	a := first(t, measured([]highwater.Site{s}, nil, nil), KindPreallocate)
	near(t, "bytes", a.SavedAllocBytes, 8192-64)
	near(t, "objects", a.SavedObjects, 7)
	near(t, "CPU", a.SavedCPU, 0.08*8128/16320)
	if a.Severity != Major || a.Lines[0].Line != 7 || a.Per != PerOp {
		t.Errorf("got %+v", a)
	}
	// Copies of whole slices have sizes too, and are no growth.
	const text = "package m\n\nfunc f(b []byte) {\n\tfor {\n\n\n\t\tsink = append([]byte(nil), b...)\n\t}\n}\n"
	for _, a := range Advise(withCode(measured([]highwater.Site{s}, nil, nil), text, 7)) {
		if a.Kind == KindPreallocate {
			t.Errorf("copies are taken for growth: %+v", a)
		}
	}
	// Without the sizes nothing is known.
	s.Sizes = nil
	if a := first(t, measured([]highwater.Site{s}, nil, nil), KindPreallocate); a.Known || a.Severity != Minor || a.SavedAllocBytes != 0 {
		t.Errorf("a saving of unknown size: %+v", a)
	}
}

// The buffer of a library is not for the user to size.
func TestOwnBuffer(t *testing.T) {
	grow := func(above ...string) Evidence {
		s := site(7, 0, 0, append([]string{"runtime.growslice", "bytes.growSlice", "bytes.(*Buffer).grow", "bytes.(*Buffer).Write"}, above...)...)
		for size := int64(64); size <= 8192; size *= 2 {
			s.Sizes = append(s.Sizes, highwater.SizeUse{Size: size, Objects: 100})
			s.Bytes += 100 * size
			s.Objects += 100
		}
		return measured([]highwater.Site{s}, nil, nil)
	}
	first(t, grow(), KindPreallocate)
	if a := first(t, grow("fmt.Fprintf"), KindPreallocate); a.SavedAllocBytes != 8128 {
		t.Errorf("a buffer that fmt writes into: %+v", a)
	}
	for _, a := range Advise(grow("encoding/json.(*encodeState).string", "encoding/json.Marshal")) {
		if a.Kind == KindPreallocate {
			t.Errorf("the buffer of encoding/json: %+v", a)
		}
	}
}

// Tables split in two at their largest: one map of four tables has gone through
// 2·4−1 of them.
func TestPreallocateMap(t *testing.T) {
	const groups = "internal/runtime/maps.newGroups"
	grown := site(9, 0, 0, groups, "internal/runtime/maps.(*table).grow", "runtime.mapassign_fast64")
	for _, size := range []int64{1152, 2304, 4864} {
		grown.Sizes = append(grown.Sizes, highwater.SizeUse{Size: size, Objects: 100})
		grown.Bytes += 100 * size
		grown.Objects += 100
	}
	left := site(9, 3*100*4864, 300, groups, "internal/runtime/maps.(*table).split", "runtime.mapassign_fast64")
	right := site(9, 3*100*4864, 300, groups, "internal/runtime/maps.(*table).split", "runtime.mapassign_fast64")
	a := first(t, measured([]highwater.Site{grown, left, right}, nil, nil), KindPreallocate)
	near(t, "bytes", a.SavedAllocBytes, 1152+2304+3*4864)
	if !strings.Contains(a.How, "make(map") {
		t.Errorf("got %+v", a)
	}
}

func TestReuse(t *testing.T) {
	a := first(t, measured([]highwater.Site{site(5, 100*65536, 100, "runtime.makeslice")}, nil, nil), KindReuse)
	near(t, "bytes", a.SavedAllocBytes, 65536-655.36)
	if a.Severity != Major {
		t.Errorf("got %+v", a)
	}
	for name, e := range map[string]Evidence{
		"a cache":       measured([]highwater.Site{site(5, 6000*2048, 6000, "runtime.makeslice")}, []highwater.Site{site(5, 200*2048, 200, "runtime.makeslice")}, nil),
		"what is live":  measured([]highwater.Site{site(5, 100*65536, 100, "runtime.makeslice")}, []highwater.Site{site(5, 100*65536, 100, "runtime.makeslice")}, nil),
		"small objects": measured([]highwater.Site{site(5, 100*64, 100, "runtime.newobject")}, nil, nil),
		"mixed sizes":   measured([]highwater.Site{site(5, 704*1861, 704, "runtime.makeslice")}, nil, nil),
		"once in all":   measured([]highwater.Site{site(5, 65536, 1, "runtime.makeslice")}, nil, nil),
	} {
		if all := Advise(e); len(all) > 0 {
			t.Errorf("%s: %+v", name, all)
		}
	}
}

func TestConversion(t *testing.T) {
	a := first(t, measured([]highwater.Site{
		site(5, 100*48*100, 100*100, "runtime.slicebytetostring"),
		site(6, 100*200, 100, "runtime.makeslice"),
	}, nil, nil), KindConversion)
	near(t, "bytes", a.SavedAllocBytes, 4800)
	near(t, "objects", a.SavedObjects, 100)
	f := first(t, measured([]highwater.Site{
		site(5, 100*48*100, 100*100, "runtime.slicebytetostring", "fmt.Sprintf"),
		site(5, 100*8*100, 100*100, "runtime.convT64"),
	}, nil, nil), KindConversion)
	near(t, "bytes of fmt", f.SavedAllocBytes, 5600)
	if !strings.Contains(f.Title, "fmt") || strings.Contains(f.Title, "boxing") || f.Severity != Major {
		t.Errorf("got %+v", f)
	}
	boxed := first(t, measured([]highwater.Site{
		site(5, 100*48*100, 100*100, "runtime.slicebytetostring"),
		site(5, 100*16*100, 100*100, "runtime.convTstring"),
	}, nil, nil), KindConversion)
	near(t, "bytes of a string that is boxed", boxed.SavedAllocBytes, 6400)
	if !strings.Contains(boxed.Title, "boxing as an interface and string(bytes)") {
		t.Errorf("got %+v", boxed)
	}
	kept := measured([]highwater.Site{site(5, 100*48, 100, "runtime.slicebytetostring")}, []highwater.Site{site(5, 90*48, 90, "runtime.slicebytetostring")}, nil)
	if all := Advise(kept); len(all) > 0 {
		t.Errorf("strings that live on: %+v", all)
	}
}

func TestEscape(t *testing.T) {
	e := measured([]highwater.Site{site(5, 100*208*10, 1000, "runtime.newobject")}, nil, nil)
	const text = "package m\n"
	a := first(t, withCode(e, text, 5, Escape{What: "p", Moved: true, Because: "&p (address-of)"}), KindEscape)
	near(t, "bytes", a.SavedAllocBytes, 2080)
	if !slices.ContainsFunc(a.Evidence, func(s string) bool { return strings.Contains(s, "the variable p is moved to the heap") }) {
		t.Errorf("got %q", a.Evidence)
	}
	if all := Advise(withCode(e, text, 5, Escape{What: "&T{...}", Because: "&T{...} (return, m.go:5)"})); len(all) > 0 {
		t.Errorf("a constructor: %+v", all)
	}
	if all := Advise(withCode(e, text, 5)); len(all) > 0 {
		t.Errorf("without a diagnostic: %+v", all)
	}
}

func TestPinned(t *testing.T) {
	const text = `package m

func f() {
	const head = 64
	buf := make([]byte, 64<<10)
	read(buf)
	kept = append(kept, buf[:head])
}
`
	live := []highwater.Site{site(5, 100*65536, 100, "runtime.makeslice")}
	e := measured([]highwater.Site{site(5, 100*65536, 100, "runtime.makeslice")}, live, nil)
	a := first(t, withCode(e, text, 5), KindPinned)
	near(t, "bytes", float64(a.SavedBytes), 100*(65536-64))
	if a.Severity != Major || a.Lines[1].Line != 7 {
		t.Errorf("got %+v", a)
	}
	unknown := strings.ReplaceAll(text, "buf[:head]", "buf[:n]")
	if a := first(t, withCode(e, unknown, 5), KindPinned); a.Known || a.Severity != Minor {
		t.Errorf("a length that nobody knows: %+v", a)
	}
	for name, change := range map[string]string{"the whole": "buf", "most of it": "buf[:60000]", "a copy": "bytes.Clone(buf[:head])"} {
		if all := Advise(withCode(e, strings.ReplaceAll(text, "buf[:head]", change), 5)); len(all) > 0 {
			t.Errorf("%s: %+v", name, all)
		}
	}
}

func TestOutlived(t *testing.T) {
	const groups = "internal/runtime/maps.newGroups"
	table, values := site(5, 1<<20, 8, groups, "runtime.mapassign_fast64"), site(6, 10000*64, 10000, "runtime.newobject")
	few := site(6, 100*64, 100, "runtime.newobject")
	a := first(t, measured(nil, []highwater.Site{table, values}, []highwater.Site{table, few}), KindMap)
	near(t, "bytes", float64(a.SavedBytes), math.Floor(1<<20*0.99))
	if a.Lines[0].Line != 5 {
		t.Errorf("got %+v", a)
	}
	if all := Advise(measured(nil, []highwater.Site{table, values}, []highwater.Site{table, values})); len(all) > 0 {
		t.Errorf("a full map: %+v", all)
	}
}

func TestStacks(t *testing.T) {
	const text = "package m\n\nconst size = 16 << 10\n\nfunc f() {\n\tvar b [size]byte\n\twait(b[:])\n}\n"
	s := highwater.Snapshot{
		Goroutines: 1010, Memory: highwater.Memory{Stacks: 1010 * 32768, Live: 1 << 20, Limit: 1},
		Groups: []highwater.GoroutineGroup{{Count: 1000, Created: highwater.Frame{Func: "main.main"}, Stack: []highwater.Frame{{Func: "runtime.gopark"}, {Func: "example.com/m.f", File: file, Line: 7}}}},
	}
	e := Evidence{Snapshots: []highwater.Snapshot{s}}
	if a := first(t, e, KindStacks); a.Known || a.Severity != Minor {
		t.Errorf("without the source: %+v", a)
	}
	a := first(t, withCode(e, text, 7), KindStacks)
	near(t, "bytes", float64(a.SavedBytes), 1000*(32768-2048))
	if a.Lines[0].Line != 6 || a.Severity != Major {
		t.Errorf("got %+v", a)
	}
	if w := Wanted(e); len(w) != 1 || w[0].Line != 7 {
		t.Errorf("code is wanted of %v", w)
	}
	s.Memory.Stacks = 1010 * 4096
	if all := Advise(Evidence{Snapshots: []highwater.Snapshot{s}}); len(all) > 0 {
		t.Errorf("small stacks: %+v", all)
	}
}

func TestLayout(t *testing.T) {
	const text = "package m\n\nfunc f() {\n\tall = append(all, &entry{id: 1})\n}\n"
	e := withCode(measured(nil, []highwater.Site{site(4, 10000*64, 10000, "runtime.newobject")}, nil), text, 4)
	e.Structs = []Struct{{Name: "example.com/m.other", Size: 64, Best: 40}, {Name: "example.com/m.entry", Size: 56, Best: 40, Order: []string{"id", "ok"}}}
	a := first(t, e, KindLayout)
	near(t, "bytes", float64(a.SavedBytes), 10000*(64-48))
	// What was sampled is rounded: a byte less in all, and the mean is 63 B.
	rounded := withCode(measured(nil, []highwater.Site{site(4, 10000*64-1, 10000, "runtime.newobject")}, nil), text, 4)
	rounded.Structs = e.Structs
	first(t, rounded, KindLayout)
	// 56 and 52 B take the same.
	e.Structs[1].Best = 52
	if all := Advise(e); len(all) > 0 {
		t.Errorf("padding that costs nothing: %+v", all)
	}
}

// The worked example of go.dev/doc/gc-guide: 10 MiB live, GOGC from 100 to 200 doubles the
// headroom from 10 to 20 MiB and halves the collector's time.
func TestModel(t *testing.T) {
	m := Model{Live: 10 << 20, GOGC: 100, Share: 0.2}
	near(t, "peak", float64(m.Peak(100)), 20<<20)
	near(t, "peak at 200", float64(m.Peak(200)), 30<<20)
	near(t, "share at 200", m.ShareAt(200), 0.125/1.125)
	near(t, "share at 100", m.ShareAt(100), 0.2)
	small := Model{Live: 1 << 20, GOGC: 100, Share: 0.2}
	near(t, "the least heap", float64(small.Peak(100)), 4<<20)
	s := highwater.Snapshot{Memory: highwater.Memory{Live: 10 << 20, Limit: 1}, GC: highwater.Collector{GOGC: 100, GCSeconds: 2, UserSeconds: 8}}
	a := first(t, Evidence{Snapshots: []highwater.Snapshot{s}}, KindCollector)
	if !strings.Contains(a.How, "GOGC=300") || a.Severity != Moderate {
		t.Errorf("got %+v", a)
	}
	// A collector that has next to nothing to do: by half of a GOGC that somebody has raised
	// 40 MiB · 2 are saved; the runtime's own is worth no more than a word.
	for gogc, want := range map[int]Severity{400: Moderate, 100: Minor} {
		s.Memory.Live = 40 << 20
		s.GC = highwater.Collector{GOGC: gogc, GCSeconds: 0.001, UserSeconds: 8}
		a := first(t, Evidence{Snapshots: []highwater.Snapshot{s}}, KindCollector)
		near(t, "bytes", float64(a.SavedBytes), float64(gogc)/2/100*40*(1<<20))
		if a.Severity != want {
			t.Errorf("GOGC=%d: %+v", gogc, a)
		}
	}
}

func TestLimits(t *testing.T) {
	s := highwater.Snapshot{Memory: highwater.Memory{Live: 50 << 20, Total: 120 << 20, RSS: 130 << 20, HighWater: 200 << 20}}
	a := first(t, Evidence{Snapshots: []highwater.Snapshot{s}}, KindLimit)
	if !strings.Contains(a.How, "240 MiB") || !strings.Contains(a.How, "GOMEMLIMIT=206MiB") || a.Severity != Minor || a.Known {
		t.Errorf("got %+v", a)
	}
	if !strings.HasPrefix(a.Title, "there is no GOMEMLIMIT") {
		t.Errorf("got %q", a.Title)
	}
	s.Source = highwater.SourcePprof
	if a := first(t, Evidence{Snapshots: []highwater.Snapshot{s}}, KindLimit); !strings.HasPrefix(a.Title, "if there is no GOMEMLIMIT") {
		t.Errorf("an endpoint does not tell limits, and %q", a.Title)
	}
	// Where nobody tells what is live, what the sites hold may not come under the limit.
	s.Memory.Live, s.Lacks = 0, map[highwater.Quantity]string{highwater.QuantityLive: "an endpoint does not tell"}
	for bytes, want := range map[int64]int{50e6: 1, 230e6: 0} {
		s.Sites = []highwater.SiteUse{{Site: site(4, bytes, 10, "runtime.makeslice")}}
		all := Advise(Evidence{Snapshots: []highwater.Snapshot{s}})
		if len(all) != want || want > 0 && !strings.Contains(all[0].Evidence[1], "50.0 MB are live, as the heap profile has it") {
			t.Errorf("%d bytes in sites: %+v", bytes, all)
		}
	}
}

// Without evidence there is no advice.
func TestNothing(t *testing.T) {
	for _, e := range []Evidence{{}, {Snapshots: []highwater.Snapshot{{}}}, {Measurements: []highwater.Measurement{{Pass: highwater.PassExact}}}} {
		if all := Advise(e); len(all) > 0 {
			t.Errorf("got %+v", all)
		}
	}
}

func TestSizeClasses(t *testing.T) {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs-by-size:bytes"}}
	metrics.Read(sample)
	// Buckets are [low, high): a class is one less than a boundary.
	var got []int64
	for _, b := range sample[0].Value.Float64Histogram().Buckets {
		if b > 1 && !math.IsInf(b, 0) {
			got = append(got, int64(b)-1)
		}
	}
	if !slices.Equal(got, sizeClasses) {
		t.Errorf("the runtime has the size classes %v", got)
	}
	for size, want := range map[int64]int64{0: 0, 1: 8, 49: 64, 32768: 32768, 32769: 40960, 65536: 65536} {
		if got := class(size); got != want {
			t.Errorf("class of %d: %d, want %d", size, got, want)
		}
	}
}
