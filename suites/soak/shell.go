package soak

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// shellRestart is how many rounds a bash lives.
const shellRestart = 10

func interactiveShell() scenario {
	return scenario{
		name: "interactive_shell",
		doc:  "a real bash: commands, long output, history, completion, job control, resizes; left and started again",
		ops:  40,
		program: program{
			name: "bash", pkg: "bash",
			args: []string{"--norc", "--noprofile", "-i"},
			env:  []string{"PS1=[$X]$ ", "X=begin", "HISTFILE=" + historyFile, "HISTSIZE=200", "HISTFILESIZE=200", "INPUTRC=/dev/null", "MAILCHECK=-1"},
		},
		files: func() map[string]string {
			files := map[string]string{"data/unique-name.txt": "found it\n"}
			for i := range 12 {
				files[fmt.Sprintf("data/segment-%03d.dat", i)] = notes(5)
			}
			return files
		},
		open: func(c *console) user { return &shell{console: c} },
	}
}

const historyFile = "history"

type shell struct{ *console }

func (s *shell) begin() {
	s.start()
	s.row("[begin]$")
}

// word is the next one that the prompt is to show.
func (s *shell) word() string {
	s.steps++
	return fmt.Sprintf("%06d", s.steps%1e6)
}

// prompt waits for the prompt with the word. It stands alone in its row; what was
// typed at an earlier one stands behind that. By then bash takes keys one by one.
func (s *shell) prompt(word string) { s.row("[" + word + "]$") }

// do has bash run a command and waits for its end.
func (s *shell) do(command string) { s.then(command + ";") }

// then is do for what stands before the assignment of the word.
func (s *shell) then(keys string) {
	w := s.word()
	s.keys(keys + " X=" + w + "\r")
	s.prompt(w)
}

// printed checks the rows above the last prompt.
func (s *shell) printed(rows ...string) {
	s.above(fmt.Sprintf("%q above the prompt", rows), func(above []string) bool {
		return len(above) >= len(rows) && strings.Join(above[len(above)-len(rows):], "\n") == strings.Join(rows, "\n")
	})
}

func (s *shell) above(what string, right func(above []string) bool) {
	prompt := fmt.Sprintf("[%06d]$", s.steps%1e6)
	s.check(what, func(screen []string) bool {
		at := lastRow(screen, prompt)
		return at >= 0 && right(screen[:at])
	})
}

func (s *shell) round(n int) {
	s.commands(n)
	s.history(n)
	s.completion()
	s.jobs()
	s.window(n)
	if n%shellRestart == shellRestart-1 {
		s.again(n)
	}
}

// commands runs some with output of different kinds. After the screen is cleared
// everything has its place.
func (s *shell) commands(n int) {
	s.keys("\x0c")
	s.do(fmt.Sprintf("echo hello %d", n))
	s.rowAt(1, fmt.Sprintf("hello %d", n))
	s.rowAt(2, fmt.Sprintf("[%06d]$", s.steps%1e6))
	s.do(`for i in {0..255}; do printf '\e[48;5;%dm%4d\e[0m' $i $i; done; echo`)
	s.do(`for i in {1..60}; do printf '\r\e[3%dm%3d%%\e[0m done' $((i%8)) $((i*100/60)); done; echo`)
	s.printed("100% done")
	s.do("cat data/segment-*.dat | grep --color=always -n remember")
	const lines = 300
	s.do(fmt.Sprintf("for i in {1..%d}; do echo \"line $i of %d\"; done", lines, n))
	s.printed(fmt.Sprintf("line %d of %d", lines-1, n), fmt.Sprintf("line %d of %d", lines, n))
	// A line that is edited before it is run: back by words, one cut out, its end.
	s.then("echo one two three four\x1bb\x1bb\x17\x05;")
	s.printed("one three four")
}

// history runs the same command again: from the line above, by its number, and by
// searching for it.
func (s *shell) history(n int) {
	out := fmt.Sprintf("again %d", n)
	s.do("echo " + out)
	for _, recall := range []string{"\x1b[A;", "!!;", "\x12" + out + "\x05;"} {
		s.then(recall)
		s.printed(out)
	}
}

// completion has one name completed, and several listed.
func (s *shell) completion() {
	s.then("cat data/uni\t;")
	s.printed("found it")
	s.keys("\x0c")
	s.keys("wc data/seg\t\t\t") // the first completes, the others have nothing to add
	s.see("a list of names", func(screen []string) bool {
		for _, row := range screen {
			if strings.HasPrefix(row, "segment-000.dat ") {
				return true
			}
		}
		return false
	})
	s.keys("\x15") // the line away
}

// window changes the size of the window, to one of four and back.
func (s *shell) window(n int) {
	sizes := [][2]int{{100, 30}, {60, 18}, {132, 43}, {40, 12}}
	for _, size := range [][2]int{sizes[n%len(sizes)], {cols, rows}} {
		s.resize(size[0], size[1])
		s.do("stty size")
		s.printed(fmt.Sprintf("%d %d", size[1], size[0]))
		s.do("echo $LINES by $COLUMNS") // known since the command before
		s.printed(fmt.Sprintf("%d by %d", size[1], size[0]))
	}
}

// again leaves bash, which saves its history, and starts it anew.
func (s *shell) again(n int) {
	last := fmt.Sprintf("exit 0 # round %d", n)
	s.keys(last + "\r")
	s.ended()
	if s.err == nil {
		text, err := os.ReadFile(filepath.Join(s.home, historyFile))
		if err != nil {
			s.err = fmt.Errorf("reading the history that bash is to have saved: %w", err)
		} else if !strings.HasSuffix(string(text), last+"\n") {
			s.err = fmt.Errorf("the history that bash has saved, %d bytes, does not end with %q", len(text), last)
		}
	}
	s.begin()
}
