package target

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func TestCgroupMounts(t *testing.T) {
	const (
		v1   = "33 32 0:28 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory"
		cpu  = "34 32 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct"
		v2   = "35 25 0:30 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate"
		both = "36 32 0:31 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw"
		// In a container the mount shows what is below the container's own group.
		inner1 = "40 39 0:28 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory"
		inner2 = "41 39 0:30 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw"
	)
	for _, c := range []struct {
		name   string
		mounts []string
		own    string
		want   []cgroupMount
	}{
		{
			"version 1",
			[]string{cpu, v1},
			"9:cpu,cpuacct:/elsewhere\n4:memory:/user/1000\n",
			[]cgroupMount{{"/sys/fs/cgroup/memory", "/sys/fs/cgroup/memory/user/1000", false}},
		},
		{
			"version 1, several controllers",
			[]string{strings.Replace(v1, "rw,memory", "rw,memory,hugetlb", 1)},
			"4:memory,hugetlb:/\n",
			[]cgroupMount{{"/sys/fs/cgroup/memory", "/sys/fs/cgroup/memory", false}},
		},
		{
			"version 2",
			[]string{v2},
			"0::/user.slice/user-1000.slice\n",
			[]cgroupMount{{"/sys/fs/cgroup", "/sys/fs/cgroup/user.slice/user-1000.slice", true}},
		},
		{
			"hybrid: version 2 is tried first",
			[]string{v1, both},
			"4:memory:/a\n0::/b\n",
			[]cgroupMount{{"/sys/fs/cgroup/unified", "/sys/fs/cgroup/unified/b", true}, {"/sys/fs/cgroup/memory", "/sys/fs/cgroup/memory/a", false}},
		},
		{
			"the root of a container, version 1",
			[]string{inner1},
			"4:memory:/docker/abc\n",
			[]cgroupMount{{"/sys/fs/cgroup/memory", "/sys/fs/cgroup/memory", false}},
		},
		{
			"below the root of a container, version 2",
			[]string{inner2},
			"0::/docker/abc/worker\n",
			[]cgroupMount{{"/sys/fs/cgroup", "/sys/fs/cgroup/worker", true}},
		},
		{
			"a container with a namespace of its own, version 2",
			[]string{v2},
			"0::/\n",
			[]cgroupMount{{"/sys/fs/cgroup", "/sys/fs/cgroup", true}},
		},
		{"the group is not below what is mounted", []string{inner1}, "4:memory:/docker/other\n", nil},
		{"outside of the namespace", []string{v2}, "0::/../other\n", nil},
		{"no memory controller", []string{cpu}, "9:cpu,cpuacct:/\n", nil},
		{"nothing that can be read", []string{"a line", v2}, "0:\n", nil},
	} {
		if got := cgroupMounts(strings.Join(c.mounts, "\n")+"\n", c.own); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

// folders are folders that look like control groups: the kernel's files in a new one
// are these.
func folders(files map[string]string) func(dir string) error {
	return func(dir string) error {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
		return fill(dir, files)
	}
}

func fill(dir string, files map[string]string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func TestCgroupVersion1(t *testing.T) {
	own := t.TempDir()
	if err := fill(own, map[string]string{"tasks": ""}); err != nil {
		t.Fatal(err)
	}
	g, err := cgroupMount{root: own, own: own}.make(folders(map[string]string{"memory.max_usage_in_bytes": "52428800\n", "tasks": ""}))
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(g.dir) != own || g.highest() != 50<<20 || !strings.Contains(g.source, "version 1") {
		t.Errorf("got %+v, at most %d", g, g.highest())
	}
	leave, err := g.enter(&syscall.SysProcAttr{})
	if err != nil {
		t.Fatal(err)
	}
	leave()
	for _, dir := range []string{g.dir, own} { // into it, and out again
		text, _ := os.ReadFile(filepath.Join(dir, "tasks"))
		if n, err := strconv.Atoi(string(text)); err != nil || n <= 0 {
			t.Errorf("tasks of %s: %q", dir, text)
		}
	}
	if _, err := (cgroupMount{root: own, own: filepath.Join(own, "b")}).make(makeGroup); err == nil {
		t.Error("a group was made where none can be")
	}
}

func TestCgroupVersion2(t *testing.T) {
	fresh := folders(map[string]string{"memory.peak": "1048576\n"})
	memory := map[string]string{"cgroup.controllers": "cpu memory pids\n", "cgroup.subtree_control": "", "memory.max": "max\n"}
	with := func(name, text string) map[string]string {
		all := map[string]string{name: text}
		for k, v := range memory {
			if k != name {
				all[k] = v
			}
		}
		return all
	}
	delegating := with("cgroup.subtree_control", "memory\n")
	for _, c := range []struct {
		name        string
		above, own  map[string]string
		in          string // where the group is made, relative to the mount; "-" for nowhere
		atRoot      bool
		mkdir       func(string) error
		explanation string
	}{
		{name: "below its own", above: memory, own: delegating, in: "own", mkdir: fresh},
		{name: "beside its own", above: delegating, own: memory, in: ".", mkdir: fresh},
		{name: "beside would escape a limit", above: delegating, own: with("memory.max", "1000000\n"), in: "-", mkdir: fresh, explanation: "no group that counts memory"},
		{name: "nobody counts", above: memory, own: memory, in: "-", mkdir: fresh, explanation: "no group that counts memory"},
		{name: "no controller", above: memory, own: with("cgroup.controllers", "cpu pids\n"), in: "-", mkdir: fresh, explanation: "no memory controller"},
		{name: "the root of a container", above: delegating, atRoot: true, in: ".", mkdir: fresh},
		{name: "the root of a container that gives nothing on", above: memory, atRoot: true, in: "-", mkdir: fresh, explanation: "no group that counts memory"},
		{name: "a kernel before 5.19", above: memory, own: delegating, in: "-", mkdir: folders(nil), explanation: "does not keep the highest memory use"},
	} {
		root := t.TempDir()
		own := filepath.Join(root, "own")
		if err := fill(root, c.above); err != nil {
			t.Fatal(err)
		}
		if c.atRoot {
			own = root
		} else if err := fill(own, c.own); err != nil {
			t.Fatal(err)
		}
		g, err := cgroupMount{root: root, own: own, v2: true}.make(c.mkdir)
		if c.in == "-" {
			if err == nil || !strings.Contains(err.Error(), c.explanation) {
				t.Errorf("%s: %+v, %v", c.name, g, err)
			}
			left, _ := filepath.Glob(filepath.Join(root, "*", cgroupPrefix+"*"))
			if len(left) > 0 {
				t.Errorf("%s: %v is left", c.name, left)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if filepath.Dir(g.dir) != filepath.Join(root, c.in) || g.highest() != 1<<20 || !strings.Contains(g.source, "version 2") {
			t.Errorf("%s: %+v, at most %d", c.name, g, g.highest())
		}
		// The kernel starts the process in the group that the descriptor is of.
		attr := &syscall.SysProcAttr{}
		leave, err := g.enter(attr)
		if err != nil || !attr.UseCgroupFD || attr.CgroupFD != int(g.folder.Fd()) {
			t.Errorf("%s: entering: %+v, %v", c.name, attr, err)
		}
		leave()
		if err := os.Remove(filepath.Join(g.dir, "memory.peak")); err != nil { // the kernel's files go with the folder
			t.Fatal(err)
		}
		if g.highest() != 0 {
			t.Errorf("%s: a figure of a group that is gone", c.name)
		}
		g.remove()
		if _, err := os.Stat(g.dir); err == nil {
			t.Errorf("%s: %s is left", c.name, g.dir)
		}
	}
}
