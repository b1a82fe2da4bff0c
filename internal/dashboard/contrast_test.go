package dashboard

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// palettes reads the colours of both schemes out of the style sheet, those of the dark one
// twice: of the system's choice, and of the reader's.
func palettes(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for name, begin := range map[string]string{"light": ":root {", "dark": ":root:not([data-theme=light]) {", "dark by hand": ":root[data-theme=dark] {"} {
		_, rest, ok := strings.Cut(style, begin)
		if !ok {
			t.Fatalf("there is no %q", begin)
		}
		block, _, _ := strings.Cut(rest, "}")
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{6})`).FindAllStringSubmatch(block, -1) {
			colours[m[1]] = m[2]
		}
		all[name] = colours
	}
	return all
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil || len(colour) != 7 {
		t.Fatalf("colour %q", colour)
	}
	linear := func(c uint64) float64 {
		s := float64(c&255) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n)
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

// Known pairs, from the definition.
func TestContrastOfKnownPairs(t *testing.T) {
	if c := contrast(t, "#000000", "#ffffff"); math.Abs(c-21) > 1e-9 {
		t.Errorf("black on white: %v", c)
	}
	if c := contrast(t, "#777777", "#ffffff"); math.Abs(c-4.48) > 0.005 {
		t.Errorf("#777 on white: %v", c)
	}
}

// All text has at least the contrast of WCAG AA, 4.5, and what is drawn and means
// something 3.
func TestContrast(t *testing.T) {
	for scheme, colours := range palettes(t) {
		check := func(least float64, front string, backs ...string) {
			for _, back := range backs {
				if c := contrast(t, colours[front], colours[back]); c < least {
					t.Errorf("%s: %s %s on %s %s: %.2f, want %.1f", scheme, front, colours[front], back, colours[back], c, least)
				}
			}
		}
		for _, text := range []string{"ink", "dim"} {
			check(4.5, text, "paper", "panel", "raised")
		}
		check(4.5, "ink", "info-wash", "bad-wash", "good-wash")
		for _, text := range []string{"good", "caution", "bad", "info"} {
			check(4.5, text, "paper", "panel", "raised", text+"-wash")
		}
		for _, h := range strings.Fields("h0 h1 h2 h3 h4 h5 h6 h7 h8 h9") {
			check(4.5, "heattext", h)
		}
		check(4.5, "hovertext", "hover")
		for _, f := range strings.Fields("t0 t1 t2 t3 grew shrank same") {
			check(4.5, "flametext", f)
		}
		for _, drawn := range strings.Fields("s0 s1 s2 s3 focus over") {
			check(3, drawn, "paper", "raised")
		}
	}
	// What is chosen by hand is what the system's choice gives.
	all := palettes(t)
	for name, colour := range all["dark"] {
		if all["dark by hand"][name] != colour {
			t.Errorf("dark has --%s %s, and %s by hand", name, colour, all["dark by hand"][name])
		}
	}
	for name := range all["light"] {
		if _, ok := all["dark"][name]; !ok {
			t.Errorf("dark has no --%s", name)
		}
	}
}
