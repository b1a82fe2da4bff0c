package matrix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Side is a run with the baseline that it is compared with, nil for none.
type Side struct {
	Name     string // as the user called it
	Run      *highwater.Run
	Baseline *highwater.Run
}

// Settled is what came of scenarios that stand in several runs.
type Settled struct {
	Notes []string
	// Was are the IDs under which scenarios were measured that have another one now.
	Was map[string]string
}

// Original is the ID under which a scenario was measured.
func (s Settled) Original(id string) string {
	if was, ok := s.Was[id]; ok {
		return was
	}
	return id
}

// Settle changes the runs and baselines so that every scenario stands in one of them.
// What was measured under other conditions, such as another Go release, is another
// scenario: its variant names them, and so it is with a soak of what others measured. What
// was measured again under the same ones counts as it was measured last.
func Settle(sides []Side) Settled {
	s := Settled{Was: map[string]string{}}
	holders := map[string][]int{}
	for i, one := range sides {
		for _, info := range one.Run.Scenarios {
			holders[info.ID()] = append(holders[info.ID()], i)
		}
	}
	// In the order of the runs, so that equal input gives equal notes.
	told := map[string]bool{}
	for _, one := range sides {
		for _, info := range slices.Clone(one.Run.Scenarios) {
			id := info.ID()
			if in := holders[id]; len(in) > 1 && !told[id] {
				told[id] = true
				s.settle(sides, id, in)
			}
		}
	}
	return s
}

// settle settles one scenario, which stands in those runs.
func (s *Settled) settle(sides []Side, id string, in []int) {
	latest := map[string]int{}
	for _, i := range in {
		key := sides[i].key()
		before, there := latest[key]
		if !there {
			latest[key] = i
			continue
		}
		older, newer := before, i
		if sides[i].Run.Created.Before(sides[before].Run.Created) {
			older, newer = i, before
		}
		latest[key] = newer
		drop(sides[older].Run, id)
		s.Notes = append(s.Notes, fmt.Sprintf("%s stands in %s and in %s, measured under the same conditions: the later one counts, run %s, and nothing of run %s does",
			id, sides[older].Name, sides[newer].Name, sides[newer].Run.ID, sides[older].Run.ID))
	}
	if len(latest) < 2 {
		return
	}
	var all [][]string
	var left []int
	soaks := 0
	for _, i := range in {
		if latest[sides[i].key()] == i {
			all, left = append(all, conditions(sides[i].Run.Environment)), append(left, i)
			if sides[i].soak() {
				soaks++
			}
		}
	}
	for k, i := range left {
		var label []string
		for c, condition := range all[k] {
			if slices.ContainsFunc(all, func(other []string) bool { return other[c] != condition }) {
				label = append(label, condition)
			}
		}
		if sides[i].soak() && soaks < len(left) {
			label = append(label, "soak")
		}
		if len(label) > 0 {
			s.rename(sides[i], id, strings.Join(label, ","))
		}
	}
}

// soak reports whether the run is one of soaks.
func (s Side) soak() bool {
	return slices.ContainsFunc(s.Run.Measurements, func(m highwater.Measurement) bool { return m.Pass == highwater.PassSoak })
}

// key tells apart what is compared under no circumstances.
func (s Side) key() string { return fmt.Sprint(s.soak(), conditions(s.Run.Environment)) }

// conditions are those that matter to every metric, and each says what it is of.
func conditions(e highwater.Environment) []string {
	return []string{
		e.Go, e.GOOS + "-" + e.GOARCH, "GOGC=" + e.GOGC, "GOMEMLIMIT=" + e.GOMEMLIMIT,
		fmt.Sprintf("GOMAXPROCS=%d", e.GOMAXPROCS), "GODEBUG=" + e.GODEBUG, fmt.Sprintf("probe=%d", e.Probe),
	}
}

// rename gives the scenario a variant more, in the run and in what it is compared with.
func (s *Settled) rename(side Side, id, label string) {
	label = strings.Map(func(r rune) rune {
		if strings.ContainsRune("/@ \t\n", r) {
			return '_'
		}
		return r
	}, label)
	for _, run := range []*highwater.Run{side.Run, side.Baseline} {
		if run == nil {
			continue
		}
		run.Scenarios = slices.Clone(run.Scenarios)
		run.Measurements = slices.Clone(run.Measurements)
		renamed := id
		for i := range run.Scenarios {
			if info := &run.Scenarios[i]; info.ID() == id {
				info.Variant = strings.TrimPrefix(info.Variant+","+label, ",")
				renamed = info.ID()
			}
		}
		for i := range run.Measurements {
			if run.Measurements[i].Scenario == id {
				run.Measurements[i].Scenario = renamed
			}
		}
		s.Was[renamed] = id
	}
}

// drop takes a scenario out of a run.
func drop(run *highwater.Run, id string) {
	run.Scenarios = slices.DeleteFunc(slices.Clone(run.Scenarios), func(i highwater.ScenarioInfo) bool { return i.ID() == id })
	run.Measurements = slices.DeleteFunc(slices.Clone(run.Measurements), func(m highwater.Measurement) bool { return m.Scenario == id })
}
