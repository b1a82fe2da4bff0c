//go:build linux

package main

import "fmt"

// program is one program with the keystrokes that drive it. The marker "quit"
// stands where it has shown all it will and is about to be left.
type program struct {
	name    string
	command []string
	drive   func(s *session, cols, rows int)
}

// vimFlags make vim start bare and ask the terminal nothing. The undo levels
// keep vim's own memory bounded, should a recording grow long.
var vimFlags = []string{"-u", "NONE", "-i", "NONE", "-n", "-N"}

func programs() []program {
	vim := append([]string{"vim"}, append(vimFlags, "--cmd", "set t_RV= t_u7= t_RF= t_RB= t_RS= undolevels=20", "store.go")...)
	nvim := append([]string{"nvim"}, append(vimFlags, "--cmd", "set undolevels=20", "store.go")...)
	return []program{
		{"vim", vim, driveVim},
		{"nvim", nvim, driveVim},
		{"less", []string{"less", "-R", "-M", "color.log"}, driveLess},
		{"bash", []string{"bash", "--norc", "--noprofile", "-i"}, driveBash},
		{"htop", []string{"sh", "-c", "for i in 1 2 3 4 5 6; do sleep 1000 & done; exec htop"}, driveHtop},
		{"mc", []string{"mc", "--nosubshell", "--skin=default"}, driveMc},
		{"vimresize", vim, driveResizes},
	}
}

// vimDo types in vim's normal mode and waits until vim has come to the end of
// it: what it echoes last is on the screen.
func vimDo(s *session, keys string) {
	s.steps++
	s.keys(keys)
	word := fmt.Sprintf("step %d done", s.steps)
	s.keys(fmt.Sprintf(":echo 'step %d' 'done'\r", s.steps))
	s.expect(word)
}

func driveVim(s *session, _, rows int) {
	s.expect("package store")
	vimDo(s, ":syntax on\r")
	vimDo(s, ":set number hlsearch nowrap ruler laststatus=2\r")
	for range 6 {
		vimDo(s, "\x06") // page down
	}
	vimDo(s, "gg/total\r")
	for range 10 {
		vimDo(s, "n")
	}
	vimDo(s, "gg")
	for i := range 8 {
		vimDo(s, fmt.Sprintf("%djo// a note on line %d, typed into the middle of things\x1b", 5+i, i))
		vimDo(s, "ddp>>")
	}
	vimDo(s, "5dd3u")
	vimDo(s, ":%s/total/amount/g\r")
	vimDo(s, ":split\r")
	vimDo(s, ":vsplit src/queue.go\r")
	for range 4 {
		vimDo(s, "\x04")  // half a page down
		vimDo(s, "\x17w") // the next window
	}
	vimDo(s, "ggVG=")
	vimDo(s, ":only\r")
	vimDo(s, fmt.Sprintf("gg%djzt", rows))
	for range 12 {
		vimDo(s, "\x05\x05\x19") // scroll by lines
	}
	vimDo(s, "wcwchanged\x1bwcwagain\x1b.")
	s.mark("quit")
	s.keys(":qa!\r")
}

func driveLess(s *session, cols, rows int) {
	s.expect("color.log lines 1-")
	top := func(keys, want string) {
		s.keys(keys)
		s.expect(want)
	}
	for range 6 {
		s.changed(" ")
	}
	top("g", "lines 1-")
	for range 10 {
		s.changed("j")
	}
	for range 6 {
		s.changed("k")
	}
	s.changed("/ERROR\r")
	for range 6 {
		s.changed("n")
	}
	for range 3 {
		s.changed("N")
	}
	top("G", "(END)")
	for range 5 {
		s.changed("b")
	}
	s.changed("-S") // it asks for a key
	s.changed("\r")
	top("50p", "%")
	s.mark("quit")
	s.keys("q")
}

// bashDo has bash run a command and waits for its end. The quotes keep the
// command line, as echoed, from being taken for its output.
func bashDo(s *session, command string) {
	s.steps++
	s.keys(fmt.Sprintf("%s; echo do\"\"ne $((%d))\r", command, s.steps))
	s.expect(fmt.Sprintf("done %d", s.steps))
}

