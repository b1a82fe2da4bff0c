package target

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater/internal/procfs"
)

// proc is the process file system.
const proc = procfs.Root

// oomKills counts the kernel's out-of-memory kills since boot.
func oomKills() int64 {
	text, err := os.ReadFile(filepath.Join(string(proc), "vmstat"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if v, ok := strings.CutPrefix(line, "oom_kill "); ok {
			n, _ := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
			return n
		}
	}
	return 0
}
