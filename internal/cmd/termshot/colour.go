package main

import (
	"fmt"
	"strconv"
)

// The terminal's own colours.
const (
	foreground = "#d8dee6"
	background = "#14181e"
)

// basic are the sixteen named colours, in a theme that is legible on the
// background: the terminal's owner chooses them, so there is no standard.
var basic = [16]string{
	"#3b4250", "#f0716b", "#7bc275", "#e0b45c", "#6ea8f0", "#c58ae0", "#5fc2c6", "#d8dee6",
	"#6b7585", "#ff8f89", "#98d993", "#f2cb7d", "#8fc0ff", "#dba8f0", "#83dbde", "#ffffff",
}

// palette is a colour of the 256 that xterm numbers: the named ones, a cube of
// 6x6x6 and 24 greys.
func palette(n int) string {
	switch {
	case n < 0 || n > 255:
		return ""
	case n < 16:
		return basic[n]
	case n >= 232:
		grey := 8 + 10*(n-232)
		return rgb(grey, grey, grey)
	}
	level := func(i int) int {
		if i == 0 {
			return 0
		}
		return 55 + 40*i
	}
	n -= 16
	return rgb(level(n/36), level(n/6%6), level(n%6))
}

func rgb(r, g, b int) string { return fmt.Sprintf("#%02x%02x%02x", r, g, b) }

// extended reads what follows 38 or 48: "5;N" or "2;R;G;B". It returns the
// colour and how many parameters it took.
func extended(codes []string) (colour string, used int) {
	number := func(i int) int {
		if i >= len(codes) {
			return -1
		}
		n, err := strconv.Atoi(codes[i])
		if err != nil || n > 255 {
			return -1
		}
		return n
	}
	switch number(0) {
	case 5:
		return palette(number(1)), min(2, len(codes))
	case 2:
		r, g, b := number(1), number(2), number(3)
		if r < 0 || g < 0 || b < 0 {
			return "", min(4, len(codes))
		}
		return rgb(r, g, b), min(4, len(codes))
	}
	return "", 0
}
