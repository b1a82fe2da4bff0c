//go:build race

package engines_test

// raceEnabled says that the race detector is on.
const raceEnabled = true
