package load

import (
	"fmt"
	"sync"
)

// client looks at a session: it is where the server sends its frames. Of what it
// is sent it remembers the heading that it saw last: which session it looks at,
// and at which of its updates. It holds next to nothing, since all that it held
// would count as the server's.
type client struct {
	mu      sync.Mutex
	got     int64 // bytes in all
	control byte  // within a control sequence: ESC or '[', otherwise 0
	seen    int   // characters of headingForm
	heading [len(headingForm)]byte
	last    string // the last complete heading, "" before the first
}

// headingForm is what heading prints; # is a digit.
const headingForm = "session ###### update ######"

// Write is called by the server.
func (c *client) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got += int64(len(p))
	for _, b := range p {
		switch {
		case b == 0x1b:
			c.control = b
		case c.control == 0x1b && b == '[':
			c.control = b
		case c.control == '[' && (b < 0x40 || b > 0x7e): // a parameter
		case c.control != 0:
			c.control = 0
		case b >= ' ':
			c.look(b)
		}
	}
	return len(p), nil
}

// look takes one character of text.
func (c *client) look(b byte) {
	form := headingForm[c.seen]
	if b != form && (form != '#' || b < '0' || b > '9') {
		c.seen = 0
		if b != headingForm[0] {
			return
		}
	}
	c.heading[c.seen] = b
	c.seen++
	if c.seen == len(headingForm) {
		c.seen = 0
		if string(c.heading[:]) != c.last {
			c.last = string(c.heading[:])
		}
	}
}

// received is how many bytes came so far.
func (c *client) received() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.got
}

// verify holds the last heading to that of the last update.
func (c *client) verify(session, update int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var p page
	heading(&p, session, update)
	var want client
	_, _ = want.Write(p.out)
	if c.last != want.last {
		return fmt.Errorf("the client was last shown %q, want %q", c.last, want.last)
	}
	return nil
}
