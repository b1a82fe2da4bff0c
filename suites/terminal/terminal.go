package terminal

import "io"

// Terminal is one live emulated terminal: a session of the suite. The suite
// calls it from one goroutine at a time.
//
// Every Write ends between two characters that do not combine and between two
// control sequences, and is done when Write returns: Screen shows its effect.
// Line feeds come with their carriage returns, as from a pseudo-terminal.
type Terminal interface {
	io.Writer
	// Resize changes the size of the screen.
	Resize(cols, rows int) error
	// Screen returns the visible text, a string for each row, with the spaces
	// at the end of each cut off.
	Screen() []string
	// Close gives everything back: goroutines, descriptors, child processes.
	Close() error
}

// Renderer is implemented by terminals that can draw their screen as a frame
// of text and ANSI sequences. Of others the suite draws [Terminal.Screen].
type Renderer interface {
	Render(w io.Writer) error
}

// Scrollbacker is implemented by terminals that keep the lines that have left
// the screen. One that does is held to keeping all that it was asked for: the
// scrollback scenario compares the lines with tmux's.
type Scrollbacker interface {
	// Scrollback is the number of lines kept.
	Scrollback() int
	// ScrollbackLine returns the text of line i, right-trimmed; 0 is the oldest.
	ScrollbackLine(i int) string
}
