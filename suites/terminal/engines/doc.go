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
//	buffer_fill            430    230   1240   5790
//	ansi_processing        166    239   1210  11000
//	cursor_operations       94    230   1240  10500
//	render_frames          113    254   1250   9140
//	scrollback             233    239   1210  15100
//	resize_storm           135    427   2240  12300
//	unicode_wide           195    239   1210  16900
//	alternate_screen       130    239   1260  17600
package engines
