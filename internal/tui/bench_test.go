package tui

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/highwater-dev/highwater"
)

// crowd is a process with 10,000 goroutines in 300 groups, and 2,000 sites.
func crowd(quarter int) highwater.Snapshot {
	s := sample(quarter / 4)
	s.At = noon.Add(time.Duration(quarter) * 250 * time.Millisecond)
	s.Sites, s.Groups = nil, nil
	for i := range 2000 {
		f := highwater.Frame{Func: fmt.Sprintf("example.org/server/pkg%d.(*Type%d).Method", i%40, i), File: fmt.Sprintf("/src/server/pkg%d/file.go", i%40), Line: i}
		s.Sites = append(s.Sites, highwater.SiteUse{
			Site:      highwater.Site{Bytes: int64(2_000_000 - i*900), Objects: 100, Where: f, Stack: []highwater.Frame{f, f, f}, Fingerprint: fmt.Sprint(i)},
			Allocated: highwater.Allocated{Bytes: int64(i * quarter)},
		})
	}
	for i := range 300 {
		f := highwater.Frame{Func: fmt.Sprintf("example.org/server/pool%d.New", i), File: "/src/server/pool/pool.go", Line: i}
		s.Groups = append(s.Groups, highwater.GoroutineGroup{Count: 33, State: "select", Created: f, Stack: []highwater.Frame{f}, Fingerprint: fmt.Sprint(i)})
	}
	return s
}

// BenchmarkFrame is one look with its frame at 200x60, brought to the terminal: what is done
// four times a second besides looking. 3 % of a core at four looks a second are 7.5 ms.
func BenchmarkFrame(b *testing.B) {
	for t, name := range tabNames {
		b.Run(name[2:], func(b *testing.B) {
			m := newModel(context.Background(), Options{Target: &fake{name: "server"}})
			m.Update(tea.WindowSizeMsg{Width: 200, Height: 60})
			m.tab = tab(t)
			looks := make([]highwater.Snapshot, 64)
			for i := range looks {
				looks[i] = crowd(i)
			}
			for i := range 600 { // a full chart
				s := looks[i%len(looks)]
				s.At = noon.Add(time.Duration(i) * 250 * time.Millisecond)
				m.see(m.watch.add(s, nil))
			}
			p := program{m, &screen{out: io.Discard, up: true}}
			b.ReportAllocs()
			i := 600
			for b.Loop() {
				s := looks[i%len(looks)]
				s.At = noon.Add(time.Duration(i) * 250 * time.Millisecond)
				s.SitesAt, s.GroupsAt = s.At.Truncate(time.Second), s.At.Truncate(time.Second)
				m.Update(lookedMsg{view: m.watch.add(s, nil)})
				if p.View(); p.screen.want == "" {
					b.Fatal("an empty frame")
				}
				i++
			}
		})
	}
}
