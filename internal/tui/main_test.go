package tui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

// The test binary shows a dashboard itself, where a test asks for a real terminal.
func TestMain(m *testing.M) {
	kind := os.Getenv("HIGHWATER_TUI_DEMO")
	if kind == "" {
		os.Exit(m.Run())
	}
	if file := os.Getenv("HIGHWATER_TUI_PID"); file != "" {
		if err := os.WriteFile(file, fmt.Append(nil, os.Getpid()), 0o600); err != nil {
			panic(err)
		}
	}
	d := newDemo(kind)
	o := Options{
		Target: d, Interval: 250 * time.Millisecond, In: os.Stdin, Out: os.Stdout, Environ: os.Environ(),
		Gone: func(err error) bool { return errors.Is(err, errGone) }, Source: os.ReadFile,
	}
	switch kind {
	case "still":
		o.Interval, o.Now = 10*time.Millisecond, d.now
	case "late":
		o.Interval, o.Out = 10*time.Millisecond, panicsLate{os.Stdout}
	}
	err := Run(context.Background(), o)
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// panicsLate is a terminal on which frames that come too early for the last one cannot be
// drawn.
type panicsLate struct{ *os.File }

func (p panicsLate) Write(b []byte) (int, error) {
	if onTimer() {
		panic("a frame that panics")
	}
	return p.File.Write(b)
}

// onTimer reports whether the caller was called by a timer.
func onTimer() bool { return bytes.Contains(debug.Stack(), []byte("time.goFunc")) }

// demo is a target with a memory of its own, which ends in different ways.
type demo struct {
	kind  string
	n     atomic.Int64 // looks so far
	looks []highwater.Snapshot
}

func newDemo(kind string) *demo {
	d := &demo{kind: kind}
	for i := range 256 {
		if kind == "crowd" {
			if i < 2 { // few, so that its memory is the dashboard's
				d.looks = append(d.looks, crowd(i))
			}
			continue
		}
		d.looks = append(d.looks, sample(i))
	}
	runtime.GC()
	return d
}

func (d *demo) Name() string { return "server (pid 1234)" }

func (d *demo) Look(ctx context.Context) (highwater.Snapshot, error) {
	n := int(d.n.Add(1))
	switch {
	case d.kind == "panic" && n > 3:
		panic("a look that panics")
	case d.kind == "hang" && n > 3:
		<-ctx.Done()
		return highwater.Snapshot{}, ctx.Err()
	case d.kind == "end" && n > 3:
		return highwater.Snapshot{}, fmt.Errorf("%w: it exited with status 1", errGone)
	}
	s := d.looks[n%len(d.looks)]
	s.At = noon.Add(time.Duration(n) * 250 * time.Millisecond)
	if d.kind != "crowd" {
		s.At = noon.Add(time.Duration(n) * time.Second)
		return s, nil
	}
	s.SitesAt, s.GroupsAt = s.At.Truncate(time.Second), s.At.Truncate(time.Second) // a profile each second
	return s, nil
}

// stillAfter is how many looks a still demonstration has.
const stillAfter = 120

// now is a time that only looks move on, and stands after some: the picture stands then.
func (d *demo) now() time.Time {
	return noon.Add(time.Duration(min(d.n.Load(), stillAfter)) * time.Second)
}

func (d *demo) Collect(context.Context) error { return errors.New("it is a demonstration") }

func (d *demo) Snapshot(ctx context.Context) (string, highwater.Snapshot, error) {
	s, err := d.Look(ctx)
	return "/runs/demo.json", s, err
}
