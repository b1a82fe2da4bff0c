package heap

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestPprofAgrees compares what `go tool pprof` says of a written profile with
// the sites, to the byte.
func TestPprofAgrees(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go command")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "peak.pb.gz")
	if err := Write(path, Profile(sample(), 4096)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(goTool, "tool", "pprof", "-top", "-unit=B", "-nodefraction=0", path)
	cmd.Env = append(cmd.Environ(), "PPROF_TMPDIR="+dir)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go tool pprof: %v\n%s", err, stderr.String())
	}
	want := map[string]int64{}
	for _, s := range Sites(sample(), 0) {
		want[s.Stack[0].Func] += s.Bytes
	}
	got := map[string]int64{}
	for line := range strings.Lines(string(out)) {
		// flat flat% sum% cum cum% name
		fields := strings.Fields(line)
		if len(fields) != 6 || !strings.HasSuffix(fields[0], "B") {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSuffix(fields[0], "B"), 10, 64)
		if err == nil {
			got[fields[5]] = n
		}
	}
	for name, bytes := range want {
		if got[name] != bytes {
			t.Errorf("%s: pprof says %d, sites say %d\n%s", name, got[name], bytes, out)
		}
	}
	if !strings.Contains(string(out), "Type: inuse_space") {
		t.Errorf("pprof does not open the profile by its live bytes:\n%s", out)
	}
}
