package truth

import (
	"runtime"
	"sync"
	"time"

	"github.com/highwater-dev/highwater"
)

// sink keeps the compiler from putting garbage on the stack.
var sink []byte

var _ = []any{&sink, &left}

// sliceSize is the size of the array behind a slice of n slices: 24 bytes an
// element, rounded up to whole pages of 8 KiB from 32 KiB on, and to a size
// class below (only the ones that occur here).
func sliceSize(n int) int {
	size := 24 * n
	if size > 32<<10 {
		return (size + 8191) &^ 8191
	}
	for _, class := range []int{512, 2048, 2304, 2688, 3072, 4096, 24576, 27264, 28672, 32768} {
		if size <= class {
			return class
		}
	}
	return size
}

// hold allocates n objects of the given size and returns them.
//
//go:noinline
func hold(n, size int) [][]byte {
	all := make([][]byte, n)
	for i := range all {
		all[i] = make([]byte, size)
	}
	return all
}

// burst is hold under another name, so that a profile tells them apart.
//
//go:noinline
func burst(n, size int) [][]byte {
	all := make([][]byte, n)
	for i := range all {
		all[i] = make([]byte, size)
	}
	return all
}

//go:noinline
func garbage(bytes int) {
	for range bytes / medium {
		sink = make([]byte, medium)
	}
	sink = nil
}

func held(m *highwater.M, n, size int) {
	m.Start()
	all := hold(n, size)
	m.KeepAlive(all)
	for m.Loop() {
		runtime.KeepAlive(all)
	}
}

// left is what the retained case fails to give back.
var left [][]byte

func retained(m *highwater.M) {
	m.Start()
	all := hold(20, large)
	m.KeepAlive(all)
	m.Cleanup(func() {
		for i := 2; i < len(all); i++ {
			all[i] = nil
		}
		left = all
	})
	for m.Loop() {
	}
}

func churn(m *highwater.M) {
	m.Start()
	for m.Loop() {
		garbage(100 * medium)
	}
}

// stacks parks goroutines whose stacks have grown to 64 KiB: deep recursion
// needs more than 32 KiB and less than 64.
func stacks(m *highwater.M) {
	m.Start()
	release := make(chan struct{})
	var ready, gone sync.WaitGroup
	for range 64 {
		ready.Add(1)
		gone.Go(func() { deep(40, &ready, release) })
	}
	ready.Wait()
	m.Cleanup(func() {
		close(release)
		gone.Wait()
	})
	for m.Loop() {
	}
}

// deep uses 1 KiB of stack and a little more in each of n calls.
//
//go:noinline
func deep(n int, ready *sync.WaitGroup, release chan struct{}) byte {
	var pad [1024]byte
	if n == 0 {
		ready.Done()
		<-release
		return pad[3]
	}
	pad[n] = deep(n-1, ready, release)
	return pad[n/2]
}

// concurrentBytes is what one goroutine of the concurrent case holds.
var concurrentBytes = int64(1_000_000/small*small + sliceSize(1_000_000/small))

func concurrent(m *highwater.M) {
	m.Start()
	var mu sync.Mutex
	var all [][][]byte
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			mine := hold(1_000_000/small, small)
			mu.Lock()
			all = append(all, mine)
			mu.Unlock()
		})
	}
	wg.Wait()
	m.KeepAlive(&all)
	for m.Loop() {
	}
}

func spike(m *highwater.M, spikeObjects, baseObjects, junk int) {
	m.Start()
	base := hold(baseObjects, medium)
	m.KeepAlive(base)
	for m.Loop() {
		if m.Op() != 4 {
			continue
		}
		garbage(junk)
		all := burst(spikeObjects, medium)
		for end := time.Now().Add(spikeHeld); time.Now().Before(end); {
			runtime.KeepAlive(all)
		}
	}
}
