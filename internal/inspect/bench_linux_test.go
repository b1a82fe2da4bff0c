package inspect

import (
	"context"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

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

// Who holds the objects of a heap that is all pointers: for how long the program stands
// still, and what it takes to find out.
func BenchmarkHolders(b *testing.B) {
	for _, megabytes := range []int{10, 200} {
		b.Run(fmt.Sprint(megabytes, " MB"), func(b *testing.B) {
			prog := start(b, buildProgram(b, "holders"), "GODEBUG=memprofilerate=65536")
			prog.do2(fmt.Sprint("large ", megabytes))
			p := prog.open()
			var stops []time.Duration
			report := processor(b)
			for b.Loop() {
				h, err := p.Holders(context.Background(), HoldersOptions{MaxStop: time.Minute})
				if err != nil || h.Bytes < int64(megabytes)*1e6 || h.Holders[0].Root != "main.tree" {
					b.Fatalf("%+v, %v", h, err)
				}
				stops = append(stops, h.Stopped)
			}
			report()
			slices.Sort(stops)
			b.ReportMetric(float64(stops[0])/1e6, "ms-stopped-least")
			b.ReportMetric(float64(stops[len(stops)/2])/1e6, "ms-stopped-median")
		})
	}
}
