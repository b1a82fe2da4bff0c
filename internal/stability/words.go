package stability

import (
	"fmt"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

func size(b float64) string { return highwater.FormatBytes(b) }

// hourly words a rate in bytes with its interval.
func hourly(r highwater.Rate) string {
	return fmt.Sprintf("%s an hour (between %s and %s)", size(r.Center), size(r.Low), size(r.High))
}

// grows words a suspect that is a site.
func grows(s highwater.Suspect) string {
	text := fmt.Sprintf("%s from %s to %s", s.Name, size(float64(s.Before)), size(float64(s.After)))
	if s.PerOp > 0 {
		text += fmt.Sprintf(", %s an operation", size(s.PerOp))
	}
	return text
}

// clock words a time since the beginning: 45s, 12m30s, 9h.
func clock(d time.Duration) string {
	text := d.Round(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// ratio words a change: 31 %.
func ratio(x float64) string { return fmt.Sprintf("%.0f %%", x*100) }

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
