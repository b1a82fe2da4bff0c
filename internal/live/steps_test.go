package live_test

import (
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// A site that rises at each of the steps is told with its rate; one that stands still
// once, or is looked at too seldom, is not.
func TestSteps(t *testing.T) {
	begun := time.Unix(1000, 0)
	site := func(name string, bytes int64) highwater.SiteUse {
		return highwater.SiteUse{Site: highwater.Site{Bytes: bytes, Fingerprint: name, Where: highwater.Frame{Func: name}}}
	}
	var all []highwater.Snapshot
	for i := range 5 {
		at := begun.Add(time.Duration(i) * time.Minute)
		n := int64(i)
		all = append(all, highwater.Snapshot{
			At: at, SitesAt: at, GroupsAt: at,
			Sites: []highwater.SiteUse{site("rises", 1000+60*n), site("faster", 100*n+1), site("rests", 100*min(n, 3)), site("falls", 500-n)},
			Groups: []highwater.GoroutineGroup{
				{Count: 1 + i, State: "select", Fingerprint: "more"}, {Count: 7, State: "sleep", Fingerprint: "same"},
			},
		})
		if i > 0 {
			all[i].Sites = append(all[i].Sites, site("begins", 50*n))
		}
		if i > 1 {
			all[i].Sites = append(all[i].Sites, site("late", 500*n))
		}
	}
	grew := live.Steps(all)
	sites, groups := grew.Sites, grew.Groups
	if grew.Profiles != 5 || grew.Lists != 5 {
		t.Errorf("of %d profiles and %d lists, want 5", grew.Profiles, grew.Lists)
	}
	if len(sites) != 3 || sites[0].Site.Fingerprint != "faster" || sites[1].Site.Fingerprint != "rises" || sites[2].Site.Fingerprint != "begins" {
		t.Fatalf("sites: %+v", sites)
	}
	if got := sites[1].PerHour; got != 3600 { // 60 bytes a minute
		t.Errorf("%v bytes an hour, want 3600", got)
	}
	if len(groups) != 1 || groups[0].Group.Fingerprint != "more" || groups[0].PerHour != 60 {
		t.Errorf("groups: %+v", groups)
	}
	nothing := func(what string, grew live.Growth, profiles, lists int) {
		t.Helper()
		if grew.Sites != nil || grew.Profiles != profiles || grew.Lists != lists || lists < live.LeastSteps && grew.Groups != nil {
			t.Errorf("%s: %+v", what, grew)
		}
	}
	nothing("three snapshots are too few", live.Steps(all[:3]), 3, 3)
	for i := range all { // no collection between the last three: one profile
		all[i].GC.Cycles = int64(min(i, 2)) + 1
	}
	nothing("of three profiles", live.Steps(all), 3, 5)
	for i := range all { // one look, told again and again
		all[i].SitesAt, all[i].GroupsAt = begun, begun
	}
	nothing("of one look", live.Steps(all), 1, 1)
	nothing("of none", live.Steps(nil), 0, 0)
}
