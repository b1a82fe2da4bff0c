package serve_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/serve"
)

func page(context.Context) (serve.Page, error) {
	return serve.Page{Body: []byte("<p>page"), Tag: "one", Policy: "default-src 'none'; connect-src 'self'"}, nil
}

func ask(h http.Handler, method, target, host string, header map[string]string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	r.Host = host
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestWhoSeesThePage(t *testing.T) {
	open := serve.Handler(serve.Options{}, page)
	token := serve.Token()
	closed := serve.Handler(serve.Options{Token: token, Hosts: []string{"build.example"}}, page)
	for _, c := range []struct {
		name         string
		h            http.Handler
		method, path string
		host         string
		want         int
	}{
		{"loopback", open, "GET", "/", "127.0.0.1:8765", 200},
		{"its name", open, "GET", "/", "localhost:8765", 200},
		{"version 6", open, "GET", "/", "[::1]:8765", 200},
		{"without a port", open, "GET", "/", "localhost", 200},
		{"rebound", open, "GET", "/", "evil.example:8765", 421},
		{"rebound, looking like it", open, "GET", "/", "localhost.evil.example", 421},
		{"another machine's address", open, "GET", "/", "192.0.2.7:8765", 421},
		{"no host", open, "GET", "/", "", 421},
		{"a file", open, "GET", "/etc/passwd", "localhost", 404},
		{"a change", open, "POST", "/", "localhost", 405},
		{"no token", closed, "GET", "/", "192.0.2.7:8765", 401},
		{"no token, here", closed, "GET", "/", "localhost:8765", 401},
		{"a wrong token", closed, "GET", "/?token=" + token[1:], "192.0.2.7:8765", 401},
		{"an empty token", closed, "GET", "/?token=", "192.0.2.7:8765", 401},
		{"the token", closed, "GET", "/?token=" + token, "192.0.2.7:8765", 303},
		{"the token under its name", closed, "GET", "/?token=" + token, "build.example:8765", 303},
		{"the token, rebound", closed, "GET", "/?token=" + token, "evil.example:8765", 421},
	} {
		r := ask(c.h, c.method, c.path, c.host, nil)
		body, _ := io.ReadAll(r.Body)
		if r.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", c.name, r.StatusCode, c.want)
		}
		if shown := strings.Contains(string(body), "<p>page"); shown != (c.want == 200) {
			t.Errorf("%s: the page was shown: %v", c.name, shown)
		}
		for _, header := range []string{"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cache-Control", "Cross-Origin-Resource-Policy"} {
			if r.Header.Get(header) == "" {
				t.Errorf("%s: no %s", c.name, header)
			}
		}
	}
}

func TestTokenBecomesACookie(t *testing.T) {
	token := serve.Token()
	h := serve.Handler(serve.Options{Token: token}, page)
	r := ask(h, "GET", "/?token="+token, "192.0.2.7", nil)
	if at := r.Header.Get("Location"); at != "/" {
		t.Errorf("it goes on to %q", at)
	}
	cookies := r.Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies", len(cookies))
	}
	c := cookies[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || strings.Contains(c.Value, token) {
		t.Errorf("the cookie is %v", c)
	}
	if r := ask(h, "GET", "/", "192.0.2.7", map[string]string{"Cookie": c.Name + "=" + c.Value}); r.StatusCode != 200 {
		t.Errorf("with the cookie: %d", r.StatusCode)
	}
	if r := ask(h, "GET", "/", "192.0.2.7", map[string]string{"Cookie": c.Name + "=" + token}); r.StatusCode != 401 {
		t.Errorf("with a wrong cookie: %d", r.StatusCode)
	}
}

func TestTag(t *testing.T) {
	h := serve.Handler(serve.Options{}, page)
	r := ask(h, "HEAD", "/", "localhost", nil)
	tag := r.Header.Get("ETag")
	if tag != `"one"` || !strings.Contains(r.Header.Get("Content-Security-Policy"), "connect-src 'self'; frame-ancestors 'none'") {
		t.Errorf("tag %s, policy %s", tag, r.Header.Get("Content-Security-Policy"))
	}
	if r := ask(h, "GET", "/", "localhost", map[string]string{"If-None-Match": tag}); r.StatusCode != http.StatusNotModified {
		t.Errorf("the same page: %d", r.StatusCode)
	}
	broken := serve.Handler(serve.Options{}, func(context.Context) (serve.Page, error) { return serve.Page{}, errors.New("/secret/path") })
	r = ask(broken, "GET", "/", "localhost", nil)
	body, _ := io.ReadAll(r.Body)
	if r.StatusCode != 500 || strings.Contains(string(body), "secret") {
		t.Errorf("%d: %s", r.StatusCode, body)
	}
}

func TestLoopback(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:80": true, "localhost:80": true, "[::1]:80": true, "127.9.9.9:1": true,
		"0.0.0.0:80": false, ":80": false, "[::]:80": false, "192.0.2.1:80": false, "localhost": false, "localhost.example:80": false,
	} {
		if have := serve.Loopback(address); have != want {
			t.Errorf("%s: %v", address, have)
		}
	}
}

// The server ends with its context, and an answer that is under way comes to its end.
func TestRunEnds(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	begun := make(chan bool)
	h := serve.Handler(serve.Options{}, func(ctx context.Context) (serve.Page, error) {
		close(begun)
		for ctx2 := t.Context(); ; {
			conn, err := net.DialTimeout("tcp", l.Addr().String(), time.Second)
			if err != nil {
				return page(ctx) // it takes no new ones any more
			}
			_ = conn.Close()
			if ctx2.Err() != nil {
				return serve.Page{}, ctx2.Err()
			}
		}
	})
	ended := make(chan error, 1)
	go func() { ended <- serve.Run(ctx, l, h) }()
	answered := make(chan error, 1)
	go func() {
		r, err := http.Get("http://" + l.Addr().String() + "/")
		if err == nil {
			var body []byte
			if body, err = io.ReadAll(r.Body); err == nil && string(body) != "<p>page" {
				err = errors.New(string(body))
			}
		}
		answered <- err
	}()
	<-begun
	stop()
	if err := <-answered; err != nil {
		t.Error(err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
