package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Measured are thresholds that were found by measuring, for one scenario. They are
// written as an override, which nothing less specific takes away again.
type Measured struct {
	Scenario   string // its ID
	Reason     string // one sentence; see [MeasuredReason]
	Comment    string // one line: when, where and how it was measured
	Thresholds []MeasuredThreshold
}

// MeasuredThreshold is the threshold of one metric, as [highwater.ParseThreshold]
// reads it.
type MeasuredThreshold struct{ Metric, Text string }

// MeasuredReason begins the reason of every override that [Amend] writes. One that is
// in the file for the same scenario is replaced by the new one.
const MeasuredReason = "noise: "

// Amend returns the content of a configuration file with the thresholds in it: at the
// top, or in the environment called env. All else stays as it is, byte for byte: the
// tree of nodes tells where the lines go, and is not written again. Name is what
// problems call the file.
//
// A file that cannot be read is refused, and so is one whose layout leaves no place
// for a line, such as a list in brackets. The result is read back and compared before
// it is returned.
func Amend(name string, data []byte, env string, add []Measured) ([]byte, error) {
	old, err := Parse(name, data)
	if err != nil {
		return nil, err
	}
	if _, err := old.In(env); err != nil {
		return nil, err
	}
	e := &editor{eol: "\n"}
	if strings.Contains(string(data), "\r\n") {
		e.eol = "\r\n"
	}
	e.lines = strings.Split(strings.TrimRight(string(data), "\r\n"), e.eol)
	if err := e.amend(data, env, add); err != nil {
		return nil, fmt.Errorf("%s: %w; the overrides would be\n\n%s", name, err, strings.Join(entries(add, 2), "\n"))
	}
	text := strings.Join(e.lines, e.eol) + e.eol
	text = strings.TrimLeft(text, "\r\n")
	if err := verify(name, text, env, old, add); err != nil {
		return nil, fmt.Errorf("%s: it could not be amended without changing something else (%w); put these into it by hand:\n\n%s",
			name, err, strings.Join(entries(add, 2), "\n"))
	}
	return []byte(text), nil
}

// editor adds lines to a file.
type editor struct {
	lines []string
	eol   string
}

func (e *editor) amend(data []byte, env string, add []Measured) error {
	if blank(data) {
		e.insert(len(e.lines), append([]string{"overrides:"}, entries(add, 2)...))
		return nil
	}
	var doc yaml.Node
	if err := yaml.Load(data, &doc); err != nil {
		return err
	}
	scope := doc.Content[0]
	if env != "" {
		scope = value(value(scope, "environments"), env)
	}
	if scope == nil || scope.Kind != yaml.MappingNode || scope.Style&yaml.FlowStyle != 0 {
		return fmt.Errorf("%s is written in braces or stands elsewhere (an alias), and takes no lines: write it as a block", where(env))
	}
	list := value(scope, "overrides")
	if list == nil {
		indent := scope.Column - 1
		at := e.end(scope.Line-1, func(own int, _ string) bool { return own >= indent })
		if env == "" {
			at = len(e.lines)
			e.insert(at, []string{""})
			at++
		}
		lines := append([]string{"overrides:"}, entries(add, 2)...)
		for i := range lines {
			lines[i] = strings.Repeat(" ", indent) + lines[i]
		}
		e.insert(at, lines)
		return nil
	}
	if list.Kind != yaml.SequenceNode || list.Style&yaml.FlowStyle != 0 || len(list.Content) == 0 {
		return errors.New("overrides: is written in brackets or stands elsewhere (an alias), and takes no lines: write it as a list with dashes")
	}
	dash := list.Column - 1
	// From the last entry to the first, so that the places of earlier ones stay.
	at := e.end(list.Line-1, func(own int, text string) bool { return own > dash || own == dash && text[0] == '-' })
	e.insert(at, entries(add, dash))
	for _, entry := range slices.Backward(list.Content) {
		if replaced(entry, add) {
			first := entry.Line - 1
			last := e.end(first+1, func(own int, _ string) bool { return own > dash })
			e.lines = slices.Delete(e.lines, first, max(last, first+1))
		}
	}
	return nil
}

func (e *editor) insert(at int, lines []string) { e.lines = slices.Insert(e.lines, at, lines...) }

// end returns the index behind the last line, from a first one on, that belongs to a
// block: within tells by a line's indentation and text. Blank lines and comments
// belong to it when a line of it follows.
func (e *editor) end(from int, within func(indent int, text string) bool) int {
	end := from
	for i := from; i < len(e.lines); i++ {
		text := strings.TrimLeft(e.lines[i], " ")
		if text == "" || text[0] == '#' || text[0] == '\r' {
			continue
		}
		if !within(len(e.lines[i])-len(text), text) {
			break
		}
		end = i + 1
	}
	return end
}

// value returns what a key of a mapping holds; nil where there is none.
func value(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func where(env string) string {
	if env == "" {
		return "the file"
	}
	return "environment " + env
}

// replaced reports whether an override of the file was measured for one of the
// scenarios, too.
func replaced(entry *yaml.Node, add []Measured) bool {
	scenario, reason := value(entry, "scenario"), value(entry, "reason")
	return scenario != nil && reason != nil && outdated(scenario.Value, reason.Value, add)
}

func outdated(scenario, reason string, add []Measured) bool {
	return strings.HasPrefix(reason, MeasuredReason) &&
		slices.ContainsFunc(add, func(m Measured) bool { return literal(m.Scenario) == scenario })
}

// entries renders overrides, with their dashes behind so many spaces.
func entries(add []Measured, indent int) []string {
	var lines []string
	space := strings.Repeat(" ", indent)
	for _, m := range add {
		lines = append(
			lines,
			space+"- scenario: "+scalar(literal(m.Scenario)),
			space+"  # "+strings.Join(strings.Fields(m.Comment), " "),
			space+"  reason: "+scalar(m.Reason),
			space+"  thresholds:",
		)
		for _, t := range m.Thresholds {
			lines = append(lines, space+"    "+t.Metric+": "+t.Text)
		}
	}
	return lines
}

// literal is the pattern that names a scenario and no other.
func literal(id string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, dots, `\.\.\.`).Replace(id)
}

// scalar writes text as YAML reads it back: in double quotes where it is more than a
// name. What Go escapes in a string means the same in YAML.
func scalar(s string) string {
	const name = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./@-"
	if strings.Trim(s, name) == "" && s != "" && strings.ContainsAny(s[:1], name[:52]) && strings.Contains(s, "/") {
		return s
	}
	return strconv.Quote(s)
}
