package attach

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/procfs"
)

// system puts what the operating system tells of the process into s, where it is one of
// this machine. It is looked for once, and again when another one must have taken its
// place.
func (l *liveURL) system(ctx context.Context, s *highwater.Snapshot, full bool) {
	if !l.looked || l.here != nil && l.here.alive(ctx) != nil {
		l.here, l.why = l.find(ctx)
		if l.looked = ctx.Err() == nil; l.here != nil {
			l.kernel, l.version = kernelOf(l.proc), goVersion(l.proc, l.here.pid)
		}
	}
	if l.here == nil {
		for _, q := range []highwater.Quantity{
			highwater.QuantityRSS, highwater.QuantityOffHeap, highwater.QuantityFDs, highwater.QuantityChildren,
		} {
			s.Lacks[q] = l.why
		}
		return
	}
	s.Go = l.version
	l.kernel.one(l.here, s, full)
}

// find is the process that answers, or why there is none. A process that listens where
// we connect to may be a tunnel or a proxy: it is the one that answers when its command
// line is the one that the endpoint tells.
func (l *liveURL) find(ctx context.Context) (*process, string) {
	if supported() != nil || l.socket == "" && !samePlace(l.ends) {
		return nil, notFromURL
	}
	arguments, err := l.arguments(ctx)
	if err != nil {
		return nil, fmt.Sprintf("which process answers cannot be told, for the endpoint does not tell its command line (%v); --pid does", err)
	}
	inodes, err := l.inodes()
	if err != nil {
		return nil, fmt.Sprintf("which process listens there cannot be read: %v; --pid tells more", err)
	}
	pids, err := l.proc.PIDs()
	if err != nil {
		return nil, fmt.Sprintf("the processes of this machine cannot be listed: %v", err)
	}
	denied := 0
	for _, pid := range pids {
		if strings.TrimRight(l.proc.Arguments(pid), "\x00") != arguments {
			continue
		}
		open, err := l.proc.Inodes(pid)
		if err != nil {
			denied = pid
		}
		for inode := range open {
			if !inodes[inode] {
				continue
			}
			if p, err := pidIn(l.proc, pid); err == nil {
				return p, ""
			}
		}
	}
	if denied != 0 {
		return nil, fmt.Sprintf("the process that answers may be %d, whose descriptors may not be read: run highwater as its owner or as root, "+
			"or see what --pid %d tells", denied, denied)
	}
	return nil, "no process that listens there has the command line of the one that answers: it is behind a tunnel or a proxy, " +
		"or in a container; --pid tells more"
}

// samePlace says that both ends of a connection are on this machine.
func samePlace(ends [2]net.Addr) bool {
	ours, theirs := addrPortOf(ends[0]), addrPortOf(ends[1])
	return theirs.IsValid() && (theirs.Addr().IsLoopback() || theirs.Addr() == ours.Addr())
}

func addrPortOf(a net.Addr) netip.AddrPort {
	t, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	p := t.AddrPort()
	return netip.AddrPortFrom(p.Addr().Unmap().WithZone(""), p.Port())
}

// arguments is the command line that the endpoint tells, with a zero byte between them.
func (l *liveURL) arguments(ctx context.Context) (string, error) {
	const most = 4 << 20 // twice what the kernel takes
	var text []byte
	err := l.fetch(ctx, "cmdline", nil, func(r io.Reader) (err error) {
		text, err = io.ReadAll(io.LimitReader(r, most))
		return err
	})
	arguments := strings.TrimRight(string(text), "\x00")
	if err == nil && arguments == "" {
		err = fmt.Errorf("%s answers nothing", l.url("cmdline", nil))
	}
	return arguments, err
}

// inodes are those of the sockets at which the other end of our connection may be: the
// accepted one, and those that listen there.
func (l *liveURL) inodes() (map[uint64]bool, error) {
	found := map[uint64]bool{}
	if l.socket != "" {
		path, err := filepath.Abs(l.socket)
		if err != nil {
			return nil, err
		}
		all, err := l.proc.Unix()
		for _, s := range all {
			if s.Path == l.socket || s.Path == path {
				found[s.Inode] = true
			}
		}
		return found, err
	}
	ours, theirs := addrPortOf(l.ends[0]), addrPortOf(l.ends[1])
	all, err := l.proc.TCP()
	for _, s := range all {
		accepted := s.Local == theirs && s.Remote == ours
		if accepted || s.Listens && listensAt(s, theirs) {
			found[s.Inode] = true
		}
	}
	delete(found, 0)
	return found, err
}

// listensAt says that a socket that listens accepts connections to an address.
func listensAt(s procfs.Socket, at netip.AddrPort) bool {
	a := s.Local.Addr()
	return s.Local.Port() == at.Port() && (a == at.Addr() || a.IsUnspecified())
}
