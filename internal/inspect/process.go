package inspect

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/procfs"
)

// Process is a running Go program. One goroutine at a time uses it.
type Process struct {
	*program
	mem   memory
	file  io.Closer // of mem
	proc  procfs.FS
	pid   int
	dir   string      // of it in /proc
	who   *os.Process // holds on to the process, whoever has its id later
	moved uint64      // see program.bias

	classes  []uint16 // sizes of small objects by class, in bytes
	statuses []string // names of what goroutines do
	reasons  []string // and what they wait for

	modules []module
	code    *blocks          // the tables of functions, which do not change
	near    *blocks          // of what is read through: its beginning is forgotten by its end
	calls   map[uint64]*call // by return address, as far as they were looked up
	places  map[string]place // by stack: see Sites

	named *named // see openNames

	last highwater.Cycle // the latest that was seen whole

	page []byte // what Read reads into
}

// Open begins to look at a process. It takes some tenths of a second, for the debug
// information. The errors are [ErrNotGo], [ErrStripped], [ErrDenied], [ErrGone] and
// [ErrUnknown]; on systems other than Linux there is always one.
func Open(proc procfs.FS, pid int) (*Process, error) {
	if runtime.GOOS != "linux" {
		return nil, fmt.Errorf("the memory of other processes can be read on Linux only, and this is %s: "+
			"a Go program that imports net/http/pprof can be looked at with --url", runtime.GOOS)
	}
	dir := filepath.Join(string(proc), strconv.Itoa(pid))
	// The memory first: its file stays with the program that is there now.
	mem, err := os.Open(filepath.Join(dir, "mem"))
	var p *Process
	if err == nil {
		if p, err = open(dir, mem); err != nil {
			_ = mem.Close()
		}
	}
	switch {
	case err == nil:
		p.file, p.proc, p.pid, p.dir = mem, proc, pid, dir
		if p.who, err = os.FindProcess(pid); err != nil {
			_ = mem.Close()
			return nil, fmt.Errorf("process %d: %w", pid, err)
		}
		return p, nil
	case errors.Is(err, fs.ErrPermission):
		return nil, denied(proc, pid, err)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ESRCH), errors.Is(err, ErrGone):
		return nil, fmt.Errorf("process %d: %w, or there was none; pgrep -l NAME lists the ids of those called NAME", pid, ErrGone)
	}
	return nil, fmt.Errorf("process %d: %w", pid, err)
}

func open(dir string, mem io.ReaderAt) (*Process, error) {
	// This is the program that runs, also where its file was replaced or removed.
	exe, err := os.Open(filepath.Join(dir, "exe"))
	if err != nil {
		return nil, err
	}
	defer exe.Close()
	prog, err := readProgram(exe)
	if err != nil {
		return nil, err
	}
	bias, err := prog.bias(filepath.Join(dir, "auxv"))
	if err != nil {
		return nil, err
	}
	return newProcess(prog, memory{mem}, bias)
}

// newProcess reads what does not change.
func newProcess(prog *program, mem memory, bias uint64) (*Process, error) {
	p := &Process{
		program: prog, mem: mem, moved: bias,
		code: newBlocks(mem), near: newBlocks(mem), calls: map[uint64]*call{}, places: map[string]place{},
	}
	p.near.most = nearBlocks
	version, err := p.strings("runtime.buildVersion")
	if err != nil {
		return nil, err
	}
	// A symbol that leads to what it should says that the others do, too.
	if len(version) != 1 || version[0] != p.version {
		return nil, fmt.Errorf("%w: its memory says that it is of %q, and its file %q", ErrUnknown, version, p.version)
	}
	if p.statuses, err = p.strings("runtime.gStatusStrings"); err != nil {
		return nil, err
	}
	if p.reasons, err = p.strings("runtime.waitReasonStrings"); err != nil {
		return nil, err
	}
	if err := p.readClasses(); err != nil {
		return nil, err
	}
	return p, p.readModules()
}

// GoVersion is the release of Go that the program was built with: "go1.26.8".
func (p *Process) GoVersion() string { return p.version }

// Close ends it.
func (p *Process) Close() error {
	if p.file == nil {
		return nil
	}
	return errors.Join(p.who.Release(), p.file.Close())
}

// HeapObject is the address of an object on its heap: what the runtime keeps of the first
// goroutine, which is there from the beginning to the end.
func (p *Process) HeapObject() (uint64, error) {
	list, err := p.mem.word(p.at("runtime.allgptr"))
	if err != nil {
		return 0, fmt.Errorf("reading runtime.allgptr: %w", err)
	}
	at, err := p.mem.word(list)
	if err != nil {
		return 0, fmt.Errorf("reading the first goroutine: %w", err)
	}
	return at, nil
}

// at is the address of a variable, 0 where there is none.
func (p *Process) at(name string) uint64 {
	s, ok := p.symbols[name]
	if !ok {
		return 0
	}
	return s.addr + p.moved
}

// strings reads a variable that is a string, or an array of them.
func (p *Process) strings(name string) ([]string, error) {
	const most, longest = 256, 1 << 10
	size := p.symbols[name].size
	if size == 0 || size%16 != 0 || size > 16*most {
		return nil, fmt.Errorf("%w: %s has %d bytes", ErrUnknown, name, size)
	}
	b := make([]byte, size)
	if err := p.mem.read(b, p.at(name)); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	all := make([]string, size/16)
	for i := range all {
		text, err := p.mem.text(word(b, 2*i), word(b, 2*i+1), longest)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		all[i] = text
	}
	return all, nil
}

func (p *Process) readClasses() error {
	name := "internal/runtime/gc.SizeClassToSize"
	if _, ok := p.symbols[name]; !ok {
		name = "runtime.class_to_size"
	}
	// One size for each of the counts.
	n := p.layout.delta.smallAllocs.size / 8
	if size := p.symbols[name].size; size != uint64(2*n) || p.layout.delta.smallFrees.size != 8*n {
		return fmt.Errorf("%w: %s has %d bytes, not %d", ErrUnknown, name, size, 2*n)
	}
	b := make([]byte, 2*n)
	if err := p.mem.read(b, p.at(name)); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	p.classes = make([]uint16, n)
	for i := range p.classes {
		p.classes[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return nil
}
