package highwater

import "time"

// Trace is what a process allocated while it was watched, and what became of it.
type Trace struct {
	Name string        `json:"name"` // of the process, for people
	Took time.Duration `json:"took_ns"`
	Rate int           `json:"profile_rate"` // bytes between two samples; 1: none is left out
	// Sites are those that allocated, most bytes first. Where there are very many, those
	// that allocated least are in Profile alone.
	Sites   []Lifetime `json:"sites"`
	Profile string     `json:"profile"` // a pprof file of all of it, relative to the Run file's directory
}

// Lifetime is what became of what a site allocated while it was traced.
type Lifetime struct {
	// Site's Bytes and Objects are what it allocated, scaled from the samples.
	Site
	// Judged is how much of Bytes was there when a collection came. Of that between Least
	// and Most had gone by then, in bytes. A collection tells how much a site holds, and
	// not how old that is: what it holds may be older than what was allocated since the
	// collection before.
	Judged int64 `json:"judged_bytes"`
	Least  int64 `json:"gone_at_least_bytes"`
	Most   int64 `json:"gone_at_most_bytes"`
	Held   int64 `json:"live_bytes"` // at the last collection
}

// What a lifetime comes to.
const (
	LifetimeChurn   = "churn"   // nine tenths and more had gone by the next collection
	LifetimeStays   = "stays"   // nine tenths and more had not
	LifetimeMixed   = "mixed"   // between
	LifetimeUnknown = "unknown" // there was no collection, or the bounds leave it open
)

// Verdict is one of the Lifetime constants.
func (l Lifetime) Verdict() string {
	switch judged := float64(l.Judged); {
	case l.Judged <= 0:
		return LifetimeUnknown
	case float64(l.Least) >= 0.9*judged:
		return LifetimeChurn
	case float64(l.Most) <= 0.1*judged:
		return LifetimeStays
	case float64(l.Least) > 0.1*judged && float64(l.Most) < 0.9*judged:
		return LifetimeMixed
	}
	return LifetimeUnknown
}
