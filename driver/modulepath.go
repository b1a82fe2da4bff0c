package driver

import (
	"os"
	"path/filepath"
	"strings"
)

// modulePath is what the module of the working directory is called, "" where there is
// none.
func modulePath() string {
	root, _ := moduleRoot()
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "module "); ok {
			return strings.Trim(strings.TrimSpace(name), `"`)
		}
	}
	return ""
}
