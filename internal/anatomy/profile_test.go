package anatomy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"runtime/pprof"
	"strings"
	"testing"
	"unicode"

	"github.com/google/pprof/profile"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/anatomy"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/report"
)

// heapOf is a heap profile with these values for each of its samples, all of one function.
func heapOf(types []string, values ...[]int64) *profile.Profile {
	f := &profile.Function{ID: 1, Name: "main.keep\x1b[2J", Filename: "/a b/main.go"}
	at := &profile.Location{ID: 1, Line: []profile.Line{{Function: f, Line: 7}}}
	p := &profile.Profile{Period: 512, Function: []*profile.Function{f}, Location: []*profile.Location{at}}
	for _, t := range types {
		unit := "count"
		if strings.HasSuffix(t, "space") {
			unit = "bytes"
		}
		p.SampleType = append(p.SampleType, &profile.ValueType{Type: t, Unit: unit})
	}
	for _, v := range values {
		p.Sample = append(p.Sample, &profile.Sample{Location: []*profile.Location{at}, Value: v})
	}
	return p
}

var (
	heapTypes = []string{"alloc_objects", "alloc_space", "inuse_objects", "inuse_space"}
	liveTypes = []string{"inuse_objects", "inuse_space"}
)

// grown is a profile of which advice follows: a slice that grows through several sizes, a
// buffer that is made anew, and a map that holds on.
func grown() *profile.Profile {
	p := heapOf(heapTypes)
	add := func(size, made, live int64, functions ...string) {
		s := &profile.Sample{Value: []int64{made, made * size, live, live * size}, NumLabel: map[string][]int64{"bytes": {size}}}
		for _, name := range functions {
			id := uint64(len(p.Function) + 1)
			f := &profile.Function{ID: id, Name: name, Filename: "/src/main.go"}
			l := &profile.Location{ID: id, Line: []profile.Line{{Function: f, Line: int64(id)}}}
			p.Function, p.Location, s.Location = append(p.Function, f), append(p.Location, l), append(s.Location, l)
		}
		p.Sample = append(p.Sample, s)
	}
	for size := int64(8); size <= 4096; size *= 2 {
		add(size, 1<<20, 0, "runtime.growslice", "main.numbers")
	}
	add(65536, 1000, 0, "main.fill[go.shape.int]", "main.main")
	add(272, 64, 64, "internal/runtime/maps.newGroups", "runtime.mapassign", "main.(*store).put")
	return p
}

// What a profile cannot tell is an error that says so, and never an empty answer.
func TestOfProfile(t *testing.T) {
	stripped := heapOf(heapTypes, []int64{5, 500, 5, 500})
	stripped.Function, stripped.Location[0].Line, stripped.Location[0].Address = nil, nil, 0x4711
	for name, c := range map[string]struct {
		p    *profile.Profile
		want string // in the error; "": none
		lack string // in what is not seen
	}{
		"heap":         {heapOf(heapTypes, []int64{5, 500, 5, 500}), "", "and nothing else"},
		"live alone":   {heapOf(liveTypes, []int64{5, 500}), "", "and not what was allocated"},
		"CPU":          {heapOf([]string{"samples", "cpu"}, []int64{5, 500}), "not a heap profile", ""},
		"no samples":   {heapOf(heapTypes), "there is nothing in it", ""},
		"nothing":      {heapOf(heapTypes, []int64{0, 0, 0, 0}), "there is nothing in it", ""},
		"a difference": {heapOf(heapTypes, []int64{5, 500, 5, 500}, []int64{0, 0, -9, -900}), "below zero", ""},
		"no symbols":   {stripped, "", "no names of functions"},
	} {
		v, err := anatomy.OfProfile("x.pb.gz", c.p)
		switch {
		case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "x.pb.gz")):
			t.Errorf("%s: %v, want %q", name, err, c.want)
		case errors.Is(err, heap.ErrNotHeap) != (name == "CPU"):
			t.Errorf("%s: that it is a profile of another kind is told wrongly: %v", name, err)
		case err == nil:
			lacks, _ := json.Marshal(v.Snapshot.Lacks)
			if !strings.Contains(string(lacks), c.lack) {
				t.Errorf("%s: it lacks %s, want %q", name, lacks, c.lack)
			}
		}
	}
}

// FuzzProfile lets debug analyze, hotspots and optimize tell of a profile all that they can.
// It stands here, and not with the command line, since coverage guides it only where there
// is little else to cover.
func FuzzProfile(f *testing.F) {
	var b bytes.Buffer
	_ = pprof.Lookup("heap").WriteTo(&b, 0)
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()/2])
	for _, p := range []*profile.Profile{
		grown(), heapOf(heapTypes, []int64{5, 500, 5, 500}), heapOf(liveTypes, []int64{5, 500}),
		heapOf(heapTypes, []int64{1 << 62, 1 << 62, 1 << 62, 1 << 62}, []int64{1 << 62, 1 << 62, 1 << 62, 1 << 62}), heapOf([]string{"samples", "cpu"}, []int64{5, 500}),
	} {
		b.Reset()
		_ = p.WriteUncompressed(&b)
		f.Add(bytes.Clone(b.Bytes()))
	}
	f.Add([]byte("heap profile: 1: 2 [3: 4] @ heap/8\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := heap.Decode(data)
		if err != nil {
			return
		}
		for _, module := range []string{"", "example.com/m"} {
			tell(t, p, module)
		}
	})
}

// tell renders all that is told of the profile, and checks what must hold of it.
func tell(t *testing.T, p *profile.Profile, module string) {
	t.Helper()
	v, err := anatomy.OfProfile("x.pb.gz", p)
	if err != nil {
		return
	}
	a := anatomy.Analyse(v, anatomy.Options{Module: module})
	all := anatomy.Hotspots(v, anatomy.Options{Module: module})
	sum := int64(0)
	for _, h := range all {
		sum += h.Bytes
	}
	if sum != a.Profiled {
		t.Errorf("lines hold %d, and the profile %d", sum, a.Profiled)
	}
	d := advise.Document{Schema: advise.DocumentSchema, Subjects: []advise.Subject{
		advise.Of(v.Snapshot.Name, "", advise.Evidence{Snapshots: []highwater.Snapshot{v.Snapshot}, Module: module}),
	}}
	for _, paper := range []report.Paper{report.AnatomyPaper(a, 5), report.HotspotPaper(a, all, anatomy.ByRate(all), 5), report.AdvicePaper(d, 5)} {
		for _, format := range report.PaperFormats {
			var text strings.Builder
			if err := paper.Write(&text, format); err != nil {
				t.Fatal(err)
			}
			if i := strings.IndexFunc(text.String(), func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
				t.Errorf("a control character in %s: %q", format, text.String()[max(i-20, 0):min(i+20, text.Len())])
			}
		}
	}
	for _, value := range []any{a, all, d} {
		if err := report.Indented(&strings.Builder{}, value); err != nil {
			t.Errorf("as JSON: %v", err)
		}
	}
}
