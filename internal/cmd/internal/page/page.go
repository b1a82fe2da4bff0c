// Package page puts what a command made into a page of the documentation, between
// two comments that readers do not see, with the machine and the day.
package page

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/internal/measure"
)

// Put replaces what stands between "<!-- name -->" and "<!-- end name -->".
func Put(file, name, text string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%w; run this at the root of the repository", err)
	}
	open, end := "<!-- "+name+" -->\n", "<!-- end "+name+" -->"
	before, rest, found := strings.Cut(string(data), open)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return fmt.Errorf("%s has no place for it: put %q and %q there", file, strings.TrimSpace(open), end)
	}
	return os.WriteFile(file, []byte(before+open+strings.TrimRight(text, "\n")+"\n"+end+after), 0o644)
}

// Where is the machine and the day, for a line above a table.
func Where(ctx context.Context) string {
	e := measure.Environment(ctx)
	return fmt.Sprintf("%d processors (%s), %s %s, %s, %s", e.CPUs, e.CPU, e.GOOS, e.Kernel, e.Go, time.Now().Format(time.DateOnly))
}
