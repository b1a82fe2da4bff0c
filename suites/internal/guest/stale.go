package guest

import (
	"os"
	"path/filepath"
	"time"

	"github.com/highwater-dev/highwater/internal/flock"
)

// stale is the age from which a build folder that nobody holds is abandoned. One
// that was made just now may be about to be locked; where the system has no locks
// none is held, and no build takes a day.
const (
	stale         = time.Minute
	staleUnlocked = 24 * time.Hour
)

// lockName is the file in a build folder by which it is held.
const lockName = "lock"

// sweep removes the build folders of processes that were killed. What it cannot
// remove does no harm.
func sweep(dir string) {
	found, _ := filepath.Glob(filepath.Join(dir, "build-*"))
	for _, work := range found {
		info, err := os.Lstat(work)
		if err != nil || !info.IsDir() || time.Since(info.ModTime()) < stale {
			continue
		}
		path, old := filepath.Join(work, lockName), time.Since(info.ModTime()) > staleUnlocked
		if _, err := os.Stat(path); !old && (err != nil || !flock.Works) {
			continue
		}
		held, err := flock.Try(path)
		if held != nil || err != nil && old {
			_ = os.RemoveAll(work)
		}
		if held != nil {
			held.Close()
		}
	}
}
