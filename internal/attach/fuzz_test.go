package attach

import (
	"bytes"
	"regexp"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

func FuzzText(f *testing.F) {
	stacks := make([]byte, 64<<10)
	f.Add(string(stacks[:runtime.Stack(stacks, true)]))
	f.Add("goroutine 7 [chan receive, 5 minutes]:\nmain.(*T).f(0x1)\n\t/a b.go:12 +0x1d\ncreated by main.main in goroutine 1\n\t/a.go:3 +0x4\n")
	f.Add("# runtime.MemStats\n# HeapAlloc = 1\n# TotalAlloc = 2\n# Sys = 3\n# HeapReleased = 4\n# Stack = 5 / 6\n")
	f.Add("<tr><td>12</td><td><a href='goroutine?debug=1'>goroutine</a></td></tr>\n")
	var b bytes.Buffer
	_ = pprof.Lookup("heap").WriteTo(&b, 1)
	f.Add(b.String())
	// The most that fits into a figure, in each of them.
	f.Add(regexp.MustCompile(`(= |/ |\[|\d )\d+`).ReplaceAllString(b.String(), "${1}9223372036854775807"))
	for _, name := range []string{"NumGC", "NumForcedGC", "Sys", "GCSys", "TotalAlloc"} {
		f.Add(regexp.MustCompile(`(# `+name+` = )\d+`).ReplaceAllString(b.String(), "${1}9223372036854775807"))
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := readGoroutines(strings.NewReader(text))
		if err == nil {
			sum := 0
			for _, g := range groups(all, true) {
				if sum += g.Count; g.Longest < 0 {
					t.Errorf("%+v", g)
				}
			}
			if sum != len(all) {
				t.Errorf("%d in groups, of %d", sum, len(all))
			}
		}
		counts, _ := readIndex(strings.NewReader(text))
		for name, n := range counts {
			if n < 0 {
				t.Errorf("%s: %d", name, n)
			}
		}
		if r := []rune(shown(text)); len(r) > mostShown {
			t.Errorf("%d characters", len(r))
		}
		if m, err := readMemStats(strings.NewReader(text)); err == nil && m.complete {
			var s highwater.Snapshot
			m.fill(&s)
			known := cycles{seen: true, number: m.cycles - 3}
			known.next(&s, m)
			if s.Memory.Metadata < 0 || len(s.GC.Pauses) > ringSize || len(s.Cycles) > 3 {
				t.Errorf("%+v", s)
			}
		}
		if m, err := readMemStats(strings.NewReader(text)); err == nil && (m.heapAlloc < 0 || m.goal < 0 || m.share < 0 || m.share > 1 || m.complete && len(m.pauses) != ringSize || m.sys < 0 || m.totalAlloc < 0) {
			t.Errorf("%+v", m)
		}
	})
}

func FuzzProfile(f *testing.F) {
	var b bytes.Buffer
	if err := heap.Profile(nil, 4096).Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := heap.Decode(data)
		if err != nil {
			return
		}
		for _, g := range profiled(p) {
			if g.count <= 0 {
				t.Errorf("%+v", g)
			}
		}
		if records, err := heap.Records(p); err == nil {
			heap.Sites(records, 0)
		}
	})
}

func FuzzProgram(f *testing.F) {
	f.Add([]byte("\x7fELF\x02\x01\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := parseProgram(bytes.NewReader(data)); err == nil && p.goVersion == "" {
			t.Errorf("%+v", p)
		}
	})
}
