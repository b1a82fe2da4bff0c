package main

import (
	"encoding/xml"
	"io"
	"os/exec"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	lines := parse("plain \x1b[1;31mbold red\x1b[0m\n" +
		"\x1b[38;5;196mcube\x1b[48;2;1;2;3mtrue\x1b[39;49m end   \n" +
		"\x1b[7mreversed\x1b[27m \x1b[92mbright\x1b[m e\u0301\n\n\n")
	want := [][]span{
		{{0, 6, "plain ", style{}}, {6, 8, "bold red", style{fg: basic[1], bold: true}}},
		{{0, 4, "cube", style{fg: "#ff0000"}}, {4, 4, "true", style{fg: "#ff0000", bg: "#010203"}}, {8, 7, " end   ", style{}}},
		{{0, 8, "reversed", style{reverse: true}}, {8, 1, " ", style{}}, {9, 6, "bright", style{fg: basic[10]}}, {15, 2, " e\u0301", style{}}},
	}
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d: %+v", len(lines), len(want), lines)
	}
	for i := range want {
		if len(lines[i]) != len(want[i]) {
			t.Errorf("line %d:\n got %+v\nwant %+v", i, lines[i], want[i])
			continue
		}
		for j := range want[i] {
			if lines[i][j] != want[i][j] {
				t.Errorf("line %d, run %d:\n got %+v\nwant %+v", i, j, lines[i][j], want[i][j])
			}
		}
	}
}

func TestPalette(t *testing.T) {
	// From xterm's 256colres.h.
	for n, want := range map[int]string{16: "#000000", 21: "#0000ff", 67: "#5f87af", 231: "#ffffff", 232: "#080808", 255: "#eeeeee", 256: "", -1: ""} {
		if got := palette(n); got != want {
			t.Errorf("palette(%d) = %q, want %q", n, got, want)
		}
	}
}

// Whatever a terminal prints, the picture is XML, and its text is that of the
// terminal.
func FuzzRender(f *testing.F) {
	for _, s := range []string{"a<b>&\"c\x1b[31m]]>", "\x1b[38;5m\x1b[", "\x1b]0;title\x07x", "\xff\x00\x1b", "\x1b[48;2;999;1;1mx\x1b[38;2;1m"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b strings.Builder
		if err := render(&b, parse(s), 10, s); err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(strings.NewReader(b.String()))
		for {
			if _, err := d.Token(); err == io.EOF {
				return
			} else if err != nil {
				t.Fatalf("%v in\n%s", err, b.String())
			}
		}
	})
}

// TestCapture runs a real command in a real tmux.
func TestCapture(t *testing.T) {
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not installed")
	}
	var b strings.Builder
	err := run([]string{"-cols", "20", "-rows", "5", "-prompt", "paint <it>", "--", "sh", "-c", `printf 'one\n\033[32mtwo \033[1mthree\033[0m\n'; seq 9; printf '%s' "a  b c"; exit 1`}, nil, &b)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		">paint &lt;it&gt;</text>", ">one</text>", `fill="` + basic[2] + `">two</text>`, `fill="` + basic[2] + `" font-weight="bold">three</text>`,
		">1</text>", ">9</text>", ">a</text>", ">b c</text>",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the picture lacks %s:\n%s", want, b.String())
		}
	}
}
