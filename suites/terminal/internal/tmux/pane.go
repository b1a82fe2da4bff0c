//go:build unix

package tmux

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// patience is how long tmux may take over what it has been given.
const patience = 30 * time.Second

// Pane is a tmux pane that shows what is written to it.
type Pane struct {
	ctx    context.Context
	dir    string
	feed   *os.File // a named pipe; cat copies it to the pane's terminal
	number int      // of the last write
}

// Available returns an error that says what to install where tmux is missing.
func Available() error {
	if _, err := exec.LookPath("tmux"); err != nil {
		return errors.New("tmux is not installed: install the package tmux")
	}
	return nil
}

// Open starts a tmux server with one pane of that size, which keeps history
// lines of scrollback.
func Open(ctx context.Context, cols, rows, history int) (*Pane, error) {
	if err := Available(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tmux")
	if err != nil {
		return nil, err
	}
	p := &Pane{ctx: ctx, dir: dir}
	if err := p.start(cols, rows, history); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Pane) start(cols, rows, history int) error {
	settings := fmt.Sprintf("set -g status off\nset -g history-limit %d\nset -g escape-time 0\n", history)
	if err := os.WriteFile(p.path("conf"), []byte(settings), 0o600); err != nil {
		return err
	}
	if err := syscall.Mkfifo(p.path("feed"), 0o600); err != nil {
		return err
	}
	_, err := p.tmux("new-session", "-d", "-x", strconv.Itoa(cols), "-y", strconv.Itoa(rows),
		"stty raw -echo && exec cat '"+p.path("feed")+"'")
	if err != nil {
		return err
	}
	// Opened for both directions, the pipe waits for no reader.
	p.feed, err = os.OpenFile(p.path("feed"), os.O_RDWR, 0)
	return err
}

func (p *Pane) path(name string) string { return filepath.Join(p.dir, name) }

// tmux runs a tmux command and returns what it prints.
func (p *Pane) tmux(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "tmux", append([]string{"-u", "-S", p.path("socket"), "-f", p.path("conf")}, args...)...)
	cmd.Env = []string{"HOME=" + p.dir, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LANG=C.UTF-8", "SHELL=/bin/sh"}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("tmux %s: %w: %s", args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return stdout.String(), nil
}

// Write feeds b to the pane and waits until tmux has processed it. To know, it
// has the pane's title set after b; so b must end between two sequences.
func (p *Pane) Write(b []byte) (int, error) {
	p.number++
	mark := fmt.Sprintf("mark %d", p.number)
	if _, err := p.feed.Write(append(append([]byte(nil), b...), "\x1b]2;"+mark+"\x07"...)); err != nil {
		return 0, err
	}
	deadline := time.Now().Add(patience)
	for wait := time.Millisecond; ; wait = min(2*wait, 50*time.Millisecond) {
		title, err := p.tmux("display-message", "-p", "#{pane_title}")
		switch {
		case err != nil:
			return 0, err
		case strings.TrimSpace(title) == mark:
			return len(b), nil
		case time.Now().After(deadline):
			return 0, fmt.Errorf("tmux has not got through %d bytes in %v", len(b), patience)
		}
		time.Sleep(wait)
	}
}

// Resize changes the size of the pane.
func (p *Pane) Resize(cols, rows int) error {
	_, err := p.tmux("resize-window", "-x", strconv.Itoa(cols), "-y", strconv.Itoa(rows))
	return err
}

// Screen returns the visible rows, right-trimmed.
func (p *Pane) Screen() ([]string, error) {
	text, err := p.tmux("capture-pane", "-p")
	return trimmed(text), err
}

// History returns the lines above the screen, the oldest first, right-trimmed.
func (p *Pane) History() ([]string, error) {
	size, err := p.tmux("display-message", "-p", "#{history_size}")
	if err != nil || strings.TrimSpace(size) == "0" {
		return nil, err
	}
	text, err := p.tmux("capture-pane", "-p", "-S", "-", "-E", "-1")
	return trimmed(text), err
}

func trimmed(text string) []string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}

// Close ends the tmux server and removes its directory.
func (p *Pane) Close() error {
	_, err := p.tmux("kill-server")
	if p.feed != nil {
		err = errors.Join(err, p.feed.Close())
	}
	return errors.Join(err, os.RemoveAll(p.dir))
}
