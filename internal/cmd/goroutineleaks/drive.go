package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/target"
)

// deadline is for one run of an entry: the longest takes a second or two on a machine
// that has nothing else to do.
const deadline = 5 * time.Minute

// sight is what was seen in one run, in the words of the runtime's test.
type sight struct {
	// Printed is the runtime's leak profile, as the entry prints it itself.
	Printed []string `json:"printed"`
	// LeftOver are all goroutines that the entry leaves, as the probe groups them.
	LeftOver []string `json:"left_over"`
}

// look runs the entry once, as the runtime's test runs it, and asks the probe when it
// is over.
func look(ctx context.Context, program string, e entry) (s sight, err error) {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	dir, err := os.MkdirTemp("", "goroutineleaks-") // short: it is part of a socket's name
	if err != nil {
		return s, err
	}
	defer os.RemoveAll(dir)
	socket := filepath.Join(dir, "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return s, err
	}
	defer listener.Close()
	cmd := exec.CommandContext(ctx, program, e.Name)
	spec := probe.Spec{Socket: socket, Scenario: e.Name, Pass: "exact"}
	cmd.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1", probe.EnvProgram+"="+spec.Encode())
	if !e.Flaky {
		cmd.Env = append(cmd.Env, "GOMAXPROCS=1") // what the test calls simple
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return s, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return s, err
	}
	if err := cmd.Start(); err != nil {
		return s, err
	}
	d := drive{stdin: stdin, stdout: stdout, messages: make(chan probe.Message)}
	told := make(chan error, 1)
	go func() { told <- d.hear(ctx, listener) }()
	s, err = d.run(ctx)
	// The entry is seen, or cannot be; nothing more comes of its process.
	cancel()
	target.NoMore(listener)
	_ = cmd.Wait()
	if heard := <-told; err == nil && heard != nil {
		err = heard
	}
	if err != nil {
		err = fmt.Errorf("run %s: %w\n%s", e.Name, err, bytes.TrimSpace(stderr.Bytes()))
	}
	return s, err
}

// drive is a running entry, and what its probe says.
type drive struct {
	stdin    io.Writer
	stdout   io.Reader
	conn     net.Conn // of the first message on
	messages chan probe.Message
}

// hear passes on what the probe says, until it ends.
func (d *drive) hear(ctx context.Context, l net.Listener) error {
	defer close(d.messages)
	conn, err := l.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	d.conn = conn
	err = probe.ReadMessages(conn, func(m probe.Message) {
		select {
		case d.messages <- m:
		case <-ctx.Done():
		}
	})
	if ctx.Err() != nil {
		return nil // the process was ended when all was said
	}
	return err
}

func (d *drive) run(ctx context.Context) (s sight, err error) {
	if _, err = d.await(ctx, probe.TypeHello); err != nil {
		return s, err
	}
	// What is there before the entry is not its own.
	if err = d.ask(probe.AskReady); err != nil {
		return s, err
	}
	if _, err = d.await(ctx, probe.TypeAnswer); err != nil {
		return s, err
	}
	if _, err = d.stdin.Write([]byte{'\n'}); err != nil {
		return s, err
	}
	text, err := upTo(d.stdout, strings.ReplaceAll(over, `\n`, "\n"))
	if err != nil {
		return s, fmt.Errorf("the entry did not come to its end: %w", err)
	}
	if err = d.ask(probe.AskEnd); err != nil {
		return s, err
	}
	last, err := d.await(ctx, probe.TypeTornDown)
	if err != nil {
		return s, err
	}
	return sight{Printed: printed(text), LeftOver: leftOver(last.TornDown.Goroutines)}, nil
}

func (d *drive) ask(what byte) error {
	_, err := d.conn.Write([]byte{what})
	return err
}

// await waits for a message of that type, and drops those before it.
func (d *drive) await(ctx context.Context, kind string) (probe.Message, error) {
	for {
		select {
		case m, ok := <-d.messages:
			switch {
			case !ok:
				return m, errors.New("its probe ended early")
			case m.Type == probe.TypeFailure:
				return m, errors.New(m.Failure)
			case m.Type == kind:
				return m, nil
			}
		case <-ctx.Done():
			return probe.Message{}, fmt.Errorf("waiting for %q of its probe: %w", kind, ctx.Err())
		}
	}
}

// upTo reads until the text ends with what is given, and returns what is before it.
func upTo(r io.Reader, end string) ([]byte, error) {
	buffered := bufio.NewReader(r)
	var all []byte
	for {
		text, err := buffered.ReadSlice('\n')
		all = append(all, text...)
		if before, ok := bytes.CutSuffix(all, []byte(end)); ok {
			return before, nil
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
}
