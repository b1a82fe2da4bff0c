package procfs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// fixture writes a made-up process file system.
func fixture(t *testing.T, files map[string]string) FS {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return FS(root)
}

const smaps = `00400000-004ab000 r-xp 00000000 fe:00 9986156                            /srv/a server
Size:                684 kB
Rss:                 400 kB
Pss:                 200 kB
004ab000-0058e000 r--p 000ab000 fe:00 9986156                            /srv/a server
Rss:                 100 kB
VmFlags: rd wr mr mw me ac sd
00600000-00700000 rw-p 00000000 00:00 0                                  [heap]
Rss:                  12 kB
c000000000-c000400000 rw-p 00000000 00:00 0                              [anon: Go: heap]
Rss:                1024 kB
7f2772100000-7f2772300000 rw-p 00000000 00:00 0 
Rss:                   8 kB
7f2772300000-7f2774400000 rw-p 00000000 00:00 0 
Rss:                   4 kB
`

func TestFixture(t *testing.T) {
	// The fields behind the name: state Z, parent 1, start 777, exit code 256.
	fields := "Z 1" + strings.Repeat(" 0", 17) + " 777" + strings.Repeat(" 0", 29) + " 256"
	f := fixture(t, map[string]string{
		"7/task/7/children":   "8 9 \n",
		"7/task/71/children":  "10 ",
		"9/task/9/children":   "11",
		"7/stat":              "7 (a) b (c) " + fields,
		"8/stat":              "8 (x) S 7" + strings.Repeat(" 0", 17) + " 5",
		"8/cmdline":           "server\x00--port\x0080\x00",
		"9/comm":              "kworker/0:1\n",
		"8/smaps":             smaps,
		"8/smaps_rollup":      "00400000-7fff r--p 0 0 0 [rollup]\nRss:                1548 kB\nPss:                 900 kB\nPss_Dirty: 1 kB\n",
		"8/statm":             "100 7 3 1 0 5 0\n",
		"8/status":            "Name:\ta server\nUmask:\t0022\nState:\tT (stopped)\nPPid:\t7\nUid:\t1000\t1001\t1000\t1000\nVmHWM:\t    2048 kB\nRssFile:\t    96 kB\nVmSize:\t 4 kB\nThreads:\t12\n",
		"9/status":            "Name:\tkworker\nPPid:\t2\nUid:\t0\t0\t0\t0\nThreads:\t1\n",
		"12/status":           "Name:\tnew\nPPid:\t1\nUid:\t0\t0\t0\t0\nThreads:\t1\nVmSize:\t1 kB\nKthread:\t1\n",
		"12/stat":             "12 (new) S 1",
		"13/stat":             "13 (x) Z 1" + strings.Repeat(" 0", 47) + " 9",
		"not-a-number/status": "",
		// Flags and size as the kernel has them while one ends, and of a thread of its own.
		"14/stat": "14 (x) R 1 14 14 0 -1 4228364" + strings.Repeat(" 0", 15),
		"15/stat": "15 (x) I 2 0 0 0 -1 69238880" + strings.Repeat(" 0", 15),
		"16/stat": "16 (x) S 1 14 14 0 -1 4228364" + strings.Repeat(" 0", 13) + " 4096 0",
	})
	if got, want := f.Descendants(7), []int{8, 9, 10, 11}; !slices.Equal(got, want) {
		t.Errorf("descendants %v, want %v", got, want)
	}
	equal := func(what string, got, want any) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	equal("state", f.State(7), byte('Z'))
	equal("state of one that ends", f.State(14), byte('X'))
	equal("state of a thread of the kernel", f.State(15), byte('I'))
	equal("state of one that lives", f.State(16), byte('S'))
	equal("parent", f.Parent(8), 7)
	ticks, ok := f.Started(7)
	equal("start", []any{ticks, ok}, []any{int64(777), true})
	equal("ending", f.Ending(7), "exited with status 1")
	equal("killed", f.Ending(13), "was killed by a signal: killed")
	equal("ending of the living", f.Ending(8), "")
	equal("command", f.Command(8), "server --port 80")
	equal("command without arguments", f.Command(9), "[kworker/0:1]")
	equal("command of nobody", f.Command(99), "")
	equal("resident", f.Resident(8), 7*int64(os.Getpagesize()))
	equal("high water", f.HighWater(8), int64(2<<20))
	status, err := f.Status(8)
	equal("resident files", status.Files, int64(96<<10))
	equal("high water", status.HighWater, f.HighWater(8))
	equal("an error", err, error(nil))
	r, err := f.Rollup(8)
	equal("rollup", []any{r, err}, []any{Rollup{RSS: 1548 << 10, PSS: 900 << 10}, nil})
	s, err := f.Status(8)
	equal("status", []any{s, err}, []any{Status{Name: "a server", UID: 1001, Parent: 7, Threads: 12, HighWater: 2 << 20, Files: 96 << 10, Stopped: true}, nil})
	for _, kernel := range []int{9, 12} {
		if s, err := f.Status(kernel); err != nil || !s.Kernel {
			t.Errorf("%d is a thread of the kernel: %+v, %v", kernel, s, err)
		}
	}
	m, err := f.Mappings(8)
	equal("mappings", []any{m, err}, []any{[]Mapping{
		{"/srv/a server", 500 << 10}, {"[heap]", 12 << 10}, {"[anon: Go: heap]", 1 << 20}, {"anonymous", 12 << 10},
	}, nil})
	b, err := f.MappingsBeside(8, 0)
	equal("mappings beside a Go heap that has a name", []any{b, err}, []any{[]Mapping{
		{"/srv/a server", 500 << 10}, {"[heap]", 12 << 10}, {"anonymous", 12 << 10},
	}, nil})
	if _, err := f.Status(99); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("status of nobody: %v", err)
	}
	if _, err := f.Rollup(12); err == nil || !strings.Contains(err.Error(), "Linux 4.14") {
		t.Errorf("a living process without smaps_rollup: %v", err)
	}
	if r, err := f.Rollup(99); err != nil || r != (Rollup{}) {
		t.Errorf("rollup of nobody: %v, %v", r, err)
	}
}

