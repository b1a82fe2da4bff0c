package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// clients is the process with the SSH clients. It does one thing at a time, and
// is asked from one goroutine.
type clients struct {
	ssh      *SSH
	patience time.Duration
	cmd      *exec.Cmd
	in       io.WriteCloser
	requests *json.Encoder
	replies  *json.Decoder
	stderr   tail
	ids      []int // connected
}

// request and exchange are what the program in sshclients reads.
type request struct {
	Do       string        `json:"do"`
	Addr     string        `json:"addr,omitempty"`
	HostKey  string        `json:"host_key,omitempty"`
	User     string        `json:"user,omitempty"`
	Password string        `json:"password,omitempty"`
	Cols     int           `json:"cols,omitempty"`
	Rows     int           `json:"rows,omitempty"`
	Patience time.Duration `json:"patience_ns,omitempty"`
	Clients  []exchange    `json:"clients,omitempty"`
}

type exchange struct {
	ID   int    `json:"id"`
	Keys string `json:"keys,omitempty"`
	Want string `json:"want"`
}

// startClients starts the process; it has no clients yet.
func startClients(ctx context.Context, server SSHServer, e Engine) (*clients, error) {
	path, err := clientsProgram().Path(ctx)
	if err != nil {
		return nil, err
	}
	c := &clients{ssh: e.SSH, patience: e.patience(), cmd: exec.CommandContext(ctx, path)}
	c.cmd.Stderr = &c.stderr
	out, err := c.cmd.StdoutPipe()
	if err == nil {
		c.in, err = c.cmd.StdinPipe()
	}
	if err == nil {
		err = c.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("starting the clients: %w", err)
	}
	c.requests, c.replies = json.NewEncoder(c.in), json.NewDecoder(out)
	err = c.ask(request{
		Do: "dial", Addr: server.Addr(), HostKey: server.HostKey(), User: e.SSH.User, Password: e.SSH.Password,
		Cols: cols, Rows: rows, Patience: e.patience(),
	})
	if err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// open connects clients until there are n, one after the other.
func (c *clients) open(n int) error {
	var fresh []exchange
	for id := len(c.ids); id < n; id++ {
		c.ids = append(c.ids, id)
		fresh = append(fresh, exchange{ID: id, Want: c.ssh.Greeting})
	}
	return c.ask(request{Do: "open", Clients: fresh})
}

// round lets every client type, and waits for every one's screen.
func (c *clients) round(n int) error {
	all := make([]exchange, len(c.ids))
	for i, id := range c.ids {
		all[i].ID = id
		all[i].Keys, all[i].Want = c.ssh.Dialogue(id, n)
	}
	return c.ask(request{Do: "type", Clients: all})
}

// hangUp ends all connections.
func (c *clients) hangUp() error { return c.ask(request{Do: "close"}) }

// ask waits for the answer. The process has the same patience, and names the
// client; only when it is stuck itself is it ended from here.
func (c *clients) ask(q request) error {
	late := time.AfterFunc(2*c.patience+time.Second, func() { _ = c.cmd.Process.Kill() })
	defer late.Stop()
	var a struct {
		Error string `json:"error"`
	}
	err := c.requests.Encode(q)
	if err == nil {
		err = c.replies.Decode(&a)
	}
	if err != nil {
		return fmt.Errorf("the process with the clients does not answer: %w%s", err, c.stderr.text())
	}
	if a.Error != "" {
		return errors.New(a.Error)
	}
	return nil
}

// stop ends the process: by itself, with the end of its input, if it can.
func (c *clients) stop() error {
	err := c.in.Close()
	late := time.AfterFunc(c.patience, func() { _ = c.cmd.Process.Kill() })
	defer late.Stop()
	if err := errors.Join(err, c.cmd.Wait()); err != nil {
		return fmt.Errorf("ending the clients: %w%s", err, c.stderr.text())
	}
	return nil
}

// tail keeps the end of what a process prints.
type tail struct{ b bytes.Buffer }

func (t *tail) Write(p []byte) (int, error) {
	t.b.Write(p)
	if over := t.b.Len() - 4<<10; over > 0 {
		t.b.Next(over)
	}
	return len(p), nil
}

func (t *tail) text() string {
	if s := strings.TrimSpace(t.b.String()); s != "" {
		return "\n" + s
	}
	return ""
}
