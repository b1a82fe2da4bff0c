package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/vito/midterm"
	"golang.org/x/crypto/ssh"
)

// client is one connection with one session, and the screen that it shows.
type client struct {
	conn    *ssh.Client
	session *ssh.Session
	stdin   io.WriteCloser
	ended   chan struct{} // closed when the server's output has ended

	mu      sync.Mutex
	screen  *midterm.Terminal
	changed *sync.Cond
	over    bool // the output has ended, or patience has
}

func connect(q request, config *ssh.ClientConfig) (*client, error) {
	conn, err := ssh.Dial("tcp", q.Addr, config)
	if err != nil {
		return nil, err
	}
	c := &client{conn: conn, ended: make(chan struct{}), screen: midterm.NewTerminal(q.Rows, q.Cols)}
	c.screen.Raw = true
	c.changed = sync.NewCond(&c.mu)
	if err := c.start(q); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return c, nil
}

func (c *client) start(q request) error {
	var err error
	if c.session, err = c.conn.NewSession(); err != nil {
		return fmt.Errorf("new session: %w", err)
	}
	if c.stdin, err = c.session.StdinPipe(); err != nil {
		return err
	}
	output, err := c.session.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.session.RequestPty("xterm-256color", q.Rows, q.Cols, ssh.TerminalModes{}); err != nil {
		return fmt.Errorf("requesting a terminal: %w", err)
	}
	if err := c.session.Shell(); err != nil {
		return fmt.Errorf("starting the session: %w", err)
	}
	go c.watch(output)
	return nil
}

// watch shows the server's output on the screen.
func (c *client) watch(output io.Reader) {
	defer close(c.ended)
	buffer := make([]byte, 4<<10)
	for {
		n, err := output.Read(buffer)
		c.mu.Lock()
		_, _ = c.screen.Write(buffer[:n]) // to a terminal in memory
		if err != nil {
			c.over = true
		}
		c.changed.Broadcast()
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// await waits until the screen shows the text.
func (c *client) await(want string, patience time.Duration) error {
	late := false
	timer := time.AfterFunc(patience, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		late = true
		c.changed.Broadcast()
	})
	defer timer.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		for _, row := range c.screen.Content {
			if strings.Contains(string(row), want) {
				return nil
			}
		}
		switch {
		case c.over:
			return fmt.Errorf("the server ended the session, and %q was not on the screen:\n%s", want, c.text())
		case late:
			return fmt.Errorf("%q is not on the screen after %v:\n%s", want, patience, c.text())
		}
		c.changed.Wait()
	}
}

// text is what is on the screen, for people.
func (c *client) text() string {
	var b strings.Builder
	for _, row := range c.screen.Content {
		if line := strings.TrimRight(string(row), " "); line != "" {
			b.WriteString("\t" + line + "\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

func (c *client) close() error {
	err := c.conn.Close()
	<-c.ended
	if errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
