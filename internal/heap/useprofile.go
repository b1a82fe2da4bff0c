package heap

import (
	"github.com/google/pprof/profile"

	"github.com/highwater-dev/highwater"
)

// ProfileUses returns the sites of a heap profile as [Uses] does. Sites of which nothing
// is live any more are among them: they are where garbage comes from. It is an error
// when the profile is of another kind, or tells only what is live.
func ProfileUses(p *profile.Profile) ([]highwater.SiteUse, error) {
	live, err := Records(p)
	if err != nil {
		return nil, err
	}
	made, err := allocated(p)
	if err != nil {
		return nil, err
	}
	all := make([]Use, len(live)) // both have a record for each sample
	for i := range all {
		all[i] = Use{live[i], highwater.Allocated{Bytes: made[i].Bytes, Objects: made[i].Objects}}
	}
	return Uses(all), nil
}
