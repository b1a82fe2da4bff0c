package anatomy

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

func frame(function string, line int) highwater.Frame {
	return highwater.Frame{Func: function, File: "/src/" + function[strings.LastIndexByte(function, '.')+1:] + ".go", Line: line}
}

func use(bytes, allocated int64, stack ...highwater.Frame) highwater.SiteUse {
	u := highwater.SiteUse{Site: highwater.Site{Bytes: bytes, Objects: bytes / 100, Stack: stack, Where: stack[0]}}
	for _, f := range stack {
		if !strings.HasPrefix(f.Func, "runtime.") && !strings.HasPrefix(f.Func, "bytes.") {
			u.Where = f
			break
		}
	}
	for _, f := range stack {
		u.Fingerprint += f.Func
	}
	u.Allocated = highwater.Allocated{Bytes: allocated, Objects: allocated / 100}
	return u
}

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// look is a process that holds what the sites say.
func look(second int, memory highwater.Memory, sites ...highwater.SiteUse) highwater.Snapshot {
	at := noon.Add(time.Duration(second) * time.Second)
	return highwater.Snapshot{Source: highwater.SourceMemory, Name: "server (pid 1)", PID: 1, At: at, Memory: memory, Sites: sites, SitesAt: at, Rate: 1}
}

func view(all ...highwater.Snapshot) live.View {
	var h live.History
	for _, s := range all {
		h.Add(s)
	}
	return h.View()
}

var (
	put   = frame("example.com/app/store.Put", 12)
	get   = frame("example.com/app/store.Get", 40)
	grow  = frame("bytes.growSlice", 249)
	write = frame("bytes.(*Buffer).Write", 189)
	lib   = frame("example.com/lib.New", 7)
	entry = frame("main.main", 3)
)

func TestHotspots(t *testing.T) {
	v := view(
		look(0, highwater.Memory{}, use(1000, 5000, grow, write, put, entry), use(500, 500, lib, put, entry)),
		look(10, highwater.Memory{}, use(1200, 9000, grow, write, put, entry), use(500, 500, lib, put, entry), use(300, 90000, lib, get, entry), use(70, 70, frame("runtime.malg", 1))),
	)
	all := Hotspots(v, Options{Module: "example.com/app"})
	var total int64
	for _, h := range all {
		total += h.Bytes
	}
	if total != 1200+500+300+70 {
		t.Errorf("the lines hold %d bytes in all, and the profile 2070", total)
	}
	top := all[0]
	if top.Where != put || !top.Own || top.Bytes != 1700 || top.Stacks != 2 || top.Change != 200 || *top.Rate != 400 {
		t.Errorf("%+v", top)
	}
	if want := []string{write.Func, grow.Func}; !slices.Equal(top.Through, want) {
		t.Errorf("it allocates through %q, want %q", top.Through, want)
	}
	if last := all[len(all)-1]; last.Own || last.Where.Func != "runtime.malg" {
		t.Errorf("what nobody's code allocates is laid to %+v", last)
	}
	if fastest := ByRate(all)[0]; fastest.Where != get || *fastest.Rate != 9000 {
		t.Errorf("the fastest is %+v", fastest)
	}
	// Without the module's path nothing is anybody's own.
	for _, h := range Hotspots(v, Options{}) {
		if h.Own {
			t.Errorf("%s is of a module that is not known", h.Where.Func)
		}
	}
	if kept := Hotspots(v, Options{Threshold: 400}); len(kept) != 2 {
		t.Errorf("%d lines hold 400 bytes or allocate as much a second, want 2", len(kept))
	}
}

func TestAnalyse(t *testing.T) {
	m := highwater.Memory{
		Live: 20e6, Heap: 60e6, InUse: 90e6, Goal: 80e6, Stacks: 30e6, Metadata: 5e6, Free: 40e6, Total: 170e6, Released: 5e6, RSS: 250e6, Limit: 175e6, Files: 5e6,
	}
	s := look(5, m, use(15e6, 1, put, entry), use(1e6, 1, lib, entry))
	s.Goroutines = 5000
	s.Groups = []highwater.GoroutineGroup{{Count: 4000, State: "chan receive", Created: put, Longest: 5 * time.Minute}}
	a := Analyse(view(look(0, m, s.Sites...), s), Options{Module: "example.com/app"})
	var sum int64
	for _, p := range a.Parts {
		sum += p.Bytes
		if p.What == "" {
			t.Errorf("%s: nobody says what is in it", p.Name)
		}
	}
	if p, ok := a.part(PartFiles); !ok || p.Bytes != 5e6 {
		t.Errorf("of files: %+v", p)
	}
	if sum != m.RSS {
		t.Errorf("the parts add up to %d, and resident memory is %d", sum, m.RSS)
	}
	if p := a.Packages[0]; p.Path != "example.com/app/store" || !p.Own || p.Bytes != 15e6 {
		t.Errorf("%+v", p)
	}
	if a.Goroutines.Each != 6000 {
		t.Errorf("a goroutine has %d bytes of stack", a.Goroutines.Each)
	}
	// Everything that is wrong with it is said.
	text := ""
	for _, f := range a.Findings {
		text += f.Text + "\n"
	}
	for _, want := range []string{"94 % of GOMEMLIMIT", "fragmentation: 30.0 MB of 90.0 MB", "4000 goroutines created at store.Put", "is not the Go runtime's", "store.Put (Put.go:12) holds 15.0 MB, 94 %"} {
		if !strings.Contains(text, want) {
			t.Errorf("nothing says %q:\n%s", want, text)
		}
	}
	if levels := a.Findings; levels[0].Level == LevelLow || levels[len(levels)-1].Level != LevelLow {
		t.Errorf("the most important is not the first:\n%s", text)
	}
}

