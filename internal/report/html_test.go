package report

import (
	"os"
	"path/filepath"
	"testing"
)

func TestHTMLDump(t *testing.T) {
	all := samples()
	for n, r := range soakSamples() {
		all[n] = r
	}
	for n, r := range all {
		os.WriteFile(filepath.Join("/tmp/html", n+".html"), []byte(render(t, HTML{}, r)), 0o644)
	}
}
