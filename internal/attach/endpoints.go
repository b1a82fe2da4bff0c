package attach

import (
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/highwater-dev/highwater/internal/procfs"
)

const (
	// probeTimeout is how long a process may take to answer while all are listed.
	probeTimeout = 300 * time.Millisecond
	// mostProbes is at how many addresses one process is asked, and mostAsked how many
	// are asked at a time.
	mostProbes = 8
	mostAsked  = 16
)

// findEndpoints asks those processes that link net/http/pprof where they answer.
func findEndpoints(ctx context.Context, proc procfs.FS, all []GoProcess) {
	if !slices.ContainsFunc(all, func(g GoProcess) bool { return g.Linked }) {
		return
	}
	sockets := listeners(proc)
	var wait sync.WaitGroup
	slots := make(chan struct{}, mostAsked)
	for i := range all {
		if !all[i].Linked {
			continue
		}
		open, err := proc.Inodes(all[i].PID)
		if err != nil {
			continue
		}
		var at []string
		for _, s := range sockets {
			if a := probeAt(s); a != "" && open[s.Inode] && len(at) < mostProbes {
				at = append(at, a)
			}
		}
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			for _, a := range at {
				if ctx.Err() == nil && answers(ctx, a) {
					all[i].Endpoint = a
					return
				}
			}
		})
	}
	wait.Wait()
}

// listeners are the sockets that listen, of TCP first, in the order of their ports: what
// cannot be read is not there.
func listeners(proc procfs.FS) []procfs.Socket {
	tcp, _ := proc.TCP()
	unix, _ := proc.Unix()
	all := slices.DeleteFunc(append(tcp, unix...), func(s procfs.Socket) bool { return !s.Listens || s.Inode == 0 })
	slices.SortStableFunc(all, func(a, b procfs.Socket) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Local.Port(), b.Local.Port()))
	})
	return all
}

// probeAt is the address of a pprof endpoint at a socket that listens; "" for one that
// listens on a network alone: what is asked there may be seen by others.
func probeAt(s procfs.Socket) string {
	if s.Path != "" {
		return "unix:" + s.Path
	}
	a, port := s.Local.Addr(), strconv.Itoa(int(s.Local.Port()))
	switch {
	case a.IsUnspecified() && a.Is4():
		a = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	case a.IsUnspecified():
		// Nearly all of these take IPv4 too, and a machine may have no other.
		return "http://" + net.JoinHostPort("localhost", port) + usual
	case !a.IsLoopback():
		return ""
	}
	return "http://" + net.JoinHostPort(a.String(), port) + usual
}

// answers says that there are profiles at an address.
func answers(ctx context.Context, at string) bool {
	a, err := parseAddress(at)
	if err != nil {
		return false
	}
	client := a.client()
	defer client.CloseIdleConnections()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	request, err := a.request(ctx, "", nil)
	if err != nil {
		return false
	}
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	defer func() { _ = response.Body.Close() }() // nothing was written
	const most = 1 << 20
	counts, err := readIndex(io.LimitReader(response.Body, most))
	_, goroutines := counts["goroutine"]
	return err == nil && response.StatusCode == http.StatusOK && goroutines
}
