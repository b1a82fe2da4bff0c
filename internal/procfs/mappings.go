package procfs

import (
	"bufio"
	"bytes"
	"errors"
	"io/fs"
	"slices"
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
	all, err := f.regions(pid)
	return byName(all), err
}

// regions reads the mappings one by one.
func (f FS) regions(pid int) ([]region, error) {
	text, err := readFile(f.path(pid, "smaps"))
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, f.denied(pid, err)
	case err != nil:
		return nil, nil
	}
	return regions(text), nil
}

// MappingsBeside are [FS.Mappings] without those that are a Go runtime's: what it has
// named, where the kernel keeps names, and else the one that an object of its heap is in,
// with all anonymous ones that lie against it, since the heap grows in one piece.
func (f FS) MappingsBeside(pid int, object uint64) ([]Mapping, error) {
	all, err := f.regions(pid)
	if err != nil {
		return nil, err
	}
	own := make([]bool, len(all))
	for i, r := range all {
		own[i] = strings.HasPrefix(r.name, "[anon: Go: ")
	}
	if in := slices.IndexFunc(all, func(r region) bool { return r.start <= object && object < r.end }); in >= 0 {
		own[in] = true
		for i := in + 1; i < len(all) && all[i].start == all[i-1].end && all[i].anonymous(); i++ {
			own[i] = true
		}
		for i := in - 1; i >= 0 && all[i].end == all[i+1].start && all[i].anonymous(); i-- {
			own[i] = true
		}
	}
	var rest []region
	for i, r := range all {
		if !own[i] {
			rest = append(rest, r)
		}
	}
	return byName(rest), nil
}

// region is one mapping, from an address up to another.
type region struct {
	start, end uint64
	name       string
	rss        int64
}

func (r region) anonymous() bool { return r.name == unnamed || strings.HasPrefix(r.name, "[anon") }

// unnamed is the name of what is mapped without a file or a name.
const unnamed = "anonymous"

func regions(text []byte) []region {
	var all []region
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		if r, ok := header(line); ok {
			all = append(all, r)
			continue
		}
		if v, ok := strings.CutPrefix(line, "Rss:"); ok && len(all) > 0 {
			n, _ := kilobytes(v)
			all[len(all)-1].rss += n
		}
	}
	return all
}

// byName adds up what has one name.
func byName(all []region) []Mapping {
	var out []Mapping
	index := map[string]int{}
	for _, r := range all {
		i, known := index[r.name]
		if !known {
			i = len(out)
			index[r.name] = i
			out = append(out, Mapping{Name: r.name})
		}
		out[i].RSS += r.rss
	}
	return out
}

// header reads the first line of a mapping:
//
//	c000000000-c000400000 rw-p 00000000 00:00 0      [anon: Go: heap]
func header(line string) (r region, ok bool) {
	bounds, rest, ok := strings.Cut(line, " ")
	from, to, dash := strings.Cut(bounds, "-")
	var err, other error
	r.start, err = strconv.ParseUint(from, 16, 64)
	r.end, other = strconv.ParseUint(to, 16, 64)
	if !ok || !dash || err != nil || other != nil {
		return region{}, false
	}
	// Permissions, offset, device, inode; the name is the rest, and may hold spaces.
	const before = 4
	for range before {
		_, rest, _ = strings.Cut(strings.TrimLeft(rest, " "), " ")
	}
	if r.name = strings.TrimSpace(rest); r.name == "" {
		r.name = unnamed
	}
	return r, true
}
