package heap

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// pairs matches the sites before with those after.
type pairs struct {
	matched     []highwater.SiteChange
	gone, fresh []highwater.Site
}

func (p *pairs) match(was, is highwater.Site) {
	p.matched = append(p.matched, highwater.SiteChange{
		Site: is, Before: was.Bytes, After: is.Bytes,
		BeforeObjects: float64(was.Objects), AfterObjects: float64(is.Objects),
	})
}

// sort makes the matching, which takes the largest first, independent of chance.
func (p *pairs) sort() {
	for _, list := range [][]highwater.Site{p.gone, p.fresh} {
		slices.SortFunc(list, func(a, b highwater.Site) int {
			return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), compareSites(a, b))
		})
	}
}

// gap is what it costs to leave a line without a counterpart. Two lines whose
// objects differ in size by a factor of 16 are rather different ones.
const gap = 2

// lines matches the lines of one function, which stand in their order on both
// sides, by the size of their objects. A line that is gone is counted with its
// neighbour, since statements are merged more often than dropped.
func (p *pairs) lines(was, is []highwater.Site) {
	n, m := len(was), len(is)
	cost := make([][]float64, n+1)
	for i := n; i >= 0; i-- {
		cost[i] = make([]float64, m+1)
		for j := m; j >= 0; j-- {
			switch {
			case i == n:
				cost[i][j] = gap * float64(m-j)
			case j == m:
				cost[i][j] = gap * float64(n-i)
			default:
				cost[i][j] = min(cost[i+1][j+1]+unlike(was[i], is[j]), gap+min(cost[i+1][j], cost[i][j+1]))
			}
		}
	}
	first := len(p.matched)
	var left []highwater.Site
	for i, j := 0, 0; i < n || j < m; {
		switch {
		case i < n && j < m && cost[i][j] == cost[i+1][j+1]+unlike(was[i], is[j]):
			p.match(was[i], is[j])
			i, j = i+1, j+1
		case i < n && (j == m || cost[i][j] == gap+cost[i+1][j]):
			left = append(left, was[i])
			i++
		default:
			p.fresh = append(p.fresh, is[j])
			j++
		}
	}
	for _, s := range left {
		if first == len(p.matched) {
			p.gone = append(p.gone, s)
			continue
		}
		near := slices.MinFunc(p.matched[first:], func(a, b highwater.SiteChange) int {
			return cmp.Compare(abs(int64(a.Site.Where.Line-s.Where.Line)), abs(int64(b.Site.Where.Line-s.Where.Line)))
		})
		for i := first; i < len(p.matched); i++ {
			if c := &p.matched[i]; c.Site.Where == near.Site.Where {
				c.Before += s.Bytes
				c.BeforeObjects += float64(s.Objects)
				break
			}
		}
	}
}

// unlike is how different the objects of two sites are, and a little how much
// they hold.
func unlike(a, b highwater.Site) float64 {
	return math.Abs(math.Log2(size(a)/size(b))) + 0.25*math.Abs(math.Log2(magnitude(a.Bytes)/magnitude(b.Bytes)))
}

func magnitude(n int64) float64 { return math.Max(math.Abs(float64(n)), 1) }

// size is that of the site's average object.
func size(s highwater.Site) float64 { return magnitude(s.Bytes) / magnitude(s.Objects) }

