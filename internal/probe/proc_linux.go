package probe

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unsafe"
)

// highWaterSource is empty where the mark is what the metric's definition says.
const highWaterSource = ""

// residentMemory reads VmRSS and VmHWM, in bytes. VmHWM is the kernel's own
// high-water mark of this program: ru_maxrss would include that of the process
// which started it.
func residentMemory() (rss, highWater int64, err error) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, 0, err
	}
	if rss, err = statusField(string(text), "VmRSS"); err != nil {
		return 0, 0, err
	}
	highWater, err = statusField(string(text), "VmHWM")
	return rss, highWater, err
}

// statusField reads a line such as "VmHWM:	    1234 kB".
func statusField(text, name string) (int64, error) {
	for line := range strings.Lines(text) {
		if v, ok := strings.CutPrefix(line, name+":"); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(v), "kB")), 10, 64)
			if err != nil {
				return 0, fmt.Errorf("/proc/self/status: %s: %w", name, err)
			}
			return n << 10, nil
		}
	}
	return 0, fmt.Errorf("/proc/self/status: no %s", name)
}

func threadCount() (int, error) {
	entries, err := os.ReadDir("/proc/self/task")
	return len(entries), err
}

// openFDs lists the open descriptors as "number target".
func openFDs() (map[string]bool, error) {
	const dir = "/proc/self/fd"
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	fds := map[string]bool{}
	for _, e := range entries {
		// The descriptor of the listing itself is gone by now.
		if target, err := os.Readlink(dir + "/" + e.Name()); err == nil {
			fds[e.Name()+" "+target] = true
		}
	}
	return fds, nil
}

// childPIDs lists the direct children, zombies included. The kernel keeps them
// by the thread that started them.
func childPIDs() (map[int]bool, error) {
	const dir = "/proc/self/task"
	tasks, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	pids := map[int]bool{}
	for _, t := range tasks {
		text, err := os.ReadFile(dir + "/" + t.Name() + "/children")
		if os.IsNotExist(err) {
			continue // the thread has ended
		}
		if err != nil {
			return nil, err
		}
		for f := range strings.FieldsSeq(string(text)) {
			if pid, err := strconv.Atoi(f); err == nil {
				pids[pid] = true
			}
		}
	}
	return pids, nil
}

// commandLine is what the process was started with, or its name in brackets.
func commandLine(pid int) string {
	if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil && len(b) > 0 {
		return strings.TrimSpace(strings.ReplaceAll(string(b[:min(len(b), 512)]), "\x00", " "))
	}
	if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)); err == nil {
		return "[" + strings.TrimSpace(string(b)) + "]"
	}
	return "(ended)"
}

// treeMemory is the proportional set size of these processes and all below them, in
// bytes: what they share counts once. What cannot be read counts as nothing.
func treeMemory(pids map[int]bool) int64 {
	var sum int64
	queue := make([]int, 0, len(pids))
	for pid := range pids {
		queue = append(queue, pid)
	}
	for seen := 0; len(queue) > 0 && seen < 1000; seen++ {
		pid := queue[0]
		queue = queue[1:]
		if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid)); err == nil {
			if pss, err := statusField(string(text), "Pss"); err == nil {
				sum += pss
			}
		}
		tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
		for _, t := range tasks {
			text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, t.Name()))
			for f := range strings.FieldsSeq(string(text)) {
				if child, err := strconv.Atoi(f); err == nil {
					queue = append(queue, child)
				}
			}
		}
	}
	return sum
}

// region is one line of /proc/self/maps with its resident bytes.
type region struct {
	start, end uint64
	name       string
	resident   int64
}

// mappings are the resident bytes of this process by kind of mapping, without those
// that are the Go heap's: by the file that is mapped, "[heap]" for what C allocates,
// "anonymous" for all else.
func mappings() (map[string]int64, error) {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all := readRegions(f)
	kinds := map[string]int64{}
	for i, heap := range heapRegions(all, heapAddress()) {
		if r := all[i]; !heap && r.resident > 0 {
			kinds[r.kind()] += r.resident
		}
	}
	return kinds, nil
}

// heapAddress is the address of something on the Go heap.
func heapAddress() uint64 {
	return uint64(uintptr(unsafe.Pointer(unsafe.StringData(strings.Repeat("h", 1<<10)))))
}

func readRegions(r io.Reader) []region {
	var all []region
	for lines := bufio.NewScanner(r); lines.Scan(); {
		text := lines.Text()
		if rest, ok := strings.CutPrefix(text, "Rss:"); ok {
			if n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(rest, "kB")), 10, 64); err == nil && len(all) > 0 {
				all[len(all)-1].resident = n << 10
			}
			continue
		}
		fields := strings.Fields(text)
		if len(fields) < 5 {
			continue
		}
		from, to, ok := strings.Cut(fields[0], "-")
		start, err := strconv.ParseUint(from, 16, 64)
		end, err2 := strconv.ParseUint(to, 16, 64)
		if ok && err == nil && err2 == nil {
			all = append(all, region{start: start, end: end, name: strings.Join(fields[5:], " ")})
		}
	}
	return all
}

// heapRegions marks the regions that are the Go heap's: those that the runtime has
// named, where the kernel keeps names, and else the one that an object on the heap is
// in, with all that lie against it. Where the heap begins is random since Go 1.26; it
// grows in one piece.
func heapRegions(all []region, object uint64) []bool {
	heap := make([]bool, len(all))
	for i, r := range all {
		heap[i] = strings.HasPrefix(r.name, "[anon: Go: ")
	}
	in := slices.IndexFunc(all, func(r region) bool { return r.start <= object && object < r.end })
	if in < 0 {
		return heap
	}
	heap[in] = true
	for i := in + 1; i < len(all) && all[i].start == all[i-1].end && all[i].anonymous(); i++ {
		heap[i] = true
	}
	for i := in - 1; i >= 0 && all[i].end == all[i+1].start && all[i].anonymous(); i-- {
		heap[i] = true
	}
	return heap
}

func (r region) anonymous() bool { return r.name == "" || strings.HasPrefix(r.name, "[anon") }

func (r region) kind() string {
	if r.anonymous() {
		return "anonymous"
	}
	return r.name
}
