package attach

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

// readIndex reads the page that net/http/pprof shows of its profiles, which has a line
// for each:
//
//	<tr><td>12</td><td><a href='goroutine?debug=1'>goroutine</a></td></tr>
func readIndex(r io.Reader) (map[string]int, error) {
	counts := map[string]int{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		rest, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "<tr><td>")
		number, rest, ok2 := strings.Cut(rest, "</td><td><a href='")
		link, _, ok3 := strings.Cut(rest, "'>")
		name, isProfile := strings.CutSuffix(link, "?debug=1")
		n, err := strconv.ParseUint(number, 10, 30)
		if ok && ok2 && ok3 && isProfile && err == nil {
			counts[name] = int(n)
		}
	}
	return counts, lines.Err()
}
