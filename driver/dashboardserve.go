package driver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/dashboard"
	"github.com/highwater-dev/highwater/internal/history"
	"github.com/highwater-dev/highwater/internal/serve"
	"github.com/highwater-dev/highwater/internal/store"
)

// serveDashboard serves the page until it is interrupted.
func (a *app) serveDashboard(ctx context.Context, o *dashboardOptions, refs []string) (int, error) {
	host, _, err := net.SplitHostPort(o.listen)
	if err != nil {
		return 0, usagef("--listen %q: want host:port, such as %s", o.listen, dashboardListen)
	}
	if _, err := a.resolve(&o.options); err != nil { // which also says where the history is
		return 0, err
	}
	s := &shownPage{app: a, options: o, refs: refs}
	// What cannot be made now will not be made for a browser.
	if _, err := s.page(ctx); err != nil {
		return 0, err
	}
	who := serve.Options{}
	if !serve.Loopback(o.listen) {
		who.Token, who.Hosts = serve.Token(), []string{host}
		if name, err := os.Hostname(); err == nil {
			who.Hosts = append(who.Hosts, name)
		}
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.listen)
	if err != nil {
		return 0, fmt.Errorf("listening at %s: %w; name another address with --listen", o.listen, err)
	}
	address := url.URL{Scheme: "http", Host: l.Addr().String(), Path: "/"}
	if who.Token != "" {
		address.RawQuery = url.Values{"token": {who.Token}}.Encode()
		a.warn("others can reach this address, and nothing is encrypted: who has the token sees the page")
	}
	if _, err := fmt.Fprintf(a.Stdout, "the dashboard is at %s until it is interrupted\n", address.String()); err != nil {
		return 0, errors.Join(err, l.Close())
	}
	if err := serve.Run(ctx, l, serve.Handler(who, s.page)); err != nil {
		return 0, fmt.Errorf("serving the dashboard: %w", err)
	}
	return highwater.ExitOK, nil
}

// shownPage is the newest page, made again when there is something new.
type shownPage struct {
	app     *app
	options *dashboardOptions
	refs    []string

	mu     sync.Mutex
	looked time.Time // when it was last looked for something new
	last   serve.Page
}

// lookEvery is the least time between two looks for something new.
const lookEvery = 2 * time.Second

func (s *shownPage) page(ctx context.Context) (serve.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if s.last.Body != nil && now.Sub(s.looked) < lookEvery {
		return s.last, nil
	}
	s.looked = now
	tag := s.tag(ctx)
	if s.last.Body != nil && tag == s.last.Tag {
		return s.last, nil
	}
	in, err := s.app.dashboardOf(ctx, s.options, s.refs, now)
	if err == nil {
		in.Live, in.Tag = true, tag
		var body []byte
		if body, err = dashboard.Render(in); err == nil {
			s.last = serve.Page{Body: body, Tag: tag, Policy: dashboard.Policy(true)}
			return s.last, nil
		}
	}
	if s.last.Body != nil && ctx.Err() == nil {
		// A run that is just being written is there at the next look.
		s.app.complain(err)
		return s.last, nil
	}
	return s.last, err
}

// tag changes when a run, a file that is shown or the history does.
func (s *shownPage) tag(ctx context.Context) string {
	h := sha256.New()
	refs := s.refs
	if len(refs) == 0 {
		refs = []string{latest}
	}
	for _, ref := range refs {
		if info, err := os.Stat(ref); err == nil {
			fmt.Fprintln(h, ref, info.Size(), info.ModTime().UnixNano())
		}
	}
	if dir, err := store.Runs(); err == nil && slices.Contains(refs, latest) {
		if ids, err := dir.List(); err == nil && len(ids) > 0 {
			fmt.Fprintln(h, ids[0])
			if file, err := dir.File(ids[0]); err == nil {
				if info, err := os.Stat(file); err == nil { // it grows while it is measured
					fmt.Fprintln(h, info.Size(), info.ModTime().UnixNano())
				}
			}
		}
	}
	if !s.options.noHistory {
		fmt.Fprintln(h, newestStored(ctx, s.app.dsn))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// newestStored is what tells one state of the history from another.
func newestStored(ctx context.Context, dsn string) string {
	db, err := history.OpenExisting(ctx, dsn)
	if errors.Is(err, fs.ErrNotExist) {
		return "none"
	}
	if err != nil {
		return err.Error()
	}
	defer func() { _ = db.Close() }()
	runs, err := db.Runs(ctx)
	if err != nil || len(runs) == 0 {
		return fmt.Sprint(err)
	}
	return fmt.Sprint(len(runs), runs[0].ID)
}
