package driver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/spf13/cobra"
)

// burning is what a load process prints when it has begun.
const burning = "burning"

// burn is what a load process runs. It is no verb for users: noise --load starts it.
func (a *app) burn() *cobra.Command {
	return &cobra.Command{
		Use:    "burn",
		Short:  "keep a processor and the memory bus busy until standard input ends",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: a.verb(func(cmd *cobra.Command, _ []string) (int, error) {
			if _, err := fmt.Fprintln(a.Stdout, burning); err != nil {
				return 0, err
			}
			var over atomic.Bool
			context.AfterFunc(cmd.Context(), func() { over.Store(true) })
			go func() {
				// The other end belongs to the process that measures: however that
				// ends, this one ends too.
				_, _ = io.Copy(io.Discard, a.Stdin)
				over.Store(true)
			}()
			burn(&over)
			return highwater.ExitOK, nil
		}),
	}
}

// burnBytes is more than the caches of most processors hold, so that half of the work
// is memory traffic.
const burnBytes = 64 << 20

// burn reads and writes memory and calculates, until over.
func burn(over *atomic.Bool) uint64 {
	block := make([]uint64, burnBytes/8)
	x := uint64(1)
	for !over.Load() {
		for i := range block {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
			block[i] += x
		}
	}
	return x
}

// load is the processes that are busy beside a measurement.
type load struct{ all []*busy }

type busy struct {
	cmd   *exec.Cmd
	stdin io.Closer
	ended chan error // what Wait says
}

// startLoad starts n processes and waits until each is busy.
func startLoad(ctx context.Context, n int) (*load, error) {
	l := &load{}
	if n == 0 {
		return l, nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the executable that makes the load, which is this one: %w", err)
	}
	for range n {
		b, err := startBusy(ctx, self)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("--load %d: %w", n, err), l.stop())
		}
		l.all = append(l.all, b)
	}
	return l, nil
}

func startBusy(ctx context.Context, self string) (*busy, error) {
	cmd := exec.CommandContext(ctx, self, "burn")
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start a process: %w", err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start a process: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a process: %w", err)
	}
	line, readErr := bufio.NewReader(stdout).ReadString('\n')
	b := &busy{cmd: cmd, stdin: stdin, ended: make(chan error, 1)}
	go func() { b.ended <- cmd.Wait() }()
	if line != burning+"\n" {
		_ = b.stop() // what it says of a process that did not begin is known
		return nil, fmt.Errorf("a process did not begin to be busy (%w); does this program's main call driver.Main with its arguments?", readErr)
	}
	return b, nil
}

// stop ends the processes. One that has ended before left the measurement without
// its load, which is an error.
func (l *load) stop() error {
	var errs []error
	for _, b := range l.all {
		errs = append(errs, b.stop())
	}
	l.all = nil
	return errors.Join(errs...)
}

// lastPass is how long a load process is given to end: one round over its memory
// takes a fraction of a second, also on a machine that is busy.
const lastPass = 10 * time.Second

func (b *busy) stop() error {
	select {
	case err := <-b.ended:
		return fmt.Errorf("a load process ended before the measurement did (%v): the figures are of less load than was asked for", err)
	default:
	}
	_ = b.stdin.Close() // it ends by that
	select {
	case <-b.ended:
	case <-time.After(lastPass):
		_ = b.cmd.Process.Kill()
		<-b.ended
	}
	return nil
}
