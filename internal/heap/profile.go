package heap

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/highwater-dev/highwater"
)

// The sample types of the profiles that Profile makes, named as the runtime's
// own heap profile names them.
const (
	inuseObjects = "inuse_objects"
	inuseSpace   = "inuse_space"
	allocObjects = "alloc_objects"
	allocSpace   = "alloc_space"
)

// Profile makes a pprof heap profile of the records. Rate is the MemProfileRate
// in bytes at which they were sampled; their values are scaled already and are
// taken as they are. Records of one stack become one sample.
func Profile(records []Record, rate int) *profile.Profile {
	b := newBuilder(rate, &profile.ValueType{Type: inuseObjects, Unit: "count"}, &profile.ValueType{Type: inuseSpace, Unit: "bytes"})
	b.p.DefaultSampleType = inuseSpace
	for _, s := range Sites(records, 0) {
		b.sample(allocating(s.Stack), s.Objects, s.Bytes)
	}
	return b.p
}

// UseProfile makes a pprof heap profile with what is live and with what was allocated,
// as runtime/pprof does.
func UseProfile(sites []highwater.SiteUse, rate int) *profile.Profile {
	b := newBuilder(rate,
		&profile.ValueType{Type: allocObjects, Unit: "count"}, &profile.ValueType{Type: allocSpace, Unit: "bytes"},
		&profile.ValueType{Type: inuseObjects, Unit: "count"}, &profile.ValueType{Type: inuseSpace, Unit: "bytes"})
	b.p.DefaultSampleType = inuseSpace
	for _, s := range sites {
		b.sample(allocating(s.Stack), s.Allocated.Objects, s.Allocated.Bytes, s.Objects, s.Bytes)
	}
	return b.p
}

// allocating leaves the runtime's own functions at the top of a stack out, as
// runtime/pprof does: everything is allocated by runtime.mallocgc. A stack of nothing else
// stays as it is.
func allocating(stack []highwater.Frame) []highwater.Frame {
	for i, f := range stack {
		if !strings.HasPrefix(f.Func, "runtime.") && !strings.HasPrefix(f.Func, "internal/runtime/") {
			return stack[i:]
		}
	}
	return stack
}

// GoroutineProfile makes a pprof profile of goroutines: each group is a sample, labelled
// with what it does, and below its stack stands where it was created.
func GoroutineProfile(groups []highwater.GoroutineGroup) *profile.Profile {
	b := newBuilder(1, &profile.ValueType{Type: "goroutine", Unit: "count"})
	b.p.PeriodType = &profile.ValueType{Type: "goroutine", Unit: "count"}
	for _, g := range groups {
		stack := slices.Clone(g.Stack)
		if g.Created.Func != "" {
			stack = append(stack, g.Created)
		}
		s := b.sample(stack, int64(g.Count))
		if g.State != "" {
			s.Label = map[string][]string{"state": {g.State}}
		}
	}
	return b.p
}

func newBuilder(rate int, types ...*profile.ValueType) builder {
	// A mapping that says that everything is symbolised keeps pprof from looking
	// for the binary.
	mapping := &profile.Mapping{
		ID: 1, HasFunctions: true, HasFilenames: true, HasLineNumbers: true, HasInlineFrames: true,
	}
	return builder{
		p: &profile.Profile{
			SampleType: types,
			PeriodType: &profile.ValueType{Type: "space", Unit: "bytes"},
			Period:     int64(rate),
			Mapping:    []*profile.Mapping{mapping},
		},
		functions: map[[2]string]*profile.Function{},
		locations: map[highwater.Frame]*profile.Location{},
	}
}

func (b *builder) sample(stack []highwater.Frame, values ...int64) *profile.Sample {
	s := &profile.Sample{Value: values}
	for _, f := range stack {
		s.Location = append(s.Location, b.location(f))
	}
	b.p.Sample = append(b.p.Sample, s)
	return s
}

