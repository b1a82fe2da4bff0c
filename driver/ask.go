package driver

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// asks puts a question to the user until the answer is a number that ok takes; other says
// what an answer is that it does not take. It returns 0 for an empty line, and where there
// are no more. Lines are read whole: what is left of one would be run by the shell that
// highwater was started from.
func (a *app) asks(ctx context.Context, question, other string, ok func(n int) bool) (int, error) {
	// A terminal hands out a line at a time, so that nothing behind it is taken.
	lines := bufio.NewReader(a.Stdin)
	for ctx.Err() == nil {
		fmt.Fprint(a.Stdout, question)
		line, err := lines.ReadString('\n')
		text := strings.TrimSpace(line)
		if n, wrong := strconv.Atoi(text); wrong == nil && ok(n) {
			return n, nil
		}
		if text != "" {
			fmt.Fprintf(a.Stdout, "%s %s\n", harmless(text), other)
		}
		switch {
		case err != nil && err != io.EOF:
			return 0, fmt.Errorf("reading the answer: %w", err)
		case err != nil, text == "":
			return 0, nil
		}
	}
	return 0, nil
}
