package procfs

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Socket is one of the sockets of this network namespace.
type Socket struct {
	// Local and Remote are the ends of a TCP socket, Path is where a Unix socket was
	// bound: one has the former and the other the latter.
	Local, Remote netip.AddrPort
	Path          string
	Listens       bool
	// Inode is what the link of its descriptor has in brackets, and 0 where no process
	// has it open any more.
	Inode uint64
}

// TCP lists the TCP sockets, those of IPv4 first. An address of IPv4 that is written as
// one of IPv6 is given as the former.
func (f FS) TCP() ([]Socket, error) {
	var all []Socket
	for _, name := range []string{"tcp", "tcp6"} {
		found, err := f.sockets(name, tcpSocket)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// Unix lists the Unix sockets that were bound to a path in the file system, and those
// that such a one has accepted, which have the same.
func (f FS) Unix() ([]Socket, error) { return f.sockets("unix", unixSocket) }

// sockets reads one of the tables; a kernel without that protocol has none.
func (f FS) sockets(name string, parse func(line string) (Socket, bool)) ([]Socket, error) {
	file, err := os.Open(filepath.Join(string(f), "net", name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // nothing was written
	return readSockets(file, parse)
}

func readSockets(r io.Reader, parse func(line string) (Socket, bool)) ([]Socket, error) {
	var all []Socket
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if s, ok := parse(lines.Text()); ok {
			all = append(all, s)
		}
	}
	return all, lines.Err()
}

// tcpSocket reads a line such as
//
//	0: 0100007F:170C 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 0 33445 …
func tcpSocket(line string) (Socket, bool) {
	const (
		fieldLocal, fieldRemote, fieldState, fieldInode = 1, 2, 3, 9
		listening                                       = "0A"
	)
	fields := strings.Fields(line)
	if len(fields) <= fieldInode {
		return Socket{}, false
	}
	local, ok := addrPort(fields[fieldLocal])
	remote, too := addrPort(fields[fieldRemote])
	inode, err := strconv.ParseUint(fields[fieldInode], 10, 64)
	return Socket{Local: local, Remote: remote, Listens: fields[fieldState] == listening, Inode: inode}, ok && too && err == nil
}

// addrPort reads 0100007F:170C, which is 127.0.0.1:5900: words in the order of the
// processor's bytes, and the port as one writes numbers.
func addrPort(text string) (netip.AddrPort, bool) {
	host, port, ok := strings.Cut(text, ":")
	n, err := strconv.ParseUint(port, 16, 16)
	raw, bad := hex.DecodeString(host)
	if !ok || err != nil || bad != nil || len(raw) != 4 && len(raw) != 16 {
		return netip.AddrPort{}, false
	}
	for i := 0; i < len(raw); i += 4 {
		binary.NativeEndian.PutUint32(raw[i:], binary.BigEndian.Uint32(raw[i:]))
	}
	addr, ok := netip.AddrFromSlice(raw)
	return netip.AddrPortFrom(addr.Unmap(), uint16(n)), ok
}

// unixSocket reads a line such as
//
//	00000000aa802c70: 00000002 00000000 00010000 0001 01 2486278 /run/a server
func unixSocket(line string) (Socket, bool) {
	const (
		before  = 7 // fields, the inode the last of them
		accepts = 1 << 16
	)
	rest := line
	var fields [before]string
	for i := range fields {
		fields[i], rest, _ = strings.Cut(strings.TrimLeft(rest, " "), " ")
	}
	flags, err := strconv.ParseUint(fields[3], 16, 64)
	inode, bad := strconv.ParseUint(fields[before-1], 10, 64)
	// The path is the rest, and may hold spaces; one that begins with @ is abstract.
	if err != nil || bad != nil || !strings.HasPrefix(rest, "/") {
		return Socket{}, false
	}
	return Socket{Path: rest, Listens: flags&accepts != 0, Inode: inode}, true
}

// Inodes are those of the sockets that a process has open. It is an error when its
// descriptors may not be read ([fs.ErrPermission]); a process that is gone has none.
func (f FS) Inodes(pid int) (map[uint64]bool, error) {
	targets, err := f.descriptors(pid)
	if targets == nil {
		return nil, err
	}
	open := map[uint64]bool{}
	for _, target := range targets {
		if id, ok := strings.CutPrefix(target, "socket:["); ok {
			if n, err := strconv.ParseUint(strings.TrimSuffix(id, "]"), 10, 64); err == nil {
				open[n] = true
			}
		}
	}
	return open, nil
}
