package driver

import "testing"

func TestOwnPages(t *testing.T) {
	const file = "/usr/bin/highwater"
	for line, want := range map[string]bool{
		"00400000-01200000 r-xp 00000000 fe:00 77 /usr/bin/highwater\n":  true,
		"01200000-02600000 r--p 00e00000 fe:00 77 /usr/bin/highwater\n":  true,
		"02600000-02700000 rw-p 02200000 fe:00 77 /usr/bin/highwater\n":  false, // its variables
		"7f0000000000-7f0000100000 r-xp 00000000 fe:00 9 /lib/libc.so\n": false,
		"c000000000-c000400000 rw-p 00000000 00:00 0\n":                  false,
		"nonsense\n": false,
	} {
		from, to, ok := ownPages(line, file)
		if ok != want || ok && from >= to {
			t.Errorf("%q: %x to %x, %v", line, from, to, ok)
		}
	}
}
