package platforms

import (
	"fmt"

	"github.com/highwater-dev/highwater"
)

// wordSize is the size of a pointer in bytes on an architecture of Go's, 0 for none that
// is known.
func wordSize(goarch string) int {
	switch goarch {
	case "386", "arm", "mips", "mipsle":
		return 4
	case "amd64", "arm64", "loong64", "mips64", "mips64le", "ppc64", "ppc64le", "riscv64", "s390x", "wasm":
		return 8
	default:
		return 0
	}
}

// explain says whether words of another size make such a change. Pointers, integers and
// the headers of strings, slices and interfaces are words; text and numbers of a fixed
// size are not. So what consists of words changes by the ratio of the sizes, what has
// none stays, and all else lies between. The size classes of the allocator keep to that:
// the class of half a size is no less than half the class. More says that they do not.
func explain(m highwater.Metric, here, before int, change *Interval) (text string, more bool) {
	if here == 0 || before == 0 || here == before || change == nil {
		return "", false
	}
	switch m.Unit {
	case highwater.UnitBytes, highwater.UnitBytesPerOp, highwater.UnitBytesPerSession:
	default:
		return "", false
	}
	if m.Footprint {
		return "", false // the runtime itself lays its memory out in another way
	}
	full := float64(here)/float64(before) - 1
	low, high := min(full, 0), max(full, 0)
	if change.High < low || change.Low > high {
		return fmt.Sprintf("more than words of %d bytes against %d explain", here, before), true
	}
	return fmt.Sprintf("words of %d bytes against %d explain %+.0f to 0 %%", here, before, 100*full), false
}
