package session_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/examples/session"
	"github.com/highwater-dev/highwater/memtest"
)

// packets are the input of all sessions, made before any is measured. A package
// variable lives as long as the process: input that died before the tear-down
// would be taken off what the sessions fail to give back.
var packets = traffic(2000)

// traffic is what a busy room of 40 authors sends, the same every time.
func traffic(messages int) [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	packets := make([][]byte, messages)
	for i := range packets {
		packets[i] = fmt.Appendf(nil, "user%02d: %s", r.IntN(40), strings.Repeat("word ", 1+r.IntN(30)))
	}
	return packets
}

// room is the usual workload: set-up, sessions, a loop.
func room(m *memtest.M) {
	m.Start() // what is there by now, packets among it, does not count
	sessions := make([]*session.Session, m.Sessions())
	for i := range sessions {
		sessions[i] = session.New(200)
		m.Cleanup(sessions[i].Close)
	}
	m.KeepAlive(sessions)
	for m.Loop() {
		for _, s := range sessions {
			for _, p := range packets[:500] {
				s.Deliver(p)
			}
		}
	}
}

// TestSteadyRoom fails when a session needs more than its budget, when memory
// keeps growing although the history is full, or when a closed session leaves
// something behind.
func TestSteadyRoom(t *testing.T) {
	memtest.Run(t, room, memtest.Sessions(20), memtest.Ops(40),
		memtest.MaxPeak("64KB"), memtest.MaxSustained("64KB"), memtest.NoLeak())
}

// TestNoWorse fails when a session needs more than it did when the baseline was
// made, also where that is within the budget. After an intended change:
//
//	HIGHWATER_UPDATE=1 go test -trimpath -run TestNoWorse ./examples/session
//
// With -trimpath the baseline names no folders of the machine that made it.
func TestNoWorse(t *testing.T) {
	options := []memtest.Option{
		memtest.Sessions(20), memtest.Ops(40),
		// What is left holds still, whatever else the machine is doing.
		memtest.Omit(highwater.PassNatural, "footprints depend on the machine"),
		memtest.Omit(highwater.PassCollector, "TestSteadyRoom holds the GC pressure to its limit"),
	}
	// What was measured under other conditions is not compared; see
	// docs/metrics.md. Elsewhere the standard limits alone hold.
	if strings.HasPrefix(runtime.Version(), "go1.26") && runtime.GOARCH == "amd64" && runtime.GOMAXPROCS(0) == 2 {
		options = append(options, memtest.NoRegression("testdata/memory.json"))
	}
	memtest.Run(t, room, options...)
}

// TestReconnect has no loop: it says itself where memory is to be read, and the
// test asserts something of its own. The options' limits hold besides.
func TestReconnect(t *testing.T) {
	r := memtest.Run(t, func(m *memtest.M) {
		m.Start()
		s := session.New(2000)
		m.Cleanup(s.Close)
		for _, p := range packets {
			s.Deliver(p)
		}
		m.Checkpoint("history full")
		history := s.History()
		m.Checkpoint("history copied")
		runtime.KeepAlive(history) // or the compiler lets it go before the checkpoint
		if len(history) != 2000 {
			m.Fatalf("%d messages kept, want 2000", len(history))
		}
		s.Clear()
		m.Checkpoint("cleared")
		m.KeepAlive(s)
	}, memtest.MaxPeak("900KB"))

	// Sending the history must not need a second copy of its texts.
	full, copied := live(r, "history full"), live(r, "history copied")
	if copied > full*3/2 {
		t.Errorf("sending the history takes %d bytes beside the %d that are kept", copied-full, full)
	}
	if cleared := live(r, "cleared"); cleared > 16e3 {
		t.Errorf("a session that was cleared still holds %d bytes", cleared)
	}
}

// live is what was alive at the checkpoint of that name, in bytes; 0 where
// nothing was measured, as under -race.
func live(r *memtest.Result, name string) int64 {
	if r.Report == nil {
		return 0
	}
	for _, m := range r.Report.Run.Measurements {
		for _, c := range m.Checkpoints {
			if m.Pass == highwater.PassExact && c.Name == name {
				return c.Live()
			}
		}
	}
	return 0
}
