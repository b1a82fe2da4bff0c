package probe

import (
	"strings"
	"syscall"
	"testing"
)

// What is mapped beside the heap is seen, and the heap is not.
func TestMappings(t *testing.T) {
	before, err := mappings()
	if err != nil {
		t.Skip(err)
	}
	const mapped, heap = 6 << 20, 40 << 20
	b, err := syscall.Mmap(-1, 0, mapped, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Munmap(b) }()
	own := make([]byte, heap)
	for i := 0; i < len(b); i += 4096 {
		b[i] = 1
	}
	for i := 0; i < len(own); i += 4096 {
		own[i] = 1
	}
	after, err := mappings()
	if err != nil {
		t.Fatal(err)
	}
	if grown := after["anonymous"] - before["anonymous"]; grown < mapped || grown > mapped+4<<20 {
		t.Errorf("anonymous memory grew by %d, want %d and at most what the runtime needs for %d of heap (%d)", grown, mapped, heap, own[4096])
	}
}

func TestHeapRegions(t *testing.T) {
	all := readRegions(strings.NewReader(`00400000-00500000 r-xp 00000000 08:01 131 /bin/tool
Rss:                 100 kB
5a0000000000-5a0000400000 rw-p 00000000 00:00 0
Rss:                4096 kB
5a0000400000-5a0004000000 ---p 00000000 00:00 0
Rss:                   0 kB
7f0000000000-7f0000100000 rw-p 00000000 00:00 0
Rss:                  64 kB
7f0000200000-7f0000300000 rw-p 00000000 00:00 0                          [anon: Go: metadata]
Rss:                   8 kB
`))
	got := heapRegions(all, 0x5a0000001000)
	for i, want := range []bool{false, true, true, false, true} {
		if got[i] != want {
			t.Errorf("region %d (%+v): heap %v", i, all[i], got[i])
		}
	}
	if all[0].kind() != "/bin/tool" || all[3].kind() != "anonymous" || all[1].resident != 4<<20 {
		t.Errorf("%+v", all)
	}
}
