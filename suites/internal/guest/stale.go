package guest

import (
	"os"
	"path/filepath"
	"time"
)

// stale is the age from which a build folder that nobody holds is abandoned. One
// that was made just now may be about to be locked; where the system has no locks
// none is held, and no build takes a day.
const (
	stale         = time.Minute
	staleUnlocked = 24 * time.Hour
)

// sweep removes the build folders of processes that were killed. What it cannot
// remove does no harm.
func sweep(dir string) {
	found, _ := filepath.Glob(filepath.Join(dir, "build-*"))
	for _, work := range found {
		info, err := os.Lstat(work)
		if err != nil || !info.IsDir() || time.Since(info.ModTime()) < stale {
			continue
		}
		if _, err := os.Stat(filepath.Join(work, "lock")); err != nil && time.Since(info.ModTime()) < staleUnlocked {
			continue
		}
		release, err := hold(work)
		if err == nil {
			_ = os.RemoveAll(work)
			release()
		} else if time.Since(info.ModTime()) > staleUnlocked {
			_ = os.RemoveAll(work)
		}
	}
}
