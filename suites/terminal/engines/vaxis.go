package engines

import "github.com/highwater-dev/highwater/suites/terminal"

// Vaxis is git.sr.ht/~rockorager/vaxis/widgets/term. The widget reads nothing
// but a pseudo-terminal whose program it has started itself; so each terminal
// has a child, cat, that copies what it gets through a pipe to its terminal.
// The widget's drawing needs a real terminal, so frames are drawn as text.
//
// Its parser takes an ESC for a key press when it has not read the next character
// within 10 ms, and shows the rest of the sequence as text. On a machine so busy
// that the parser is held up for that long just there, the screen breaks, and
// the scenario fails.
func Vaxis() terminal.Engine {
	return terminal.Engine{
		Name: "vaxis",
		Doc:  "git.sr.ht/~rockorager/vaxis/widgets/term over a pseudo-terminal, which keeps no scrollback",
		New: func(cols, rows, _ int) (terminal.Terminal, error) {
			return newVaxisTerminal(cols, rows)
		},
		Hint: "(the parser of vaxis shows a control sequence as text when it is held up for 10 ms within it; if that is what happened, repeat the scenario on a quieter machine)",
		Deviations: []terminal.Deviation{{
			Scenario: "unicode_wide", Level: terminal.LevelBases,
			Reason: "its parser drops combining marks that come with a later read of the pseudo-terminal than their base",
		}},
	}
}
