package load

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
)

// attack is output that no well-meaning program prints.
type attack struct {
	name string
	text []byte
}

// attacks returns the input of ansi_stress. It is made once, and kept for as long
// as the process lives.
//
// All of it is what an emulator has to survive with its memory bounded. Numbers
// stay small where a large one would make an emulator of the kind that grows its
// screen, or scrolls line by line, work for hours: that is what killer is for.
var attacks = sync.OnceValue(func() []attack {
	return []attack{
		{"a long SGR chain", fmt.Appendf(nil, "\x1b[%s0mx", strings.Repeat("1;4;38;5;196;48;2;1;2;3;", 300))},
		{"thousands of short SGR sequences", bytes.Repeat([]byte("\x1b[31;1mr\x1b[42mg\x1b[38;2;9;8;7mb\x1b[0m"), 150)},
		{"a title of 8 KB", fmt.Appendf(nil, "\x1b]2;%s\a", strings.Repeat("title ", 1400))},
		{"an OSC string that never ends", fmt.Appendf(nil, "\x1b]52;c;%s", strings.Repeat("QUJD", 2000))},
		{"hyperlinks", bytes.Repeat([]byte("\x1b]8;id=1;http://192.0.2.1/a\x1b\\link\x1b]8;;\x1b\\"), 100)},
		{"a DCS string", fmt.Appendf(nil, "\x1bP1;2|%s\x1b\\", strings.Repeat("17/ab;", 1000))},
		{"a DCS string that never ends", fmt.Appendf(nil, "\x1bP$q%s", strings.Repeat("m\"q", 1500))},
		{"APC, PM and SOS strings", bytes.Repeat([]byte("\x1b_Gapc\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\"), 200)},
		{"a CSI of thousands of digits", fmt.Appendf(nil, "\x1b[%sm", strings.Repeat("9", 5000))},
		{"unknown and broken CSI sequences", bytes.Repeat([]byte("\x1b[?999h\x1b[>7;8z\x1b[<!#w\x1b[1;2\x18\x1b[;;;;t\x1b[1 y"), 100)},
		{"scroll regions", bytes.Repeat([]byte("\x1b[5;10r\x1b[7;1H\x1b[2L\x1b[2M\x1b[2S\x1b[2T\x1bM\n\n\n\n\x1b[20;3r\x1b[r"), 20)},
		{"a cursor off the screen", bytes.Repeat([]byte("\x1b[999;999Hx\x1b[99A\x1b[99D\x1b[30B\x1b[999Cy\x1b[0;0Hz\b\b\b\t\t"), 10)},
		{"the alternate screen, over and over", bytes.Repeat([]byte("\x1b[?1049halt\x1b[2J\x1b[?1049l\x1b7\x1b8"), 100)},
		{"insertions and deletions", bytes.Repeat([]byte("\x1b[4habc\x1b[4l\x1b[5@\x1b[5P\x1b[5X\x1b[3b"), 150)},
		{"bytes that are no text", bytes.Repeat([]byte("\x00\xff\xfe\xc0\xaf\xed\xa0\x80\x9b31m\x9d0;t\x9c\xf8\x7f\r"), 150)},
		{"marks without end", []byte("\x1b[24;79H" + strings.Repeat("e\u0301\u0302\u0303\u0304", 300) + strings.Repeat("\u200d\ufe0f", 300))},
	}
})

// killer is known to make emulators panic: github.com/vito/midterm does. The one
// session that gets it may end by it, and nothing else.
var killer = []byte("\x1b[999999999S\x1b[999999999T")

// calm ends whatever the output before has begun: CAN ends a control sequence,
// and ST a string. Insert mode, the alternate screen and the scroll region go
// back to what they were, and the rest is cleared with the screen.
var calm = []byte("\x18\x1b\\\x1b[4l\x1b[?1049l\x1b[?7h\x1b[r\x1b[m")
