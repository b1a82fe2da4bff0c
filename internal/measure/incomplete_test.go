package measure

import (
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/target"
)

// What was killed, or met by no look, is missing from the figures of the tree.
func TestIncomplete(t *testing.T) {
	tree := func() *target.Tree {
		return &target.Tree{Main: 1e6, MainSource: "a", Footprint: 2e6, FootprintSource: "b", PSS: 2e6, PSSSource: "c"}
	}
	fill := func(e target.Exit) highwater.Measurement {
		m := highwater.Measurement{Outcome: highwater.Outcome{Status: highwater.StatusOK}}
		fillCommand(&m, e)
		return m
	}
	if m := fill(target.Exit{Tree: tree()}); len(m.Incomplete) > 0 {
		t.Errorf("a tree that ended by itself is incomplete: %v", m.Incomplete)
	}
	m := fill(target.Exit{Tree: tree(), Orphans: []target.Child{{PID: 7, Command: "daemon"}}})
	if m.Incomplete[highwater.TreePSS] == "" || m.Incomplete[highwater.TreeFootprint] == "" || m.Incomplete[highwater.Footprint] != "" {
		t.Errorf("with an orphan that was killed: %v", m.Incomplete)
	}
	missed := tree()
	missed.Missed = 50e6
	m = fill(target.Exit{Tree: missed})
	if m.Incomplete[highwater.TreePSS] == "" || m.Incomplete[highwater.TreeFootprint] != "" {
		t.Errorf("with a process that no look has met: %v", m.Incomplete)
	}
}
