package config

import (
	"errors"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/suggest"
	"go.yaml.in/yaml/v4"
)

// Parse reads a configuration file's content. Name is what problems call the
// file. Its error is [Problems], with everything that is wrong.
//
// The document is walked as a tree rather than decoded into structs: so every
// problem has its line, none hides another, and an unknown key can be told what
// it was probably meant to be.
func Parse(name string, data []byte) (*File, error) {
	p := &parser{file: name}
	f := &File{Path: name}
	if root := p.document(data); root != nil {
		keys := p.scope(&f.Scope)
		keys["environments"] = func(_, v *yaml.Node) {
			f.Environments = map[string]Scope{}
			p.named(v, "environments", func(name string, _, v *yaml.Node) {
				var s Scope
				p.mapping(v, "environment "+name, p.scope(&s))
				f.Environments[name] = s
			})
		}
		p.mapping(root, "", keys)
	}
	if err := p.problems.err(); err != nil {
		return nil, err
	}
	return f, nil
}

type parser struct {
	file     string
	problems Problems
}

// field reads one key's value.
type field func(key, value *yaml.Node)

func (p *parser) fail(n *yaml.Node, format string, args ...any) {
	p.problems.add(p.file, n.Line, format, args...)
}

// document returns the top mapping, or nil where the file is empty (which is
// the same as no file) or is not YAML.
func (p *parser) document(data []byte) *yaml.Node {
	if blank(data) {
		return nil
	}
	var doc yaml.Node
	if err := yaml.Load(data, &doc); err != nil {
		line, text := 0, err.Error()
		if at := new(yaml.LoadError); errors.As(err, &at) {
			line, text = at.Mark.Line, strings.TrimPrefix(at.Message, "yaml: ")
			if strings.Contains(text, "anchor") || strings.Contains(text, "alias") {
				text += `; put quotes around a pattern that begins with *`
			}
		}
		p.problems.add(p.file, line, "not valid YAML: %s", text)
		return nil
	}
	if len(doc.Content) != 1 {
		return nil
	}
	return doc.Content[0]
}

// blank reports whether a file has nothing but comments.
func blank(data []byte) bool {
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' && line != "---" {
			return false
		}
	}
	return true
}

// mapping calls the field of every key of n.
func (p *parser) mapping(n *yaml.Node, what string, fields map[string]field) {
	p.named(n, what, func(name string, k, v *yaml.Node) {
		if f, ok := fields[name]; ok {
			f(k, v)
			return
		}
		if _, ok := highwater.MetricByName(name); ok && fields["limits"] != nil {
			p.fail(k, "key %q: a metric belongs under limits: or thresholds:", name)
			return
		}
		valid := sortedKeys(fields)
		hint := suggest.Hint(name, valid)
		if hint == "" {
			hint = "; valid are " + strings.Join(valid, ", ")
		}
		p.fail(k, "unknown key %q%s", name, hint)
	})
}

// named calls each for every key of n, whatever its name.
func (p *parser) named(n *yaml.Node, what string, each func(name string, k, v *yaml.Node)) {
	n = target(n)
	if what != "" {
		what += ": "
	}
	if n.Kind != yaml.MappingNode {
		p.fail(n, "%swant keys with values, such as `name: value`", what)
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode || k.Value == "" {
			p.fail(k, "%sa key must be a word", what)
			continue
		}
		if line, ok := seen[k.Value]; ok {
			p.fail(k, "%skey %q stands twice, first in line %d", what, k.Value, line)
			continue
		}
		seen[k.Value] = k.Line
		each(k.Value, k, v)
	}
}

// scope lists the keys that the file and an environment have in common.
func (p *parser) scope(s *Scope) map[string]field {
	fields := p.judged(&s.Judged)
	for _, d := range All() {
		fields[d.Name] = func(k, v *yaml.Node) {
			values, ok := p.values(v, d)
			if !ok {
				return
			}
			if err := d.Set(&s.Settings, values...); err != nil {
				p.fail(v, "%s: %v", d.Name, err)
			}
		}
	}
	fields["suites"] = func(_, v *yaml.Node) {
		s.Suites = map[string]Judged{}
		p.named(v, "suites", func(name string, k, v *yaml.Node) {
			j := Judged{Line: k.Line}
			p.mapping(v, "suite "+name, p.judged(&j))
			s.Suites[name] = j
		})
	}
	fields["overrides"] = func(_, v *yaml.Node) { p.overrides(v, s) }
	fields["known"] = func(_, v *yaml.Node) { p.known(v, s) }
	fields["skip"] = func(_, v *yaml.Node) { p.skip(v, s) }
	return fields
}

