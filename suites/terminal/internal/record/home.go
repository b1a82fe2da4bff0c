//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/highwater-dev/highwater/suites/terminal/internal/textgen"
)

// htoprc leaves out all meters that tell of the machine.
const htoprc = `fields=0 48 17 18 38 39 2 46 47 49 1
sort_key=0
sort_direction=1
tree_view=0
hide_kernel_threads=1
highlight_base_name=1
show_program_path=0
delay=2
header_layout=two_50_50
column_meters_0=AllCPUs
column_meter_modes_0=1
column_meters_1=Tasks LoadAverage
column_meter_modes_1=2 2
`

// newHome makes the directory in which the programs run: files with generated
// content and fixed times, and settings.
func newHome() (string, error) {
	home, err := os.MkdirTemp("", "record")
	if err != nil {
		return "", err
	}
	g := textgen.New(2)
	unix := func(p []byte) []byte { return bytes.ReplaceAll(p, []byte("\r\n"), []byte("\n")) }
	files := map[string][]byte{
		"app.log":                 unix(g.Log(600)),
		"color.log":               unix(g.ColorLog(600)),
		"store.go":                g.Source(40),
		"src/index.go":            g.Source(4),
		"src/lease.go":            g.Source(6),
		"src/queue.go":            g.Source(8),
		"docs/notes.txt":          unix(g.Log(40)),
		"docs/todo.txt":           unix(g.Log(8)),
		".config/htop/htoprc":     []byte(htoprc),
		".config/mc/ini":          []byte("[Midnight-Commander]\nverbose=false\nconfirm_exit=false\nuse_internal_edit=true\nauto_save_setup=false\n[Layout]\nmessage_visible=false\nfree_space=false\nxterm_title=false\n"),
		".local/share/mc/filepos": nil,
	}
	for i := range 60 {
		files[fmt.Sprintf("data/segment-%03d.dat", i)] = unix(g.Log(1 + i%7))
	}
	when := time.Date(2026, time.March, 4, 5, 6, 7, 0, time.UTC)
	for name, content := range files {
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return "", err
		}
		if err := os.Chtimes(path, when, when); err != nil {
			return "", err
		}
	}
	for _, dir := range []string{"src", "docs", "data"} {
		if err := os.Chtimes(filepath.Join(home, dir), when, when); err != nil {
			return "", err
		}
	}
	return home, nil
}
