package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
)

// ErrMissing is the error of a machine without Chromium.
var ErrMissing = errors.New("no Chromium here; on Debian: apt-get install chromium")

// Path is where Chromium is.
func Path() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrMissing
}

// Browser is a running Chromium.
type Browser struct {
	ctx   context.Context
	close []func()
}

// Start starts one with an empty profile. Names resolve to nothing but localhost.
func Start(ctx context.Context) (*Browser, error) {
	path, err := Path()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "highwater-chromium-")
	if err != nil {
		return nil, fmt.Errorf("starting Chromium: %w", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(profile))
	for _, flag := range []string{"disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	options = append(options, chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"))
	alloc, stopAlloc := chromedp.NewExecAllocator(ctx, options...)
	root, stop := chromedp.NewContext(alloc)
	b := &Browser{ctx: root, close: []func(){stop, stopAlloc, func() { _ = os.RemoveAll(profile) }}}
	if err := chromedp.Do(root); err != nil {
		b.Close()
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	return b, nil
}

// Close ends it, and removes its profile.
func (b *Browser) Close() {
	for _, f := range b.close {
		f()
	}
}

// Tab is an open page.
type Tab struct {
	ctx  context.Context
	stop func()

	mu   sync.Mutex
	said []string
}

// Open opens an address in a tab with a window of that size, in light or in dark, and
// notes from the first byte on what its console says.
func (b *Browser) Open(address string, width, height int64, dark bool) (*Tab, error) {
	ctx, stop := chromedp.NewContext(b.ctx)
	t := &Tab{ctx: ctx, stop: stop}
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	enable := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, performance.Enable, performance.EnableParams{TimeDomain: "threadTicks"})
		return err
	})
	if err := chromedp.Do(ctx, enable, chromedp.EmulateViewport(width, height)); err != nil {
		stop()
		return nil, err
	}
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			t.mu.Lock()
			t.said = append(t.said, m.String())
			t.mu.Unlock()
		}
	}()
	if err := t.Media("", scheme); err == nil {
		err = chromedp.Do(ctx, chromedp.Navigate(address))
		if err == nil {
			return t, nil
		}
		stop()
		return nil, fmt.Errorf("opening %s: %w", address, err)
	}
	stop()
	return nil, errors.New("the tab cannot be told its colours")
}

// Media tells the page what it is shown on ("screen", "print"), and in which scheme of
// colours.
func (t *Tab) Media(kind, scheme string) error {
	params := emulation.SetEmulatedMediaParams{Media: kind, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	return chromedp.Do(t.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, params)
		return err
	}))
}

// Close closes the tab.
func (t *Tab) Close() { t.stop() }

// Console is what the page has said so far, or the browser of it: messages, exceptions,
// violations of its policy.
func (t *Tab) Console() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.said...)
}

// Keys presses keys, those of chromedp/kb among them.
func (t *Tab) Keys(keys string) error { return chromedp.Do(t.ctx, chromedp.KeyEvent(keys)) }

// Run evaluates an expression for what it does.
func (t *Tab) Run(expression string) error {
	return chromedp.Do(t.ctx, chromedp.Evaluate[chromedp.Void](expression))
}

// Resize gives the page another size.
func (t *Tab) Resize(width, height int64) error {
	return chromedp.Do(t.ctx, chromedp.EmulateViewport(width, height))
}

// CPU is the processor time that the page's thread has taken so far, in milliseconds. On a
// busy machine it says what time by the clock does not.
func (t *Tab) CPU() (float64, error) {
	found := 0.0
	err := chromedp.Do(t.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		got, err := cdp.Call(ctx, target, performance.GetMetrics, cdp.Empty{})
		if err != nil {
			return err
		}
		for _, m := range got.Metrics {
			if m.Name == "ThreadTime" {
				found = m.Value * 1000
			}
		}
		return nil
	}))
	return found, err
}

// Shot is a picture of what is in sight, as PNG.
func (t *Tab) Shot() ([]byte, error) { return chromedp.Run(t.ctx, chromedp.CaptureScreenshot()) }

// PDF is the page as it is printed.
func (t *Tab) PDF() ([]byte, error) {
	return chromedp.Run(t.ctx, chromedp.PrintToPDF(chromedp.PDFPrintBackground()))
}

// Value evaluates an expression in a tab.
func Value[T any](t *Tab, expression string) (T, error) {
	return chromedp.Run(t.ctx, chromedp.Evaluate[T](expression))
}

// Await evaluates a promise in a tab.
func Await[T any](t *Tab, expression string) (T, error) {
	return chromedp.Run(t.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}
