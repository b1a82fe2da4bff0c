package target_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/target"
)

func ready(t *testing.T, s string) *target.Waiting {
	t.Helper()
	r, err := target.ParseReady(s)
	if err != nil {
		t.Fatal(err)
	}
	return r.Watch()
}

func TestReadyLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ready, printed string
		want           bool
	}{
		{"listening", "starting\nlistening on :80\n", true},
		{"listening", "starting\nlisten", false},
		{"/^listening on :[0-9]+$/", "x\r\nlistening on :80\r\n", true},
		{"/^on/", "listening on :80\n", false},
		{"a b:c", "a b:c\n", true},
		{"login: ", "login: ", true}, // a prompt
	} {
		w := ready(t, c.ready)
		var next bytes.Buffer
		w.Next = &next
		for _, b := range []byte(c.printed) { // in the smallest pieces
			_, _ = w.Write([]byte{b})
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := errors.New("it ended")
		if !c.want {
			cancel(ended)
		}
		err := w.Wait(ctx)
		if c.want && err != nil || !c.want && !errors.Is(err, ended) {
			t.Errorf("%q in %q: %v", c.ready, c.printed, err)
		}
		if next.String() != c.printed {
			t.Errorf("%q was passed on as %q", c.printed, next.String())
		}
		cancel(nil)
	}
}

func TestReadyServer(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusNotFound) // an answer all the same
	}))
	defer s.Close()
	if err := ready(t, s.URL).Wait(t.Context()); err != nil || asked.Load() < 3 {
		t.Errorf("asked %d times: %v", asked.Load(), err)
	}
	if err := ready(t, strings.TrimPrefix(s.URL, "http://")).Wait(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestReadyNever(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	late := errors.New("too late")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 100*time.Millisecond, late)
	defer cancel()
	if err := ready(t, addr).Wait(ctx); !errors.Is(err, late) || !strings.Contains(err.Error(), addr) {
		t.Errorf("got %v", err)
	}
}

func TestParseReady(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", " ", "/(/", "http://a b/"} {
		if _, err := target.ParseReady(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}
