package driver

import (
	"context"
	"fmt"

	"github.com/highwater-dev/highwater/internal/inspect"
	"github.com/highwater-dev/highwater/internal/live"
)

// holders stops a process for as long as it takes to read its heap, and says who holds the
// objects of these allocation sites. It tells beforehand that the process will stand still.
func (a *app) holders(ctx context.Context, o *debugOptions, pid int, sites []string) (*inspect.Holding, error) {
	if pid == 0 {
		return nil, usagef("--holders reads the memory of a process of this machine: name it with --pid, or have highwater start it")
	}
	if len(sites) == 0 {
		return nil, nil
	}
	p, err := inspect.Open(procRoot, pid)
	if err != nil {
		return nil, fmt.Errorf("--holders: %w", err)
	}
	defer p.Close()
	if !o.quiet {
		a.warn("process %d stands still while its heap is read, for two seconds at most (--holders)", pid)
	}
	h, err := p.Holders(ctx, inspect.HoldersOptions{Sites: sites, Most: o.most})
	if err != nil {
		return nil, fmt.Errorf("--holders: %w", err)
	}
	return &h, nil
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
