package probe

import (
	"encoding/hex"
	"runtime"
	"strings"
	"testing"
)

// The structs are laid out as psapi.h has them, of a process whose working set is
// 0x00b4c000 bytes and was 0x01030000 at its highest.
func TestWorkingSet(t *testing.T) {
	for _, c := range []struct {
		name, bytes     string
		word            int
		rss, high       int64
		wrong, wantWord string
	}{
		{
			name: "64 bit", word: 8, rss: 11845632, high: 16973824,
			bytes: "48000000 d6110000 0000030100000000 00c0b40000000000 98aa010000000000 20a3010000000000 a036000000000000 f832000000000000 0070060100000000 00b00b0100000000",
		},
		{
			name: "32 bit", word: 4, rss: 11845632, high: 16973824,
			bytes: "28000000 d6110000 00000301 00c0b400 98aa0100 20a30100 a0360000 f8320000 00700601 00b00b01",
		},
		{name: "more than 4 GB", word: 8, rss: 5 << 30, high: 6 << 30, bytes: "48000000 d6110000 0000008001000000 0000004001000000" + strings.Repeat("00", 48)},
		{name: "cut off", word: 8, bytes: "48000000 d6110000 0000030100000000", wrong: "16 bytes, want 72"},
		{name: "of the other width", word: 8, bytes: "28000000 d6110000" + strings.Repeat("00", 32), wrong: "40 bytes, want 72"},
		{name: "empty", word: 8, bytes: strings.Repeat("00", 72), wrong: "a working set of 0 bytes"},
		{name: "a peak below what is there", word: 4, bytes: "28000000 d6110000 00c0b400 00000301" + strings.Repeat("00", 24), wrong: "at its highest"},
	} {
		b, err := hex.DecodeString(strings.ReplaceAll(c.bytes, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		rss, high, err := workingSet(b, c.word)
		switch {
		case c.wrong != "":
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s: %d, %d, %v", c.name, rss, high, err)
			}
		case err != nil || rss != c.rss || high != c.high:
			t.Errorf("%s: %d and %d at its highest, %v; want %d and %d", c.name, rss, high, err, c.rss, c.high)
		}
	}
}

func TestRusagePeak(t *testing.T) {
	for goos, want := range map[string]int64{"darwin": 11845632, "freebsd": 11845632 << 10} {
		if got, err := rusagePeak(goos, 11845632); got != want || err != nil {
			t.Errorf("%s: %d, %v, want %d", goos, got, err, want)
		}
	}
	if got, err := rusagePeak("darwin", 0); err == nil {
		t.Errorf("nothing is %d", got)
	}
}

// The runtime's count is that of the system, as long as nobody starts threads in C.
func TestRuntimeThreads(t *testing.T) {
	n, err := runtimeThreads()
	if err != nil {
		t.Fatalf("of %s: %v", runtime.Version(), err)
	}
	if runtime.GOOS != "linux" {
		t.Skip("nothing to hold it against")
	}
	system, err := threadCount()
	if err != nil || n < 1 || n > system+2 || n < system-2 { // one may come or go in between
		t.Errorf("the runtime has %d threads, and the system %d (%v)", n, system, err)
	}
}