func TestFDs(t *testing.T) {
	f := fixture(t, map[string]string{"7/stat": ""})
	dir := filepath.Join(string(f), "7", "fd")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{
		"0": "/dev/pts/3", "1": "/var/log/a:b (deleted)", "2": "/dev/null", "3": "socket:[12]", "4": "pipe:[13]", "5": "pipe:[13]",
		"6": "anon_inode:[eventpoll]", "7": "anon_inode:[eventfd]", "8": "anon_inode:inotify", "9": "/memfd:x (deleted)", "10": "/dev/shm/a",
		"11": "anon_inode:[io_uring]", "12": "net:[4026]", "13": "anon_inode:[timerfd]", "14": "anon_inode:[pidfd]",
	} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := f.FDs(7)
	want := map[string]int{
		"terminal": 1, "file": 2, "device": 1, "socket": 1, "pipe": 2, "epoll": 1, "event": 1,
		"inotify": 1, "memfd": 1, "other": 2, "timer": 1, "pidfd": 1,
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	if got, err := f.FDs(8); got != nil || err != nil {
		t.Errorf("of nobody: %v, %v", got, err)
	}
}

func FuzzText(f *testing.F) {
	f.Add(smaps)
	f.Add("Name:\tx\nUid:\t1\nThreads:\t-5\nRss: 99999999999999999 kB\nPss: -1 kB")
	f.Add("7 (a) S 1 2 3")
	f.Add("1 99999999999999999")
	f.Fuzz(func(t *testing.T, text string) {
		for _, m := range byName(regions([]byte(text))) {
			if m.Name == "" {
				t.Error("a mapping without a name")
			}
		}
		if s := status(text); s.Threads < 0 {
			t.Errorf("%d threads", s.Threads)
		}
		if n, _ := field(text, "Rss"); n < 0 {
			t.Errorf("%d bytes", n)
		}
		if n := statm(text, 4096); n < 0 {
			t.Errorf("%d bytes", n)
		}
		statFields(text)
		if FDKind(text) == "" {
			t.Error("a descriptor without a kind")
		}
	})
}

// A Go heap without a name is the mapping that an object is in, and what lies against it.
func TestMappingsBeside(t *testing.T) {
	f := fixture(t, map[string]string{"7/smaps": `00400000-00500000 r-xp 00000000 08:01 131 /bin/tool
Rss:                 100 kB
5a0000000000-5a0000400000 rw-p 00000000 00:00 0
Rss:                4096 kB
5a0000400000-5a0004000000 ---p 00000000 00:00 0
Rss:                   8 kB
7f0000000000-7f0000100000 rw-p 00000000 00:00 0
Rss:                  64 kB
`})
	for object, want := range map[uint64]int64{0x5a0000001000: 64 << 10, 0x1: (4096 + 8 + 64) << 10} {
		all, err := f.MappingsBeside(7, object)
		if err != nil || len(all) != 2 || all[0].RSS != 100<<10 || all[1].Name != "anonymous" || all[1].RSS != want {
			t.Errorf("beside %x: %+v, %v", object, all, err)
		}
	}
}
