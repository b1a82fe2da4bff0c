package driver

import (
	"context"
	"os"
	"path/filepath"

	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
)

// modules are the paths of the modules that are worked on: that of the working
// directory, and where that is in a workspace, those of the workspace.
func modules() []string {
	wd, err := os.Getwd()
	if err != nil || os.Getenv("GOWORK") == "off" {
		return []string{measure.Module()}
	}
	workspace := os.Getenv("GOWORK")
	for dir := wd; workspace == "" && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if file := filepath.Join(dir, "go.work"); exists(file) {
			workspace = file
		}
	}
	if workspace == "" {
		return []string{measure.Module()}
	}
	return append(target.Modules(context.Background(), target.PackageOptions{}), measure.Module())
}
