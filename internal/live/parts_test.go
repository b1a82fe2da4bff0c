package live

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// served is what a pprof endpoint of this machine tells: the heap, and not what of it is
// live.
func served(second float64, heap int64) highwater.Snapshot {
	return look(second, func(s *highwater.Snapshot) {
		s.Memory = highwater.Memory{Heap: heap, InUse: heap + 1e6, Stacks: 2e6, Metadata: 3e6, Free: 1e6, Total: heap + 8e6, Released: 1e6, RSS: heap + 20e6}
		s.Lacks = map[highwater.Quantity]string{highwater.QuantityLive: "an endpoint does not tell"}
	})
}

// A live heap that is not known is not 0: it stands with the rest of the heap.
func TestPartsWithoutLive(t *testing.T) {
	v := history(served(0, 390e6), served(1, 400e6)).View()
	var sum int64
	for i, p := range v.Parts {
		sum += p.Bytes
		switch {
		case p.Name == highwater.PartLive, p.Name == highwater.PartNew:
			t.Errorf("%s is said to be %d bytes", p.Name, p.Bytes)
		case i == 0 && (p.Name != PartHeap || p.Bytes != 400e6 || p.Change != 10e6):
			t.Errorf("the first part is %+v, want 400 MB of %s, 10 MB more", p, PartHeap)
		}
	}
	if sum != 420e6 {
		t.Errorf("the parts add up to %d, and resident memory is 420 MB", sum)
	}
}

// A look that tells what is live and one that does not are set against each other in the
// parts that both have.
func TestPartsOfOneWithoutLive(t *testing.T) {
	knows := served(0, 390e6)
	knows.Lacks, knows.Memory.Live = nil, 170e6
	for name, c := range map[string]Comparison{
		"the later": Compare(knows, served(1, 400e6)), "the earlier": Compare(served(0, 390e6), with(knows, 400e6)), "both": Compare(served(0, 390e6), served(1, 400e6)),
	} {
		if p := c.Parts[0]; p != (Change{PartHeap, 390e6, 400e6}) {
			t.Errorf("%s lacks the live heap: %+v", name, p)
		}
		var by int64
		for _, p := range c.Parts {
			by += p.By()
		}
		if by != 10e6 {
			t.Errorf("%s lacks the live heap: the parts add up to %d, and RSS grew by 10 MB", name, by)
		}
		for _, f := range append(c.Parts[1:], c.Bytes...) {
			if f.Name == highwater.PartLive || f.Name == highwater.PartNew {
				t.Errorf("%s lacks the live heap: %+v", name, f)
			}
		}
	}
	// Nobody knows by how much what is live has changed since a look that did not tell.
	later := with(knows, 400e6)
	for _, p := range partRows(&later, new(served(0, 390e6))) {
		if p.Change != 0 {
			t.Errorf("%+v has changed", p)
		}
	}
}

// with is the snapshot with as large a heap.
func with(s highwater.Snapshot, heap int64) highwater.Snapshot {
	m := served(0, heap).Memory
	m.Live = s.Memory.Live
	s.Memory = m
	return s
}

// Others who read the JSON are not told 0.
func TestMemoryJSON(t *testing.T) {
	s := served(0, 390e6)
	out, err := json.Marshal(MemoryOf(&s))
	if err != nil || !strings.Contains(string(out), `"live_bytes":null`) || strings.Count(string(out), "live_bytes") != 1 || !strings.Contains(string(out), `"heap_bytes":390000000`) {
		t.Errorf("%s, %v", out, err)
	}
	s.Lacks, s.Memory.Live = nil, 170e6
	if out, err := json.Marshal(MemoryOf(&s)); err != nil || !strings.Contains(string(out), `"live_bytes":170000000`) || strings.Contains(string(out), "NoLive") {
		t.Errorf("%s, %v", out, err)
	}
}
