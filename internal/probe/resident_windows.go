package probe

import (
	"fmt"
	"syscall"
	"unsafe"
)

const highWaterSource = "PeakWorkingSetSize of GetProcessMemoryInfo"

// Its name in kernel32 since Windows 7; psapi.dll only passes on to it.
var getProcessMemoryInfo = syscall.NewLazyDLL("kernel32.dll").NewProc("K32GetProcessMemoryInfo")

// residentMemory reads the working set and the highest that it was. Pages that several
// processes share, those of system libraries above all, count in each.
func residentMemory() (rss, highWater int64, err error) {
	if err := getProcessMemoryInfo.Find(); err != nil {
		return 0, 0, err
	}
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		return 0, 0, err
	}
	const word = int(unsafe.Sizeof(uintptr(0)))
	var room [countersWords + 2]uintptr // as the struct is to be aligned
	b := unsafe.Slice((*byte)(unsafe.Pointer(&room)), countersSize(word))
	if ok, _, err := getProcessMemoryInfo.Call(uintptr(self), uintptr(unsafe.Pointer(&room)), uintptr(len(b))); ok == 0 {
		return 0, 0, fmt.Errorf("GetProcessMemoryInfo: %w", err)
	}
	return workingSet(b, word)
}
