package anatomy

import (
	"cmp"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/live"
)

// Hotspot is a line of the program's own code with all that is allocated by it, itself or
// through libraries.
type Hotspot struct {
	// Where is the frame that is nearest to the allocation and of the program's own
	// module; of what no code of it allocates, the site's own. What answers whoever asks for
	// a profile stands at the handler, in one line.
	Where highwater.Frame `json:"where"`
	Own   bool            `json:"own"` // Where is of the program's own module
	// Through is the way from there to the allocation, outermost first, of the site that
	// holds most: functions of libraries, the standard one among them.
	Through []string `json:"through,omitempty"`
	Stacks  int      `json:"stacks"` // how many there are behind it

	Bytes     int64    `json:"live_bytes"`
	Objects   int64    `json:"live_objects"`
	Share     float64  `json:"share"` // of the live bytes of the profile
	Change    int64    `json:"change_bytes"`
	Allocated int64    `json:"allocated_bytes"`
	Made      int64    `json:"allocated_objects"`
	Rate      *float64 `json:"alloc_bytes_per_second,omitempty"`

	Stack       []highwater.Frame `json:"stack,omitempty"` // of the site that holds most
	Fingerprint string            `json:"fingerprint"`     // the same

	// Source are the lines around Where, and Reasons why the compiler puts what it
	// allocates there on the heap; whoever can read the source fills them in.
	Source  []SourceLine `json:"source,omitempty"`
	Reasons []string     `json:"reasons,omitempty"`
	NoCause string       `json:"no_reason,omitempty"` // why there are no Reasons

	most int64 // bytes of the site that Through is of
}

// SourceLine is a line of the program.
type SourceLine struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
	Here   bool   `json:"here,omitempty"` // it is the one that allocates
}

// Hotspots are the lines that hold and allocate, most live bytes first; of equals those
// that allocate most. Their sums are those of the profile: nothing is left out but what
// Options ask to be.
func Hotspots(v live.View, o Options) []Hotspot {
	by := map[highwater.Frame]*Hotspot{}
	total := int64(0)
	for _, s := range v.Sites {
		total += s.Bytes
		if !o.keeps(s.Where, s.Stack) {
			continue
		}
		at, through, own := heap.Own(s.Stack, o.Module)
		if !own {
			at = s.Where
			if asked := slices.IndexFunc(s.Stack, func(f highwater.Frame) bool { return heap.Package(f.Func) == "net/http/pprof" }); asked >= 0 {
				at, through = s.Stack[asked], names(s.Stack[:asked])
			}
		}
		h := by[at]
		if h == nil {
			h = &Hotspot{Where: at, Own: own, most: -1}
			by[at] = h
		}
		h.Stacks++
		h.Bytes += s.Bytes
		h.Objects += s.Objects
		h.Change += s.Change
		h.Allocated += s.Allocated.Bytes
		h.Made += s.Allocated.Objects
		if r := known(s.Rate); r != nil {
			if h.Rate == nil {
				h.Rate = new(float64)
			}
			*h.Rate += *r
		}
		if weight := s.Bytes + s.Allocated.Bytes/1000; weight > h.most {
			h.most, h.Through, h.Stack, h.Fingerprint = weight, through, s.Stack, s.Fingerprint
		}
	}
	all := make([]Hotspot, 0, len(by))
	for _, h := range by {
		h.Share = ratio(h.Bytes, total)
		all = append(all, *h)
	}
	all = Above(all, o.Threshold)
	slices.SortFunc(all, func(a, b Hotspot) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(b.Allocated, a.Allocated), cmp.Compare(a.Where.Func, b.Where.Func),
			cmp.Compare(a.Where.File, b.Where.File), cmp.Compare(a.Where.Line, b.Where.Line))
	})
	return all
}

// names are the functions of a stack, outermost first.
func names(stack []highwater.Frame) []string {
	all := make([]string, len(stack))
	for i, f := range stack {
		all[len(stack)-1-i] = f.Func
	}
	return all
}

// Above are those that hold so many bytes at least, or allocate so many a second.
func Above(all []Hotspot, threshold int64) []Hotspot {
	var out []Hotspot
	for _, h := range all {
		if h.Bytes >= threshold || threshold > 0 && h.Rate != nil && *h.Rate >= float64(threshold) {
			out = append(out, h)
		}
	}
	return out
}

// ByRate sorts those that allocate first, the fastest at the top.
func ByRate(all []Hotspot) []Hotspot {
	out := slices.Clone(all)
	rate := func(h Hotspot) float64 {
		if h.Rate == nil {
			return 0
		}
		return *h.Rate
	}
	slices.SortStableFunc(out, func(a, b Hotspot) int {
		return cmp.Or(cmp.Compare(rate(b), rate(a)), cmp.Compare(b.Allocated, a.Allocated))
	})
	return out
}
