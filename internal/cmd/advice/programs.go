package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater/internal/advise"
)

//go:embed testdata
var testdata embed.FS

// The packages of the programs, below the module's root.
const (
	faultsPackage = "faults"
	soundPackage  = "sound"
)

// unpack writes the programs into a folder of their own. They come with a go.mod under
// another name, since go embeds no module in a module.
func unpack(root string) error {
	sub, err := fs.Sub(testdata, "testdata")
	if err != nil {
		return err
	}
	if err := os.CopyFS(root, sub); err != nil {
		return err
	}
	return os.Rename(filepath.Join(root, "go.mod.txt"), filepath.Join(root, "go.mod"))
}

// fault is one that was planted, and what it costs.
type fault struct {
	kind  advise.Kind
	bytes float64
	live  bool // of live memory; otherwise for each operation
	file  string
	line  int
}

var (
	faultComment = regexp.MustCompile(`// FAULT (\w+) (\d+) (op|live)$`)
	benchmark    = regexp.MustCompile(`(?m)^func (Benchmark\w+)\(`)
)

// faults reads the planted faults by the name of their program: the benchmark in the
// file, or the folder of a main package.
func faults(root string) (map[string]fault, error) {
	all := map[string]fault{}
	err := filepath.WalkDir(filepath.Join(root, faultsPackage), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := filepath.Base(filepath.Dir(path))
		if m := benchmark.FindSubmatch(data); m != nil {
			name = string(m[1])
		}
		for i, text := range strings.Split(string(data), "\n") {
			m := faultComment.FindStringSubmatch(text)
			if m == nil {
				continue
			}
			bytes, err := strconv.ParseFloat(m[2], 64)
			if _, twice := all[name]; err != nil || twice {
				return fmt.Errorf("%s:%d: a program has one fault, with a number of bytes", path, i+1)
			}
			all[name] = fault{advise.Kind(m[1]), bytes, m[3] == "live", path, i + 1}
		}
		return nil
	})
	return all, err
}
