package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// The server, as it was released.
const (
	module  = "github.com/nats-io/nats-server/v2"
	version = "v2.15.2"
)

// rate is that of the heap profile of the server that is built without highwater, in bytes:
// with Go's own 512 KB its few megabytes are a handful of samples.
const rate = "4096"

// fetch copies the server's module out of the module cache, whose files go's -overlay
// refuses, and builds it. The copy is kept: go's own cache knows packages by their folder,
// and this one takes minutes to compile.
func (t *trial) fetch(ctx context.Context) error {
	if t.source == "" {
		if err := t.copied(ctx); err != nil {
			return err
		}
	}
	t.binary = filepath.Join(t.dir, "server")
	_, err := subject.Output(ctx, t.source, "go", "build", "-o", t.binary, ".")
	return err
}

func (t *trial) copied(ctx context.Context) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	t.source = filepath.Join(cache, "highwater", "realserver", "nats-server-"+version)
	if _, err := os.Stat(t.source); err == nil {
		return nil
	}
	out, err := subject.Output(ctx, "", "go", "mod", "download", "-json", module+"@"+version)
	if err != nil {
		return err
	}
	var got struct{ Dir string }
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		return fmt.Errorf("read the answer of go mod download: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(t.source), 0o755); err != nil {
		return err
	}
	half, err := os.MkdirTemp(filepath.Dir(t.source), "half-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(half)
	if err := os.CopyFS(filepath.Join(half, "copy"), os.DirFS(got.Dir)); err != nil {
		return fmt.Errorf("copy the module out of the cache: %w", err)
	}
	return os.Rename(filepath.Join(half, "copy"), t.source)
}

// place is where a server listens.
type place struct{ clients, pprof int }

func (p place) args() []string {
	return []string{"-a", "127.0.0.1", "-p", strconv.Itoa(p.clients), "--profile", strconv.Itoa(p.pprof)}
}

func (p place) url() string { return fmt.Sprintf("http://127.0.0.1:%d", p.pprof) }

// free are two ports on which nobody listens.
func free() (p place, err error) {
	for _, port := range []*int{&p.clients, &p.pprof} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return p, err
		}
		defer l.Close()
		*port = l.Addr().(*net.TCPAddr).Port
	}
	return p, nil
}

// serve starts the server without highwater; it ends with ctx, and is gone when done
// returns.
func (t *trial) serve(ctx context.Context) (at place, done func(), err error) {
	if at, err = free(); err != nil {
		return at, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, t.binary, at.args()...)
	cmd.Env = append(os.Environ(), "GODEBUG=memprofilerate="+rate)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		cancel()
		return at, nil, err
	}
	return at, func() { cancel(); _ = cmd.Wait() }, nil
}

// profile fetches the heap profile of a server, as somebody would in production.
func (t *trial) profile(ctx context.Context, at place) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.url()+"/debug/pprof/heap", nil)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", err
	}
	file := filepath.Join(t.dir, "heap.pb.gz")
	return file, os.WriteFile(file, data, 0o600)
}
