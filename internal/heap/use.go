package heap

import (
	"github.com/google/pprof/profile"

	"github.com/highwater-dev/highwater"
)

// Uses returns the sites of a heap profile with what is live of each and what was
// allocated there since the process began, most live bytes first. Sites of which nothing
// is live any more are among them: they are where garbage comes from. It is an error
// when the profile is of another kind, or tells only what is live.
func Uses(p *profile.Profile) ([]highwater.SiteUse, error) {
	live, err := Records(p)
	if err != nil {
		return nil, err
	}
	made, err := allocated(p)
	if err != nil {
		return nil, err
	}
	total := map[string]highwater.Allocated{}
	for i := range made {
		k := stackKey(made[i].Stack)
		t := total[k]
		t.Bytes += made[i].Bytes
		t.Objects += made[i].Objects
		total[k] = t
	}
	// Sites leaves out what is nothing: one that holds nothing is added behind the others.
	var uses []highwater.SiteUse
	for _, s := range Sites(live, 0) {
		k := stackKey(s.Stack)
		uses = append(uses, highwater.SiteUse{Site: s, Allocated: total[k]})
		delete(total, k)
	}
	rest := made[:0]
	for _, r := range made {
		if _, ok := total[stackKey(r.Stack)]; ok {
			rest = append(rest, r)
		}
	}
	for _, s := range Sites(rest, 0) {
		a := highwater.Allocated{Bytes: s.Bytes, Objects: s.Objects}
		s.Bytes, s.Objects, s.Share = 0, 0, 0
		uses = append(uses, highwater.SiteUse{Site: s, Allocated: a})
	}
	return uses, nil
}
