//go:build !linux

package probe

import (
	"errors"
	"runtime"
)

// What of a process only Linux tells in a way that has been tried. The reasons are
// shown to users, and stand in the table of docs/platforms.md.
var (
	errFDs      = errors.New("descriptors are listed on Linux only, not on " + runtime.GOOS)
	errChildren = errors.New("child processes are followed on Linux only, not on " + runtime.GOOS)
	errMappings = errors.New("memory mappings are read on Linux only, not on " + runtime.GOOS)
)

func threadCount() (int, error)           { return runtimeThreads() }
func openFDs() (map[string]bool, error)   { return nil, errFDs }
func childPIDs() (map[int]bool, error)    { return nil, errChildren }
func commandLine(int) string              { return "" }
func treeMemory(map[int]bool) int64       { return 0 }
func mappings() (map[string]int64, error) { return nil, errMappings }
