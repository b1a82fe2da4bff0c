package driver

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/attach"
	"github.com/highwater-dev/highwater/internal/inspect"
	"github.com/highwater-dev/highwater/internal/live"
	"github.com/highwater-dev/highwater/internal/stability"
)

// asked is whose objects are looked for in a process, and how many holders are named.
type asked struct {
	sites []string // fingerprints; none: all that the heap profile has sampled
	most  int
	quiet bool
}

// holders stops a process for as long as it takes to read its heap, and says who holds the
// objects of some allocation sites. It tells beforehand that the process will stand still.
func (a *app) holders(ctx context.Context, pid int, q asked) (*inspect.Holding, error) {
	if pid == 0 {
		return nil, usagef("--holders reads the memory of a process of this machine: name it with --pid, or have highwater start it")
	}
	p, err := inspect.Open(procRoot, pid)
	if err != nil {
		return nil, fmt.Errorf("--holders: %w", err)
	}
	defer p.Close()
	if !q.quiet {
		a.warn("process %d stands still while its heap is read, for two seconds at most (--holders)", pid)
	}
	h, err := p.Holders(ctx, inspect.HoldersOptions{Sites: q.sites, Most: q.most})
	if err != nil {
		return nil, fmt.Errorf("--holders: %w", err)
	}
	return &h, nil
}

// mostAsked is how long it may take to say who holds what has grown, the reading of the
// program's debug information included: the process that is asked stays for so long.
const mostAsked = 30 * time.Second

// held says who holds what has grown in a soak so far. A process in which nothing has is
// not stopped; why nobody can be named is in the answer, and no error: the soak is judged
// all the same.
func (k *soaks) held(ctx context.Context, pid int, s *highwater.Soak) *highwater.Held {
	sites, grows := growing(stability.Assess(s, k.policy))
	if !grows {
		return &highwater.Held{Reason: "no memory keeps growing, and the process was not stopped"}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mostAsked)
	defer cancel()
	h, err := k.app.holders(ctx, pid, asked{sites: sites, most: cmp.Or(k.options.most, debugMost), quiet: k.options.quiet})
	if err != nil {
		return &highwater.Held{Reason: strings.TrimPrefix(err.Error(), "--holders: ")}
	}
	return &highwater.Held{Holders: h.Holders, Stopped: h.Stopped}
}

// growing are the fingerprints of the sites that are suspected; there may be none although
// live memory grows.
func growing(r highwater.SoakResult) (sites []string, grows bool) {
	for _, s := range r.Suspects {
		if s.Kind == "site" && s.Site != nil {
			sites = append(sites, s.Fingerprint)
		}
	}
	return sites, len(sites) > 0 || r.Course == highwater.CourseGrowing
}

// answering is the process of this machine that answers at a pprof address, 0 where it is
// not known.
func answering(ctx context.Context, address string) int {
	l, err := attach.LiveURL(address, attach.URLOptions{})
	if err != nil {
		return 0
	}
	defer l.Close()
	s, err := l.Look(ctx, false)
	if err != nil {
		return 0
	}
	return s.PID
}

// topSites are the fingerprints of the sites that hold most.
func topSites(v live.View, want func(live.SiteRow) bool, most int) []string {
	var all []string
	for _, s := range v.Sites {
		if len(all) < most && s.Bytes > 0 && want(s) {
			all = append(all, s.Fingerprint)
		}
	}
	return all
}