func driveBash(s *session, _, _ int) {
	s.expect("$")
	bashDo(s, "ls --color=always data")
	bashDo(s, "head -n 60 app.log")
	bashDo(s, "cat color.log | head -n 120")
	bashDo(s, "seq 1 200")
	bashDo(s, `for i in $(seq 0 255); do printf '\e[48;5;%dm%4d\e[0m' $i $i; done; echo`)
	bashDo(s, `for i in $(seq 1 60); do printf '\r%3d%% [%-60s]' $((i*100/60)) "$(head -c $i /dev/zero | tr '\0' '#')"; done; echo`)
	// Editing a command line: back and forth by words, out of the middle, and
	// a completed name.
	s.keys("echo one two three four")
	s.expect("three four")
	s.changed("\x01# \x05 five")
	s.changed("\x1bb\x1bb\x17")
	s.changed("\x15")
	s.keys("wc -l docs/no\t")
	s.expect("docs/notes.txt")
	bashDo(s, "")
	bashDo(s, "grep --color=always -n ERROR app.log")
	bashDo(s, "ls --color=always -C src docs")
	s.mark("quit")
	s.keys("exit\r")
}

func driveHtop(s *session, _, _ int) {
	s.expect("F10Quit")
	refresh := func(n int) {
		for range n {
			s.typed("") // htop draws by its own clock
		}
	}
	refresh(12)
	for range 5 {
		s.typed("\x1b[B")
	}
	s.keys("\x1b[15~") // F5: tree
	s.expect("F5List")
	refresh(4)
	s.keys("\x1b[17~") // F6: sort by
	s.expect("Sort by")
	s.typed("\x1b[B")
	s.typed("\x1b[B")
	s.keys("\x1b")
	s.gone("Sort by")
	s.keys("\x1bOP") // F1: help
	s.expect("Released under")
	s.keys("q")
	s.expect("F10Quit")
	s.keys("\x1b[15~")
	s.expect("F5Tree")
	refresh(6)
	s.mark("quit")
	s.keys("q")
}

func driveMc(s *session, _, _ int) {
	const down, right, enter, escape = "\x1bOB", "\x1bOC", "\r", "\x1b\x1b"
	s.expect("10Quit")
	for range 6 {
		s.typed(down)
	}
	s.typed("\t") // the other panel
	for range 4 {
		s.typed(down)
	}
	s.keys(enter)
	s.expect("segment-000")
	for range 55 {
		s.typed(down)
	}
	s.keys("\x1b[20~") // F9: the menu
	s.typed(enter)
	s.expect("Listing format")
	for range 4 {
		s.changed(right)
	}
	s.keys(escape)
	s.typed(escape)
	s.typed("\t")
	for range 3 {
		s.typed(down)
	}
	s.keys("\x1bOR") // F3: view
	s.expect("2UnWrap")
	for range 8 {
		s.typed("\x1b[6~")
	}
	s.keys("\x1b[21~")
	s.expect("5Copy")
	s.keys("\x1b[15~") // F5: copy
	s.expect("Copy file")
	s.keys(escape)
	s.gone("Copy file")
	s.mark("quit")
	s.keys("\x1b[21~") // F10
}

// driveResizes has vim redraw in eight sizes, the last of which is the first. It
// types only when vim has noticed the new size: what vim prints for a size that
// the terminal no longer has is another test.
func driveResizes(s *session, cols, rows int) {
	s.expect("package store")
	vimDo(s, ":syntax on\r")
	vimDo(s, ":set number nowrap laststatus=2\r")
	vimDo(s, ":split\r")
	vimDo(s, ":set statusline=%f\\ is\\ %{&columns}x%{&lines}\r")
	for _, size := range [][2]int{
		{cols - 20, rows - 6},
		{cols + 30, rows + 10},
		{cols / 2, rows / 2},
		{cols, rows / 2},
		{cols / 2, rows},
		{cols + 60, rows},
		{40, 10},
		{cols, rows},
	} {
		s.resize(size[0], size[1])
		// A signal that comes just before vim begins to wait for a key is seen
		// after the next key only. Escape does nothing here.
		s.expectNudging(fmt.Sprintf("is %dx%d", size[0], size[1]), "\x1b")
		vimDo(s, "\x06")
	}
	s.mark("quit")
	s.keys(":qa!\r")
}
