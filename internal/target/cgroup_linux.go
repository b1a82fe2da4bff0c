package target

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cgroup is a control group of its own for one process tree, below the one that
// highwater is in, so that all limits of that hold for it too.
type cgroup struct {
	dir    string
	above  string // the group that highwater is in; version 1
	peak   string // the file with the highest memory use
	source string
	folder *os.File // version 2
}

// cgroupPrefix is followed by the process id of the supervisor.
const cgroupPrefix = "highwater-"

// newCgroup makes a control group whose memory is counted. The error says why
// there is none, which is the usual case for users who are not root.
func newCgroup() (*cgroup, error) {
	mounts, err := os.ReadFile(filepath.Join(string(proc), "self/mountinfo"))
	if err != nil {
		return nil, err
	}
	own, err := os.ReadFile(filepath.Join(string(proc), "self/cgroup"))
	if err != nil {
		return nil, err
	}
	err = errors.New("no control groups with a memory controller are mounted")
	for _, m := range cgroupMounts(string(mounts), string(own)) {
		var g *cgroup
		if g, err = m.make(makeGroup); err == nil {
			return g, nil
		}
	}
	return nil, err
}

// cgroupMount is a mounted hierarchy, with highwater's own group in it.
type cgroupMount struct {
	root string // of the mount
	own  string
	v2   bool
}

// cgroupMounts finds the hierarchies that may count memory, version 2 first.
func cgroupMounts(mountinfo, own string) []cgroupMount {
	groups := map[string]string{} // by "" for version 2, and "memory"
	for line := range strings.Lines(own) {
		f := strings.SplitN(strings.TrimSpace(line), ":", 3)
		switch {
		case len(f) != 3:
		case f[0] == "0" && f[1] == "":
			groups[""] = f[2]
		case slices.Contains(strings.Split(f[1], ","), "memory"):
			groups["memory"] = f[2]
		}
	}
	var found []cgroupMount
	for line := range strings.Lines(mountinfo) {
		before, after, _ := strings.Cut(strings.TrimSpace(line), " - ")
		f, super := strings.Fields(before), strings.Fields(after)
		if len(f) < 5 || len(super) < 3 {
			continue
		}
		v2 := super[0] == "cgroup2"
		if !v2 && (super[0] != "cgroup" || !slices.Contains(strings.Split(super[2], ","), "memory")) {
			continue
		}
		key := "memory"
		if v2 {
			key = ""
		}
		group, ok := groups[key]
		rel, err := filepath.Rel(f[3], group)
		if !ok || err != nil || !filepath.IsLocal(rel) || strings.HasPrefix(group, "/..") {
			continue // it is not below what is mounted here, or outside of the namespace
		}
		m := cgroupMount{root: f[4], own: filepath.Join(f[4], rel), v2: v2}
		if v2 {
			found = slices.Insert(found, 0, m)
		} else {
			found = append(found, m)
		}
	}
	return found
}

// makeGroup makes a folder of the control groups, which the kernel fills with files.
func makeGroup(dir string) error { return os.Mkdir(dir, 0o755) }

// make makes a group below highwater's own, or beside it.
func (m cgroupMount) make(mkdir func(dir string) error) (*cgroup, error) {
	if !m.v2 {
		g := &cgroup{dir: below(m.own), above: m.own, peak: "memory.max_usage_in_bytes", source: "memory.max_usage_in_bytes of a control group of its own (version 1)"}
		return g, g.create(mkdir)
	}
	holds := func(dir, file, word string) bool {
		text, _ := os.ReadFile(filepath.Join(dir, file))
		return slices.Contains(strings.Fields(string(text)), word)
	}
	parent := m.own
	switch {
	case !holds(m.own, "cgroup.controllers", "memory"):
		return nil, fmt.Errorf("the control group %s has no memory controller", m.own)
	case holds(m.own, "cgroup.subtree_control", "memory"):
	// A group with processes in it has no groups below it that count memory: beside
	// it there may be one, which must not escape a limit.
	case m.own != m.root && holds(filepath.Dir(m.own), "cgroup.subtree_control", "memory") && holds(m.own, "memory.max", "max"):
		parent = filepath.Dir(m.own)
	default:
		return nil, fmt.Errorf("no group that counts memory can be made below %s", m.own)
	}
	g := &cgroup{dir: below(parent), peak: "memory.peak", source: "memory.peak of a control group of its own (version 2)"}
	if err := g.create(mkdir); err != nil {
		return nil, err
	}
	folder, err := os.Open(g.dir)
	if err != nil {
		g.remove()
		return nil, err
	}
	g.folder = folder
	return g, nil
}

func below(parent string) string {
	return filepath.Join(parent, cgroupPrefix+strconv.Itoa(os.Getpid()))
}

// create makes the group, and takes away those of supervisors that were killed.
func (g *cgroup) create(mkdir func(dir string) error) error {
	stale, _ := filepath.Glob(filepath.Join(filepath.Dir(g.dir), cgroupPrefix+"*"))
	for _, dir := range stale {
		pid, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(dir), cgroupPrefix))
		info, statErr := os.Stat(dir)
		if err == nil && statErr == nil && proc.State(pid) == 0 && time.Since(info.ModTime()) > time.Minute {
			_ = os.Remove(dir) // the kernel refuses where a process is in it
		}
	}
	if err := mkdir(g.dir); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(g.dir, g.peak)); err != nil {
		_ = os.Remove(g.dir)
		return fmt.Errorf("this kernel does not keep the highest memory use of a group: %w", err)
	}
	return nil
}

// enter lets the process that is started next by this thread begin in the group,
// so that nothing of it is counted elsewhere. What it returns is to be called
// after the start.
func (g *cgroup) enter(attr *syscall.SysProcAttr) (leave func(), err error) {
	if g.folder != nil {
		attr.UseCgroupFD, attr.CgroupFD = true, int(g.folder.Fd())
		return func() {}, nil
	}
	// In version 1 a single thread may be in another group, and what it forks is. The
	// memory of highwater itself goes to the group of its main thread.
	thread := []byte(strconv.Itoa(syscall.Gettid()))
	if err := os.WriteFile(filepath.Join(g.dir, "tasks"), thread, 0); err != nil {
		return nil, err
	}
	return func() { _ = os.WriteFile(filepath.Join(g.above, "tasks"), thread, 0) }, nil
}

// highest is the highest memory use of the group in bytes, 0 where it cannot be
// read.
func (g *cgroup) highest() int64 {
	text, err := os.ReadFile(filepath.Join(g.dir, g.peak))
	if err != nil {
		return 0
	}
	n, _ := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n
}

// remove takes the group away. Its processes have ended, and the kernel may take a
// moment to know it.
func (g *cgroup) remove() {
	if g.folder != nil {
		_ = g.folder.Close()
	}
	for pause := time.Millisecond; pause < time.Second; pause *= 2 {
		if err := os.Remove(g.dir); err == nil || errors.Is(err, os.ErrNotExist) {
			return
		}
		time.Sleep(pause)
	}
}
