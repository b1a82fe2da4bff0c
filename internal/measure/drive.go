package measure

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/target"
)

// drive uses one process of a program while it is measured: it waits until the
// program is ready, runs the load, asks the probe for readings, and ends the program
// when it does not end by itself. Its methods may be called on nil, for a process
// that is left alone.
type drive struct {
	target.Drive
	pass    highwater.Pass
	waiting *target.Waiting // sees what the program prints
	logs    []*log
	stop    chan struct{} // closed: the program is to end
	conn    chan net.Conn
	answers chan struct{}
	done    chan struct{}   // closed when the last readings are here
	early   <-chan struct{} // closed when a soak is to end before its time; nil otherwise
	once    sync.Once
	steady  int          // readings under load that are kept
	stride  atomic.Int64 // of how many looks one is taken; see thin

	// What has come of it, once the process has ended.
	ready   bool
	failure string // on this side of the process, "" for none
	late    string // what failed after the process had ended by itself
	notes   []string
	took    time.Duration // of the phase in which the program was used
}

// defaultTimeout is how long a process may take when nobody says: a program that is
// to run for a time has that time besides.
func defaultTimeout(d *target.Drive) time.Duration {
	if d == nil || d.Duration == 0 {
		return DefaultTimeout
	}
	return DefaultTimeout + d.Duration
}

func newDrive(j job, o Options, l target.Limits) *drive {
	d := &drive{
		pass: j.pass, stop: make(chan struct{}), conn: make(chan net.Conn, 1),
		answers: make(chan struct{}, 1), done: make(chan struct{}),
	}
	if j.target.Drive != nil {
		d.Drive = *j.target.Drive
	}
	if d.ReadyTimeout == 0 {
		d.ReadyTimeout = target.DefaultReadyTimeout
		if l.Timeout > 0 { // a live process has none
			d.ReadyTimeout = min(d.ReadyTimeout, l.Timeout)
		}
	}
	d.stride.Store(1)
	output := newLog(o.Dir, j, "log")
	d.logs = append(d.logs, output, newLog(o.Dir, j, "load.log"))
	if d.Ready != nil {
		d.waiting = d.Ready.Watch()
	} else {
		d.waiting = target.Ready{}.Watch()
	}
	d.waiting.Next = output
	if j.live != nil && j.live.output != nil {
		d.waiting.Next = j.live.output
	}
	return d
}

// begin uses the process until it ends, which the function that it returns says;
// that waits until all is over.
func (d *drive) begin(ctx context.Context, env []string) (ended func()) {
	if d == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	over := make(chan struct{})
	go func() {
		defer close(over)
		defer close(d.stop)
		d.use(ctx, env)
	}()
	return func() {
		cancel(errEnded)
		<-over
	}
}

// connected is told when the probe is there.
func (d *drive) connected(conn net.Conn) {
	if d != nil {
		d.conn <- conn
	}
}

// hear looks at each message that has been taken into h.
func (d *drive) hear(m probe.Message, h *heard) {
	if d == nil {
		return
	}
	switch m.Type {
	case probe.TypeAnswer:
		select {
		case d.answers <- struct{}{}:
		default: // an answer that nobody has asked for
		}
	case probe.TypeDone:
		d.once.Do(func() { close(d.done) })
	case probe.TypeCheckpoint:
		if m.Checkpoint != nil && m.Checkpoint.Steady {
			d.thin(h)
		}
	}
}

// mostSteady is how many readings under load are kept, evenly spread over the time.
const mostSteady = 64

// thin drops every other reading under load when there are too many, and from then
// on half as many are taken.
func (d *drive) thin(h *heard) {
	if d.steady++; d.steady < mostSteady {
		return
	}
	var kept []probe.Checkpoint
	n := 0
	for _, c := range h.checkpoints {
		if c.Steady {
			if n++; n%2 == 0 {
				continue
			}
		}
		kept = append(kept, c)
	}
	h.checkpoints, d.steady = kept, d.steady-n/2
	d.stride.Store(2 * d.stride.Load())
}

// use does with the process what there is to do.
func (d *drive) use(ctx context.Context, env []string) {
	var conn net.Conn
	select {
	case conn = <-d.conn:
	case <-ctx.Done():
		return
	}
	if d.Ready != nil {
		waiting, cancel := context.WithTimeoutCause(ctx, d.ReadyTimeout, fmt.Errorf("waited for %s", d.ReadyTimeout))
		go func() {
			select {
			case <-d.early:
				cancel()
			case <-waiting.Done():
			}
		}()
		err := d.waiting.Wait(waiting)
		cancel()
		if err != nil {
			d.fail(ctx, "was not ready: "+err.Error())
			return
		}
	}
	if d.pass == highwater.PassLive && d.Load == "" || d.Ready == nil && d.Load == "" && d.Duration == 0 {
		select {
		case <-ctx.Done():
		case <-d.early:
		}
		return
	}
	if d.pass != highwater.PassLive && !d.ask(ctx, conn, probe.AskReady) {
		return
	}
	d.ready = true
	begun := time.Now()
	if d.Load == "" && d.Duration == 0 {
		<-ctx.Done()
		return
	}
	d.underLoad(ctx, conn, env)
	d.took = time.Since(begun)
	if ctx.Err() != nil || d.failure != "" {
		return
	}
	if _, err := conn.Write([]byte{probe.AskEnd}); err != nil {
		return // it is ending
	}
	select {
	case <-d.done:
	case <-ctx.Done():
	}
}

