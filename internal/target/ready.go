package target

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Ready says how a program shows that it is ready to be used. [ParseReady] makes
// one. For each process of the program:
//
//	waiting := ready.Watch()               // one for each process
//	limits.Output = waiting                // it sees what the process prints
//	go func() { exit <- Launch(…, limits) }()
//	err := waiting.Wait(ctx)               // end ctx when the process has ended
type Ready struct {
	text string // as the user gave it
	url  string
	addr string
	line *regexp.Regexp
}

// ParseReady reads one of
//
//	http://host/path  https://…   a GET is answered with a status below 500
//	host:port  :port              a TCP connection is accepted
//	/regexp/                      a line that the program prints matches
//	any other text                a line that the program prints holds it
func ParseReady(s string) (Ready, error) {
	r := Ready{text: s}
	switch {
	case strings.TrimSpace(s) == "":
		return r, errors.New("it is empty: want a URL, host:port, /regexp/ or a part of a line that the program prints")
	case strings.HasPrefix(s, "http://"), strings.HasPrefix(s, "https://"):
		if _, err := http.NewRequest(http.MethodGet, s, nil); err != nil {
			return r, err
		}
		r.url = s
	case len(s) > 2 && s[0] == '/' && s[len(s)-1] == '/':
		line, err := regexp.Compile(s[1 : len(s)-1])
		if err != nil {
			return r, err
		}
		r.line = line
	case isAddress(s):
		r.addr = s
	default:
		r.line = regexp.MustCompile(regexp.QuoteMeta(s))
	}
	return r, nil
}

// isAddress tells host:port from a text with a colon in it.
func isAddress(s string) bool {
	host, port, err := net.SplitHostPort(s)
	n, numErr := strconv.ParseUint(port, 10, 16)
	return err == nil && numErr == nil && n > 0 && !strings.ContainsAny(host, " \t/")
}

func (r Ready) String() string { return r.text }

// Watch returns what waits for one process to become ready.
func (r Ready) Watch() *Waiting { return &Waiting{ready: r, seen: make(chan struct{})} }

// Waiting waits for one process. It is a writer that must be given all that the
// process prints, where a line is waited for; it passes it on to Next, if set.
type Waiting struct {
	Next io.Writer

	ready Ready
	once  sync.Once
	seen  chan struct{}
	part  []byte // of a line, what has been printed of it
}

// lineLooked is how much of a line is looked at.
const lineLooked = 64 << 10

// Write looks for the line. It is not to be called twice at once.
func (w *Waiting) Write(p []byte) (int, error) {
	if w.ready.line != nil {
		w.look(p)
	}
	if w.Next != nil {
		_, _ = w.Next.Write(p) // a terminal that is gone is no reason to stop the program
	}
	return len(p), nil
}

func (w *Waiting) look(p []byte) {
	select {
	case <-w.seen:
		return
	default:
	}
	for line := range bytes.Lines(p) {
		w.part = append(w.part, line[:min(len(line), max(lineLooked-len(w.part), 0))]...)
		// A prompt has no end of line.
		if w.ready.line.Match(bytes.TrimRight(w.part, "\r\n")) {
			w.once.Do(func() { close(w.seen) })
			return
		}
		if bytes.HasSuffix(line, []byte("\n")) {
			w.part = w.part[:0]
		}
	}
}

// askEvery is how often a server is asked whether it is there.
const askEvery = 20 * time.Millisecond

// Wait returns nil when the process is ready. The error is that of ctx, with
// what was last found.
func (w *Waiting) Wait(ctx context.Context) error {
	if w.ready.line != nil {
		select {
		case <-w.seen:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("no line that it printed has %s: %w", w.ready.text, context.Cause(ctx))
		}
	}
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		err := w.ready.ask(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s did not answer (%w): %w", w.ready.text, err, context.Cause(ctx))
		case <-tick.C:
		}
	}
}

// ask asks a server once.
func (r Ready) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if r.addr != "" {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", r.addr)
		if err != nil {
			return err
		}
		return conn.Close()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url, nil)
	if err != nil {
		return err
	}
	// A connection of its own, so that none is kept open: it would be in the
	// server's memory.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	_ = answer.Body.Close()
	if answer.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("status %s", answer.Status)
	}
	return nil
}
