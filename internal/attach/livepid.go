package attach

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"maps"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/procfs"
)

// PIDOptions say what there is besides the operating system.
type PIDOptions struct {
	// Inside reads the runtime of the process; nil where it cannot be read, and Why
	// says the reason then. [Live.Close] closes it.
	Inside Inside
	Why    string
}

// livePID is one process, and what it has started.
type livePID struct {
	*process
	kernel
	o       PIDOptions
	version string
}

// LivePID is a process by its id, on Linux. What it is made of is of that process alone;
// Processes lists those that it has started too.
func LivePID(pid int, o PIDOptions) (Live, error) {
	if err := supported(); err != nil {
		return nil, err
	}
	return livePIDIn(procfs.Root, pid, o)
}

func livePIDIn(proc procfs.FS, pid int, o PIDOptions) (*livePID, error) {
	p, err := pidIn(proc, pid)
	if err != nil {
		return nil, err
	}
	return &livePID{process: p, kernel: kernelOf(proc), o: o, version: goVersion(proc, pid)}, nil
}

// goVersion is the version of Go that a process's program was built with, "" where it is
// no Go program, or cannot be read.
func goVersion(proc procfs.FS, pid int) string {
	info, err := buildinfo.ReadFile(proc.Executable(pid))
	if err != nil {
		return ""
	}
	return shown(info.GoVersion)
}

func (l *livePID) Kind() highwater.SoakSource {
	if l.o.Inside != nil {
		return highwater.SourceMemory
	}
	return highwater.SourceProcess
}

func (l *livePID) Close() error {
	if l.o.Inside == nil {
		return nil
	}
	return l.o.Inside.Close()
}

func (l *livePID) Look(ctx context.Context, full bool) (highwater.Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return highwater.Snapshot{}, err
	}
	if err := l.alive(ctx); err != nil {
		return highwater.Snapshot{}, err
	}
	s := highwater.Snapshot{Source: l.Kind(), Name: l.Name(), At: time.Now(), Go: l.version, Lacks: lacking(l.o.Why)}
	if l.o.Inside != nil {
		maps.DeleteFunc(s.Lacks, func(q highwater.Quantity, _ string) bool {
			return q != highwater.QuantityOps && q != highwater.QuantityCollect
		})
	}
	l.one(l.process, &s, full)
	if l.o.Inside != nil {
		// The operating system's figures are there all the same when it cannot be read.
		if err := l.o.Inside.Fill(&s, full); err != nil {
			s.Lacks = lacking(fmt.Sprintf("the memory of the process could not be read: %v", err))
		} else if sizer, ok := l.o.Inside.(Sizer); ok && full {
			s.SizeClasses, _ = sizer.SizeClasses() // of a release that is not understood there are none
		}
	}
	// What was read of a process that has ended meanwhile is nothing.
	if err := l.alive(ctx); err != nil {
		return highwater.Snapshot{}, err
	}
	return s, nil
}

func (l *livePID) Collect(context.Context) error { return fmt.Errorf("%s: %w", l.Name(), errNoCollect) }

// Profile makes a profile of the sites, or of the goroutines, where they can be read.
func (l *livePID) Profile(ctx context.Context, name string) ([]byte, error) {
	quantity := map[string]highwater.Quantity{"heap": highwater.QuantitySites, "goroutine": highwater.QuantityStates}[name]
	if l.o.Inside == nil || quantity == "" {
		return nil, fmt.Errorf("%s: %s: %w", l.Name(), name, errNoProfile)
	}
	s, err := l.Look(ctx, true)
	if err != nil {
		return nil, err
	}
	if why := s.Lacks[quantity]; why != "" {
		return nil, fmt.Errorf("%s: there is no %s profile: %s", l.Name(), name, why)
	}
	return ProfileOf(s, name)
}

// ProfileOf makes a profile in pprof's format of what is in a snapshot: of its sites
// ("heap"), or of its groups of goroutines ("goroutine").
func ProfileOf(s highwater.Snapshot, name string) ([]byte, error) {
	p := heap.GoroutineProfile(s.Groups)
	if name == "heap" {
		p = heap.UseProfile(s.Sites, s.Rate)
	}
	p.TimeNanos = s.At.UnixNano()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		return nil, fmt.Errorf("making a %s profile: %w", name, err)
	}
	return b.Bytes(), nil
}
