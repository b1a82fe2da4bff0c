// Package tmux drives a real tmux as if it were an emulator in this process:
// bytes go into a pane's terminal, and the pane's screen and history come out
// as text. The terminal suite takes its reference screens from it.
//
// Each pane is a tmux server of its own, with its own socket and settings; the
// user's servers and settings are never touched.
package tmux
