package plugin

import (
	"slices"
	"strings"
	"sync"
)

// payload is an argument of transform with the results that it must have.
type payload struct {
	text string
	want [3]string // by version
}

// payloads are made before the baseline and kept for as long as the process
// lives, so that the suite's own texts count neither as live nor as allocated.
var payloads struct {
	sync.Mutex
	byLength map[int]*payload
}

// text returns the payload of n characters of the kind that a log holds.
func text(n int) *payload {
	payloads.Lock()
	defer payloads.Unlock()
	if p := payloads.byLength[n]; p != nil {
		return p
	}
	const words = "The quick plugin jumps over the lazy host; "
	p := &payload{text: strings.Repeat(words, n/len(words)+1)[:n]}
	p.want[1], p.want[2] = transformed(1, p.text), transformed(2, p.text)
	if payloads.byLength == nil {
		payloads.byLength = map[int]*payload{}
	}
	payloads.byLength[n] = p
	return p
}

// transformed is what transform has to return.
func transformed(version int, text string) string {
	if version == 1 {
		return strings.ToUpper(text)
	}
	reversed := []byte(text)
	slices.Reverse(reversed)
	return string(reversed)
}
