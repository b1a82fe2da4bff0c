package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sampler is a test file that looks at the live heap after every collection while
// the benchmark runs, and keeps the largest less the one at the start. It is the
// independent check of a peak: none of the probe's code takes part. Its language is
// that of the oldest module.
const sampler = `package %s

import (
	"io/ioutil"
	"os"
	"runtime"
	"runtime/metrics"
	"strconv"
)

func init() {
	file := os.Getenv("` + samplerFile + `")
	if file == "" {
		return
	}
	live := func() uint64 {
		sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	first := live()
	highest := first
	var arm func()
	arm = func() {
		// A finalizer runs once, after the collection that found its object dead.
		runtime.SetFinalizer(new([64]byte), func(*[64]byte) {
			if now := live(); now > highest {
				highest = now
				if err := ioutil.WriteFile(file+".new", []byte(strconv.FormatUint(now-first, 10)), 0600); err != nil {
					panic(err)
				}
				// The process may end at any moment: the file is a whole number always.
				if err := os.Rename(file+".new", file); err != nil {
					panic(err)
				}
			}
			arm()
		})
	}
	arm()
}
`

// samplerFile names the variable that says where the sampler writes.
const samplerFile = "PUBLICMODULES_PEAK"

// buildSampled builds the test binary of a package with the sampler in it. Go's
// -overlay puts it there: nothing is written into the module.
func buildSampled(ctx context.Context, dir, pkg, to string) (plain, error) {
	out, err := command(ctx, dir, "go", "list", "-f", "{{.Dir}}\t{{.Name}}", pkg)
	if err != nil {
		return plain{}, err
	}
	folder, name, _ := strings.Cut(strings.TrimSpace(string(out)), "\t")
	source, overlay := filepath.Join(to, "sampler.go"), filepath.Join(to, "overlay.json")
	if err := os.WriteFile(source, fmt.Appendf(nil, sampler, name), 0o600); err != nil {
		return plain{}, err
	}
	replace := map[string]any{"Replace": map[string]string{filepath.Join(folder, "zz_sampler_test.go"): source}}
	text, err := json.Marshal(replace)
	if err != nil {
		return plain{}, err
	}
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		return plain{}, err
	}
	p := plain{file: filepath.Join(to, strings.ReplaceAll(pkg, "/", "_")+".sampled.test"), dir: folder}
	_, err = command(ctx, dir, "go", "test", "-c", "-vet=off", "-overlay="+overlay, "-o", p.file, pkg)
	return p, err
}

// always makes the runtime collect back to back, as it does over its memory limit.
// With gcstoptheworld=1 what is allocated during a collection is not taken for live.
var always = []string{"GODEBUG=gcstoptheworld=1", "GOGC=1", "GOMEMLIMIT=1B", "GOMAXPROCS=1"}

// peakTime bounds a process with the sampler.
const peakTime = 30 * time.Second

// peak runs the benchmark in a fresh process with the sampler and returns what that
// has seen.
func (p plain) peak(ctx context.Context, benchmark string, ops int, to string) (int64, error) {
	file := filepath.Join(to, "peak")
	if err := os.WriteFile(file, []byte("0"), 0o600); err != nil {
		return 0, err
	}
	// Work that waits for the clock may never end while the collector is always busy.
	ctx, cancel := context.WithTimeout(ctx, peakTime)
	defer cancel()
	if _, err := p.run(ctx, append(slices.Clone(always), samplerFile+"="+file), args(benchmark, ops)...); err != nil {
		return 0, err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(string(text), 10, 64)
}
