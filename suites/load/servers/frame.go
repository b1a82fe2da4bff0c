package servers

import (
	"bytes"
	"fmt"
	"runtime"

	"github.com/highwater-dev/highwater/suites/terminal"
)

// draw sends the client the screen as it is now. The caller holds mu.
func (s *session) draw() error {
	frame := s.mux.frame()
	defer s.mux.done(frame)
	frame.WriteString("\x1b[H")
	if r, ok := s.term.(terminal.Renderer); ok {
		if err := r.Render(frame); err != nil {
			return fmt.Errorf("drawing a frame: %w", err)
		}
	} else {
		for _, row := range s.term.Screen() {
			frame.WriteString(row)
			frame.WriteString("\x1b[K\r\n")
		}
	}
	_, err := s.client.Write(frame.Bytes())
	return err
}

// frame returns an empty buffer to draw in. As many are kept as frames can be
// drawn at the same time, not as there are sessions.
func (x *mux) frame() *bytes.Buffer {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.frames) == 0 {
		return new(bytes.Buffer)
	}
	last := len(x.frames) - 1
	b := x.frames[last]
	x.frames = x.frames[:last]
	return b
}

func (x *mux) done(b *bytes.Buffer) {
	b.Reset()
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.frames) < runtime.GOMAXPROCS(0) {
		x.frames = append(x.frames, b)
	}
}
