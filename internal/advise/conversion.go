package advise

import (
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// conversion is a copy that a program makes to have the same in another type.
type conversion struct {
	what, how string
	is        func(part) bool
}

// formatting is what boxing belongs to on a line that does both.
const (
	formatting = "formatting by package fmt"
	boxing     = "boxing as an interface"
)

var conversionsKnown = []conversion{
	{
		formatting, "format into a buffer that is kept: strconv.AppendInt and its like, fmt.Appendf, or concatenate; what fmt is given is boxed as an interface first",
		func(p part) bool { return p.through("fmt.") && !p.through("bytes.(*Buffer).", "strings.(*Builder).") },
	},
	{
		boxing, "keep the value in its own type, by a type parameter or a method of that type: what an interface holds is allocated, pointers and small numbers excepted",
		func(p part) bool { return p.direct() && p.through("runtime.convT") },
	},
	{
		"string(bytes)", "keep the one type: functions of package bytes take what those of package strings do, m[string(b)] and comparisons copy nothing",
		func(p part) bool { return p.direct() && p.through("runtime.slicebytetostring") },
	},
	{
		"[]byte(text)", "keep the one type: io.WriteString, append(buf, text...) and copy take strings as they are",
		func(p part) bool { return p.direct() && p.through("runtime.stringtoslicebyte") },
	},
	{
		"[]rune(text) or string(runes)", "range over the string, or use package unicode/utf8",
		func(p part) bool {
			return p.direct() && p.through("runtime.stringtoslicerune", "runtime.slicerunetostring")
		},
	},
	{
		"joining strings with +", "append the parts to a buffer that is kept, or write them one by one",
		func(p part) bool { return p.direct() && p.through("runtime.concatstring") },
	},
}

// conversions finds copies whose result dies at once: what is converted is then as good as
// it was. The runtime's function at the top of the stack names the conversion
// (runtime/string.go, runtime/iface.go). All that it allocates is saved. Copies that live
// on are data, and none of this rule's.
func conversions(f *facts) []Advice {
	var all []Advice
	for _, p := range f.places {
		if p.claimed || !f.shortLived(p) {
			continue
		}
		var sum highwater.Allocated
		var names, hows []string
		for _, c := range conversionsKnown {
			var of highwater.Allocated
			for _, part := range p.parts {
				if c.is(part) {
					of.Bytes += part.Bytes
					of.Objects += part.Objects
				}
			}
			if of.Objects > 0 {
				if c.what != boxing || !slices.Contains(names, formatting) {
					names, hows = append(names, c.what), append(hows, c.how)
				}
				sum.Bytes += of.Bytes
				sum.Objects += of.Objects
			}
		}
		if sum.Bytes*2 < p.alloc.Bytes || sum.Bytes == 0 {
			continue
		}
		p.claimed = true
		all = append(all, f.garbage(p, sum, sum, Advice{
			Title: fmt.Sprintf("%s at %s makes copies that die at once", strings.Join(names, " and "), p.where.Place()),
			How:   strings.Join(hows, "; "),
			Found: "conversions: the runtime's function that allocated, in the stacks of the allocation profile, and what of the site is live",
		}))
	}
	return all
}
