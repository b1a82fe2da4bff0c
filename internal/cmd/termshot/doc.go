// Command termshot makes a picture of a terminal: it runs a command in a real
// tmux, waits until it has ended, and writes what the screen and its history
// show as an SVG.
//
//	go run ./internal/cmd/termshot -cols 120 -o docs/img/gates.svg -- highwater gates
//
// With no command it reads what `tmux capture-pane -e -p` printed from standard
// input.
//
// The text stays text: it can be selected and searched, and each piece of it
// is stretched to its number of cells, so that columns line up in any monospaced
// font. A character is taken to be one cell wide; combining marks are not.
package main
