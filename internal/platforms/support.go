package platforms

import "github.com/highwater-dev/highwater"

// Systems are the operating systems that highwater is built for.
func Systems() []string { return []string{"linux", "darwin", "windows"} }

// Support is how a metric is had on an operating system, or why it is not.
type Support struct {
	How     string // "" where it is not had
	Lacking string // why: the measurement says unsupported
}

// On says how a metric is had on one of [Systems].
func On(m highwater.Metric, goos string) Support {
	linux := goos == "linux"
	const (
		runtimes = "the Go runtime"
		lists    = "descriptors are listed on Linux only"
		trees    = "process trees are seen on Linux only"
	)
	switch m.Name {
	case highwater.Footprint:
		return Support{How: map[string]string{
			"linux":   "VmHWM in /proc/self/status",
			"darwin":  "ru_maxrss of getrusage",
			"windows": "PeakWorkingSetSize of GetProcessMemoryInfo",
		}[goos]}
	case highwater.GCPressure:
		return Support{How: runtimes + ", and the process's CPU time by " + map[string]string{
			"linux": "getrusage", "darwin": "getrusage", "windows": "GetProcessTimes",
		}[goos]}
	case highwater.Threads:
		if linux {
			return Support{How: "/proc/self/task"}
		}
		return Support{How: runtimes + ", since Go 1.26, without threads that C started"}
	case highwater.FDs:
		if linux {
			return Support{How: "/proc/self/fd"}
		}
		return Support{Lacking: lists}
	case highwater.Children:
		if linux {
			return Support{How: "/proc/self/task/*/children, and the supervisor"}
		}
		return Support{Lacking: "child processes are followed on Linux only"}
	case highwater.ChildMemory:
		if linux {
			return Support{How: "VmHWM of each, by the supervisor"}
		}
		return Support{Lacking: "child processes are followed on Linux only"}
	case highwater.TreePSS, highwater.TreeFootprint, highwater.Orphans:
		if linux {
			return Support{How: "/proc, by the supervisor"}
		}
		return Support{Lacking: trees}
	case highwater.TreeCgroup:
		if linux {
			return Support{How: "the control group, where one may be made"}
		}
		return Support{Lacking: trees}
	default:
		return Support{How: runtimes}
	}
}
