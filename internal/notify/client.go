package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// ErrForbidden is that the token may not do what was asked: that of a fork's pull
// request may only read.
var ErrForbidden = errors.New("the token may not do this")

// Bounds on what a service may cost.
const (
	tries     = 5
	firstWait = time.Second
	// limitedWait is how long is waited where a service limits requests and does not say
	// until when: GitHub wants it to be a minute at least after a secondary limit
	// (https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api).
	limitedWait    = time.Minute
	requestTimeout = 20 * time.Second
	maxAnswer      = 16 << 20
	pages          = 50 // of a hundred comments each
)

// client sends requests to one service.
type client struct {
	base   string      // its API, without a slash at the end
	header http.Header // of every request, the token among it
	http   *http.Client
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
}

// Options are what may differ between a build and a test.
type Options struct {
	HTTP *http.Client // with a timeout of 20 seconds where nil
	// Now and Sleep are the clock's where nil.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

func newClient(base string, header http.Header, o Options) (*client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("%q is no address of an API: want one that begins with https://", base)
	}
	c := &client{base: strings.TrimSuffix(base, "/"), header: header, http: o.HTTP, now: o.Now, sleep: o.Sleep}
	if c.http == nil {
		c.http = &http.Client{Timeout: requestTimeout}
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.sleep == nil {
		c.sleep = sleep
	}
	return c, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// again is an error that another try may not meet.
type again struct {
	err  error
	wait time.Duration // that the service asked for; 0 where it named none
}

func (a *again) Error() string { return a.err.Error() }
func (a *again) Unwrap() error { return a.err }

// insist does something until it is done, fails for good, or has failed often enough.
// It is called with all that belongs together: an answer that was lost may be of a
// request that was carried out, so the next try looks again before it creates.
func (c *client) insist(ctx context.Context, do func() error) error {
	wait := firstWait
	for try := 1; ; try++ {
		err := do()
		var a *again
		if err == nil || !errors.As(err, &a) || ctx.Err() != nil {
			return err
		}
		if try == tries {
			return fmt.Errorf("%w, %d times", err, tries)
		}
		pause := wait
		if a.wait > 0 {
			pause = a.wait
		}
		if deadline, ok := ctx.Deadline(); ok && c.now().Add(pause).After(deadline) {
			return fmt.Errorf("%w; it may be asked again in %v only, which is longer than it may take", err, pause.Round(time.Second))
		}
		if sleepErr := c.sleep(ctx, pause); sleepErr != nil {
			return err
		}
		wait *= 2
	}
}

// do sends one request, with body as JSON where it is not nil, and decodes the answer
// into answer where that is not nil.
func (c *client) do(ctx context.Context, method, path string, body, answer any) error {
	what := method + " " + c.base + path
	var reader io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		reader = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, reader)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	req.Header = c.header.Clone()
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		if u := new(url.Error); errors.As(err, &u) {
			err = u.Err // it names the address again
		}
		return &again{err: fmt.Errorf("%s: %w", what, err)}
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return &again{err: fmt.Errorf("%s: %w", what, err)}
	case len(data) > maxAnswer:
		return fmt.Errorf("%s: the answer is longer than %d MiB", what, maxAnswer>>20)
	case res.StatusCode/100 != 2:
		return c.refused(res, data, what)
	case answer == nil:
		return nil
	}
	if err := json.Unmarshal(data, answer); err != nil {
		return fmt.Errorf("%s: the answer is not what its description says: %w", what, err)
	}
	return nil
}

// refused tells what may be tried again from what may not.
func (c *client) refused(res *http.Response, data []byte, what string) error {
	var said struct {
		Message any `json:"message"`
	}
	text := http.StatusText(res.StatusCode)
	if json.Unmarshal(data, &said) == nil && said.Message != nil {
		text = fmt.Sprint(said.Message)
	}
	err := fmt.Errorf("%s: %d %.300s", what, res.StatusCode, text)
	wait, limited := c.limited(res.Header)
	switch code := res.StatusCode; {
	case code == http.StatusTooManyRequests, code == http.StatusForbidden && (limited || strings.Contains(strings.ToLower(text), "rate limit")):
		if wait == 0 {
			wait = limitedWait
		}
		return &again{err, wait}
	case code >= 500, code == http.StatusRequestTimeout:
		return &again{err, wait}
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusNotFound:
		// GitHub says 404 of what a token may not even see.
		return fmt.Errorf("%w: %w", ErrForbidden, err)
	}
	return err
}

// limited reads when the service may be asked again: Retry-After, in seconds or as a
// date, and the rate limits of GitHub and GitLab, which reset at a second of Unix time.
func (c *client) limited(h http.Header) (wait time.Duration, limited bool) {
	if after := h.Get("Retry-After"); after != "" {
		if s, err := strconv.ParseInt(after, 10, 32); err == nil {
			return time.Duration(max(s, 1)) * time.Second, true
		}
		if at, err := http.ParseTime(after); err == nil {
			return max(at.Sub(c.now()), time.Second), true
		}
	}
	for _, prefix := range []string{"X-RateLimit-", "RateLimit-"} {
		if h.Get(prefix+"Remaining") != "0" {
			continue
		}
		if s, err := strconv.ParseInt(h.Get(prefix+"Reset"), 10, 64); err == nil {
			return max(time.Unix(s, 0).Sub(c.now()), time.Second), true
		}
		return 0, true
	}
	return 0, false
}
