package attach

import (
	"bytes"
	"debug/buildinfo"
	"debug/elf"
	"errors"
	"io"
	"os"
	"strings"
)

// program is what an executable tells of itself.
type program struct {
	path, module, version, goVersion string
	symbols                          bool // and debugging information: it can be read from outside
	pprof                            bool // it links net/http/pprof
	probe                            bool // highwater has built it with its probe
}

// errNoGo says that a program was not built by the go command, or does not tell.
var errNoGo = errors.New("no Go program")

// mostExecutable bounds what is read of one executable: those of Go have some hundred
// megabytes at most.
const mostExecutable = 4 << 30

// readProgram reads an executable of the ELF format.
func readProgram(path string) (program, error) {
	f, err := os.Open(path)
	if err != nil {
		return program{}, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	info, err := f.Stat()
	if err != nil {
		return program{}, err
	}
	if !info.Mode().IsRegular() || info.Size() > mostExecutable {
		return program{}, errNoGo
	}
	return parseProgram(f)
}

func parseProgram(r io.ReaderAt) (p program, err error) {
	// No executable is known to make the library panic; one that does is no reason to
	// list none.
	defer func() {
		if recover() != nil {
			p, err = program{}, errNoGo
		}
	}()
	e, err := elf.NewFile(r)
	if err != nil {
		return program{}, errNoGo
	}
	// Without this section buildinfo.Read looks for its mark in all data, which takes
	// long in a large program that is none of Go.
	if e.Section(".go.buildinfo") == nil {
		return program{}, errNoGo
	}
	info, err := buildinfo.Read(r)
	if err != nil {
		return program{}, errNoGo
	}
	return program{
		path: shown(info.Path), module: shown(info.Main.Path), version: shown(info.Main.Version), goVersion: shown(info.GoVersion),
		symbols: e.Section(".symtab") != nil && (e.Section(".debug_info") != nil || e.Section(".zdebug_info") != nil),
		pprof:   links(e, "\x00net/http/pprof.Index\x00"),
		probe:   links(e, "/internal/highwaterprobe."),
	}, nil
}

// links says that a function of such a name is in the program: the names stand, each
// between zeros, in the runtime's table of functions, which stays when a program is
// stripped.
func links(e *elf.File, name string) bool {
	for _, s := range e.Sections {
		if s.Type == elf.SHT_PROGBITS && strings.HasSuffix(s.Name, ".gopclntab") {
			return contains(s.Open(), name)
		}
	}
	return false
}

// contains looks for a text in what r reads, of which it keeps a piece at a time.
func contains(r io.Reader, text string) bool {
	piece := make([]byte, 256<<10)
	have := 0
	for {
		n, err := io.ReadFull(r, piece[have:])
		have += n
		if bytes.Contains(piece[:have], []byte(text)) {
			return true
		}
		if err != nil {
			return false
		}
		have = copy(piece, piece[have-len(text)+1:have])
	}
}
