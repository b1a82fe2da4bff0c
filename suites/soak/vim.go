package soak

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// vimRestart is how many rounds a vim lives.
const vimRestart = 10

func vimSession() scenario {
	return scenario{
		name: "vim_session",
		doc:  "a real vim: editing with highlighting, buffers, search and replace, undo, resizes; left and started again",
		ops:  30,
		program: program{
			name: "vim", pkg: "vim",
			// It starts bare, and asks the terminal nothing. The undo levels keep its
			// own memory bounded.
			args: []string{"-u", "NONE", "-i", "NONE", "-n", "-N", "--cmd", "set t_RV= t_u7= t_RF= t_RB= t_RS= undolevels=20", "-S", "setup.vim"},
		},
		files: func() map[string]string {
			return map[string]string{
				"setup.vim": vimSetup, "store.go": source("store", 40), "queue.go": source("queue", 20), "notes.txt": notes(120),
			}
		},
		open: func(c *console) user { return &vim{console: c} },
	}
}

// vimSetup makes what the checks look at the same everywhere. Where vim's runtime
// files are not installed it highlights words of Go by itself.
const vimSetup = `set number ruler hlsearch nowrap noshowcmd noautoindent laststatus=2 shortmess+=IatToO
set statusline=%f\ at\ %l,%c\ is\ %{&columns}x%{&lines}
if !empty(globpath(&runtimepath, 'syntax/go.vim')) && !empty(globpath(&runtimepath, 'syntax/syntax.vim'))
  syntax on
else
  autocmd BufWinEnter *.go syntax match Statement /\<\(package\|func\|for\|range\|return\|int\)\>/
  autocmd BufWinEnter *.go syntax match Constant /\<\d\+\>\|"[^"]*"/
  autocmd BufWinEnter *.go syntax match Comment /^\/\/.*/
  highlight Statement ctermfg=130
  highlight Constant ctermfg=1
  highlight Comment ctermfg=4
endif
`

type vim struct {
	*console
	pristine []string // the lines of store.go
}

func (v *vim) begin() {
	if v.err == nil && v.pristine == nil {
		var text []byte
		text, v.err = os.ReadFile(filepath.Join(v.home, "store.go"))
		v.pristine = strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	}
	v.start()
	// Its bottom line tells the size; before that it does not read keys.
	v.see("vim's status line", func(screen []string) bool {
		return len(screen) == rows && strings.HasSuffix(screen[rows-2], fmt.Sprintf(" is %dx%d", cols, rows))
	})
	v.do("")
}

// do types in vim's normal mode and waits until vim has come to the end of it: the
// word that it is made to echo stands alone in a row then.
func (v *vim) do(keys string) {
	v.steps++
	v.keys(fmt.Sprintf("%s:echo 'SYNC%d'\r", keys, v.steps))
	v.row(fmt.Sprintf("SYNC%d", v.steps))
}

// round edits a fresh copy of store.go, and looks at other files.
func (v *vim) round(n int) {
	lines := v.fresh()
	v.do(":edit! work.go\r")
	v.do("gg")
	v.painted()
	v.rowAt(0, numbered(1, v.pristine[0]))
	lines = v.edit(n, lines)
	lines = v.replace(n, lines)
	v.do(":write\r")
	v.saved(lines)
	v.page(lines)
	v.buffers()
	v.windows(n)
	v.do(":only\r:%bwipeout!\r")
	if n%vimRestart == vimRestart-1 {
		v.keys(":qall!\r")
		v.ended()
		v.begin()
	}
}

// fresh writes work.go anew and returns its lines.
func (v *vim) fresh() []string {
	if v.err == nil {
		v.err = os.WriteFile(filepath.Join(v.home, "work.go"), []byte(strings.Join(v.pristine, "\n")+"\n"), 0o600)
	}
	return slices.Clone(v.pristine)
}

// saved compares work.go with the lines that it must have.
func (v *vim) saved(lines []string) {
	if v.err != nil {
		return
	}
	text, err := os.ReadFile(filepath.Join(v.home, "work.go"))
	if err != nil {
		v.fail("reading what vim has saved: %w", err)
		return
	}
	got := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i := range max(len(got), len(lines)) {
		if i >= len(got) || i >= len(lines) || got[i] != lines[i] {
			v.fail("vim has saved another file than the one that was typed: %d lines, want %d; the first that differs is line %d, %q, want %q",
				len(got), len(lines), i+1, at(got, i), at(lines, i))
			return
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// numbered is a line as vim shows it below the thousandth.
func numbered(n int, line string) string {
	return strings.TrimRight(fmt.Sprintf("%3d %s", n, strings.ReplaceAll(line, "\t", "        ")), " ")
}
