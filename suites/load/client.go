package load

import (
	"bytes"
	"fmt"
	"sync"
)

// clientKeeps is how much of what it is sent a client remembers: more than a
// frame of a whole screen with a colour to each row.
const clientKeeps = 16 << 10

// client looks at a session: it is where the server sends its frames. It
// remembers the end of what it was sent.
type client struct {
	mu   sync.Mutex
	tail []byte // a ring, full from the first byte on
	next int
	got  int64 // bytes in all
}

func newClient() *client { return &client{tail: make([]byte, clientKeeps)} }

// Write is called by the server.
func (c *client) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got += int64(len(p))
	for rest := p[max(0, len(p)-len(c.tail)):]; len(rest) > 0; {
		n := copy(c.tail[c.next:], rest)
		rest, c.next = rest[n:], (c.next+n)%len(c.tail)
	}
	return len(p), nil
}

// verify looks for the heading of the last update in what came last.
func (c *client) verify(session, update int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.got == 0 {
		return fmt.Errorf("the client was sent nothing after %d updates", update+1)
	}
	text := stripControls(append(bytes.Clone(c.tail[c.next:]), c.tail[:c.next]...))
	p := newPage(cols, 1)
	heading(p, session, update)
	want := bytes.TrimSpace(p.rows[0])
	last := bytes.LastIndex(text, []byte("session "))
	if last < 0 || !bytes.HasPrefix(text[last:], want) {
		got := text[max(last, 0):]
		return fmt.Errorf("the client was last sent %q, want %q", got[:min(len(got), len(want))], want)
	}
	return nil
}

// stripControls takes out of a frame what is not text: the sequences that move
// the cursor and set colours.
func stripControls(p []byte) []byte {
	text := p[:0]
	for i := 0; i < len(p); i++ {
		switch {
		case p[i] == 0x1b && i+1 < len(p) && p[i+1] == '[':
			for i += 2; i < len(p) && (p[i] < 0x40 || p[i] > 0x7e); i++ {
			}
		case p[i] >= ' ':
			text = append(text, p[i])
		}
	}
	return text
}
