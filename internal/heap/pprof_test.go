package heap

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/highwater-dev/highwater"
)

// top is what `go tool pprof -top` says of a profile: bytes by function, and all that it
// prints.
func top(t *testing.T, p *profile.Profile, args ...string) (map[string]int64, string) {
	t.Helper()
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go command")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "profile.pb.gz")
	if err := Write(path, p); err != nil {
		t.Fatal(err)
	}
	args = append([]string{"tool", "pprof", "-top", "-unit=B", "-nodefraction=0", "-edgefraction=0", "-nodecount=100000"}, append(args, path)...)
	cmd := exec.Command(goTool, args...)
	cmd.Env = append(cmd.Environ(), "PPROF_TMPDIR="+dir)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go tool pprof: %v\n%s", err, stderr.String())
	}
	got := map[string]int64{}
	for line := range strings.Lines(string(out)) {
		// flat flat% sum% cum cum% name; a name may have blanks and "(inline)" in it
		fields := strings.Fields(line)
		if len(fields) < 6 {
			continue
		}
		flat := strings.TrimSuffix(fields[0], "B")
		n, err := strconv.ParseInt(flat, 10, 64)
		if err == nil && n != 0 {
			got[withoutTypes(strings.TrimSuffix(strings.Join(fields[5:], " "), " (inline)"))] += n
		}
	}
	return got, string(out)
}

// agrees compares what pprof says with the sums of sites, to the byte.
func agrees(t *testing.T, what string, got, want map[string]int64) {
	t.Helper()
	for name, n := range want {
		if n != got[name] {
			t.Errorf("%s: %s: pprof says %d, sites say %d", what, name, got[name], n)
		}
	}
	for name, n := range got {
		if n != want[name] {
			t.Errorf("%s: %s: pprof says %d, sites say %d", what, name, n, want[name])
		}
	}
}

func TestPprofAgrees(t *testing.T) {
	got, out := top(t, Profile(sample(), 4096))
	want := map[string]int64{}
	for _, s := range Sites(sample(), 0) {
		want[allocating(s.Stack)[0].Func] += s.Bytes
	}
	agrees(t, "live", got, want)
	if !strings.Contains(out, "Type: inuse_space") {
		t.Errorf("pprof does not open the profile by its live bytes:\n%s", out)
	}
}

var profiled [][]byte

// TestPprofAgreesWithUses takes a profile that runtime/pprof has made of this process, its
// sites, and the profile made of these.
func TestPprofAgreesWithUses(t *testing.T) {
	defer func(rate int) { runtime.MemProfileRate = rate }(runtime.MemProfileRate)
	runtime.MemProfileRate = 512
	profiled = nil
	for i := range 1000 {
		profiled = append(profiled, make([]byte, 1000+i), bytes.Repeat([]byte("x"), i))
		profiled[0] = append(profiled[0], make([]byte, 300)...)
	}
	runtime.MemProfileRate = 0 // what follows is not of the profile
	runtime.GC()
	var b bytes.Buffer
	if err := pprof.WriteHeapProfile(&b); err != nil {
		t.Fatal(err)
	}
	theirs, err := Decode(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	uses, err := ProfileUses(theirs)
	if err != nil {
		t.Fatal(err)
	}
	live, made := map[string]int64{}, map[string]int64{}
	for _, u := range uses {
		name := u.Stack[0].Func
		if u.Bytes != 0 {
			live[name] += u.Bytes
		}
		if u.Allocated.Bytes != 0 {
			made[name] += u.Allocated.Bytes
		}
	}
	// What else of this process is in the profile is chance; bytes.Repeat is inlined.
	for _, name := range []string{"github.com/highwater-dev/highwater/internal/heap.TestPprofAgreesWithUses", "internal/bytealg.MakeNoZero"} {
		if live[name] == 0 {
			t.Fatalf("%s holds memory, and is not in the profile: %v", name, live)
		}
	}
	for name, p := range map[string]*profile.Profile{"theirs": theirs, "ours": UseProfile(uses, 512)} {
		got, _ := top(t, p, "-sample_index=inuse_space")
		agrees(t, name+", live", got, live)
		got, _ = top(t, p, "-sample_index=alloc_space")
		agrees(t, name+", allocated", got, made)
	}
}

// The runtime's functions that allocate for others are not what allocates.
func TestAllocating(t *testing.T) {
	frames := func(names ...string) (all []highwater.Frame) {
		for _, n := range names {
			all = append(all, highwater.Frame{Func: n})
		}
		return all
	}
	for _, c := range []struct {
		stack []highwater.Frame
		want  string
	}{
		{frames("runtime.mallocgc", "runtime.growslice", "main.f", "runtime.main"), "main.f"},
		{frames("runtime.mapassign", "internal/runtime/maps.(*Map).grow", "main.f"), "main.f"},
		{frames("main.f", "runtime.main"), "main.f"},
		{frames("runtime.malg", "runtime.mstart"), "runtime.malg"},
	} {
		if got := allocating(c.stack)[0].Func; got != c.want {
			t.Errorf("%v: %s, want %s", c.stack, got, c.want)
		}
	}
}