// builder keeps the tables of a profile under construction.
type builder struct {
	p         *profile.Profile
	functions map[[2]string]*profile.Function // by name and file
	locations map[highwater.Frame]*profile.Location
}

func (b *builder) location(f highwater.Frame) *profile.Location {
	if l := b.locations[f]; l != nil {
		return l
	}
	key := [2]string{f.Func, f.File}
	fn := b.functions[key]
	if fn == nil {
		fn = &profile.Function{ID: uint64(len(b.p.Function) + 1), Name: f.Func, SystemName: f.Func, Filename: f.File}
		b.functions[key] = fn
		b.p.Function = append(b.p.Function, fn)
	}
	id := uint64(len(b.p.Location) + 1)
	l := &profile.Location{
		ID: id, Mapping: b.p.Mapping[0],
		Line: []profile.Line{{Function: fn, Line: int64(f.Line)}},
	}
	b.locations[f] = l
	b.p.Location = append(b.p.Location, l)
	return l
}

// ErrNotHeap is the error for a profile of another kind, such as of CPU time.
var ErrNotHeap = errors.New("not a heap profile: it has no sample types inuse_objects and inuse_space; " +
	"make one with runtime/pprof, /debug/pprof/heap or highwater itself")

// Records returns what a heap profile says is live, a record for each of its
// samples. It is an error when the profile is of another kind.
func Records(p *profile.Profile) ([]Record, error) {
	return values(p, inuseObjects, inuseSpace, ErrNotHeap)
}

var errOnlyLive = errors.New("the heap profile tells what is live, and not what was allocated: it has no sample types " +
	"alloc_objects and alloc_space")

// allocated are records of what was allocated since the process began.
func allocated(p *profile.Profile) ([]Record, error) {
	return values(p, allocObjects, allocSpace, errOnlyLive)
}

// values are records of two sample types, or the error lacking where there are none such.
func values(p *profile.Profile, ofObjects, ofSpace string, lacking error) ([]Record, error) {
	objects, space := -1, -1
	for i, t := range p.SampleType {
		switch {
		case t.Type == ofObjects:
			objects = i
		case t.Type == ofSpace && t.Unit == "bytes":
			space = i
		}
	}
	if objects < 0 || space < 0 {
		return nil, lacking
	}
	records := make([]Record, 0, len(p.Sample))
	for i, s := range p.Sample {
		if objects >= len(s.Value) || space >= len(s.Value) {
			return nil, fmt.Errorf("heap profile: sample %d has %d values, want %d", i, len(s.Value), len(p.SampleType))
		}
		r := Record{Objects: s.Value[objects], Bytes: s.Value[space]}
		if size := s.NumLabel["bytes"]; len(size) == 1 { // as runtime/pprof has it
			r.Size = max(size[0], 0)
		}
		for _, l := range s.Location {
			r.Stack = append(r.Stack, Frames(l)...)
		}
		records = append(records, r)
	}
	return records, nil
}

// Frames returns the frames of a location, innermost first: more than one where
// calls were inlined, and the bare address where it was not symbolised.
func Frames(l *profile.Location) []highwater.Frame {
	if len(l.Line) == 0 {
		return []highwater.Frame{{Func: fmt.Sprintf("%#x", l.Address)}}
	}
	fs := make([]highwater.Frame, 0, len(l.Line))
	for _, line := range l.Line {
		f := highwater.Frame{Line: int(line.Line)}
		if line.Function != nil {
			f.Func, f.File = withoutTypes(line.Function.Name), line.Function.Filename
		}
		fs = append(fs, f)
	}
	return fs
}

// withoutTypes writes a function's type arguments as the runtime does when it names
// a frame: runtime/pprof writes main.F[go.shape.int] where the probe says
// main.F[...], and the site is the same.
func withoutTypes(name string) string {
	first, last := strings.IndexByte(name, '['), strings.LastIndexByte(name, ']')
	if first < 0 || last < first {
		return name
	}
	return name[:first] + "[...]" + name[last+1:]
}
