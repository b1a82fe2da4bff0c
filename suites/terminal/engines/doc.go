// Package engines holds the terminal emulators that highwater's own repository
// runs its terminal suite over: four pure Go libraries, each behind an adapter
// of about a hundred lines that shows how to write one for another emulator.
//
// An adapter adds what a program embedding the library would have to add (a
// lock, a scrollback, a goroutine that takes the replies) and no more, so that
// what is measured is the library. Everything an adapter starts ends with its
// Close.
//
// Peak memory in KB a session (Go 1.26, linux/amd64; three sessions of 80x24,
// 120x40 and 200x60, with 1,000 lines of scrollback in midterm and xvt):
//
//	scenario           midterm  vt10x  vaxis    xvt
//	buffer_fill            441    230   1230   5790
//	ansi_processing        236    239   1230  15500
//	cursor_operations      104    239   1230  12200
//	render_frames          137    258   1260  10200
//	scrollback             229    234   1210  15000
//	resize_storm           146    429   2250  12300
//	unicode_wide           206    239   1210  16900
//	alternate_screen       140    239   1260  17800
package engines
