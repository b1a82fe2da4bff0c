// Package terminal is a suite of eight memory scenarios for terminal emulators,
// terminal_operations. It measures any emulator that can be put behind the
// small interface [Terminal], as testing/fstest tests any file system:
//
//	for _, s := range terminal.Suite(terminal.Engine{Name: "mine", New: newMine}).Scenarios {
//		…
//	}
//
// Optional abilities are found by type assertion: [Renderer], [Scrollbacker].
//
// # Sessions
//
// A session is one terminal. Each scenario has three: 80x24, 120x40 and 200x60,
// with 1,000 lines of scrollback where the emulator keeps any. One operation
// does one step to every session: a piece of output, a frame, a change of size.
//
// # Input
//
// The input is what real programs printed (vim, nvim, less, bash, htop and mc,
// recorded at each of the three sizes as asciicasts) and logs generated from a
// fixed seed. It is made before the baseline is taken and shared by all sessions;
// a terminal's construction is counted. Pieces end between characters and
// between control sequences, where a cut cannot matter to memory.
//
// # Honesty
//
// When the loop is over, the screen of every session is compared with the one
// that a real tmux shows after the same input, and the lines of scrollback with
// tmux's history. An emulator that drops output fails the scenario, however
// little memory it needs. Where an engine is known to place characters
// otherwise, its [Engine] says so, for one scenario, with the reason.
//
// In unicode_wide all engines are compared by characters in each row rather than
// by columns: terminals disagree about the width of some characters, and some
// give every character one column. The lines there are short enough to wrap in
// none of them.
package terminal
