package target

import (
	"net"
	"time"
)

// backlog is how long a connection may wait to be accepted on a busy machine.
const backlog = time.Second

// NoMore lets a listener's Accept fail when nothing has connected: the process
// that would has ended. To close the listener would drop a connection that was
// made and not accepted yet, and with it all that the process told.
func NoMore(l net.Listener) {
	if d, ok := l.(interface{ SetDeadline(time.Time) error }); ok && d.SetDeadline(time.Now().Add(backlog)) == nil {
		return
	}
	_ = l.Close()
}
