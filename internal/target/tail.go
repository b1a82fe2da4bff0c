package target

import "sync"

// mark stands where something was left out.
const mark = "…"

// tail is a writer that keeps the last max bytes written to it.
type tail struct {
	mu   sync.Mutex
	max  int
	buf  []byte // up to twice as long, so that a write seldom moves it
	lost bool
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if len(t.buf) > 2*t.max {
		t.trim()
	}
	return len(p), nil
}

func (t *tail) trim() {
	if over := len(t.buf) - t.max; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
		t.lost = true
	}
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.trim()
	if t.lost {
		return mark + string(t.buf[min(len(t.buf), len(mark)):])
	}
	return string(t.buf)
}

// headTail keeps the first half and the last half of what is written: a Go
// panic says what happened in its first lines and dumps goroutines after them.
type headTail struct {
	mu   sync.Mutex
	head []byte
	half int
	rest tail
}

func newHeadTail(size int) *headTail {
	return &headTail{half: size / 2, rest: tail{max: size / 2}}
}

func (h *headTail) Write(p []byte) (int, error) {
	n := len(p)
	h.mu.Lock()
	if room := h.half - len(h.head); room > 0 {
		k := min(room, len(p))
		h.head = append(h.head, p[:k]...)
		p = p[k:]
	}
	h.mu.Unlock()
	if len(p) > 0 {
		_, _ = h.rest.Write(p)
	}
	return n, nil
}

func (h *headTail) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return string(h.head) + h.rest.String()
}
