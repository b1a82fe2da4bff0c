package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/highwater-dev/highwater"
)

// mark stands behind the lines of a program that leak.
const mark = "// LEAK"

// place is a line of a program.
type place struct {
	file string // without its folder: each program is one file
	line int
}

// marked finds the lines that leak in the program in dir.
func marked(dir string) (map[place]bool, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	all := map[place]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		number := 0
		for l := range bytes.Lines(text) {
			number++
			if bytes.HasSuffix(bytes.TrimSpace(l), []byte(mark)) {
				all[place{filepath.Base(file), number}] = true
			}
		}
	}
	return all, nil
}

// at is the place of a frame of the program itself.
func at(f highwater.Frame) place { return place{filepath.Base(f.File), f.Line} }

// fingerprint is a hash of the programs' sources: results of others say nothing of
// these.
func fingerprint(dir string) (string, error) {
	h := sha256.New()
	for _, pattern := range []string{"go.mod", "*/*.go"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return "", err
		}
		if len(files) == 0 {
			return "", fmt.Errorf("no %s in %s: run this at the root of the repository", pattern, dir)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(h, "%s %d\n%s", filepath.ToSlash(file), len(text), text)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}
