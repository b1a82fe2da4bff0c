package hosts

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

func TestLimitedMemory(t *testing.T) {
	m := limitedMemory(100).Allocate(10, 1000)
	b := m.Reallocate(10)
	if len(b) != 10 {
		t.Fatalf("%d bytes, want 10", len(b))
	}
	b[9] = 7
	if b = m.Reallocate(100); len(b) != 100 || b[9] != 7 {
		t.Errorf("%d bytes, the tenth of them %d; want 100 and 7", len(b), b[9])
	}
	if b = m.Reallocate(101); b != nil {
		t.Errorf("%d bytes over the limit", len(b))
	}
	if b = m.Reallocate(50); len(b) != 50 {
		t.Errorf("%d bytes after a refusal, want 50", len(b))
	}
	m.Free()
}

// The high-water mark knows of memory that is gone again: sh reads 40 MB, and lets
// them go.
func TestHighWater(t *testing.T) {
	if runtime.GOOS != "linux" {
		if _, err := highWater(os.Getpid()); err == nil {
			t.Error("a figure where there is none to be had")
		}
		return
	}
	cmd := exec.Command("sh", "-c", `x=$(head -c 40000000 /dev/zero | tr '\0' x); unset x; echo done; read end`)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	defer func() {
		_ = in.Close()
		_ = cmd.Wait()
	}()
	if _, err := out.Read(make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	if n, err := highWater(cmd.Process.Pid); n < 40e6 || n > 400e6 || err != nil {
		t.Errorf("high-water mark %d bytes, %v; want at least 40 MB", n, err)
	}
	if _, err := highWater(1 << 30); err == nil || !strings.Contains(err.Error(), "/proc") {
		t.Errorf("a process that is not there: %v", err)
	}
}
