package target

import (
	"strings"
	"testing"
)

// Whatever the sizes of the writes, the two ends are kept.
func TestHeadTail(t *testing.T) {
	text := strings.Repeat("0123456789abcdefghijklmnopqrstuvwxyz\n", 100)
	for _, size := range []int{1, 7, 63, 64, 65, 1000, len(text)} {
		for _, length := range []int{0, 1, 63, 64, 65, 100, len(text)} {
			h := newHeadTail(64)
			for rest := text[:length]; rest != ""; {
				n := min(size, len(rest))
				if k, err := h.Write([]byte(rest[:n])); k != n || err != nil {
					t.Fatalf("Write returned %d, %v", k, err)
				}
				rest = rest[n:]
			}
			want := text[:length]
			if length > 64 {
				want = text[:32] + mark + text[length-32+len(mark):length]
			}
			if got := h.String(); got != want {
				t.Errorf("%d bytes in writes of %d: got %q, want %q", length, size, got, want)
			}
		}
	}
}
