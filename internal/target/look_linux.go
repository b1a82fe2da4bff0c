package target

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/procfs"
)

// looks is what is seen of a tree while it lives.
type looks struct {
	mu       sync.Mutex
	main     int
	begun    time.Time
	floor    int64 // what the main process's rusage may have from the supervisor
	high     int64 // of the main process, at looks
	atExit   int64 // of the main process, held at its exit
	children int64 // high-water marks together, at the last look
	most     int64 // high-water marks of all together
	largest  int64 // high-water mark of any child

	weighed  series
	pss      int64
	readings int
	dropped  int       // readings during which processes were started
	next     time.Time // when to weigh again
	grown    int64     // sum of the high-water marks when it was weighed
	spacing  time.Duration
	refused  error // why a process could not be weighed
}

// thrift is how much longer than a reading takes the pause after it is: readings
// take a fiftieth of one processor.
const thrift = 50

// look reads the high-water marks, and the proportional set sizes if their time
// has come. The calling thread must be the goroutine's own.
func (l *looks) look(children int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.children = children
	high := proc.HighWater(l.main)
	l.high = max(l.high, high)
	l.most = max(l.most, high+children)
	// A tree that grows is weighed before its time, at each twentieth more: a peak
	// may be over soon. How often that is is bounded by how far it grows.
	if sum := high + children; time.Now().Before(l.next) && sum < l.grown+l.grown/20+margin/4 {
		return
	}
	l.grown = max(l.grown, high+children)
	before := threadTime()
	l.weigh()
	l.spacing = max(lookEvery, thrift*time.Duration(threadTime()-before))
	l.next = time.Now().Add(l.spacing)
}

// met notes a child's high-water mark.
func (l *looks) met(size int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.largest = max(l.largest, size)
}

// held reads what the main process has reached, which stands at its exit.
func (l *looks) held() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.atExit = proc.HighWater(l.main)
	l.most = max(l.most, l.atExit+l.children)
	l.weigh()
}

// weigh adds up the proportional set sizes of the tree. The processes are read one
// after the other: one that is forked meanwhile would be counted with pages that
// were its parent's alone a moment ago, so that such a reading is not used.
func (l *looks) weigh() {
	pids := proc.Descendants(os.Getpid())
	known := make(map[int]bool, len(pids))
	var sum int64
	living := 0
	for _, pid := range pids {
		known[pid] = true
		if sharesMemory(pid) {
			continue
		}
		size, err := proc.Rollup(pid)
		if err != nil {
			l.refused = err
			continue
		}
		if size.PSS > 0 {
			living++
		}
		sum += size.PSS
	}
	for _, pid := range proc.Descendants(os.Getpid()) {
		if !known[pid] {
			l.dropped++
			return
		}
	}
	if sum == 0 {
		return
	}
	l.readings++
	l.pss = max(l.pss, sum)
	l.weighed.add(TreePoint{At: time.Since(l.begun), PSS: sum, Processes: living})
}

// sharesMemory reports whether a process still is in the memory of its parent.
func sharesMemory(pid int) bool {
	parent := proc.Parent(pid)
	return parent > 1 && parent != os.Getpid() && procfs.ShareMemory(pid, parent)
}

// margin is by how much the kernel's two accounts of a high-water mark may differ.
const margin = 1 << 20

// tree says what was seen, once all has ended. Rusage is the largest process of
// the main one and those that it waited for, as the kernel told at the end, and
// adopted the same of those that the main one has left behind.
func (l *looks) tree(rusage, adopted int64) *Tree {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &Tree{Main: max(l.high, l.atExit), Footprint: l.most, Series: l.weighed.points}
	switch {
	case l.atExit > 0:
		t.MainSource = "VmHWM (/proc/PID/status), read while the process was held at its exit"
	case t.Main > 0:
		t.MainSource = fmt.Sprintf("VmHWM (/proc/PID/status), last seen at most %v before the end", lookEvery)
	}
	// What rusage has on top is of the main process, or of a child that no look has
	// met. It is inherited from the supervisor, and says nothing below that.
	if rusage > l.floor+margin && rusage > t.Main+margin && l.atExit == 0 && l.largest == 0 {
		t.Main, t.MainSource = rusage, "ru_maxrss of the ended process"
	}
	if missed := max(rusage, adopted); missed > l.floor+margin && missed > max(t.Main, l.largest)+margin {
		t.Notes = append(t.Notes, fmt.Sprintf("a process of the tree that no look has met reached %s (ru_maxrss)", highwater.FormatBytes(float64(missed))))
		t.Footprint, t.Missed = max(t.Footprint, missed), missed
	}
	t.Footprint = max(t.Footprint, t.Main)
	if t.Footprint > 0 {
		t.FootprintSource = fmt.Sprintf("sum of VmHWM (/proc/PID/status) of the living processes, at a look every %v", lookEvery)
	}
	switch {
	case l.refused != nil:
		t.Series = nil
		t.Notes = append(t.Notes, "the proportional set size could not be had: "+l.refused.Error())
	case l.readings > 0:
		t.PSS = l.pss
		t.PSSSource = fmt.Sprintf("Pss (/proc/PID/smaps_rollup) of all processes, %d readings, at least one every %v", l.readings, max(l.spacing, lookEvery).Round(time.Millisecond))
		if l.dropped > 0 {
			t.PSSSource += fmt.Sprintf("; %d more were not used because processes were being started", l.dropped)
		}
	}
	if t.Main == 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("the process ended before it could be looked at, and took no more than %s", highwater.FormatBytes(float64(max(rusage, l.floor)))))
	}
	return t
}
