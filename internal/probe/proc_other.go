//go:build !linux

package probe

import (
	"errors"
	"runtime"
)

var errPlatform = errors.New("not available on " + runtime.GOOS)

func residentMemory() (rss, highWater int64, err error) { return 0, 0, errPlatform }
func threadCount() int                                  { return 0 }
func openFDs() (map[string]bool, error)                 { return nil, errPlatform }
func childPIDs() (map[int]bool, error)                  { return nil, errPlatform }
func commandLine(int) string                            { return "" }
func treeMemory(map[int]bool) int64                     { return 0 }
func mappings() (map[string]int64, error)               { return nil, errPlatform }
