package procfs

import (
	"bufio"
	"bytes"
	"errors"
	"io/fs"
	"strconv"
	"strings"
)

// Mapping is what a process has resident of one kind of mapping, in bytes.
type Mapping struct {
	// Name is the path of the mapped file, "anonymous", or what the kernel calls it:
	// "[heap]", "[stack]". On kernels that keep the names of anonymous memory, Go 1.25
	// and later give theirs: "[anon: Go: heap]". Others have it under "anonymous".
	Name string
	RSS  int64
}

// Mappings takes the mappings of a process together by name, in no order. It walks
// the page tables, as [FS.Rollup] does. A process that is gone has none.
func (f FS) Mappings(pid int) ([]Mapping, error) {
	text, err := readFile(f.path(pid, "smaps"))
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, f.denied(pid, err)
	case err != nil:
		return nil, nil
	}
	return mappings(text), nil
}

func mappings(text []byte) []Mapping {
	var all []Mapping
	index := map[string]int{}
	at := -1
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		if name, ok := header(line); ok {
			i, known := index[name]
			if !known {
				i = len(all)
				index[name] = i
				all = append(all, Mapping{Name: name})
			}
			at = i
			continue
		}
		if v, ok := strings.CutPrefix(line, "Rss:"); ok && at >= 0 {
			n, _ := kilobytes(v)
			all[at].RSS += n
		}
	}
	return all
}

// header reads the name in the first line of a mapping:
//
//	c000000000-c000400000 rw-p 00000000 00:00 0      [anon: Go: heap]
func header(line string) (name string, ok bool) {
	bounds, rest, ok := strings.Cut(line, " ")
	from, to, dash := strings.Cut(bounds, "-")
	if !ok || !dash || !hexadecimal(from) || !hexadecimal(to) {
		return "", false
	}
	// Permissions, offset, device, inode; the name is the rest, and may hold spaces.
	const before = 4
	for range before {
		_, rest, _ = strings.Cut(strings.TrimLeft(rest, " "), " ")
	}
	if name = strings.TrimSpace(rest); name == "" {
		name = "anonymous"
	}
	return name, true
}

func hexadecimal(s string) bool {
	_, err := strconv.ParseUint(s, 16, 64)
	return err == nil
}
