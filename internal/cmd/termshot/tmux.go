package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// historyLines is how much of what has left the screen is kept.
const historyLines = 2000

// linger keeps the terminal for a moment after the command has ended: tmux drops what it has
// not read by then.
const linger = `"$@"; status=$?; sleep 0.5; exit $status`

// capture runs the command in a tmux of its own, cols cells wide, and returns
// the screen with its history when the command has ended.
func capture(ctx context.Context, cols, rows int, command []string) (string, error) {
	dir, err := os.MkdirTemp("", "termshot-")
	if err != nil {
		return "", fmt.Errorf("making a folder for tmux's socket: %w", err)
	}
	defer os.RemoveAll(dir)
	tmux := func(args ...string) (string, error) {
		// A server of our own, without the user's configuration, leaves the
		// user's tmux alone.
		args = append([]string{"-S", filepath.Join(dir, "socket"), "-f", "/dev/null"}, args...)
		cmd := exec.CommandContext(ctx, "tmux", args...)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("tmux %s: %w: %s", args[4], err, strings.TrimSpace(errs.String()))
		}
		return string(out), nil
	}
	// The command's arguments stay what they are, quoted by nobody. A server needs a session to keep its options, hence the
	// first one.
	size := []string{"-d", "-x", fmt.Sprint(cols), "-y", fmt.Sprint(rows)}
	if _, err := tmux(append(append([]string{"new-session", "-s", "keep"}, size...), "cat")...); err != nil {
		return "", err
	}
	defer func() { _ = exec.Command("tmux", "-S", filepath.Join(dir, "socket"), "kill-server").Run() }()
	for _, option := range [][]string{{"remain-on-exit", "on"}, {"history-limit", fmt.Sprint(historyLines)}, {"status", "off"}, {"remain-on-exit-format", ""}} {
		if _, err := tmux("set-option", "-g", option[0], option[1]); err != nil {
			return "", err
		}
	}
	args := append([]string{"new-session", "-s", "shot", "-e", "TERM=xterm-256color"}, size...)
	if _, err := tmux(append(append(args, "--", "sh", "-c", linger, "sh"), command...)...); err != nil {
		return "", err
	}
	for {
		dead, err := tmux("display-message", "-p", "-t", "shot", "#{pane_dead}")
		if err != nil {
			return "", err
		}
		if strings.TrimSpace(dead) == "1" {
			return tmux("capture-pane", "-e", "-p", "-S", "-", "-t", "shot")
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("%s: %w", command[0], ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
