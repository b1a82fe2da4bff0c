package procfs

import (
	"fmt"
	"testing"
)

func TestThreads(t *testing.T) {
	fs := fixture(t, map[string]string{
		"7/task/7/stat":    "7 (a ) b) T 1 7 7",
		"7/task/8/stat":    "8 (a) S 1 7 7",
		"7/task/8/syscall": "202 0x1 0x2 0x3 0x4 0x5 0x6 0xc000012f00 0x47ff3",
		"7/task/7/syscall": "-1 0x7ffeb420d938 0x7f88597c5353",
		"7/task/9/syscall": "running",
	})
	if got := fmt.Sprint(fs.Threads(7)); got != "[7 8 9]" {
		t.Errorf("threads %s", got)
	}
	if got := fmt.Sprintf("%c %c %d", fs.ThreadState(7, 7), fs.ThreadState(7, 8), fs.ThreadState(7, 9)); got != "T S 0" {
		t.Errorf("states %s", got)
	}
	for thread, want := range map[int]uint64{7: 0x7ffeb420d938, 8: 0xc000012f00, 9: 0, 10: 0} {
		if sp, ok := fs.StackPointer(7, thread); sp != want || ok != (want != 0) {
			t.Errorf("thread %d is at %#x, want %#x", thread, sp, want)
		}
	}
	if fs.Threads(6) != nil {
		t.Error("there is no process 6")
	}
}
