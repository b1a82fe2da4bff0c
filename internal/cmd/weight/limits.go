package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/highwater-dev/highwater"
	"go.yaml.in/yaml/v4"
)

// limits are what limits.yml says.
type limits struct {
	Binary bound            `yaml:"binary"`
	Speed  map[string]bound `yaml:"speed"`
}

// bound is a limit: a size, or a ratio.
type bound struct {
	Most   string `yaml:"most"`
	Reason string `yaml:"reason"`
}

func parseLimits(data []byte) (limits, error) {
	var l limits
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&l); err != nil {
		return l, fmt.Errorf("limits.yml: %w", err)
	}
	for name, b := range l.all() {
		if b.Most == "" || b.Reason == "" {
			return l, fmt.Errorf("limits.yml: %s: wants a limit (most) and its reason", name)
		}
	}
	return l, nil
}

func (l limits) all() map[string]bound {
	all := maps.Clone(l.Speed)
	if all == nil {
		all = map[string]bound{}
	}
	all["binary"] = l.Binary
	return all
}

// show prints what was found beside its limit. What has no limit is an error, and so is
// a limit for which nothing was found, unless there are no ratios at all: then speed was
// left out, which is said.
func show(w io.Writer, l limits, size int64, ratios map[string]float64) (ok bool, err error) {
	most, err := highwater.ParseSize(l.Binary.Most)
	if err != nil {
		return false, fmt.Errorf("limits.yml: binary: %w", err)
	}
	ok = true
	line := func(name, found, limit string, over bool) {
		verdict := "pass"
		if over {
			verdict, ok = "OVER ITS LIMIT", false
		}
		fmt.Fprintf(w, "%-16s %10s  limit %8s  %s\n", name, found, limit, verdict)
	}
	line("binary", fmt.Sprintf("%.1f MB", float64(size)/1e6), l.Binary.Most, size > most)
	for _, name := range slices.Sorted(maps.Keys(ratios)) {
		b, there := l.Speed[name]
		if !there {
			return false, fmt.Errorf("limits.yml: speed: there is no limit for %s", name)
		}
		var times float64
		if _, err := fmt.Sscanf(b.Most, "%g", &times); err != nil || times <= 0 {
			return false, fmt.Errorf("limits.yml: speed: %s: most %q: want a number above 0", name, b.Most)
		}
		line(name, fmt.Sprintf("%.2f", ratios[name]), b.Most, ratios[name] > times)
	}
	if ratios == nil {
		fmt.Fprintln(w, "speed was left out")
		return ok, nil
	}
	for name := range l.Speed {
		if _, there := ratios[name]; !there {
			return false, fmt.Errorf("limits.yml: speed: there is no work of the name %s", name)
		}
	}
	return ok, nil
}
