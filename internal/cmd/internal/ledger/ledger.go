// Package ledger keeps the results of long series of trials, a JSON line each, so that
// a series can be made in several goes: what a killed program loses is the trial under
// way.
package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Ledger is a file of results.
type Ledger[T any] struct {
	All  []T // in the order they were made
	file *os.File
}

// Open reads the results in the file, and makes it with its folder where it is not
// there. A last line that was not completed is taken off.
func Open[T any](path string) (*Ledger[T], error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of the results: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open the results: %w", err)
	}
	l := &Ledger[T]{file: f}
	if err := l.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("results in %s: %w; name another file, or remove it", path, err), f.Close())
	}
	return l, nil
}

func (l *Ledger[T]) read() error {
	data, err := io.ReadAll(l.file)
	if err != nil {
		return err
	}
	whole := data[:bytes.LastIndexByte(data, '\n')+1]
	number := 0
	for line := range bytes.Lines(whole) {
		number++
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		l.All = append(l.All, v)
	}
	if err := l.file.Truncate(int64(len(whole))); err != nil {
		return err
	}
	_, err = l.file.Seek(int64(len(whole)), io.SeekStart)
	return err
}

// Add writes a result, and returns when it is on disk.
func (l *Ledger[T]) Add(v T) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if _, err := l.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("write a result: %w", err)
	}
	if err := l.file.Sync(); err != nil {
		return fmt.Errorf("write a result: %w", err)
	}
	l.All = append(l.All, v)
	return nil
}

// Close closes the file.
func (l *Ledger[T]) Close() error { return l.file.Close() }

// Key identifies what results are of: the content of a program and what else matters,
// such as the patterns of the scenarios.
func Key(program string, more ...string) (string, error) {
	f, err := os.Open(program)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read %s: %w", program, err)
	}
	fmt.Fprintf(h, "\x00%s", strings.Join(more, "\x00"))
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// Dir is a folder of that name in the user's cache.
func Dir(name string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache: %w; name a file with -results", err)
	}
	return filepath.Join(cache, "highwater", name), nil
}
