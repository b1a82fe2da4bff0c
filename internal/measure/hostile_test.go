package measure

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/target"
)

// caller is a listener that one process has called already.
type caller struct {
	net.Listener
	conn net.Conn
}

func (c caller) Accept() (net.Conn, error) { return c.conn, nil }

// hear listens to a process that says this and ends.
func hear(text []byte) heard {
	ours, theirs := net.Pipe()
	go func() {
		_, _ = theirs.Write(text)
		theirs.Close()
	}()
	h := listen(caller{conn: ours}, nil, nil, nil)
	_, _ = io.Copy(io.Discard, ours)
	return h
}

// Whatever a process says, there is a measurement, and it can be written.
func FuzzHostileProcess(f *testing.F) {
	f.Add([]byte(`{"type":"baseline","baseline":{}}
{"type":"checkpoint","checkpoint":{"heap":5,"op":1,"steady":true}}
{"type":"checkpoint","checkpoint":{"heap":-9223372036854775808,"in_use":3,"op":1,"steady":true}}
{"type":"checkpoint","checkpoint":{"heap":9223372036854775807,"stacks":1,"op":-7,"steady":true}}
{"type":"peak","peak":{"heap":1,"cycles":-5,"profile":{"rate":-1,"frames":[{"f":"a"}],"records":[{"n":-1,"b":5,"s":[0]},{"n":1,"b":9223372036854775807,"s":[]}]}}}
{"type":"torn-down","torn_down":{"goroutines":[{"count":-3}],"children":["","x"],"missing":["",": ","fds"]}}
{"type":"done"}
`))
	f.Add([]byte(`{"type":"natural","natural":{"ops":-1,"classes":{"total":1},"live_heap":-5,"gc_seconds":1e308,"busy_seconds":1e-308}}
{"type":"collector","collector":{"gc_seconds":1e308,"user_seconds":1e308}}
{"type":"done"}`))
	f.Add([]byte(`{"type":"hello"}{"type":"baseline"}{"type":"checkpoint"}{"type":"peak"}{"type":"torn-down"}{"type":"done"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		h := hear(text)
		for _, pass := range highwater.Passes() {
			m := highwater.Measurement{Scenario: "x", Pass: pass}
			m.Outcome = outcome(h, target.Exit{}, target.Limits{})
			fill(&m, job{pass: pass}, h, target.Exit{}, Options{})
			if _, err := json.Marshal(m); err != nil {
				t.Errorf("%s: %v", pass, err)
			}
			if m.Outcome.Status == highwater.StatusOK && !h.done {
				t.Error("ok, without a done")
			}
		}
	})
}

// A process that is killed in the middle of a message is told by how it ended.
func TestHalfAMessage(t *testing.T) {
	whole := `{"type":"checkpoint","checkpoint":{"op":4}}` + "\n"
	h := hear([]byte(whole + whole[:20]))
	if h.err != nil || h.done || len(h.checkpoints) != 1 {
		t.Errorf("%+v", h)
	}
	for name, text := range map[string]string{
		"nonsense":     `{"type":7}` + "\n",
		"a bad index":  `{"type":"profile","profile":{"records":[{"s":[9]}]}}` + "\n",
		"after an end": `{"type":"done"}` + "\n" + whole[:20],
	} {
		if h := hear([]byte(text)); h.err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// The set-up may begin anew; what was read before does not count.
func TestSecondStart(t *testing.T) {
	var text string
	for _, heap := range []int{10, 20} {
		text += fmt.Sprintf(`{"type":"baseline","baseline":{"heap":%d}}`+"\n"+`{"type":"checkpoint","checkpoint":{"op":%d}}`+"\n", heap, heap)
	}
	if h := hear([]byte(text)); h.baseline.Heap != 20 || len(h.checkpoints) != 1 || h.checkpoints[0].Op != 20 {
		t.Errorf("%+v", h)
	}
}
