package attach

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"syscall"

	"github.com/google/pprof/profile"

	"github.com/highwater-dev/highwater/internal/heap"
)

// mostBytes bounds an answer. The profiles of large programs have some megabytes.
const mostBytes = 64 << 20

var (
	errNone  = errors.New("there is no such profile")
	errLarge = fmt.Errorf("the answer is larger than %d MiB, which no profile is", mostBytes>>20)
)

// fetch asks for a profile and lets read have the answer. All errors name the
// address, without what is secret in it.
func (e *endpoint) fetch(ctx context.Context, name string, q url.Values, read func(io.Reader) error) error {
	shown := e.url(name, q)
	late := fmt.Errorf("%s did not answer within %v: %w", shown, e.timeout, context.DeadlineExceeded)
	within, cancel := context.WithTimeoutCause(ctx, e.timeout, late)
	defer cancel()
	within = httptrace.WithClientTrace(within, &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) {
		e.ends = [2]net.Addr{c.Conn.LocalAddr(), c.Conn.RemoteAddr()}
	}})
	request, err := e.request(within, name, q)
	if err != nil {
		return fmt.Errorf("%s: the address cannot be used", e.shown)
	}
	response, err := e.client.Do(request)
	if err == nil {
		defer response.Body.Close()
		if err = e.refused(response, shown); err != nil {
			return err
		}
		err = read(&bounded{r: response.Body, left: mostBytes})
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case within.Err() != nil:
		return late
	case e.answered && e.ended(ctx, err):
		return fmt.Errorf("%s: %w: nobody answers at its address any more", e.shown, ErrGone)
	}
	// net/http's error repeats the address, with all that is in it.
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: nobody answers there (%w): is the program running, and is that its port?", shown, err)
	}
	if e.socket != "" && errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%s: it may not be connected to: the socket belongs to %s: run highwater as that user or as root: %w",
			shown, ownerOf(e.socket), err)
	}
	return fmt.Errorf("%s: %w", shown, err)
}

// refused is an error for an answer that is no profile.
func (e *endpoint) refused(r *http.Response, shown string) error {
	switch r.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusNotFound:
		return fmt.Errorf("there is no pprof endpoint at %s: the program has to import _ \"net/http/pprof\" and "+
			"serve http.DefaultServeMux, or the path is another (%w)", shown, errNone)
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("%s answers %s: put what it wants into the address, as in http://USER:PASSWORD@HOST/debug/pprof", shown, r.Status)
	}
	return fmt.Errorf("%s answers %q and no profile", shown, r.Status)
}

// ended reports that nobody listens any more, after a request has failed with err:
// one that was cut off says nothing yet.
func (e *endpoint) ended(ctx context.Context, err error) bool {
	none := func(err error) bool {
		return errors.Is(err, syscall.ECONNREFUSED) || e.socket != "" && errors.Is(err, fs.ErrNotExist)
	}
	if none(err) {
		return true
	}
	var failed *url.Error
	if !errors.As(err, &failed) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, syscall.ECONNRESET) {
		return false
	}
	within, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	request, err := e.request(within, "cmdline", nil)
	if err != nil {
		return false
	}
	response, err := e.client.Do(request)
	if err == nil {
		_ = response.Body.Close()
	}
	return none(err)
}

// raw asks for a profile in pprof's format, and sees that it is one.
func (e *endpoint) raw(ctx context.Context, name string) ([]byte, *profile.Profile, error) {
	var data []byte
	err := e.fetch(ctx, name, nil, func(r io.Reader) (err error) {
		data, err = io.ReadAll(r)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	p, err := heap.Decode(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: what it answers is no profile: %w", e.url(name, nil), err)
	}
	return data, p, nil
}

func (e *endpoint) profile(ctx context.Context, name string) (*profile.Profile, error) {
	_, p, err := e.raw(ctx, name)
	return p, err
}

// bounded is a reader that fails, rather than ends, when there is too much.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errLarge
	}
	return n, err
}
