package procfs

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

const tcpTable = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:170C 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 33445 1 0000000000000000 100 0 0 10 0
   1: 0100007F:170C 0100007F:C350 01 00000000:00000000 02:000AFE49 00000000  1000        0 33446 2 0000000000000000 20 4 30 10 -1
`

const tcp6Table = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 55 1 0 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:C351 01 00000000:00000000 00:00000000 00000000     0        0 56 1 0 100 0 0 10 0
`

const unixTable = `Num       RefCount Protocol Flags    Type St Inode Path
00000000aa87ab2e: 00000003 00000000 00000000 0001 03 2484053
00000000aa802c70: 00000003 00000000 00000000 0001 03 2486278 /run/a server
000000006cdb1a82: 00000002 00000000 00010000 0001 01 2484472 /run/a server
000000006cdb1a83: 00000002 00000000 00010000 0001 01 2484473 @abstract
`

// The tables are of a machine that keeps the least byte first, as all that highwater is
// built for do.
func TestSocketTables(t *testing.T) {
	f := fixture(t, map[string]string{"net/tcp": tcpTable, "net/tcp6": tcp6Table, "net/unix": unixTable})
	ap := netip.MustParseAddrPort
	none, none6 := ap("0.0.0.0:0"), ap("[::]:0")
	want := []Socket{
		{Local: ap("127.0.0.1:5900"), Remote: none, Listens: true, Inode: 33445},
		{Local: ap("127.0.0.1:5900"), Remote: ap("127.0.0.1:50000"), Inode: 33446},
		{Local: ap("[::1]:8080"), Remote: none6, Listens: true, Inode: 55},
		{Local: ap("127.0.0.1:8080"), Remote: ap("127.0.0.1:50001"), Inode: 56},
	}
	if got, err := f.TCP(); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	want = []Socket{{Path: "/run/a server", Inode: 2486278}, {Path: "/run/a server", Listens: true, Inode: 2484472}}
	if got, err := f.Unix(); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	if got, err := FS(t.TempDir()).TCP(); err != nil || got != nil {
		t.Errorf("of a kernel without: %v, %v", got, err)
	}
}

// What this process has open is in the kernel's tables, and among its descriptors.
func TestOwnSockets(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("for Linux")
	}
	path := filepath.Join(t.TempDir(), "s")
	byPath, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer byPath.Close()
	byPort, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer byPort.Close()
	open, err := Root.Inodes(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	unix, err := Root.Unix()
	if err != nil || !slices.ContainsFunc(unix, func(s Socket) bool { return s.Path == path && s.Listens && open[s.Inode] }) {
		t.Errorf("%s is not among the sockets: %v", path, err)
	}
	at := netip.MustParseAddrPort(byPort.Addr().String())
	tcp, err := Root.TCP()
	if err != nil || !slices.ContainsFunc(tcp, func(s Socket) bool { return s.Local == at && s.Listens && open[s.Inode] }) {
		t.Errorf("%s is not among the sockets: %v", at, err)
	}
}

func TestProcesses(t *testing.T) {
	f := fixture(t, map[string]string{
		"7/cmdline": "a\x00b c\x00", "12/cmdline": "", "self": "", "stat": "cpu 1 2\nbtime 1795865643\nprocesses 5\n",
	})
	if got, err := f.PIDs(); err != nil || !slices.Equal(got, []int{7, 12}) {
		t.Errorf("%v, %v", got, err)
	}
	if got := f.Arguments(7); got != "a\x00b c\x00" {
		t.Errorf("%q", got)
	}
	if at, ok := f.Booted(); !ok || !at.Equal(time.Unix(1795865643, 0)) {
		t.Errorf("%v, %v", at, ok)
	}
	if _, ok := FS(t.TempDir()).Booted(); ok {
		t.Error("a machine that nothing is known of was started")
	}
}

func FuzzSockets(f *testing.F) {
	f.Add(tcpTable)
	f.Add(tcp6Table)
	f.Add(unixTable)
	f.Add("btime 12\n")
	f.Fuzz(func(t *testing.T, text string) {
		tcp, _ := readSockets(strings.NewReader(text), tcpSocket)
		for _, s := range tcp {
			if !s.Local.IsValid() || s.Local.Addr().Is4In6() || s.Path != "" {
				t.Errorf("%+v", s)
			}
		}
		unix, _ := readSockets(strings.NewReader(text), unixSocket)
		for _, s := range unix {
			if !strings.HasPrefix(s.Path, "/") || s.Local.IsValid() {
				t.Errorf("%+v", s)
			}
		}
		if at, ok := booted(text); ok && at.Unix() <= 0 {
			t.Error(at)
		}
	})
}
