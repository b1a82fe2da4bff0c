package attach

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"time"

	"github.com/google/pprof/profile"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

// URLOptions say how an endpoint is asked.
type URLOptions struct {
	// Timeout is how long one answer may take; 0: DefaultTimeout. A reading takes up
	// to five.
	Timeout time.Duration
}

// DefaultTimeout is how long an endpoint may take to answer.
const DefaultTimeout = 10 * time.Second

// endpoint is the net/http/pprof handlers of a process.
type endpoint struct {
	address
	client  *http.Client
	timeout time.Duration
	lacks   map[highwater.Quantity]string
	origins map[string]origin
	ends    [2]net.Addr // of the connection of the last answer: ours, and the other one

	answered  bool  // it has done so before
	allocated int64 // TotalAlloc, which only ever rises in one process
}

// URL is a Go program that serves net/http/pprof, by the address of that:
// http://host:port/debug/pprof (which is the path where it has none), https, or
// unix:/path of a socket. A user and a password in it are sent and never shown.
//
// Every reading forces a collection in the process. Nothing is asked before the
// first one.
func URL(at string, o URLOptions) (Source, error) {
	e, err := open(at, o)
	if err != nil {
		return nil, err
	}
	return e, nil
}

func open(at string, o URLOptions) (*endpoint, error) {
	a, err := parseAddress(at)
	if err != nil {
		return nil, err
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	return &endpoint{address: a, client: a.client(), timeout: o.Timeout, origins: map[string]origin{}}, nil
}

func (e *endpoint) Kind() highwater.SoakSource           { return highwater.SourcePprof }
func (e *endpoint) Name() string                         { return e.shown }
func (e *endpoint) Lacks() map[highwater.Quantity]string { return maps.Clone(e.lacks) }

func (e *endpoint) Close() error {
	e.client.CloseIdleConnections()
	return nil
}

const notFromURL = "a pprof endpoint does not tell; --pid does"

func (e *endpoint) Read(ctx context.Context) (Reading, error) {
	e.lacks = map[highwater.Quantity]string{
		highwater.QuantityRSS: notFromURL, highwater.QuantityOffHeap: notFromURL, highwater.QuantityFDs: notFromURL,
		highwater.QuantityChildren: notFromURL, highwater.QuantityOps: noOperations,
	}
	var r Reading
	// The collection is forced by the first request. The second does not: what it
	// gives is as of the end of the last collection, and that was this one, or one
	// that came by itself since.
	m, err := e.memory(ctx, true)
	if err != nil {
		return Reading{}, err
	}
	if err := e.same(m); err != nil {
		return Reading{}, err
	}
	r.Point.Heap, r.Point.Stacks, r.Point.Runtime = m.heapAlloc, m.stackInuse, max(0, m.sys-m.heapReleased)
	if r.Sites, r.Rate, err = e.sites(ctx); err != nil {
		return Reading{}, err
	}
	all, n, err := e.goroutines(ctx, unknown)
	if err != nil {
		return Reading{}, err
	}
	if all != nil {
		r.Point.Goroutines, r.Goroutines = n, series(groups(all, false))
	}
	r.Point.Threads, err = e.threads(ctx)
	return r, err
}

// same is ErrGone when it is another process by now that answers.
func (e *endpoint) same(m memory) error {
	if e.answered && m.totalAlloc < e.allocated {
		return fmt.Errorf("%s: %w: another one answers at its address now (it has allocated less than before); "+
			"it was restarted, or there are several behind the address, and then one has to be named", e.shown, ErrGone)
	}
	e.answered, e.allocated = true, m.totalAlloc
	return nil
}

// heap is the profile of allocations, nil where the program has none.
func (e *endpoint) heap(ctx context.Context) (*profile.Profile, error) {
	p, err := e.profile(ctx, "heap")
	if err == nil && p.Period <= 0 {
		e.lacks[highwater.QuantitySites] = "the program has switched its memory profile off (runtime.MemProfileRate is 0)"
		return nil, nil
	}
	return p, err
}

// sites are the allocation sites of what the last collection found live.
func (e *endpoint) sites(ctx context.Context) ([]highwater.Site, int, error) {
	p, err := e.heap(ctx)
	if p == nil || err != nil {
		return nil, 0, err
	}
	records, err := heap.Records(p)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", e.url("heap", nil), err)
	}
	// Stacks whose memory has all been freed stay in the profile.
	live := records[:0]
	for _, r := range records {
		if r.Bytes > 0 && r.Objects > 0 {
			live = append(live, r)
		}
	}
	return heap.Sites(live, 0), int(p.Period), nil
}

// threads counts the threads that the runtime has started and that have not ended.
func (e *endpoint) threads(ctx context.Context) (n int, err error) {
	p, err := e.profile(ctx, "threadcreate")
	if errors.Is(err, errNone) {
		e.lacks[highwater.QuantityThreads] = "the program serves no profile threadcreate"
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for _, s := range p.Sample {
		n += count(s)
	}
	return n, nil
}
