package plugin

import "fmt"

// The functions of the guest; see the package documentation.
const (
	fnInit      = "init"
	fnTransform = "transform"
	fnStatus    = "status"
	fnHold      = "hold"
	fnPeek      = "peek"
	fnAsk       = "ask"
	fnSpin      = "spin"
	fnCrash     = "crash"
)

// pattern is what a plugin fills held memory with, over and over.
const pattern = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// heldAt is what peek has to return.
func heldAt(offset int) string {
	at := offset % len(pattern)
	return pattern[at : at+1]
}

// answer is what the host says to a plugin that asks.
func answer(question string) string { return "answer to " + question }

// status is what the plugin must have been through by now.
type status struct {
	name          string
	version       int
	events, bytes int // handled, and their texts together
	held          int // bytes
}

func (s status) String() string {
	return fmt.Sprintf("%s %d %d %d %d", s.name, s.version, s.events, s.bytes, s.held)
}
