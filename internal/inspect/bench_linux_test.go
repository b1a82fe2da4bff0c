package inspect

import (
	"syscall"
	"testing"

	"github.com/highwater-dev/highwater/internal/procfs"
)

// processor reports the CPU time of an operation, which says more than the time that it
// takes where others want the processors too.
func processor(b *testing.B) func() {
	used := func() int64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return u.Utime.Nano() + u.Stime.Nano()
	}
	begun := used()
	return func() { b.ReportMetric(float64(used()-begun)/float64(b.N), "cpu-ns/op") }
}

func BenchmarkOpen(b *testing.B) {
	prog := start(b, build(b))
	defer processor(b)()
	for b.Loop() {
		p, err := Open(procfs.Root, prog.cmd.Process.Pid)
		if err != nil {
			b.Fatal(err)
		}
		_ = p.Close()
	}
}

func BenchmarkRead(b *testing.B) {
	p := start(b, build(b)).open()
	defer processor(b)()
	for b.Loop() {
		if _, err := p.Read(); err != nil {
			b.Fatal(err)
		}
	}
}

// Ten thousand, which wait.
func BenchmarkGoroutines(b *testing.B) {
	prog := start(b, build(b))
	prog.do("many 10000")
	p := prog.open()
	within(b, "all at rest", func() bool {
		_, states, _, err := p.Goroutines()
		return err == nil && states["chan receive"] == 10_000
	})
	defer processor(b)()
	for b.Loop() {
		if _, _, n, err := p.Goroutines(); err != nil || n < 10_000 {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkSites(b *testing.B) {
	prog := start(b, build(b), "GODEBUG=memprofilerate=1")
	prog.do("hold 1000")
	prog.do("gc")
	p := prog.open()
	n := 0
	defer processor(b)()
	for b.Loop() {
		sites, _, err := p.Sites()
		if n = len(sites); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n), "sites")
}
