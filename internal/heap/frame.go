package heap

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

const module = "github.com/highwater-dev/highwater"

// harness lists the packages that run a workload without being part of it. A
// highwater of another version, or a benchmark run another way, has other
// frames there, and the site is still the same.
var harness = []string{
	module, module + "/memtest", module + "/driver",
	module + "/internal/probe", module + "/internal/measure", module + "/internal/target",
	"testing",
}

// standard lists the first path elements of the standard library's packages, so
// that a user's module without a dot in its name is not taken for part of it. A
// test compares it with `go list std`.
var standard = strings.Fields(`
	archive bufio bytes cmp compress container context crypto database debug
	embed encoding errors expvar flag fmt go hash html image index internal io
	iter log maps math mime net os path plugin reflect regexp runtime slices
	sort strconv strings structs sync syscall testing text time unicode unique
	unsafe vendor weak`)

// Where returns the frame to show for a stack (innermost first): the innermost
// one outside the runtime, the standard library and highwater's own harness. A
// stack that has none is shown by its innermost frame outside the runtime, and where it
// has none of those either by the part of the runtime that it was allocated for.
func Where(stack []highwater.Frame) highwater.Frame {
	for _, ours := range []func(function string) bool{
		func(function string) bool {
			pkg := packageOf(function)
			return isStandard(pkg) || isHarness(pkg)
		},
		func(function string) bool { return isRuntime(packageOf(function)) },
		func(function string) bool {
			return slices.ContainsFunc(allocators, func(a string) bool { return strings.HasPrefix(function, a) })
		},
		func(string) bool { return false },
	} {
		for _, f := range stack {
			if !ours(f.Func) && !isWrapper(f.Func) {
				return f
			}
		}
	}
	return highwater.Frame{}
}

// allocators are how the names of the runtime's functions begin that allocate for others.
var allocators = []string{
	"runtime.mallocgc", "runtime.newobject", "runtime.newarray", "runtime.makeslice", "runtime.growslice", "runtime.makechan",
	"runtime.makemap", "runtime.mapassign", "runtime.rawstring", "runtime.rawbyteslice", "runtime.rawruneslice",
	"runtime.concatstring", "runtime.slicebytetostring", "runtime.stringtoslice", "runtime.intstring", "internal/runtime/maps.",
}

// Fingerprint identifies a stack across runs and moved lines: 12 hexadecimal
// digits of a hash of its functions' names, without files and lines. Frames of
// the runtime and of the harness are left out, since another Go release or
// another highwater changes them and not the site.
func Fingerprint(stack []highwater.Frame) string {
	names := make([]string, 0, len(stack))
	for _, f := range stack {
		if pkg := packageOf(f.Func); !isRuntime(pkg) && !isHarness(pkg) && !isWrapper(f.Func) {
			names = append(names, f.Func)
		}
	}
	if len(names) == 0 {
		for _, f := range stack {
			names = append(names, f.Func)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(names, "\n")))
	return hex.EncodeToString(sum[:6])
}

// packageOf returns the import path in a function's full name, such as
// github.com/x/vt in github.com/x/vt.(*Buffer).insertLine. Type arguments hold
// paths of their own, so what follows a bracket is not looked at. Names that the
// compiler makes, such as type:.eq.T, have the package "".
func packageOf(function string) string {
	name := function
	if i := strings.IndexAny(name, "[("); i >= 0 {
		name = name[:i]
	}
	if strings.HasPrefix(name, "type:") || strings.HasPrefix(name, "go:") {
		return ""
	}
	slash := strings.LastIndexByte(name, '/') + 1
	dot := strings.IndexByte(name[slash:], '.')
	if dot < 0 {
		return name
	}
	return name[:slash+dot]
}

// IsLibrary reports a function of the runtime, of the standard library or of highwater's
// own harness: one that the user cannot change.
func IsLibrary(function string) bool {
	pkg := packageOf(function)
	return isStandard(pkg) || isHarness(pkg) || IsProbe(function)
}

func isRuntime(pkg string) bool {
	return pkg == "" || pkg == "runtime" ||
		strings.HasPrefix(pkg, "runtime/") || strings.HasPrefix(pkg, "internal/runtime/")
}

func isStandard(pkg string) bool {
	first, _, _ := strings.Cut(pkg, "/")
	return pkg == "" || slices.Contains(standard, first)
}

// isHarness leaves packages beneath those of the list alone: suites are
// workloads.
func isHarness(pkg string) bool {
	return slices.Contains(harness, pkg) || strings.HasSuffix(pkg, "/internal/highwaterprobe")
}

// callers are the probe's functions that call the user's.
var callers = []string{"(*Bench).Call", "(*Bench).Test", "(*Bench).Example", "(*Bench).soakCall", "(*Bench).soakTest"}

// IsOwn reports a stack of the probe in a package or program: of what it has allocated
// itself, and not of what it has called.
func IsOwn(stack []highwater.Frame) bool {
	return slices.ContainsFunc(stack, func(f highwater.Frame) bool {
		return strings.HasSuffix(packageOf(f.Func), "/internal/highwaterprobe") && IsProbe(f.Func)
	})
}

// IsProbe reports a function of the probe in the measured process, other than
// those that call the user's.
func IsProbe(function string) bool {
	switch pkg := packageOf(function); {
	case strings.HasSuffix(pkg, "/internal/highwaterprobe"):
		return !slices.ContainsFunc(callers, func(c string) bool { return strings.Contains(function, "/internal/highwaterprobe."+c) })
	default:
		return pkg == module+"/internal/probe"
	}
}

// isWrapper reports a function of the test file that package overlay adds to a
// package: their numbers change with the benchmarks that the package has.
func isWrapper(function string) bool {
	return strings.Contains(function, ".BenchmarkHighwaterProbe")
}
