package memtest

import "testing"

// unjudged says why this test binary's memory is not that of the program.
func unjudged() string {
	switch {
	case raceEnabled:
		return "built with -race"
	case sanitizerEnabled:
		return "built with a sanitizer"
	case testing.CoverMode() != "":
		return "built with -cover"
	}
	return ""
}

// idle is a recorder for a workload that is run and not measured.
type idle struct{}

func (idle) Start()                       {}
func (idle) LoopStart()                   {}
func (idle) LoopEnd(int)                  {}
func (idle) Checkpoint(string, int, bool) {}
func (idle) More(int) bool                { return false }
func (idle) SteadyEnd()                   {}
func (idle) TornDown()                    {}