// renamed matches what is left, the surest kinds first: the same but for numbers
// of closures and type arguments; the same function, reached another way; a
// function of that name in another package; and an allocation of the same size
// that is reached from the same callers, in a function that was renamed, or taken
// out of one of them.
func (p *pairs) renamed() {
	p.pair(true, func(was, is highwater.Site) bool {
		return slices.Equal(chain(was.Stack), chain(is.Stack))
	})
	p.pair(true, func(was, is highwater.Site) bool {
		return plain(was.Where.Func) == plain(is.Where.Func) && slices.Equal(beneath(was), beneath(is))
	})
	p.pair(false, func(was, is highwater.Site) bool {
		return unqualified(was.Where.Func) == unqualified(is.Where.Func) && sameSize(was, is)
	})
	p.pair(false, func(was, is highwater.Site) bool {
		return sameSize(was, is) && slices.Equal(beneath(was), beneath(is)) && related(was, is) &&
			math.Abs(math.Log2(magnitude(was.Bytes)/magnitude(is.Bytes))) <= 2
	})
	// A function with one site that is known to have been in another one took the
	// rest along.
	moved := map[[2]string]bool{}
	for _, m := range p.matched {
		if m.Was != nil {
			moved[[2]string{plain(m.Was.Func), plain(m.Site.Where.Func)}] = true
		}
	}
	p.pair(true, func(was, is highwater.Site) bool {
		return moved[[2]string{plain(was.Where.Func), plain(is.Where.Func)}] && slices.Equal(beneath(was), beneath(is))
	})
}

// pair matches each fresh site with the one that is gone which is most like it.
// With several, one site may be the successor of more than one.
func (p *pairs) pair(several bool, same func(was, is highwater.Site) bool) {
	found := map[int]int{} // index in matched, by that in fresh
	gone := p.gone[:0:0]
	for _, was := range p.gone {
		best := -1
		for j, is := range p.fresh {
			_, taken := found[j]
			if (several || !taken) && same(was, is) && (best < 0 || unlike(was, is) < unlike(was, p.fresh[best])) {
				best = j
			}
		}
		if best < 0 {
			gone = append(gone, was)
			continue
		}
		if i, taken := found[best]; taken {
			p.matched[i].Before += was.Bytes
			p.matched[i].BeforeObjects += float64(was.Objects)
			continue
		}
		found[best] = len(p.matched)
		p.match(was, p.fresh[best])
		if was.Where.Func != p.fresh[best].Where.Func {
			p.matched[len(p.matched)-1].Was = &was.Where
		}
	}
	fresh := p.fresh[:0:0]
	for j, is := range p.fresh {
		if _, taken := found[j]; !taken {
			fresh = append(fresh, is)
		}
	}
	p.gone, p.fresh = gone, fresh
}

func sameSize(a, b highwater.Site) bool {
	return math.Abs(size(a)-size(b)) <= 0.1*max(size(a), size(b))
}

// closure matches the numbers that the compiler gives to closures and wrappers.
var closure = regexp.MustCompile(`\.(func|gowrap|deferwrap)\d+|-range\d+|-fm$|(\.\d+)+`)

// plain is a function's name without what changes by itself: numbers of closures
// and type arguments.
func plain(function string) string {
	if open := strings.IndexByte(function, '['); open >= 0 {
		if end := strings.LastIndexByte(function, ']'); end > open {
			function = function[:open] + function[end+1:]
		}
	}
	pkg := packageOf(function)
	return pkg + closure.ReplaceAllString(strings.TrimPrefix(function, pkg), ".func")
}

func unqualified(function string) string {
	return strings.TrimPrefix(plain(function), packageOf(function))
}

// chain is the stack's functions as a fingerprint counts them, without numbers of
// closures and type arguments.
func chain(stack []highwater.Frame) []string {
	var names []string
	for _, f := range stack {
		if pkg := packageOf(f.Func); !isRuntime(pkg) && !isHarness(pkg) && !isWrapper(f.Func) {
			names = append(names, plain(f.Func))
		}
	}
	return names
}

// split returns the chain below the place that is shown, and that above it.
func split(s highwater.Site) (below, above []string) {
	i := slices.Index(s.Stack, s.Where)
	if i < 0 {
		return nil, chain(s.Stack)
	}
	return chain(s.Stack[:i]), chain(s.Stack[i+1:])
}

func beneath(s highwater.Site) []string { below, _ := split(s); return below }

// related tells sites with the same callers, of which one side may have some more.
func related(was, is highwater.Site) bool {
	_, a := split(was)
	_, b := split(is)
	if len(a) == 0 || len(b) == 0 || a[len(a)-1] != b[len(b)-1] {
		return false
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	for _, name := range b {
		if len(a) > 0 && a[0] == name {
			a = a[1:]
		}
	}
	return len(a) == 0
}
