package stability

import (
	"cmp"
	"slices"

	"github.com/highwater-dev/highwater"
)

// suspects are the sites that leak, the fastest first. A rise that others make up for by
// falling as steadily is none: the memory has moved, as it does when one generation of
// objects replaces another.
func (v *view) suspects(warm int, tr trend) []highwater.Suspect {
	type found struct {
		climb
		site highwater.Site
	}
	var all []found
	rises := map[int]float64{} // by the number of points of the stretch
	for i := range v.soak.Sites {
		l, ok := v.site(i)
		if !ok {
			continue
		}
		if c, ok := climbs(l, warm, siteBytes); ok {
			all = append(all, found{c, v.soak.Sites[i].Site})
			rises[c.points.len()] += c.growth
		}
	}
	falls := map[int]float64{}
	for n := range rises {
		falls[n] = v.sunk(v.len() - n)
	}
	all = slices.DeleteFunc(all, func(f found) bool {
		n := f.points.len()
		return falls[n] >= rises[n]/2
	})
	if len(all) == 0 {
		return nil
	}
	var rise float64
	for _, f := range all {
		rise += f.slope
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(b.slope, a.slope) })
	perOp := v.pace()
	var out []highwater.Suspect
	for _, f := range all {
		first, last := f.points.ends()
		s := highwater.Suspect{
			Kind: "site", Site: &f.site, Name: f.site.Where.Place(), Before: bytes(first), After: bytes(last),
			PerHour: f.slope * 3600, Tau: f.tau, Status: statusNew, Fingerprint: f.site.Fingerprint,
		}
		if perOp > 0 {
			s.PerOp = f.slope / perOp
		}
		if whole := max(tr.fit.Slope, rise); whole > 0 {
			s.Share = min(f.slope/whole, 1)
		}
		out = append(out, s)
	}
	return out
}

// sunk is by how much sites fell steadily since the point with that index.
func (v *view) sunk(from int) (fall float64) {
	for i := range v.soak.Sites {
		if l, ok := v.site(i); ok {
			if down, steadily := l.from(from).sinks(); steadily {
				fall += down
			}
		}
	}
	return fall
}

// pace is operations a second over the whole soak, 0 where nobody counts them.
func (v *view) pace() float64 {
	n := v.len()
	if n < 2 || !(v.ops[n-1] > v.ops[0]) {
		return 0
	}
	return (v.ops[n-1] - v.ops[0]) / (v.t[n-1] - v.t[0])
}