func (p *parser) overrides(n *yaml.Node, s *Scope) {
	n = target(n)
	if n.Kind != yaml.SequenceNode {
		p.fail(n, "overrides: want a list, each entry with `scenario: PATTERN`, a reason, and limits or thresholds")
		return
	}
	for _, entry := range n.Content {
		o := Override{Judged: Judged{Line: entry.Line}}
		fields := p.judged(&o.Judged)
		fields["scenario"] = p.text(&o.Scenario, "scenario", checkPattern)
		fields["reason"] = p.text(&o.Reason, "reason", nil)
		before := len(p.problems)
		p.mapping(entry, "override", fields)
		switch {
		case len(p.problems) > before:
		case o.Scenario == "":
			p.fail(entry, "override: say which scenarios it is for, with `scenario: PATTERN`")
		case len(o.Limits)+len(o.Thresholds) == 0:
			p.fail(entry, "override of %s: has neither limits nor thresholds", o.Scenario)
		case o.Reason == "":
			p.fail(entry, "override of %s: give the reason in one sentence, with `reason: …`; reports show it", o.Scenario)
		default:
			s.Overrides = append(s.Overrides, o)
		}
	}
}

// judged lists the keys of whatever holds limits and thresholds.
func (p *parser) judged(j *Judged) map[string]field {
	return map[string]field{
		"limits": func(_, v *yaml.Node) {
			j.Limits = map[string]Bound{}
			p.metrics(v, "limits", func(m highwater.Metric, v *yaml.Node, text string) error {
				b, err := parseBound(m, text)
				b.Line = v.Line
				j.Limits[m.Name] = b
				return err
			})
		},
		"thresholds": func(_, v *yaml.Node) {
			j.Thresholds = map[string]highwater.Threshold{}
			p.metrics(v, "thresholds", func(m highwater.Metric, _ *yaml.Node, text string) error {
				t, err := parseThreshold(m, text)
				j.Thresholds[m.Name] = t
				return err
			})
		},
	}
}

func (p *parser) metrics(n *yaml.Node, what string, set func(m highwater.Metric, v *yaml.Node, text string) error) {
	p.named(n, what, func(name string, k, v *yaml.Node) {
		m, ok := highwater.MetricByName(name)
		if !ok {
			p.fail(k, "%s: unknown metric %q%s", what, name, metricHint(name))
			return
		}
		text, ok := p.scalar(v, what+": "+name)
		if !ok {
			return
		}
		if err := set(m, v, text); err != nil {
			p.fail(v, "%s: %s: %v", what, name, err)
		}
	})
}

func metricHint(name string) string {
	var names []string
	for _, m := range highwater.Metrics() {
		names = append(names, m.Name)
	}
	if h := suggest.Hint(name, names); h != "" {
		return h
	}
	return "; metrics are " + strings.Join(names, ", ")
}

func (p *parser) text(to *string, what string, check func(string) error) field {
	return func(_, v *yaml.Node) {
		s, ok := p.scalar(v, what)
		if !ok {
			return
		}
		if check != nil {
			if err := check(s); err != nil {
				p.fail(v, "%s: %v", what, err)
				return
			}
		}
		*to = s
	}
}

// values reads a setting's value: one for most, several for a list, for which
// a single value without brackets will do.
func (p *parser) values(n *yaml.Node, d Setting) ([]string, bool) {
	n = target(n)
	if !d.List() || n.Kind != yaml.SequenceNode {
		s, ok := p.scalar(n, d.Name)
		return []string{s}, ok
	}
	values, good := []string{}, true
	for _, c := range n.Content {
		s, ok := p.scalar(c, d.Name)
		values, good = append(values, s), good && ok
	}
	return values, good
}

// scalar returns the text of a value as it stands in the file, so that 3MB, 90
// and 10% are read by highwater's own rules rather than YAML's.
func (p *parser) scalar(n *yaml.Node, what string) (string, bool) {
	n = target(n)
	switch {
	case n.Kind != yaml.ScalarNode:
		p.fail(n, "%s: want a single value", what)
		return "", false
	case n.Tag == "!!null" || strings.TrimSpace(n.Value) == "":
		p.fail(n, "%s: has no value; give one or take the line out", what)
		return "", false
	}
	return n.Value, true
}

// target follows an alias. Anchors nest no deeper than the file's own shape is
// walked, so that a circle of them ends.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func sortedKeys(m map[string]field) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
