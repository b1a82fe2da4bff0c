package report

import (
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/highwater-dev/highwater"
)

func TestSoakTextGolden(t *testing.T) {
	for sample, r := range soakSamples() {
		golden(t, sample+".txt", render(t, Text{}, r))
	}
	golden(t, "soak-growing.80.txt", render(t, Text{Width: 80}, soakGrowing()))
	golden(t, "soak-growing.120.color.txt", render(t, Text{Width: 120, Color: true}, soakGrowing()))
	golden(t, "soak-process.verbose.txt", render(t, Text{Verbose: true}, soakProcess()))
}

var _ = lipgloss.Width
var _ = strings.Contains
var _ highwater.Reporter
