package platforms

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/suggest"
)

// Key is a condition by which runs can be told apart.
type Key struct {
	Name string
	Doc  string
	Of   func(highwater.Environment) string // "unknown" where the run does not say

	// explains are the conditions of the gate's table that a difference in this one
	// brings along: another operating system has another kernel.
	explains []string
}

// Keys lists what runs can be told apart by, in the order of the help.
func Keys() []Key { return slices.Clone(keys) }

var keys = []Key{
	{"goos", "operating system", func(e highwater.Environment) string { return known(e.GOOS) }, []string{"GOOS", "kernel"}},
	{"goarch", "architecture", func(e highwater.Environment) string { return known(e.GOARCH) }, []string{"GOARCH", "CPU"}},
	{"go", "Go version, with its patch number", func(e highwater.Environment) string { return known(e.Go) }, []string{"Go version"}},
	{"gogc", "GOGC", func(e highwater.Environment) string { return unset(e.GOGC, "100") }, []string{"GOGC"}},
	{"gomemlimit", "GOMEMLIMIT", func(e highwater.Environment) string { return unset(e.GOMEMLIMIT, "off") }, []string{"GOMEMLIMIT"}},
	{"gomaxprocs", "GOMAXPROCS", func(e highwater.Environment) string { return strconv.Itoa(e.GOMAXPROCS) }, []string{"GOMAXPROCS"}},
	{"godebug", "GODEBUG", func(e highwater.Environment) string { return unset(e.GODEBUG, "unset") }, []string{"GODEBUG"}},
	{"kernel", "release of the kernel", func(e highwater.Environment) string { return known(e.Kernel) }, []string{"kernel"}},
	{"cpu", "model and number of processors", func(e highwater.Environment) string {
		return fmt.Sprintf("%s, %d", known(e.CPU), e.CPUs)
	}, []string{"CPU"}},
	{"memory", "memory of the machine", func(e highwater.Environment) string { return size(e.MemoryBytes, "unknown") }, []string{"memory"}},
	{"limit", "memory limit of the container", func(e highwater.Environment) string { return size(e.MemoryLimit, "none") }, []string{"container limit"}},
	{"branch", "branch", func(e highwater.Environment) string { return known(e.Branch) }, nil},
	{"revision", "commit, with + where there were changes to it", revision, nil},
	{"ci", "service that made the run", func(e highwater.Environment) string { return unset(e.CI, "none") }, nil},
}

func known(s string) string { return unset(s, "unknown") }

func unset(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

func size(n int64, none string) string {
	if n <= 0 {
		return none
	}
	return highwater.FormatBytes(float64(n))
}

func revision(e highwater.Environment) string {
	r := known(e.Revision)
	if len(r) > 12 {
		r = r[:12]
	}
	if e.Dirty {
		r += "+"
	}
	return r
}

// ParseBy reads the names of keys, separated by commas.
func ParseBy(s string) ([]Key, error) {
	var names []string
	for _, k := range keys {
		names = append(names, k.Name)
	}
	var by []Key
	for name := range strings.SplitSeq(s, ",") {
		name = strings.TrimSpace(name)
		i := slices.IndexFunc(keys, func(k Key) bool { return strings.EqualFold(k.Name, name) })
		switch {
		case i < 0 && suggest.Hint(name, names) != "":
			return nil, fmt.Errorf("there is no %q that runs could differ by%s", name, suggest.Hint(name, names))
		case i < 0:
			return nil, fmt.Errorf("there is no %q that runs could differ by: want some of %s", name, strings.Join(names, ", "))
		case slices.ContainsFunc(by, func(k Key) bool { return k.Name == keys[i].Name }):
			return nil, fmt.Errorf("%s stands there twice", keys[i].Name)
		}
		by = append(by, keys[i])
	}
	return by, nil
}
