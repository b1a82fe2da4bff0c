package hosts

import (
	"bytes"
	"errors"
	"os"
	"strconv"
)

const watchable = true

// highWater is the most resident memory that the process has had, in bytes
// (VmHWM; see proc(5)).
func highWater(pid int) (int64, error) {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, err
	}
	_, rest, found := bytes.Cut(status, []byte("\nVmHWM:"))
	fields := bytes.Fields(rest)
	if !found || len(fields) == 0 {
		return 0, errors.New("the process has no memory any more")
	}
	kb, err := strconv.ParseInt(string(fields[0]), 10, 64)
	return kb << 10, err
}
