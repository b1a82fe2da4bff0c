package tui

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/highwater-dev/highwater"
)

var update = flag.Bool("update", false, "write the goldens anew")

// trimmed is a screen without blanks at the end of lines: the chosen row is reversed to its end.
func trimmed(screen string) string {
	return regexp.MustCompile(` +\n`).ReplaceAllString(screen, "\n")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	got = trimmed(got)
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got+"\n"); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// outside is what is seen of a process with no probe and no endpoint.
func outside(second int) highwater.Snapshot {
	s := sample(second)
	no := "the process was not built with the probe; --url sees it where the program serves pprof"
	return highwater.Snapshot{
		Source: highwater.SourceProcess, Name: s.Name, PID: s.PID, At: s.At,
		Memory: highwater.Memory{RSS: s.Memory.RSS, HighWater: s.Memory.HighWater}, Threads: s.Threads, Processes: s.Processes,
		Lacks: map[highwater.Quantity]string{
			highwater.QuantityMemory: no, highwater.QuantityLive: no, highwater.QuantitySites: no, highwater.QuantityAllocated: no,
			highwater.QuantityCycles: no, highwater.QuantityPauses: no, highwater.QuantityGCCPU: no, highwater.QuantityCollect: no,
			highwater.QuantityGoroutines: no, highwater.QuantityStates: no,
			highwater.QuantityFDs: "open /proc/1234/fd: permission denied: run highwater as root",
		},
	}
}

// served is what a pprof endpoint tells of a process on this machine.
func served(second int) highwater.Snapshot {
	s := sample(second)
	s.Source, s.Memory.Live, s.Memory.Limit, s.GC.GOGC, s.Cycles = highwater.SourcePprof, 0, 0, 0, nil
	s.Lacks = map[highwater.Quantity]string{highwater.QuantityLive: "a pprof endpoint tells what the heap holds with its garbage"}
	return s
}

func TestGolden(t *testing.T) {
	looks := minutes(3)
	for _, at := range []struct{ w, h int }{{80, 24}, {200, 60}} {
		for _, c := range []struct {
			name string
			keys []string
		}{
			{"memory", nil},
			{"processes", []string{"2"}},
			{"gc", []string{"3"}},
			{"help", []string{"?"}},
			{"detail", []string{"enter"}},
			{"group", []string{"2", "down", "enter"}},
			{"filter", []string{"/", "j", "s", "o"}},
			{"difference", []string{"s", "s", "d"}},
		} {
			t.Run(fmt.Sprintf("%s_%dx%d", c.name, at.w, at.h), func(t *testing.T) {
				b := newBoard(t, at.w, at.h, looks...)
				if c.name == "difference" { // two snapshots that are two minutes apart
					b = newBoard(t, at.w, at.h, looks[:60]...)
					b.target.looks, b.target.looked = []highwater.Snapshot{sample(60), sample(180)}, 0
				}
				b.press(c.keys...)
				golden(t, fmt.Sprintf("%s_%dx%d", c.name, at.w, at.h), plain(b.screen()))
			})
		}
	}
}

func TestGoldenStates(t *testing.T) {
	looks := minutes(1)
	for name, make := range map[string]func() *board{
		"paused": func() *board {
			b := newBoard(t, 80, 24, looks...)
			b.press("p")
			b.target.looks, b.target.looked = []highwater.Snapshot{sample(100)}, 0
			b.look()
			b.now = b.now.Add(11 * time.Second)
			return b
		},
		"ended": func() *board {
			b := newBoard(t, 80, 24, looks...)
			b.target.err = fmt.Errorf("%w: it exited with status 1", errGone)
			b.look()
			return b
		},
		"lacking": func() *board { return newBoard(t, 80, 24, outside(0), outside(1), outside(2)) },
		"lacking_processes": func() *board {
			b := newBoard(t, 80, 24, outside(0), outside(1), outside(2))
			b.press("2")
			return b
		},
		"lacking_gc": func() *board {
			b := newBoard(t, 80, 24, outside(0), outside(1), outside(2))
			b.press("3")
			return b
		},
		// What is live is not known, and not 0.
		"served": func() *board { return newBoard(t, 80, 24, served(0), served(1), served(2)) },
		"served_gc": func() *board { // nor are there no limits
			b := newBoard(t, 80, 24, served(0), served(1), served(2))
			b.press("3")
			return b
		},
		"served_difference": func() *board {
			b := newBoard(t, 80, 24, served(0), served(60))
			b.target.looks, b.target.looked = []highwater.Snapshot{served(60), served(180)}, 0
			b.press("s", "s", "d")
			return b
		},
		"failing": func() *board {
			b := newBoard(t, 80, 24, looks...)
			b.target.err = errors.New("asking http://localhost:6060/debug/pprof/heap: connection refused")
			b.look()
			return b
		},
		"small":   func() *board { return newBoard(t, 20, 5, looks...) },
		"nothing": func() *board { return newBoard(t, 80, 24) },
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, plain(make().screen())) })
	}
}

// The styles of a dark, a light and a colourless terminal are looked at too: what is in
// reverse or bold, and that nothing has a colour without need.
func TestGoldenStyles(t *testing.T) {
	for name, th := range map[string]*theme{"dark": darkTheme, "light": lightTheme, "mono": monoTheme, "dark16": darkFew, "light16": lightFew} {
		t.Run(name, func(t *testing.T) {
			b := newBoard(t, 80, 24, minutes(1)...)
			b.theme, b.drawn = th, false
			b.press("down")
			golden(t, "styles_"+name, b.screen())
		})
	}
}
