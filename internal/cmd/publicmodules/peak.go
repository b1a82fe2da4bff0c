package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// sampler is a test file that reads the live heap without a pause while the benchmark
// runs, and keeps the largest less the one at the start. It is the independent check
// of a peak: none of the probe's code takes part. Its language is that of the oldest
// module.
//
// It starts as the first of the benchmarks, which run in the order of the source: what initialises the package, and its
// TestMain, is over then. A test binary has no end at which to tell: the high-water mark
// lies in a file that is mapped into its memory. When the first benchmark has been printed,
// a second one begins it anew: package testing keeps something for that. What it needs
// between two benchmarks, and at the end, is nobody's peak. Packages whose
// TestMain looks for goroutines that are left (go.uber.org/goleak) are content since it
// ends when testing's M.Run has.
const sampler = `package %s

import (
	"bytes"
	"encoding/binary"
	"os"
	"runtime"
	"runtime/metrics"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

var (
	publicmodulesOnce sync.Once
	publicmodulesAnew int32
)

func ` + startBenchmark + `(b *testing.B) { publicmodulesOnce.Do(publicmodulesSample) }

func ` + zeroBenchmark + `(b *testing.B) {
	runtime.GC()
	atomic.StoreInt32(&publicmodulesAnew, 1)
	for atomic.LoadInt32(&publicmodulesAnew) != 0 {
	}
}

func ` + emptyBenchmark + `(b *testing.B) {
	for i := 0; i < b.N && i < 50; i++ {
		runtime.GC()
	}
}

func ` + emptyParent + `(b *testing.B) { b.Run("` + emptySub + `", ` + emptyBenchmark + `) }

func publicmodulesSample() {
	file, err := os.OpenFile(os.Getenv("` + samplerFile + `"), os.O_RDWR, 0)
	if err != nil {
		panic(err)
	}
	mark, err := syscall.Mmap(int(file.Fd()), 0, 8, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}}
	runtime.GC()
	metrics.Read(sample)
	first := sample[0].Value.Uint64()
	highest := first
	// A benchmark runs as long as testing's runN is on its stack, under that of this
	// one as much as within another.
	stacks := make([]byte, 1<<20)
	at := func(of string) int { return bytes.Count(stacks[:runtime.Stack(stacks, true)], []byte(of)) }
	depth := at("testing.(*B).runN(")
	if strings.Contains(os.Getenv("` + samplerOf + `"), "/") { // within another, which waits for it
		depth++
	}
	go func() {
		runtime.LockOSThread()
		var last, since uint64 // cycles: that of the last look, and that in which it began
		for looked := time.Now(); ; {
			if time.Since(looked) > 50*time.Millisecond {
				if at("testing.(*M).Run(") == 0 {
					return
				}
				looked = time.Now()
			}
			metrics.Read(sample)
			now, cycle := sample[0].Value.Uint64(), sample[1].Value.Uint64()
			if atomic.LoadInt32(&publicmodulesAnew) != 0 {
				first, highest = now, now
				binary.LittleEndian.PutUint64(mark, 1) // it has begun
				atomic.StoreInt32(&publicmodulesAnew, 0)
			}
			if cycle == last && since != 0 {
				continue
			}
			last = cycle
			switch {
			case at("testing.(*B).runN(") < depth:
				since = 0
			case since == 0:
				since = cycle // what was live at its end was before the benchmark
			case cycle > since && now > highest:
				highest = now
				binary.LittleEndian.PutUint64(mark, 1+now-first)
			}
		}
	}()
}
`

// The benchmarks of the sampler's file that do nothing but collect: what it sees of them is
// its own memory and package testing's, which is not the benchmark's. One within another
// has more of that.
const (
	emptyBenchmark = "BenchmarkPublicmodulesEmpty"
	emptyParent    = "BenchmarkPublicmodulesParent"
	emptySub       = "empty"
)

// startBenchmark starts the sampler, and zeroBenchmark has it begin anew. Their file comes
// first, and so do they.
const (
	startBenchmark = "BenchmarkPublicmodulesStart"
	zeroBenchmark  = "BenchmarkPublicmodulesZero"
	samplerName    = "00_publicmodules_test.go"
)

// empty is the benchmark that does nothing, of the same kind as that of this name.
func empty(name string) string {
	if strings.Contains(name, "/") {
		return emptyParent + "/" + emptySub
	}
	return emptyBenchmark
}

// The variables that say where the sampler writes, and of which benchmark.
const (
	samplerFile = "PUBLICMODULES_PEAK"
	samplerOf   = "PUBLICMODULES_OF"
)

// buildSampled builds the test binary of a package with the sampler in it. Go's
// -overlay puts it there: nothing is written into the module.
func buildSampled(ctx context.Context, dir, pkg, to string) (plain, error) {
	out, err := subject.Output(ctx, dir, "go", "list", "-f", "{{.Dir}}\t{{.Name}}", pkg)
	if err != nil {
		return plain{}, err
	}
	folder, name, _ := strings.Cut(strings.TrimSpace(out), "\t")
	source, overlay := filepath.Join(to, "sampler.go"), filepath.Join(to, "overlay.json")
	if err := os.WriteFile(source, fmt.Appendf(nil, sampler, name), 0o600); err != nil {
		return plain{}, err
	}
	replace := map[string]any{"Replace": map[string]string{filepath.Join(folder, samplerName): source}}
	text, err := json.Marshal(replace)
	if err != nil {
		return plain{}, err
	}
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		return plain{}, err
	}
	p := plain{file: filepath.Join(to, strings.ReplaceAll(pkg, "/", "_")+".sampled.test"), dir: folder}
	_, err = subject.Output(ctx, dir, "go", "test", "-c", "-vet=off", "-overlay="+overlay, "-o", p.file, pkg)
	return p, err
}

// often makes the runtime collect whenever the heap has grown by a hundredth or 64
// KiB. With gcstoptheworld=2 nothing is allocated or swept during a collection, so that
// the heap it marks is the live one; the sampler has a processor of its own.
var often = []string{"GODEBUG=gcstoptheworld=2", "GOGC=1", "GOMAXPROCS=2"}

// The sampler can miss a high, and cannot see one that was not there: the highest of
// several processes counts. Each has a deadline, since work that waits for the clock
// may never end while the collector is always busy.
const (
	peakRuns = 3
	peakTime = 4 * time.Minute
)

// peak runs the benchmark in fresh processes with the sampler and returns what that
// has seen.
func (p plain) peak(ctx context.Context, benchmark string, ops int, to string) (highest int64, err error) {
	for range peakRuns {
		one, err := p.peakOnce(ctx, benchmark, ops, to)
		if err != nil {
			return 0, err
		}
		highest = max(highest, one)
	}
	return highest, nil
}

func (p plain) peakOnce(ctx context.Context, benchmark string, ops int, to string) (int64, error) {
	file := filepath.Join(to, "peak")
	if err := os.WriteFile(file, make([]byte, 8), 0o600); err != nil {
		return 0, err
	}
	env := append(slices.Clone(often), samplerFile+"="+file, samplerOf+"="+benchmark)
	if _, err := p.run(ctx, peakTime, env, args(ops, startBenchmark, zeroBenchmark, benchmark)...); err != nil {
		return 0, err
	}
	mark, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	seen := binary.LittleEndian.Uint64(mark)
	if seen == 0 {
		return 0, errors.New("the sampler has not begun")
	}
	return int64(seen - 1), nil
}
