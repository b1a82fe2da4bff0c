package probe

import (
	"runtime"
	"sync"
)

// The runtime takes small stacks (2 to 16 KiB) from spans of 32 KiB, one kind
// for each size, and StackInuse counts whole spans: a goroutine more could count
// as nothing or as 32 KiB. primeStacks parks a goroutine on a stack of each
// small size for the rest of the process's life, so that a span of each kind,
// with room in it, is part of the baseline.
func primeStacks() { primed.Do(prime) }

var primed sync.Once

func prime() {
	var ready sync.WaitGroup
	for _, kib := range []int{0, 2, 5, 10} {
		ready.Add(1)
		go occupy(kib, &ready)
	}
	ready.Wait()
	primeThreads()
}

// primeThreads makes the runtime start a few threads, which it keeps for reuse.
// Each has a descriptor and a signal stack of 32 KiB that StackInuse counts, and
// one may be started at any time: when a system call blocks, or by the monitor.
func primeThreads() {
	const threads = 8
	var ready, gone sync.WaitGroup
	release := make(chan struct{})
	for range threads {
		ready.Add(1)
		gone.Add(1) // Go 1.24, for which this must compile, has no WaitGroup.Go
		go func() {
			defer gone.Done()
			runtime.LockOSThread() // a locked goroutine that waits keeps its thread
			defer runtime.UnlockOSThread()
			ready.Done()
			<-release
		}()
	}
	ready.Wait()
	close(release)
	gone.Wait()
}

// occupy uses as many KiB of stack, more than a quarter of what it has, which
// keeps the collector from shrinking it, and stays.
//
//go:noinline
func occupy(kib int, ready *sync.WaitGroup) byte {
	var pad [1024]byte
	if kib == 0 {
		ready.Done()
		select {}
	}
	pad[kib] = occupy(kib-1, ready)
	return pad[kib/2]
}

// worker runs the agent's work on a stack of its own. On the workload's
// goroutine it would make that stack grow, and later collections would shrink
// it again, which is not the workload's doing.
type worker chan func()

func newWorker() worker {
	w := make(worker)
	go w.deep(workerDepth)
	return w
}

// workerDepth is how many KiB of its stack the worker occupies for good: more
// than a quarter of 64 KiB, so that the stack, once grown to that by the deepest
// work (encoding JSON), stays as it is.
const workerDepth = 20

//go:noinline
func (w worker) deep(kib int) byte {
	var pad [1024]byte
	if kib == 0 {
		for f := range w {
			f()
		}
		return 0
	}
	pad[kib] = w.deep(kib - 1)
	return pad[kib/2]
}

// do runs f on the worker's stack and waits for it.
func (w worker) do(f func()) {
	done := make(chan struct{})
	w <- func() {
		defer close(done)
		f()
	}
	<-done
}