// fail notes what went wrong, after the program's own end or before it.
func (d *drive) fail(ctx context.Context, what string) {
	if ctx.Err() == nil {
		d.failure = what
	} else {
		d.late = what
	}
}

// ask asks the probe and waits for the answer; it reports whether there is one.
func (d *drive) ask(ctx context.Context, conn net.Conn, what byte) bool {
	if _, err := conn.Write([]byte{what}); err != nil {
		<-ctx.Done() // it is ending
		return false
	}
	select {
	case <-d.answers:
		return true
	case <-d.done: // it has ended by itself meanwhile
		<-ctx.Done()
		return false
	case <-ctx.Done():
		return false
	}
}

// How often live memory is looked at under load: at first soon, since a load may be
// short, and never so often that it takes more than a tenth of the time.
const (
	lookFirst = 20 * time.Millisecond
	lookEvery = 100 * time.Millisecond
	lookShare = 10
)

// lastOfLoad is how long a load may go on when the program has ended by itself, and
// how long after a load's failure a program may end that was the reason for it.
const lastOfLoad = time.Second

// underLoad runs the load, or lets the time pass, and takes readings meanwhile.
func (d *drive) underLoad(ctx context.Context, conn net.Conn, env []string) {
	driving, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	loaded := make(chan error, 1)
	if d.Load != "" {
		go func() { loaded <- target.Load(driving, d.Load, d.loadEnv(env), "", d.logs[1]) }()
	}
	var over <-chan time.Time
	if d.Duration > 0 {
		over = time.After(d.Duration)
	}
	look := time.NewTimer(lookFirst)
	defer look.Stop()
	for {
		select {
		case err := <-loaded:
			if err != nil {
				d.loadFailed(ctx, err)
			}
			return
		case <-over:
			d.endLoad(cancel, loaded, fmt.Sprintf("after %s (--duration)", d.Duration))
			return
		case <-d.early:
			d.endLoad(cancel, loaded, "before its time")
			return
		case <-ctx.Done():
			d.programGone(ctx, cancel, loaded)
			return
		case <-look.C:
			begun := time.Now()
			if d.pass == highwater.PassExact && !d.ask(ctx, conn, probe.AskCheckpoint) {
				continue
			}
			look.Reset(max(time.Duration(d.stride.Load())*lookEvery, lookShare*time.Since(begun)))
		}
	}
}

// endLoad ends the load, if there is one, and says when that was.
func (d *drive) endLoad(cancel context.CancelCauseFunc, loaded <-chan error, when string) {
	if d.Load != "" {
		cancel(nil)
		<-loaded
		d.notes = append(d.notes, "the load was ended "+when)
	}
}

// loadFailed finds out whether the load failed because the program has ended, which
// may be known a little later.
func (d *drive) loadFailed(ctx context.Context, err error) {
	select {
	case <-ctx.Done():
		d.late = "the load then failed: " + err.Error()
	case <-time.After(lastOfLoad):
		d.failure = "the load failed: " + err.Error()
	}
}

// programGone waits for a load whose program is no longer there.
func (d *drive) programGone(ctx context.Context, cancel context.CancelCauseFunc, loaded <-chan error) {
	if d.Load == "" {
		return
	}
	wait := lastOfLoad
	if !errors.Is(context.Cause(ctx), errEnded) {
		wait = 0 // highwater itself is to end
	}
	select {
	case err := <-loaded:
		if err != nil {
			d.late = "the load then failed: " + err.Error()
		}
	case <-time.After(wait):
		cancel(errEnded)
		<-loaded
		d.late = "the load was still running then, and was ended"
	}
}

// loadEnv is what the load is told of the program.
func (d *drive) loadEnv(env []string) []string {
	env = append(env[:len(env):len(env)], "HIGHWATER_PASS="+string(d.pass))
	if d.Ready != nil {
		env = append(env, "HIGHWATER_READY="+d.Ready.String())
	}
	return env
}

func (d *drive) close() {
	for _, l := range d.logs {
		l.close()
	}
}

// log is a file beside the profiles that takes what a process prints, up to a
// size. There is none where nothing was printed.
type log struct {
	path string
	file *os.File
	left int
}

// mostLog is how much of it is kept.
const mostLog = 4 << 20

func newLog(dir string, j job, extension string) *log {
	l := &log{left: mostLog}
	if dir != "" {
		l.path = logName(dir, j.target.Info.ID(), string(j.pass)+"."+strconv.Itoa(j.repeat)+"."+extension)
	}
	return l
}

func (l *log) Write(p []byte) (int, error) {
	if l.path != "" && l.file == nil {
		f, err := os.OpenFile(l.path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
		if err != nil {
			l.path = "" // the end of what was printed is in the measurement, if it failed
			return len(p), nil
		}
		l.file = f
	}
	if l.file != nil {
		n, _ := l.file.Write(p[:min(len(p), l.left)])
		l.left -= n
	}
	return len(p), nil
}

func (l *log) close() {
	if l.file != nil {
		_ = l.file.Close()
	}
}
