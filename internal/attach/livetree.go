package attach

import (
	"context"
	"fmt"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/procfs"
)

// liveTree is all that descends from a process.
type liveTree struct {
	*tree
	kernel
}

// LiveTree is all processes that descend from pid, and pid itself where it is to be, on
// Linux; see [Tree]. RSS is the sum of their proportional set sizes.
func LiveTree(pid int, itself bool) (Live, error) {
	if err := supported(); err != nil {
		return nil, err
	}
	t, err := treeIn(procfs.Root, pid, itself)
	if err != nil {
		return nil, err
	}
	return &liveTree{tree: t, kernel: kernelOf(procfs.Root)}, nil
}

func (l *liveTree) Look(ctx context.Context, full bool) (highwater.Snapshot, error) {
	var s highwater.Snapshot
	err := l.settled(ctx, func(pids []int) {
		s = highwater.Snapshot{Source: l.Kind(), Name: l.Name(), At: time.Now(), Lacks: lacking("")}
		if l.itself { // a supervisor is not what is looked at
			s.PID = l.root.pid
		}
		l.all(pids, &s, full)
	})
	if err != nil {
		return highwater.Snapshot{}, err
	}
	return s, nil
}

func (l *liveTree) Collect(context.Context) error {
	return fmt.Errorf("%s: %w", l.Name(), errNoCollect)
}

func (l *liveTree) Profile(_ context.Context, name string) ([]byte, error) {
	return nil, fmt.Errorf("%s: %s: %w", l.Name(), name, errNoProfile)
}
