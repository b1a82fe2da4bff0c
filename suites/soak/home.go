package soak

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// home has the home directories of the sessions: each program finds the same
// files, and nothing of the user's.
type home struct {
	root  string
	files map[string]string
}

func newHome(files map[string]string) (*home, error) {
	root, err := os.MkdirTemp("", "highwater-soak-")
	if err != nil {
		return nil, fmt.Errorf("make a home for the program: %w", err)
	}
	return &home{root, files}, nil
}

// of returns the directory of a session, where it is to be made.
func (h *home) of(session int) func() (string, error) {
	return func() (string, error) {
		dir := filepath.Join(h.root, strconv.Itoa(session))
		for name, content := range h.files {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				return "", fmt.Errorf("make a home for the program: %w", err)
			}
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				return "", fmt.Errorf("make a home for the program: %w", err)
			}
		}
		return dir, nil
	}
}

func (h *home) remove() error { return os.RemoveAll(h.root) }

// source is a Go file of n small functions, six lines each below a head of two.
func source(pkg string, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\n", pkg)
	for i := range n {
		fmt.Fprintf(&b, "// Sum%03d adds %d to the total of the items, \"each\" once.\nfunc Sum%03d(items []int) int {\n\ttotal := %d\n\tfor _, item := range items {\n\t\ttotal += item * %d\n\t}\n\treturn total\n}\n\n", i, i, i, i*7, i+1)
	}
	return b.String()
}

// notes is a text of n numbered lines.
func notes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "note %03d: %s\n", i+1, strings.Repeat("remember the milk, ", i%4))
	}
	return b.String()
}
