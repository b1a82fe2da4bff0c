package attach

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// address is where an endpoint is.
type address struct {
	base   *url.URL // of the folder of profiles, without a slash at its end
	socket string   // path of a Unix socket; "" for none
	shown  string   // for people: without user, password and query
}

// usual is where net/http/pprof puts itself.
const usual = "/debug/pprof"

func parseAddress(at string) (address, error) {
	if path, ok := strings.CutPrefix(at, "unix:"); ok {
		path = strings.TrimPrefix(path, "//")
		if path == "" {
			return address{}, errors.New("the address unix: lacks the path of a socket, as in unix:/run/server.sock")
		}
		// The host is in the request for form's sake.
		return address{base: &url.URL{Scheme: "http", Host: "localhost", Path: usual}, socket: path, shown: "unix:" + path}, nil
	}
	u, err := url.Parse(at)
	// What cannot be parsed may hold a password all the same, and is not shown.
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return address{}, errors.New("the address of the pprof endpoint is none: it looks like " +
			"http://localhost:6060/debug/pprof, https://… or unix:/run/server.sock")
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	u.RawPath, u.Fragment = "", ""
	if u.Path == "" {
		u.Path = usual
	}
	return address{base: u, shown: (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()}, nil
}

// url is the address of a profile, for people.
func (a address) url(profile string, q url.Values) string {
	s := a.shown + "/" + profile
	if len(q) > 0 {
		s += "?" + q.Encode()
	}
	return s
}

// request is one for a profile.
func (a address) request(ctx context.Context, profile string, q url.Values) (*http.Request, error) {
	u := *a.base
	u.Path += "/" + profile
	all := u.Query()
	for k, v := range q {
		all[k] = v
	}
	u.RawQuery = all.Encode()
	return http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
}

// mostRedirects is how often an endpoint may send us on.
const mostRedirects = 5

func (a address) client() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxConnsPerHost = 1 // each connection is a goroutine or two in the process
	if a.socket != "" {
		t.Proxy = nil
		t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", a.socket)
		}
	}
	return &http.Client{
		Transport: t,
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > mostRedirects {
				return fmt.Errorf("it redirects more than %d times: name the address that it leads to", mostRedirects)
			}
			return nil
		},
	}
}
