package probe

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"runtime"
	"sync"
	"time"
)

// Agent is the measuring side of a process: its methods are those of
// highwater.Recorder.
type Agent interface {
	Start()
	LoopStart()
	LoopEnd(ops int)
	Checkpoint(name string, op int, steady bool)
	More(ops int) bool
	SteadyEnd()
	TornDown()
}

// Link is the connection to highwater.
type Link struct {
	mu   sync.Mutex
	conn net.Conn
	err  error
	asks chan<- byte
	// Gone is closed when highwater has gone away.
	Gone chan struct{}
}

// Dial connects to the highwater process that the spec names and says hello.
// Scenario describes the workload, as JSON; it may be nil.
func Dial(s Spec, scenario json.RawMessage) (*Link, error) {
	return DialAsked(s, scenario, nil)
}

// DialAsked is Dial for a process of which highwater asks something meanwhile. Asks
// is where that goes.
func DialAsked(s Spec, scenario json.RawMessage, asks chan<- byte) (*Link, error) {
	conn, err := net.Dial("unix", s.Socket)
	if err != nil {
		return nil, fmt.Errorf("connecting to highwater: %w", err)
	}
	l := &Link{conn: conn, asks: asks, Gone: make(chan struct{})}
	go l.watch()
	l.Send(Message{Type: TypeHello, Hello: &Hello{
		Version: Version, PID: os.Getpid(), Go: runtime.Version(), GOOS: runtime.GOOS, GOARCH: runtime.GOARCH,
		GOMAXPROCS: runtime.GOMAXPROCS(0), Scenario: scenario,
	}})
	return l, l.err
}

// watch passes on what highwater asks, one byte at a time, and notices its end:
// the measured process ends with it. To most processes it writes nothing.
func (l *Link) watch() {
	var b [1]byte
	for {
		if n, err := l.conn.Read(b[:]); n == 0 || err != nil || l.asks == nil {
			break
		}
		select {
		case l.asks <- b[0]:
		default: // highwater waits for an answer before it asks again
		}
	}
	close(l.Gone)
}

// answer says that what highwater asked is done. It allocates nothing, since the
// allocations that are counted may have begun.
func (l *Link) answer() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		_, l.err = l.conn.Write(answerLine)
	}
}

var answerLine = []byte(`{"type":"` + TypeAnswer + `"}` + "\n")

// Send writes one message. The first error is kept and later messages are
// dropped: without highwater there is nobody to tell.
func (l *Link) Send(m Message) {
	line, err := json.Marshal(m)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil && l.err == nil {
		_, err = l.conn.Write(append(line, '\n'))
	}
	if l.err == nil {
		l.err = err
	}
}

// Close says that the measurement is complete and ends the connection. It waits
// until highwater has read everything, so that no message is lost when the
// process exits.
func (l *Link) Close() error {
	l.Send(Message{Type: TypeDone})
	l.mu.Lock()
	defer l.mu.Unlock()
	if c, ok := l.conn.(*net.UnixConn); ok {
		_ = c.CloseWrite()
	}
	select {
	case <-l.Gone:
	case <-time.After(10 * time.Second):
	}
	_ = l.conn.Close()
	return l.err
}

// New returns the agent for the spec's pass.
func New(s Spec, l *Link) (Agent, error) {
	switch s.Pass {
	case "exact":
		return newExact(s, l), nil
	case "natural":
		return newNatural(s, l), nil
	case "collector":
		return newCollector(s, l), nil
	case "soak", "live":
		return newSoak(s, l), nil
	}
	return nil, fmt.Errorf("%s: unknown pass %q", EnvSpec, s.Pass)
}
