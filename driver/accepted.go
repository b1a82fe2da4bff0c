package driver

import (
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/stability"
	"github.com/highwater-dev/highwater/internal/target"
)

// known are the configuration's known regressions, as the gate takes them.
func (h held) known() []gate.Known {
	var all []gate.Known
	for _, k := range h.rules.Known() {
		all = append(all, gate.Known{
			Matches: k.Names, Metrics: k.Metrics, Fingerprint: k.Fingerprint,
			Reason: k.Reason, Where: h.rules.Place(k.Line), Until: k.Until,
			Beyond: k.UpTo, Growth: k.Growth,
		})
	}
	for _, l := range h.labels {
		all = append(all, gate.Known{Reason: l.Reason, Where: l.Where, Until: l.Until})
	}
	return all
}

// knownLeaks are the same entries, for soaks.
func (h held) knownLeaks() []stability.Known {
	var all []stability.Known
	for _, k := range h.rules.Known() {
		all = append(all, stability.Known{
			Matches: k.Names, Metrics: k.Metrics, Fingerprint: k.Fingerprint,
			Reason: k.Reason, Where: h.rules.Place(k.Line), Until: k.Until,
		})
	}
	for _, l := range h.labels {
		all = append(all, stability.Known{Reason: l.Reason, Where: l.Where, Until: l.Until})
	}
	return all
}

// skipped reports whether the configuration leaves out the scenario, or the package,
// of that name.
func (h held) skipped(id string) bool {
	_, skipped := h.rules.Skipped(id)
	return skipped
}

// keep divides the targets into those that are measured and those that are not, to
// which it adds what was not even built or skipped itself. It is an error when nothing
// is left to measure.
func (h held) keep(targets []target.Target, b built) (kept []target.Target, skipped []highwater.Skipped, err error) {
	leave := func(id string) {
		why, _ := h.rules.Skipped(id)
		skipped = append(skipped, highwater.Skipped{Scenario: id, Reason: why})
	}
	for _, id := range b.Left {
		leave(id)
	}
	for _, t := range targets {
		if id := t.Info.ID(); h.skipped(id) {
			leave(id)
		} else {
			kept = append(kept, t)
		}
	}
	if len(kept)+len(b.Failed) == 0 && len(skipped) > 0 {
		return nil, nil, usagef("there is nothing to measure: %s is skipped, since %s, and all else that is named is skipped too or not there", skipped[0].Scenario, skipped[0].Reason)
	}
	return kept, skipped, nil
}
