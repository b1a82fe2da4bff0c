package config

import (
	"fmt"
	"sort"
	"strings"
)

// Problem is one thing wrong with a file or a variable.
type Problem struct {
	Where string // highwater.yml:12, or the name of a variable
	Text  string // what is wrong and what to do
	line  int
}

func (p Problem) String() string { return p.Where + ": " + p.Text }

// Problems is everything wrong with a file, in the order of its lines.
type Problems []Problem

// Error renders one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (ps *Problems) add(file string, line int, format string, args ...any) {
	where := file
	if line > 0 {
		where = fmt.Sprintf("%s:%d", file, line)
	}
	*ps = append(*ps, Problem{Where: where, Text: fmt.Sprintf(format, args...), line: line})
}

// err is nil where there is no problem.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	sort.SliceStable(ps, func(i, j int) bool { return ps[i].line < ps[j].line })
	return ps
}