// A process in which nothing is wrong has no findings, and one of which nothing is seen
// does not look as if all were well.
func TestAnalyseNothing(t *testing.T) {
	m := highwater.Memory{Live: 4e6, Heap: 5e6, InUse: 5.5e6, Goal: 8e6, Stacks: 3e5, Metadata: 1e6, Free: 1e6, Total: 9e6, RSS: 12e6}
	if a := Analyse(view(look(0, m), look(1, m)), Options{}); len(a.Findings) != 0 {
		t.Errorf("%+v", a.Findings)
	}
	s := highwater.Snapshot{Source: highwater.SourceProcess, At: noon, Lacks: map[highwater.Quantity]string{highwater.QuantityMemory: "no Go program"}}
	if a := Analyse(view(s), Options{}); len(a.Parts) != 0 || a.Lacks[highwater.QuantityMemory] == "" {
		t.Errorf("%+v", a)
	}
}

// Where the source does not tell what is live, all objects are one part, and nobody is told
// 0 bytes.
func TestAnalyseWithoutLive(t *testing.T) {
	m := highwater.Memory{Heap: 390e6, InUse: 400e6, Goal: 420e6, Stacks: 3e5, Metadata: 1e6, Free: 1e6, Total: 410e6, RSS: 430e6, Files: 5e6}
	s := look(1, m)
	s.Lacks = map[highwater.Quantity]string{highwater.QuantityLive: "an endpoint does not tell"}
	a := Analyse(view(s), Options{})
	var sum int64
	for _, p := range a.Parts {
		sum += p.Bytes
		if p.Name == highwater.PartLive || p.Name == highwater.PartNew || p.What == "" {
			t.Errorf("%+v", p)
		}
	}
	if p, ok := a.part(live.PartHeap); !ok || p.Bytes != 390e6 || sum != m.RSS {
		t.Errorf("the heap is %+v, and the parts add up to %d of %d", p, sum, m.RSS)
	}
	if out, err := json.Marshal(a); err != nil || !strings.Contains(string(out), `"live_bytes":null`) {
		t.Errorf("%s, %v", out, err)
	}
}

// Headroom is told of where both what is live and GOGC are known, and nowhere else: an
// endpoint tells neither, and GOGC is not 0 for that.
func TestGarbage(t *testing.T) {
	m := highwater.Memory{Live: 100e6, Heap: 390e6, InUse: 400e6, Goal: 420e6, Stacks: 3e5, Metadata: 1e6, Free: 1e6, Total: 410e6, RSS: 430e6}
	for name, c := range map[string]struct {
		gogc   int
		noLive string
		want   string
	}{
		"both are known":    {400, "", "with GOGC=400 the heap may grow"},
		"GOGC is off":       {-1, "", "GOGC is off"},
		"GOGC is not known": {0, "", ""},
		"live is not known": {400, "an endpoint does not tell", ""},
		"neither is known":  {0, "an endpoint does not tell", ""},
	} {
		s := look(1, m)
		s.GC.GOGC = c.gogc
		if c.noLive != "" {
			s.Memory.Live, s.Lacks = 0, map[highwater.Quantity]string{highwater.QuantityLive: c.noLive}
		}
		a := Analyse(view(s), Options{})
		text := ""
		for _, f := range a.Findings {
			text += f.Text + " " + f.Advice + "\n"
		}
		if out, err := json.Marshal(a.Collector); err != nil || strings.Contains(string(out), "gogc") != (c.gogc != 0) {
			t.Errorf("%s: %s, %v", name, out, err)
		}
		if said := strings.Contains(text, "GOGC"); said != (c.want != "") || !strings.Contains(text, c.want) {
			t.Errorf("%s: %q, want %q", name, text, c.want)
		}
	}
}
