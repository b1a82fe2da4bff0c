package serve

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"
)

// Page is what is served.
type Page struct {
	Body []byte
	// Tag changes when the page does; it goes into the ETag header.
	Tag    string
	Policy string // its content security policy
}

// Options say who may see it.
type Options struct {
	// Token is what a request from anywhere must show, once as ?token=, and then as a
	// cookie. "" lets everybody in who reaches the server; see [Loopback].
	Token string
	// Hosts are names, besides those of the loopback interface, under which the server is
	// known. With a token, addresses are, too: nobody can rebind those.
	Hosts []string
}

// Token makes one: 256 bits that nobody can guess.
func Token() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // it never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Loopback reports whether an address to listen on, host:port, is of this machine alone.
func Loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && loopback(host)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

const cookieName = "highwater_dashboard"

// handler serves the page.
type handler struct {
	Options
	page func(context.Context) (Page, error)
}

// Handler serves what page makes, at /. Page is asked for every request: it is to know
// whether anything has changed.
func Handler(o Options, page func(context.Context) (Page, error)) http.Handler {
	return &handler{o, page}
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	for name, value := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "private, no-cache",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	} {
		header.Set(name, value)
	}
	switch {
	case !h.meant(r.Host):
		http.Error(w, "this server is not known under that name", http.StatusMisdirectedRequest)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "there is only a page to read", http.StatusMethodNotAllowed)
	case h.Token != "" && r.URL.Query().Has("token"):
		h.enter(w, r)
	case !h.known(r):
		http.Error(w, "open the address with the token that the server printed when it began", http.StatusUnauthorized)
	case r.URL.Path != "/":
		http.Error(w, "there is one page, at /", http.StatusNotFound)
	default:
		h.show(w, r)
	}
}

// meant reports whether the request is for this server by its name.
func (h *handler) meant(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if loopback(host) {
		return true
	}
	if h.Token != "" && net.ParseIP(host) != nil {
		return true
	}
	for _, known := range h.Hosts {
		if strings.EqualFold(known, host) {
			return true
		}
	}
	return false
}

// enter takes the token, and leaves a cookie for it, so that it does not stay in the
// address.
func (h *handler) enter(w http.ResponseWriter, r *http.Request) {
	if !equal(r.URL.Query().Get("token"), h.Token) {
		http.Error(w, "that is not the token that the server printed when it began", http.StatusUnauthorized)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: h.cookie(), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// known reports whether the request has the cookie.
func (h *handler) known(r *http.Request) bool {
	if h.Token == "" {
		return true
	}
	c, err := r.Cookie(cookieName)
	return err == nil && equal(c.Value, h.cookie())
}

// cookie is what stands for the token: who reads it cannot print a link with it.
func (h *handler) cookie() string {
	sum := sha256.Sum256([]byte("cookie of " + h.Token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// equal compares in a time that tells nothing of where they differ, nor of their lengths.
func equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

func (h *handler) show(w http.ResponseWriter, r *http.Request) {
	page, err := h.page(r.Context())
	if err != nil {
		http.Error(w, "the page could not be made: see what the server says", http.StatusInternalServerError)
		return
	}
	tag := `"` + page.Tag + `"`
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Security-Policy", page.Policy+"; frame-ancestors 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.Method == http.MethodGet {
		_, _ = w.Write(page.Body) // who went away reads nothing
	}
}

// Run serves until the context ends, and then lets what is under way come to its end.
func Run(ctx context.Context, l net.Listener, h http.Handler) error {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 60 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		end, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		stopped <- s.Shutdown(end)
	})
	err := s.Serve(l)
	if !errors.Is(err, http.ErrServerClosed) {
		stop()
		return err
	}
	if err := <-stopped; !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return s.Close()
}
