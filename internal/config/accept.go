package config

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"go.yaml.in/yaml/v4"
)

// known reads the regressions that are accepted for a time.
func (p *parser) known(n *yaml.Node, s *Scope) {
	const what = "known regression"
	p.entries(n, "known", "each entry with `scenario: PATTERN`, a reason, and until when it is accepted", func(entry *yaml.Node) {
		k := Known{Line: entry.Line}
		var date, bound string
		before := len(p.problems)
		p.mapping(entry, what, map[string]field{
			"scenario":    p.text(&k.Scenario, what+": scenario", checkPattern),
			"reason":      p.text(&k.Reason, what+": reason", nil),
			"fingerprint": p.text(&k.Fingerprint, what+": fingerprint", checkFingerprint),
			"metric":      func(_, v *yaml.Node) { k.Metrics = p.metricNames(v, what) },
			"up_to":       p.text(&bound, what+": up_to", nil),
			"until":       p.text(&date, what+": until", func(text string) (err error) { k.Until, err = parseDate(text); return err }),
		})
		switch {
		case len(p.problems) > before:
			return
		case k.Scenario == "" && k.Fingerprint == "":
			p.fail(entry, "%s: say which scenarios it is for, with `scenario: PATTERN`, or which allocation site, with `fingerprint:`", what)
		case k.Reason == "":
			p.fail(entry, "%s%s: give the reason in one sentence, with `reason: …`; reports show it", what, k.of())
		case k.Until.IsZero():
			p.fail(entry, "%s%s: say until when it is accepted, with `until: 2027-01-31`; what is accepted for good is a limit: put it under overrides:", what, k.of())
		}
		if bound != "" && len(p.problems) == before {
			if err := k.upTo(bound); err != nil {
				p.fail(entry, "%s%s: up_to: %v", what, k.of(), err)
			}
		}
		if len(p.problems) == before {
			s.Known = append(s.Known, k)
		}
	})
}

// of names the entry in a problem.
func (k Known) of() string {
	if k.Scenario == "" {
		return ""
	}
	return " of " + k.Scenario
}

// upTo reads the entry's bound: a percentage, or a value of its metrics.
func (k *Known) upTo(text string) error {
	if number, ok := strings.CutSuffix(strings.TrimSpace(text), "%"); ok {
		percent, err := parseNumber(number)
		if err != nil || percent <= 0 {
			return fmt.Errorf("%q: want a percentage above the limit or baseline, such as 20%%", text)
		}
		k.Growth = percent / 100
		return nil
	}
	if len(k.Metrics) == 0 {
		return fmt.Errorf("%q is a value of one metric: say which, with `metric: NAME`, or give a percentage", text)
	}
	k.UpTo = map[string]float64{}
	for _, name := range k.Metrics {
		m, _ := highwater.MetricByName(name)
		b, err := parseBound(m, text)
		if err == nil && b.None {
			err = fmt.Errorf("%q: leave up_to out where there is no bound", text)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		k.UpTo[name] = b.Value
	}
	return nil
}

// skip reads what is not measured.
func (p *parser) skip(n *yaml.Node, s *Scope) {
	p.entries(n, "skip", "each entry with `scenario: PATTERN` and a reason", func(entry *yaml.Node) {
		k := Skip{Line: entry.Line}
		before := len(p.problems)
		p.mapping(entry, "skip", map[string]field{
			"scenario": p.text(&k.Scenario, "skip: scenario", checkPattern),
			"reason":   p.text(&k.Reason, "skip: reason", nil),
		})
		switch {
		case len(p.problems) > before:
		case k.Scenario == "":
			p.fail(entry, "skip: say what is not measured, with `scenario: PATTERN`")
		case k.Reason == "":
			p.fail(entry, "skip of %s: give the reason in one sentence, with `reason: …`; reports show it", k.Scenario)
		default:
			s.Skip = append(s.Skip, k)
		}
	})
}

// entries calls each for every entry of a list.
func (p *parser) entries(n *yaml.Node, list, want string, each func(*yaml.Node)) {
	n = target(n)
	if n.Kind != yaml.SequenceNode {
		p.fail(n, "%s: want a list, %s", list, want)
		return
	}
	for _, entry := range n.Content {
		each(entry)
	}
}

// metricNames reads the name of a metric, or several.
func (p *parser) metricNames(n *yaml.Node, what string) []string {
	var names []string
	read := func(n *yaml.Node) {
		name, ok := p.scalar(n, what+": metric")
		if !ok {
			return
		}
		if _, ok := highwater.MetricByName(name); !ok {
			p.fail(n, "%s: unknown metric %q%s", what, name, metricHint(name))
			return
		}
		names = append(names, name)
	}
	if n = target(n); n.Kind != yaml.SequenceNode {
		read(n)
		return names
	}
	for _, entry := range n.Content {
		read(entry)
	}
	if len(n.Content) == 0 {
		p.fail(n, "%s: metric: the list is empty; leave it out for all metrics", what)
	}
	return names
}

var fingerprint = regexp.MustCompile(fingerprintPattern)

func checkFingerprint(s string) error {
	if !fingerprint.MatchString(s) {
		return fmt.Errorf("%q: want the 12 hexadecimal digits that the JSON report has for the finding", s)
	}
	return nil
}

// parseDate reads a day.
func parseDate(s string) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(s))
	if err != nil {
		return time.Time{}, fmt.Errorf("%q: want a day, such as 2027-01-31", s)
	}
	return day, nil
}
