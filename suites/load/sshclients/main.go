package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/crypto/ssh"
)

// request is what the suite wants done. The first one says where the server is.
type request struct {
	Do string `json:"do"` // dial, open, type, close

	// For dial.
	Addr     string        `json:"addr,omitempty"`
	HostKey  string        `json:"host_key,omitempty"` // a line of authorized_keys
	User     string        `json:"user,omitempty"`
	Password string        `json:"password,omitempty"`
	Cols     int           `json:"cols,omitempty"`
	Rows     int           `json:"rows,omitempty"`
	Patience time.Duration `json:"patience_ns,omitempty"`

	// For open and type: what each client types, and what its screen shall show.
	Clients []exchange `json:"clients,omitempty"`
}

type exchange struct {
	ID   int    `json:"id"`
	Keys string `json:"keys,omitempty"`
	Want string `json:"want"`
}

type reply struct {
	Error string `json:"error,omitempty"`
}

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve does what is requested until the input ends.
func serve(r io.Reader, w io.Writer) error {
	in, out := json.NewDecoder(r), json.NewEncoder(w)
	var t team
	for {
		var q request
		if err := in.Decode(&q); errors.Is(err, io.EOF) {
			return t.close()
		} else if err != nil {
			return fmt.Errorf("reading a request: %w", err)
		}
		var a reply
		if err := t.do(q); err != nil {
			a.Error = err.Error()
		}
		if err := out.Encode(a); err != nil {
			return fmt.Errorf("writing a reply: %w", err)
		}
	}
}

// team are the clients.
type team struct {
	server  request
	config  *ssh.ClientConfig
	clients map[int]*client
}

func (t *team) do(q request) error {
	switch q.Do {
	case "dial":
		return t.dial(q)
	case "open":
		return t.open(q.Clients)
	case "type":
		return t.typing(q.Clients)
	case "close":
		return t.close()
	}
	return fmt.Errorf("unknown request %q", q.Do)
}

func (t *team) dial(q request) error {
	t.server, t.clients = q, map[int]*client{}
	t.config = &ssh.ClientConfig{User: q.User, Timeout: q.Patience, HostKeyCallback: ssh.InsecureIgnoreHostKey()}
	if q.Password != "" {
		t.config.Auth = []ssh.AuthMethod{ssh.Password(q.Password)}
	}
	if q.HostKey != "" {
		key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(q.HostKey))
		if err != nil {
			return fmt.Errorf("the server's host key: %w", err)
		}
		t.config.HostKeyCallback = ssh.FixedHostKey(key)
		t.config.HostKeyAlgorithms = []string{key.Type()}
	}
	return nil
}

// open connects clients one after the other, and then waits for the screen that
// each is to see first.
func (t *team) open(all []exchange) error {
	for _, x := range all {
		if t.clients[x.ID] != nil {
			return fmt.Errorf("client %d is there already", x.ID)
		}
		c, err := connect(t.server, t.config)
		if err != nil {
			return fmt.Errorf("client %d: %w", x.ID, err)
		}
		t.clients[x.ID] = c
	}
	for _, x := range all {
		if err := t.clients[x.ID].await(x.Want, t.server.Patience); err != nil {
			return fmt.Errorf("client %d: %w", x.ID, err)
		}
	}
	return nil
}

// typing lets all clients type at once, and then waits for each one's screen.
func (t *team) typing(all []exchange) error {
	for _, x := range all {
		c := t.clients[x.ID]
		if c == nil {
			return fmt.Errorf("client %d is not connected", x.ID)
		}
		if _, err := io.WriteString(c.stdin, x.Keys); err != nil {
			return fmt.Errorf("client %d: typing %q: %w", x.ID, x.Keys, err)
		}
	}
	for _, x := range all {
		if err := t.clients[x.ID].await(x.Want, t.server.Patience); err != nil {
			return fmt.Errorf("client %d: typed %q: %w", x.ID, x.Keys, err)
		}
	}
	return nil
}

func (t *team) close() error {
	var errs []error
	for id, c := range t.clients {
		if err := c.close(); err != nil {
			errs = append(errs, fmt.Errorf("client %d: %w", id, err))
		}
	}
	clear(t.clients)
	return errors.Join(errs...)
}
