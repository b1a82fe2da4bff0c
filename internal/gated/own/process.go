package own

import (
	"time"

	"github.com/highwater-dev/highwater"
)

// Uses are what is live of that many call stacks.
func Uses(stacks int) []highwater.SiteUse {
	var all []highwater.SiteUse
	for i := range stacks {
		all = append(all, highwater.SiteUse{
			Site:      site("example.com/server/pool", i, int64(10_000+i), 0),
			Allocated: highwater.Allocated{Bytes: int64(100_000 + i), Objects: int64(1000 + i)},
		})
	}
	return all
}

// Look is the process a quarter of a second after the look before.
func Look(quarter int, sites []highwater.SiteUse) highwater.Snapshot {
	at := begun.Add(time.Duration(quarter) * 250 * time.Millisecond)
	return highwater.Snapshot{At: at, Sites: sites, SitesAt: at.Truncate(time.Second)}
}
