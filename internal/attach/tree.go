package attach

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/procfs"
)

// tree is all that descends from a process.
type tree struct {
	root   *process
	itself bool // the root is part of it
	seen   bool // there has been a process
	lacks  map[highwater.Quantity]string
}

// Tree is all processes that descend from pid, and pid itself where it is to be, on
// Linux. RSS is the sum of their proportional set sizes, so that what they share
// counts once; descriptors and threads are summed, and Children is the number of
// processes. A supervisor is left out of what it supervises: the first reading waits
// for it to start something.
func Tree(pid int, itself bool) (Source, error) {
	if err := supported(); err != nil {
		return nil, err
	}
	return treeIn(procfs.Root, pid, itself)
}

func treeIn(proc procfs.FS, pid int, itself bool) (*tree, error) {
	root, err := pidIn(proc, pid)
	if err != nil {
		return nil, err
	}
	return &tree{root: root, itself: itself}, nil
}

func (t *tree) Kind() highwater.SoakSource           { return highwater.SourceProcess }
func (t *tree) Name() string                         { return t.root.name + " and all that it started" }
func (t *tree) Lacks() map[highwater.Quantity]string { return maps.Clone(t.lacks) }
func (t *tree) Close() error                         { return nil }

// mostTries is how often a tree is read in which processes are being started.
const mostTries = 8

func (t *tree) Read(ctx context.Context) (r Reading, err error) {
	err = t.settled(ctx, func(pids []int) { r = t.weigh(pids) })
	if err != nil {
		return Reading{}, err
	}
	return r, nil
}

// settled has the living processes of the tree read. They are read one after the other:
// one that is forked meanwhile would be counted with pages that were its parent's alone a
// moment ago, so that such a reading is not used. What never stops starting processes is
// read as well as it can be.
func (t *tree) settled(ctx context.Context, read func(pids []int)) error {
	tries := 0
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		if err := ctx.Err(); err != nil {
			return err
		}
		living, how, err := t.living(ctx)
		switch {
		case err != nil:
			return err
		case len(living) == 0 && t.seen:
			return gone(t.Name(), how)
		case len(living) > 0:
			t.seen = true
			read(living)
			now, _, err := t.living(ctx)
			started := func(pid int) bool { return !slices.Contains(living, pid) }
			if tries++; err != nil || tries == mostTries || !slices.ContainsFunc(now, started) {
				return err
			}
		}
		select { // nothing has been started yet, or things come and go
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// living lists the processes of the tree that have not ended, and says how one of
// them has.
func (t *tree) living(ctx context.Context) (pids []int, how string, err error) {
	proc := t.root.proc
	err = t.root.alive(ctx)
	switch {
	case err != nil:
		return nil, "", err
	case t.itself:
		pids = append(pids, t.root.pid)
	}
	for _, pid := range proc.Descendants(t.root.pid) {
		switch state := proc.State(pid); {
		case state == 0, state == 'X':
		case state == 'Z':
			how = proc.Ending(pid)
		case !t.seen && !t.itself && procfs.ShareMemory(pid, proc.Parent(pid)):
			// It is still in the memory of the supervisor that starts it.
		default:
			pids = append(pids, pid)
		}
	}
	return pids, how, nil
}

// weigh adds up the processes.
func (t *tree) weigh(pids []int) Reading {
	proc := t.root.proc
	t.lacks = map[highwater.Quantity]string{
		highwater.QuantityLive: noLive, highwater.QuantitySites: noLive, highwater.QuantityGoroutines: noLive,
		highwater.QuantityOffHeap: noOffHeap, highwater.QuantityOps: noOperations,
	}
	p := highwater.SoakPoint{Children: len(pids)}
	for _, pid := range pids {
		if !procfs.ShareMemory(pid, proc.Parent(pid)) {
			p.RSS += weight(proc, pid)
		}
		if s, err := proc.Status(pid); err == nil {
			p.Threads += s.Threads
		}
	}
	var why string
	if p.FDs, why = together(pids, proc.FDs); why != "" {
		t.lacks[highwater.QuantityFDs] = why
	}
	return Reading{Point: p}
}
