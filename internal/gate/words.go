package gate

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater"
)

// percentChange words a change that is a ratio: +7.3 %, -35 %, 12 times
// as much.
func percentChange(ratio float64) string {
	switch {
	case ratio > 8.95:
		return fmt.Sprintf("%.0f times as much", 1+ratio)
	case ratio > -0.0995 && ratio < 0.0995:
		return fmt.Sprintf("%+.1f %%", ratio*100)
	default:
		return fmt.Sprintf("%+.0f %%", ratio*100)
	}
}

func percent(ratio float64) string { return fmt.Sprintf("%.0f %%", ratio*100) }

// withSign renders a difference of the metric's values.
func withSign(m highwater.Metric, v float64) string {
	s := m.Format(v)
	if v > 0 {
		return "+" + s
	}
	return s
}

// from words a site's part in a change.
func from(c highwater.SiteChange) string {
	s := fmt.Sprintf("%s from %s", percent(c.Share), c.Site.Where.Place())
	if c.New {
		s += ", new since the baseline"
	}
	if c.Was != nil {
		s += ", formerly in " + c.Was.Place()
	}
	return s
}

// held words a site's part in what there is.
func held(c highwater.SiteChange) string {
	return fmt.Sprintf("%s of the peak is held by %s", percent(c.Share), c.Site.Where.Place())
}

// command opens a profile, "" where there is none.
func command(dir, profile string) string {
	path := profilePath(dir, profile)
	if path == "" {
		return ""
	}
	if strings.Trim(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-@:+,") != "" {
		path = "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return "go tool pprof -http=: " + path
}

// profilePath is where a profile is that a run file names. The file is not
// trusted: a name that leads out of its directory is none.
func profilePath(dir, profile string) string {
	switch {
	case profile == "":
		return ""
	case dir == "":
		return profile
	case !filepath.IsLocal(profile):
		return ""
	default:
		return filepath.Join(dir, profile)
	}
}
