package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// StateDir is where highwater keeps what it makes, outside the user's module:
// $HIGHWATER_STATE_DIR; else $XDG_STATE_HOME/highwater; else
// ~/.local/state/highwater, on macOS ~/Library/Application Support/highwater
// and on Windows %LocalAppData%\highwater. It need not exist yet.
func StateDir() (string, error) {
	return stateDir(runtime.GOOS, os.Getenv, os.UserHomeDir)
}

func stateDir(goos string, getenv func(string) string, home func() (string, error)) (string, error) {
	if dir := getenv("HIGHWATER_STATE_DIR"); dir != "" {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return "", fmt.Errorf("HIGHWATER_STATE_DIR=%s: %w", dir, err)
		}
		return abs, nil
	}
	// The XDG specification has relative paths ignored.
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "highwater"), nil
	}
	if goos == "windows" {
		if dir := getenv("LocalAppData"); dir != "" {
			return filepath.Join(dir, "highwater"), nil
		}
		return "", errors.New("no place to keep runs: %LocalAppData% is not set; set HIGHWATER_STATE_DIR to a directory")
	}
	dir, err := home()
	if err != nil {
		return "", fmt.Errorf("no place to keep runs: %w; set HIGHWATER_STATE_DIR to a directory", err)
	}
	if goos == "darwin" {
		return filepath.Join(dir, "Library", "Application Support", "highwater"), nil
	}
	return filepath.Join(dir, ".local", "state", "highwater"), nil
}
